// data-drop: an area round a file input. Files dropped on it go into the input; chosen files are listed with their size,
// those that the server would refuse for it or that are too many at once are marked before they are sent.

const MOST_BYTES = 20 * 1024 * 1024;
const MOST_FILES = 20;

function size(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function line(file) {
  const item = document.createElement("li");
  if (file.type.startsWith("image/")) {
    const picture = document.createElement("img");
    picture.className = "thumb";
    picture.alt = "";
    const reader = new FileReader();
    reader.onload = () => (picture.src = reader.result);
    reader.readAsDataURL(file);
    item.append(picture);
  } else {
    const icon = document.createElement("i");
    icon.className = "bi bi-file-earmark-text thumb";
    icon.setAttribute("aria-hidden", "true");
    item.append(icon);
  }
  const name = document.createElement("span");
  name.className = "file-name";
  name.textContent = file.name;
  const note = document.createElement("small");
  note.textContent = `${size(file.size)}，待上传`;
  if (file.size > MOST_BYTES) {
    note.textContent = `${size(file.size)}，超过20MB，不能上传，请压缩后再选`;
    note.className = "file-too-large";
  }
  name.append(note);
  item.append(name);
  return item;
}

function setUp(area) {
  const input = area.querySelector("input[type=file]");
  if (!input) return;
  const list = document.createElement("ul");
  list.className = "files files-chosen";
  list.setAttribute("aria-live", "polite");
  input.closest(".upload-field, .mb-3, div").after(list);
  input.addEventListener("change", () => {
    const files = [...input.files];
    list.replaceChildren(...files.map(line));
    // The browser shows the sentence at the input and does not send the form.
    const large = files.find((file) => file.size > MOST_BYTES);
    let refusal = "";
    if (files.length > MOST_FILES) refusal = `一次最多上传${MOST_FILES}个文件，请分几次上传`;
    if (large) refusal = `“${large.name}”超过20MB，请压缩后再选`;
    input.setCustomValidity(refusal);
  });
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.classList.add("is-over");
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) area.classList.remove("is-over");
  });
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("is-over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

document.querySelectorAll("[data-drop]").forEach(setUp);
