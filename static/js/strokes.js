// 正 as tellers write it: five strokes each, drawn one by one.
const LINES = ["M3 4H17", "M10 4V17", "M10 10H16", "M6 10V17", "M2 17H18"];
const SVG = "http://www.w3.org/2000/svg";

function figure(strokes) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "zheng");
  svg.setAttribute("aria-hidden", "true");
  for (const line of LINES.slice(0, strokes)) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

// Shows `count` strokes in an element; only the last figure changes from one stroke to the next.
export function draw(element, count) {
  const shown = Number(element.dataset.count ?? 0);
  if (shown === count) return;
  const whole = Math.floor(Math.min(shown, count) / 5);
  while (element.childElementCount > whole) element.lastElementChild.remove();
  for (let left = count - whole * 5; left > 0; left -= 5) element.append(figure(Math.min(left, 5)));
  element.dataset.count = count;
}
