// Forms: sent once, warned about when left unsaved, sent by a changed choice.

function buttons(form) {
  return form.querySelectorAll("button[type=submit], button:not([type]), input[type=submit]");
}

// data-form-once: a form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-form-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  buttons(form).forEach((button) => button.classList.add("disabled"));
  event.submitter?.classList.add("is-busy");
});

// The page may come back from the browser's store with its buttons still off.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    buttons(form).forEach((button) => button.classList.remove("disabled", "is-busy"));
  });
});

// data-autosubmit: a changed choice sends its form.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});

// data-unsaved: leaving a form with changes asks first.
let changed = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-unsaved]")) changed = true;
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) changed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

// The first field that was refused comes into sight and takes the cursor.
document.querySelector("main form .is-invalid")?.focus();
