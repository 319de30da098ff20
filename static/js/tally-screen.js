// The screen that the meeting watches: asks for the figures once a second; an unchanged answer is empty (304).
import { draw } from "./strokes.js";

const screen = document.querySelector("[data-tally-screen]");
const STATES = { waiting: "等待计票", counting: "正在计票", closed: "计票完毕" };

async function refresh() {
  const state = screen.querySelector("[data-screen-state]");
  if (!state) return;
  try {
    const answer = await fetch(screen.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const figures = await answer.json();
    for (const { pk, favour } of figures.votes) {
      const row = screen.querySelector(`[data-person="${pk}"]`);
      if (!row) continue;
      draw(row.querySelector("[data-strokes]"), favour);
      row.querySelector("[data-favour]").textContent = favour;
    }
    for (const name of ["valid", "invalid"]) screen.querySelector(`[data-${name}]`).textContent = figures[name];
    screen.querySelector("[data-ballots]").textContent = figures.valid + figures.invalid;
    state.textContent = STATES[figures.state];
  } catch {
    state.textContent = "网络不通，数字可能不是最新";
  }
  setTimeout(refresh, 1000);
}
refresh();
