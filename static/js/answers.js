// A department's answers: one button ticks 无异议 for everybody on the page who has nothing ticked and no answer yet.
document.querySelectorAll("[data-fill]").forEach((button) => {
  button.addEventListener("click", () => {
    button.form.querySelectorAll("fieldset").forEach((row) => {
      const radios = [...row.querySelectorAll("input[type=radio]")];
      if (!row.querySelector(".chip-open, .chip-overdue") || radios.some((radio) => radio.checked)) return;
      const wanted = radios.find((radio) => radio.value === button.dataset.fill);
      if (wanted) {
        wanted.checked = true;
        wanted.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
  });
});
