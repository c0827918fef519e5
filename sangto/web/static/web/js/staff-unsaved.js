// A form marked `data-unsaved` asks before what was typed into it is left behind. Without script nothing changes.
let isDirty = false;

document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-unsaved]")) isDirty = true;
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-unsaved]")) isDirty = false;
});
window.addEventListener("beforeunload", (event) => {
  if (isDirty) event.preventDefault();
});
document.addEventListener("draft-kept", () => {
  isDirty = false;
});
