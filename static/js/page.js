// Small helps of the page: back, print, copy, hints, a filter that folds on a phone, news that go by themselves.

document.querySelectorAll("[data-back]").forEach((button) => {
  button.hidden = window.history.length < 2;
  button.addEventListener("click", () => window.history.back());
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// data-copy="#id": copy a text field to the clipboard. Pages over http have no navigator.clipboard, and a browser may
// refuse it: then the selected text is copied the old way; if that is refused, too, it stays selected.
async function copied(source) {
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    return true;
  } catch {
    source.focus();
    source.select();
    return document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const done = await copied(document.querySelector(button.dataset.copy));
  button.textContent = done ? "已复制" : "已选中，请按 Ctrl+C 复制";
});

// A folded filter is open on a desktop; on a phone it opens when asked.
const phone = window.matchMedia("(max-width: 767.98px)");
function fold() {
  document.querySelectorAll("details[data-fold]").forEach((part) => {
    part.open = !phone.matches;
  });
}
phone.addEventListener("change", fold);
fold();

// data-close: take a message away.
document.addEventListener("click", (event) => {
  event.target.closest("[data-close]")?.closest(".flash")?.remove();
});

// The marked tab of a row that scrolls comes into sight.
document.querySelectorAll(".tabs .active, .pill-nav .active, .rail .is-here").forEach((tab) => {
  const row = tab.closest(".tabs, .pill-nav, .rail");
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
});

// On paper the tables stand in for the charts: open them while printing.
const tables = [...document.querySelectorAll("details.chart-table:not([open])")];
window.addEventListener("beforeprint", () => tables.forEach((table) => table.setAttribute("open", "")));
window.addEventListener("afterprint", () => tables.forEach((table) => table.removeAttribute("open")));
