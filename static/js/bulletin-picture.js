// The picture of a bulletin for a chat group: <div data-picture="ID"> with a canvas and a button [data-picture-save],
// beside a json_script of that id (reporting/bulletin_picture.py). Drawn here, with the page's own font and colours.

const WIDTH = 1080;
const EDGE = 56;
const INNER = WIDTH - 2 * EDGE;
const ROW = 58;

function tones() {
  const style = getComputedStyle(document.documentElement);
  const names = ["accent", "accent-soft", "ink", "ink-2", "ink-3", "line", "done", "active", "bad", "bad-soft"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--c-${name}`).trim()]));
}

// The canvas does not wait for a web font as the page does: ask for every glyph first.
async function fontsFor(data, family) {
  const letters = [...new Set(JSON.stringify(data))].join("");
  await Promise.allSettled([400, 600].map((weight) => document.fonts.load(`${weight} 30px ${family}`, letters)));
}

// Everything is drawn twice with one code: once without ink to learn how tall the picture gets.
class Pen {
  constructor(context, family, inked) {
    this.context = context;
    this.family = family;
    this.inked = inked;
    this.y = 0;
  }

  font(size, weight = 400) {
    this.context.font = `${weight} ${size}px ${this.family}`;
  }

  text(words, x, y, { size = 30, weight = 400, tone, align = "left", most } = {}) {
    this.font(size, weight);
    this.context.textAlign = align;
    this.context.textBaseline = "middle";
    this.context.fillStyle = tone;
    if (this.inked) this.context.fillText(words, x, y, most);
  }

  box(x, y, width, height, tone) {
    this.context.fillStyle = tone;
    if (this.inked && width > 0) this.context.fillRect(x, y, width, height);
  }

  width(words, size) {
    this.font(size);
    return this.context.measureText(words).width;
  }

  // Chinese breaks anywhere but before closing marks.
  lines(words, size, most) {
    this.font(size);
    const found = [""];
    for (const letter of words) {
      const line = found.at(-1) + letter;
      if (this.context.measureText(line).width > most && !"，。、；：）”".includes(letter)) found.push(letter);
      else found[found.length - 1] = line;
    }
    return found;
  }
}

function head(pen, data, tone) {
  pen.box(0, 0, WIDTH, 12, tone.accent);
  pen.text(data.title, WIDTH / 2, 78, { size: 54, weight: 600, tone: tone.accent, align: "center", most: INNER });
  pen.text(data.name, WIDTH / 2, 142, { size: 30, tone: tone.ink, align: "center", most: INNER });
  pen.text([data.issue, data.day].filter(Boolean).join("　"), EDGE, 196, { size: 28, tone: tone["ink-2"] });
  pen.text(data.issuer, WIDTH - EDGE, 196, { size: 28, tone: tone["ink-2"], align: "right" });
  pen.box(EDGE, 222, INNER, 4, tone.accent);
  pen.y = 250;
}

function figures(pen, data, tone) {
  const width = INNER / data.figures.length;
  data.figures.forEach((figure, index) => {
    const middle = EDGE + width * (index + 0.5);
    pen.text(figure.label, middle, pen.y + 22, { size: 28, tone: tone["ink-2"], align: "center" });
    pen.text(String(figure.value), middle, pen.y + 80, { size: 64, weight: 600, tone: tone.ink, align: "center" });
    pen.text(figure.note, middle, pen.y + 134, { size: 26, tone: tone["ink-3"], align: "center", most: width - 12 });
  });
  pen.y += 180;
  pen.text(data.share, WIDTH / 2, pen.y, { size: 32, weight: 600, tone: tone.done, align: "center" });
  pen.y += 44;
}

function legend(pen, data, tone) {
  pen.text("进度排名", EDGE, pen.y + 16, { size: 32, weight: 600, tone: tone.ink });
  pen.text(data.step, WIDTH - EDGE, pen.y + 17, { size: 26, tone: tone["ink-2"], align: "right" });
  const left = WIDTH - EDGE - pen.width(data.step, 26) - 32;
  pen.box(left, pen.y + 6, 22, 22, tone.active);
  pen.text("已完成", left - 28, pen.y + 17, { size: 26, tone: tone["ink-2"], align: "right" });
  pen.box(left - 28 - pen.width("已完成", 26) - 32, pen.y + 6, 22, 22, tone.done);
  pen.y += 52;
}

function bars(pen, data, tone) {
  const [left, right] = [EDGE + 270, 290];
  const width = WIDTH - EDGE - right - left;
  for (const bar of data.bars) {
    const middle = pen.y + ROW / 2;
    pen.text(String(bar.rank), EDGE + 34, middle, { size: 28, weight: 600, tone: tone.accent, align: "right" });
    pen.text(bar.name, EDGE + 52, middle, { size: 28, tone: tone.ink, most: 208 });
    pen.box(left, middle - 15, width, 30, tone.line);
    pen.box(left, middle - 15, bar.whole && (width * bar.step) / bar.whole, 30, tone.active);
    pen.box(left, middle - 15, bar.whole && (width * bar.done) / bar.whole, 30, tone.done);
    pen.text(bar.words, WIDTH - EDGE, middle, { size: 25, tone: tone["ink-2"], align: "right", most: right - 16 });
    pen.y += ROW;
  }
  pen.y += 16;
}

function warnings(pen, data, tone) {
  for (const words of data.warnings) {
    const lines = pen.lines(words, 28, INNER - 48);
    const height = lines.length * 42 + 28;
    pen.box(EDGE, pen.y, INNER, height, tone["bad-soft"]);
    lines.forEach((line, index) => pen.text(line, EDGE + 24, pen.y + 36 + index * 42, { size: 28, tone: tone.bad }));
    pen.y += height + 14;
  }
}

function draw(pen, data, tone) {
  head(pen, data, tone);
  figures(pen, data, tone);
  legend(pen, data, tone);
  bars(pen, data, tone);
  warnings(pen, data, tone);
  pen.text(data.foot, WIDTH - EDGE, pen.y + 24, { size: 24, tone: tone["ink-3"], align: "right", most: INNER });
  pen.y += 64;
}

async function picture(part) {
  const data = JSON.parse(document.getElementById(part.dataset.picture).textContent);
  const canvas = part.querySelector("canvas");
  const family = getComputedStyle(document.body).fontFamily;
  part.hidden = false;
  await fontsFor(data, family);
  const context = canvas.getContext("2d");
  const tone = tones();
  const measured = new Pen(context, family, false);
  draw(measured, data, tone);
  [canvas.width, canvas.height] = [WIDTH, Math.ceil(measured.y)];
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  draw(new Pen(context, family, true), data, tone);
  const save = part.querySelector("[data-picture-save]");
  save.addEventListener("click", () => canvas.toBlob((blob) => keep(blob, data.file), "image/png"));
  part.dataset.drawn = "yes";
}

function keep(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the address after this turn: it is given back later.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

document.querySelectorAll("[data-picture]").forEach(picture);
