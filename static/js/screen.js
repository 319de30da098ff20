// The wall: turns its panels over, keeps the time of the server, and asks for the figures again. What does not change is
// answered with 304; what does is put in its place at once, so that nothing flickers.

const POLL = 15_000;
const TURN = 20_000;
const PATIENCE = 10_000;

const wall = document.querySelector("[data-wall]");
const part = (name) => wall.querySelector(`[data-wall-${name}]`);
const panels = part("panels");
const state = part("state");
const pauseButton = part("pause");
const fullButton = part("full");
const shown = (moment, wanted) => new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", ...wanted }).format(moment);
const clock = (moment) => shown(moment, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

// --- time: the server's, whatever the clock of this machine says ---------------------------------

let offset = new Date(wall.dataset.now) - performance.now();
let asOf = new Date(wall.dataset.now);
const now = () => new Date(performance.now() + offset);

function tick() {
  const moment = now();
  part("day").textContent = shown(moment, { year: "numeric", month: "long", day: "numeric", weekday: "long" });
  part("time").textContent = clock(moment).slice(0, 5);
}

// --- panels ----------------------------------------------------------------------------------------

let current = 0;
// Who asked their system for less motion turns the panels over by hand.
let isPaused = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
let turning;

const all = () => [...panels.querySelectorAll(".wall-panel")];

function show(index) {
  const found = all();
  current = (index + found.length) % found.length;
  found.forEach((panel, n) => panel.classList.toggle("is-on", n === current));
  const dots = found.map((panel, n) => {
    const dot = part("dots").children[n] ?? document.createElement("button");
    dot.type = "button";
    dot.textContent = panel.dataset.title;
    dot.toggleAttribute("aria-current", n === current);
    dot.onclick = () => turn(n);
    return dot;
  });
  if (dots.length !== part("dots").childElementCount) part("dots").replaceChildren(...dots);
  part("dots").hidden = pauseButton.hidden = found.length < 2;
}

function turn(index) {
  show(index);
  clearTimeout(turning);
  if (!isPaused) turning = setTimeout(() => turn(current + 1), TURN);
}

function pause(wanted) {
  isPaused = wanted;
  pauseButton.querySelector("span").textContent = isPaused ? "继续轮播" : "暂停";
  pauseButton.setAttribute("aria-pressed", isPaused);
  turn(current);
}

// --- figures -----------------------------------------------------------------------------------------

let etag = "";
let asking;
let latest = 0;

function tell(words, isLost, link) {
  state.classList.toggle("is-lost", isLost);
  state.replaceChildren(words);
  if (!link) return;
  const anchor = document.createElement("a");
  anchor.href = link;
  anchor.textContent = "重新登录";
  state.append(anchor);
}

async function refresh() {
  clearTimeout(asking);
  asking = setTimeout(refresh, POLL);
  // Of two that overlap only the later one counts.
  const mine = ++latest;
  panels.setAttribute("aria-busy", "true");
  try {
    // A redirect can only lead to the sign-in page: it is not followed, so that its message waits for a person.
    const answer = await fetch(wall.dataset.url, { cache: "no-cache", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    const text = answer.ok ? await answer.text() : "";
    if (mine !== latest) return;
    if (answer.type === "opaqueredirect") return tell(`登录已到期，数据截至 ${clock(asOf)}。`, true, wall.dataset.login);
    if (answer.status === 403 || answer.status === 404) return tell(`您的岗位已不能查看本页，数据截至 ${clock(asOf)}。`, true);
    // Without a mark of its own it is not the product that answered, but something on the way.
    if (!answer.ok || !answer.headers.get("ETag")) throw new Error(answer.status);
    asOf = new Date(answer.headers.get("Date") ?? now());
    offset = asOf - performance.now();
    if (answer.headers.get("ETag") !== etag) {
      etag = answer.headers.get("ETag");
      panels.innerHTML = text;
      show(current);
    }
    tell(`数据截至 ${clock(asOf)}`, false);
  } catch {
    if (mine === latest) lost();
  } finally {
    if (mine === latest) panels.setAttribute("aria-busy", "false");
  }
}

function lost() {
  tell(`连接中断，数据截至 ${clock(asOf)}，正在重新连接`, true);
}

// --- keys --------------------------------------------------------------------------------------------

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

const KEYS = {
  " ": () => pause(!isPaused),
  ArrowRight: () => turn(current + 1),
  ArrowLeft: () => turn(current - 1),
  Escape: () => window.location.assign(wall.dataset.leave),
  f: full,
};

window.addEventListener("keydown", (event) => {
  const action = KEYS[event.key.length > 1 ? event.key : event.key.toLowerCase()];
  const isOnButton = event.key === " " && event.target.closest("button, a");
  if (!action || isOnButton || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  action();
});
pauseButton.addEventListener("click", () => pause(!isPaused));
fullButton.hidden = !document.fullscreenEnabled;
fullButton.addEventListener("click", full);
window.addEventListener("offline", lost);
window.addEventListener("online", refresh);
document.addEventListener("visibilitychange", () => document.hidden || refresh());

tick();
setInterval(tick, 1000);
pause(isPaused);
refresh();
