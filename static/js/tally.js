// 唱票计票: a teller's strokes. Each is shown at once, kept on the device, and sent when there is a connection; the
// server knows a stroke by its uid, so that sending twice counts once.
import { draw } from "./strokes.js";

const board = document.querySelector("[data-tally]");
if (board) start(board);

function start(board) {
  const people = JSON.parse(document.getElementById("tally-people").textContent);
  const names = new Map(people.map((person) => [person.pk, person.name]));
  const seats = Number(board.dataset.seats);
  const key = `tally-${board.dataset.sheet}`;
  const token = board.querySelector("[name=csrfmiddlewaretoken]").value;
  const marks = JSON.parse(document.getElementById("tally-marks").textContent);
  const known = new Set(marks.map((mark) => mark.uid));
  let queue = stored(key).filter((mark) => !known.has(mark.uid));
  let sending = false;
  let wait = 0;
  let trouble = "";

  function add(kind, candidacy) {
    const mark = { uid: uid(), kind };
    if (candidacy) mark.candidacy = candidacy;
    if (kind === "undo") {
      const last = live().at(-1);
      if (!last) return;
      mark.undoes = last.uid;
    }
    queue.push(mark);
    keep();
    show();
    flush();
  }

  // Strokes that count, in their order: without those taken back.
  function live() {
    const all = [...marks, ...queue];
    const undone = new Set(all.map((mark) => mark.undoes).filter(Boolean));
    return all.filter((mark) => mark.kind !== "undo" && !undone.has(mark.uid));
  }

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify(queue));
    } catch {
      trouble = "本机不能暂存，请保持网络连接";
    }
  }

  function show() {
    const all = live();
    const count = (kind, pk) => all.filter((m) => m.kind === kind && (!pk || m.candidacy === pk)).length;
    for (const row of board.querySelectorAll("[data-person]")) {
      const pk = Number(row.dataset.person);
      draw(row.querySelector("[data-strokes]"), count("favour", pk));
      row.querySelector("[data-favour]").textContent = count("favour", pk);
      row.querySelector("[data-against]").textContent = count("against", pk);
    }
    board.querySelector("[data-valid]").textContent = count("valid");
    board.querySelector("[data-invalid]").textContent = count("invalid");
    const log = board.querySelector("[data-tally-log]");
    log.replaceChildren(...all.slice(-8).reverse().map((mark) => {
      const item = document.createElement("li");
      item.textContent = words(mark);
      return item;
    }));
    const hint = board.querySelector("[data-ballot]");
    const wrong = ballotProblem(all);
    hint.textContent = wrong || ballotWords(all);
    hint.classList.toggle("is-wrong", Boolean(wrong));
    const state = board.querySelector("[data-tally-state]");
    state.textContent = queue.length ? `未同步 ${queue.length}${trouble ? `：${trouble}` : ""}` : "已同步";
    state.classList.toggle("is-behind", queue.length > 0);
    board.querySelector(".tally-end button").disabled = queue.length > 0;
  }

  function words(mark) {
    const name = names.get(mark.candidacy);
    return { favour: `${name} 赞成`, against: `${name} 不赞成`, valid: "下一张", invalid: "废票" }[mark.kind];
  }

  // The strokes of the ballot being read out: those since the last ballot was done.
  function onThisBallot(all) {
    return all.slice(all.findLastIndex((mark) => mark.kind === "valid" || mark.kind === "invalid") + 1);
  }

  function ballotWords(all) {
    const chosen = onThisBallot(all).filter((mark) => mark.kind === "favour");
    return `本张：${chosen.map((mark) => names.get(mark.candidacy)).join("、") || "还没有唱到赞成的"}（赞成${chosen.length}名，最多${seats}名）`;
  }

  // What cannot stand on one ballot; said, not forbidden: some tellers strike first and turn the ballots afterwards.
  function ballotProblem(all) {
    const marked = onThisBallot(all);
    const people = marked.map((mark) => mark.candidacy);
    const twice = people.find((pk, index) => people.indexOf(pk) < index);
    if (twice) return `本张给${names.get(twice)}画了两次：是下一张的请先按“下一张”，重复的请撤销。`;
    const chosen = marked.filter((mark) => mark.kind === "favour").length;
    return chosen > seats ? `本张赞成${chosen}名，超过应选${seats}名，为废票：请撤销这张的笔画，再按“废票”。` : "";
  }

  async function flush() {
    if (sending || !queue.length) return;
    sending = true;
    const batch = queue.slice(0, 200);
    try {
      const answer = await fetch(board.dataset.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ marks: batch }),
      });
      const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
      if (answer.ok && isJson && !answer.redirected) {
        marks.push(...batch);
        queue = queue.slice(batch.length);
        wait = 0;
        trouble = "";
        keep();
      } else {
        trouble = isJson ? (await answer.json()).message : "登录已过期，请在新窗口登录后回到本页，笔画仍在本机";
        wait = 15;
      }
    } catch {
      trouble = "网络不通，笔画已存在本机，恢复后自动同步";
      wait = Math.min(15, Math.max(1, wait * 2));
    }
    sending = false;
    show();
    if (queue.length) setTimeout(flush, wait * 1000);
  }

  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (!button) return;
    const person = button.closest("[data-person]");
    add(button.dataset.mark, person && Number(person.dataset.person));
    button.blur(); // the space bar means the next ballot, not this button again
  });

  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    const person = people[Number(event.code.match(/^(?:Digit|Numpad)([1-9])$/)?.[1]) - 1];
    if (person) add(event.shiftKey ? "against" : "favour", person.pk);
    else if (event.code === "Space") add("valid");
    else if (event.code === "KeyX") add("invalid");
    else if (event.code === "KeyZ" || event.code === "Backspace") add("undo");
    else return;
    event.preventDefault();
  });

  window.addEventListener("online", () => {
    wait = 0;
    flush();
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });
  show();
  flush();
}

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]");
  } catch {
    return [];
  }
}

// crypto.randomUUID is there only on https.
function uid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
