// Charts from data that stands in the page: <div data-chart-from="ID"> beside a json_script of that id.
// {kind: "bar" | "hbar" | "line" | "pie", labels: [], series: [{name, data, tone, stack}], unit}

const TONES = {
  done: "#2a7a4c",
  active: "#1d4f91",
  accent: "#9f1d20",
  wait: "#c48a14",
  na: "#d5dae3",
  bad: "#c0242a",
};
const ORDER = ["#1d4f91", "#2a7a4c", "#c48a14", "#9f1d20", "#5b7aa8", "#7d8798"];
const LINE = "#e3e6ec";
// A pattern besides the colour: the first is plain, then stripes, then dots.
const SHADE = "rgba(0, 0, 0, .22)";
const DECALS = [
  { color: "rgba(0, 0, 0, 0)" },
  { color: SHADE, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 6 },
  { color: SHADE, symbol: "circle", symbolSize: 0.7, dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [6, 0] },
  { color: SHADE, dashArrayX: [1, 0], dashArrayY: [4, 3], rotation: -Math.PI / 4 },
];

function common(unit) {
  const style = getComputedStyle(document.body);
  const text = { fontFamily: style.fontFamily, color: "#4a5263" };
  return {
    color: ORDER,
    textStyle: text,
    // The words are those of the element.
    aria: { enabled: true, label: { enabled: false }, decal: { show: true, decals: DECALS } },
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, itemGap: 18, textStyle: text },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (value) => `${value ?? "—"}${unit}` },
    grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
  };
}

function series(data, type) {
  return data.series.map((one) => ({
    name: one.name,
    type,
    data: one.data,
    stack: one.stack,
    barMaxWidth: 26,
    showSymbol: data.labels.length < 12,
    ...(one.tone ? { itemStyle: { color: TONES[one.tone] } } : {}),
  }));
}

function option(data) {
  const unit = data.unit || "";
  const base = common(unit);
  if (data.kind === "pie") {
    const parts = data.labels.map((name, index) => ({
      name,
      value: data.series[0].data[index],
      ...(data.tones ? { itemStyle: { color: TONES[data.tones[index]] } } : {}),
    }));
    return {
      ...base,
      tooltip: { trigger: "item", confine: true, formatter: `{b}：{c}${unit}（{d}%）` },
      legend: { ...base.legend, top: "auto", bottom: 0, left: "center" },
      series: [{ type: "pie", radius: ["48%", "70%"], center: ["50%", "44%"], data: parts, label: { formatter: "{b} {c}" } }],
    };
  }
  const names = { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } } };
  const values = { type: "value", minInterval: 1, splitLine: { lineStyle: { color: LINE } } };
  // Many names do not fit side by side on a phone.
  const lying = data.kind === "bar" && data.labels.length > 6 && window.innerWidth < 768;
  if (data.kind === "hbar" || lying) {
    return { ...base, xAxis: values, yAxis: { ...names, inverse: true, axisLabel: { interval: 0 } }, series: series(data, "bar") };
  }
  const type = data.kind === "line" ? "line" : "bar";
  return { ...base, xAxis: { ...names, boundaryGap: type === "bar", axisLabel: type === "bar" ? { interval: 0, width: 52, overflow: "break" } : {} }, yAxis: values, series: series(data, type) };
}

function draw() {
  for (const element of document.querySelectorAll("[data-chart-from]")) {
    const data = JSON.parse(document.getElementById(element.dataset.chartFrom).textContent);
    const chart = window.echarts.init(element, null, { renderer: "svg" });
    chart.setOption(option(data));
    new ResizeObserver(() => chart.resize()).observe(element);
  }
}

// Text is measured when it is drawn, and a web font comes in pieces that are asked for only when their characters are
// laid out: ask for those of the labels before.
async function drawWithFont() {
  const { fontFamily } = getComputedStyle(document.body);
  const words = [...document.querySelectorAll("[data-chart-from]")]
    .map((element) => document.getElementById(element.dataset.chartFrom).textContent)
    .map((text) => JSON.stringify(JSON.parse(text)))
    .join("");
  await document.fonts.load(`12px ${fontFamily}`, words);
  await document.fonts.ready;
  draw();
}

if (window.echarts && document.querySelector("[data-chart-from]")) drawWithFont();
