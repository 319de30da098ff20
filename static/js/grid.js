// A table of input cells: Enter and the arrows go from row to row, a block copied from a spreadsheet fills the cells.
const SUFFIX = /(村民委员会|居民委员会|村委会|居委会|社区居委会|村|社区)$/;

for (const grid of document.querySelectorAll("[data-grid]")) {
  grid.addEventListener("keydown", (event) => step(grid, event));
  grid.addEventListener("paste", (event) => paste(grid, event));
}

function rowsOf(grid) {
  return [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("input:not([type=checkbox]), select, textarea")]);
}

function place(rows, cell) {
  const row = rows.findIndex((cells) => cells.includes(cell));
  return row < 0 ? null : { row, column: rows[row].indexOf(cell) };
}

function step(grid, event) {
  const move = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = rowsOf(grid);
  const at = move && place(rows, event.target);
  if (!at || event.target.tagName === "SELECT") return;
  event.preventDefault();
  const next = rows[at.row + (event.shiftKey ? -move : move)]?.[at.column];
  next?.focus();
  next?.select?.();
}

function paste(grid, event) {
  const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n+$/, "");
  if (!/[\t\n]/.test(text)) return;
  const rows = rowsOf(grid);
  const at = place(rows, event.target);
  if (!at) return;
  event.preventDefault();
  const block = text.split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));
  const left = byName(grid, rows, block) ?? fill(rows, at.row, at.column, block);
  grid.closest("form").querySelector("[data-grid-note]").textContent = left;
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
}

function put(cells, from, values) {
  let over = 0;
  values.forEach((value, offset) => {
    if (cells?.[from + offset]) cells[from + offset].value = value;
    else if (value) over += 1;
  });
  return over;
}

function fill(rows, row, column, block) {
  const over = block.reduce((sum, values, offset) => sum + put(rows[row + offset], column, values), 0);
  return `已粘贴${block.length}行。${over ? `有${over}格超出表格，没有填入。` : ""}`;
}

// A block whose first column names villages goes to their rows, wherever it was pasted.
function byName(grid, rows, block) {
  const bare = (name) => name.replace(SUFFIX, "");
  const named = new Map([...grid.tBodies[0].rows].map((row, index) => [bare(row.dataset.name), rows[index]]));
  const missing = block.filter(([name]) => !named.has(bare(name)));
  if (missing.length === block.length || block[0].length < 2) return null;
  let over = 0;
  for (const [name, ...values] of block) if (named.has(bare(name))) over += put(named.get(bare(name)), 0, values);
  const found = block.length - missing.length;
  const words = missing.length ? `没有对应的村：${missing.map(([name]) => name).join("、")}。` : "";
  return `已按村名粘贴${found}行。${words}${over ? `有${over}格超出表格，没有填入。` : ""}`;
}
