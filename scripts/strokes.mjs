// Writes elections/data/strokes.json.gz, the table behind elections/strokes.py. Run by hand when the data is renewed:
//   npm install --no-save cnchar@3.2.6 cnchar-order@3.2.6 && node scripts/strokes.mjs
// Stroke order of the common characters (mainland standard): cnchar-order (MIT). Stroke counts of all others: the
// stroke collation of Unicode CLDR (Unicode licence) as this Node's ICU carries it.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

const require = createRequire(import.meta.url);
const cnchar = require("cnchar");
cnchar.use(require("cnchar-order"));

// 横 1 (提 a), 竖 2 (竖钩 b), 撇 3, 点 4 (捺 d); everything else is 折 5.
const SHAPES = { 一: "1", "㇀": "a", 丨: "2", 亅: "b", 丿: "3", 丶: "4", "㇏": "d" };
const PLANES = [[0x3400, 0x4dbf], [0x4e00, 0x9fff], [0x20000, 0x2a6df], [0x2a700, 0x2ebe0], [0x30000, 0x323af]];
// Radicals that the mainland writes with one stroke less than CLDR counts: each with the radical that follows it.
const SHORTER = [["艸", "虍"], ["辵", "邑"], ["邑", "酉"], ["阜", "隶"]];

const byStrokes = new Intl.Collator("zh-u-co-stroke");
const byRadical = new Intl.Collator("zh-u-co-unihan");

// CLDR heads the characters of each number of strokes with a mark, U+FDD0 and a Braille sign; a number that no
// character has is not marked and sorts last.
const marks = Array.from({ length: 48 }, (_, n) => [n + 1, "\uFDD0" + String.fromCharCode(0x2801 + n)])
  .filter(([, mark]) => byStrokes.compare(mark, "\u{2A6A5}") < 0);
const strokesOf = (char) => {
  let low = 0, high = marks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (byStrokes.compare(char, marks[middle][1]) >= 0) low = middle;
    else high = middle - 1;
  }
  return marks[low][0];
};
const isShorter = (char) =>
  SHORTER.some(([first, next]) => byRadical.compare(char, first) >= 0 && byRadical.compare(char, next) < 0);

const order = {};
const counts = [];
for (const [first, last] of PLANES) {
  let line = "";
  for (let code = first; code <= last; code++) {
    const char = String.fromCodePoint(code);
    const shapes = cnchar.stroke(char, "order", "shape")[0];
    if (Array.isArray(shapes) && shapes.length) {
      order[char] = shapes.map((shape) => SHAPES[shape] ?? "5").join("");
    }
    const count = strokesOf(char) - (isShorter(char) ? 1 : 0);
    line += String.fromCharCode(48 + count);
  }
  counts.push([first, line]);
}
const table = { order, counts };
writeFileSync(new URL("../elections/data/strokes.json.gz", import.meta.url), gzipSync(JSON.stringify(table), { level: 9 }));
console.log(`${Object.keys(order).length} characters with stroke order, ICU ${process.versions.icu}`);
