// data-confirm="sentence" on a form or its button: ask first, in a dialog. Without script the form is simply sent.

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const submitter = event.submitter;
    const text = submitter?.dataset.confirm || form.dataset.confirm;
    const dialog = document.getElementById("confirm-dialog");
    if (!text || !dialog || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog.querySelector("[data-confirm-text]").textContent = text;
    dialog.returnValue = "no";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "yes") return;
        form.dataset.confirmed = "1";
        form.requestSubmit(submitter);
        delete form.dataset.confirmed;
      },
      { once: true },
    );
    dialog.showModal();
  },
  true,
);
