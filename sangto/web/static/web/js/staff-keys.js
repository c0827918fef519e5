// Keys for the staff: `data-key="t"` on a link or button presses it, on anything else it takes the focus; `j` and `k` go
// through what carries `data-key-row`. Never while somebody types, and whoever does not want them turns them off.
const WAIT_MS = 1500;
const template = document.querySelector("template[data-keys]");
let list = null; // made when it is first asked for
let before = "";
let timer = 0;

const isOn = () => localStorage.getItem("sangto-keys") !== "off";
const takesText = (node) => node.matches("input:not([type=checkbox],[type=radio],[type=submit]), textarea, select, [contenteditable]");

function show() {
  if (!list) {
    document.body.append(template.content.cloneNode(true));
    list = document.querySelector("dialog.keys");
    const toggle = list.querySelector("[data-keys-on]");
    toggle.checked = isOn();
    toggle.addEventListener("change", () => localStorage.setItem("sangto-keys", toggle.checked ? "on" : "off"));
  }
  list.showModal();
  return true;
}

function use(target) {
  const isPressed = target.matches("a[href], button, summary");
  if (isPressed) target.click();
  else target.focus();
  return true;
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-key-row]")];
  if (!rows.length) return false;
  const here = rows.findIndex((row) => row.closest("li").contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  return true;
}

function tick() {
  const box = document.activeElement.closest("li")?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function press(key) {
  const own = { "?": show, j: () => step(1), k: () => step(-1), x: tick };
  const keys = before + key;
  before = "";
  clearTimeout(timer);
  if (keys === "g") {
    before = "g ";
    timer = setTimeout(() => (before = ""), WAIT_MS);
    return true;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
  return target ? use(target) : (own[keys]?.() ?? false);
}

function heard(event) {
  const isHeld = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented;
  if (isHeld || event.key.length !== 1 || list?.open || !isOn() || takesText(event.target)) return;
  if (press(event.key)) event.preventDefault();
}

if (template) {
  const opener = document.querySelector("[data-keys-open]");
  opener.hidden = false;
  opener.addEventListener("click", show);
  document.addEventListener("keydown", heard);
}
