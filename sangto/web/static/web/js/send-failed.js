// A form with a note marked `data-send-failed` says so when it did not reach the desk, and keeps what was typed into it.
const BROKEN = 500;

function note(element) {
  return element.closest("form")?.querySelector("[data-send-failed]");
}

function show(event, failed) {
  const found = event.target.matches("form") && note(event.target);
  if (found) found.hidden = !failed;
}

document.addEventListener("htmx:beforeRequest", (event) => show(event, false));
document.addEventListener("htmx:sendError", (event) => show(event, true));
document.addEventListener("htmx:timeout", (event) => show(event, true));
document.addEventListener("htmx:responseError", (event) => show(event, event.detail.xhr.status >= BROKEN));
// The page for a broken desk would take the place of the form, with all that was typed. The desk's own word that it cannot
// keep anything now brings the form along, and says where it belongs.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  const bringsForm = xhr.getResponseHeader("HX-Retarget");
  if (xhr.status >= BROKEN && !bringsForm && note(requestConfig.elt)) event.detail.shouldSwap = false;
});
