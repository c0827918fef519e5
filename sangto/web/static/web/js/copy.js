// Buttons marked `data-copy` put the value of the field before them on the clipboard. Without script they stay hidden.
const canCopy = Boolean(navigator.clipboard);

function reveal(root) {
  if (!canCopy) return;
  for (const button of root.querySelectorAll("button[data-copy]")) button.hidden = false;
}

async function copy(button) {
  const field = button.parentElement.querySelector("input");
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  } catch {
    field.select();
  }
  setTimeout(() => (button.textContent = said), 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
});
document.addEventListener("htmx:load", (event) => reveal(event.target));
reveal(document);
