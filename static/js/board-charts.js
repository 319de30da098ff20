// Draws the dashboard's two charts from the JSON that stands in the page; the tables beside them need no script.

const GREEN = "#2a7a4c";
const LIGHT = "#e3e6ec";
const BLUE = "#1d4f91";
const GREY = "#7d8798";
const STRIPES = { color: "rgba(0, 0, 0, .18)", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 6 };
const source = document.getElementById("chart-data");

function base() {
  const style = getComputedStyle(document.body);
  return {
    // A pattern besides the colour: what is done is plain, what is left is striped.
    aria: { enabled: true, label: { enabled: false }, decal: { show: true, decals: [{ color: "rgba(0, 0, 0, 0)" }, STRIPES] } },
    textStyle: { fontFamily: style.fontFamily, color: style.color },
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, itemGap: 18 },
  };
}

function stages(data, narrow) {
  return {
    ...base(),
    tooltip: { trigger: "axis", confine: true, axisPointer: { type: "shadow" } },
    grid: { left: 76, right: 34, top: 30, bottom: 24 },
    xAxis: { type: "value", minInterval: 1, splitNumber: narrow ? 3 : 5 },
    yAxis: {
      type: "category",
      inverse: true,
      data: data.short.map((label, index) => `${index + 1} ${label}`),
      axisTick: { show: false },
      axisLabel: { interval: 0, fontSize: 12 },
    },
    series: [
      { name: "已办结", type: "bar", stack: "all", data: data.done, itemStyle: { color: GREEN } },
      { name: "未办结", type: "bar", stack: "all", data: data.open, itemStyle: { color: LIGHT } },
    ],
  };
}

function days(data, narrow) {
  const line = { type: "line", showSymbol: data.labels.length < 3, connectNulls: false };
  const drawn = (name, values, color, type, extra = {}) => ({
    ...line,
    name,
    data: values,
    itemStyle: { color },
    lineStyle: { color, type, width: 2 },
    ...extra,
  });
  const marks = [{ xAxis: data.plannedOn, label: { formatter: "计划" } }];
  if (data.today) marks.push({ xAxis: data.today, label: { formatter: "今天" } });
  return {
    ...base(),
    tooltip: { trigger: "axis", confine: true, valueFormatter: (value) => value ?? "—" },
    legend: { ...base().legend, itemWidth: 26 },
    grid: { left: 40, right: 20, top: narrow ? 78 : 56, bottom: 28 },
    xAxis: { type: "category", data: data.labels, boundaryGap: false },
    yAxis: { type: "value", minInterval: 1 },
    series: [
      drawn("完成选举", data.elected, BLUE, "solid"),
      drawn("完成换届", data.completed, GREEN, "solid", {
        areaStyle: { opacity: 0.15 },
        markLine: {
          symbol: "none",
          silent: true,
          lineStyle: { color: GREY, type: "solid", width: 1 },
          data: marks.filter((mark) => data.labels.includes(mark.xAxis)),
        },
      }),
      drawn("计划换届", data.planned, GREY, "dotted"),
      drawn("预测选举", data.electedAhead, BLUE, "dashed"),
      drawn("预测换届", data.completedAhead, GREEN, "dashed"),
    ].filter((one) => one.data.some((value) => value !== null)),
  };
}

function draw() {
  const data = JSON.parse(source.textContent);
  const options = {
    stages: stages(data.stages, window.innerWidth < 768),
    days: days(data.days, window.innerWidth < 768),
  };
  for (const element of document.querySelectorAll("[data-chart]")) {
    const chart = window.echarts.init(element, null, { renderer: "svg" });
    chart.setOption(options[element.dataset.chart]);
    new ResizeObserver(() => chart.resize()).observe(element);
  }
}

if (source && window.echarts) {
  // Text is measured when it is drawn: wait for the font.
  document.fonts.ready.then(draw);
}
