// The verifier, part 12 of 12: the form. What was put in last counts: choosing a file empties the box, typing the file.

const OWN_POLICY = byId("policy").textContent;
let lastReport = null;

function translate() {
  const { desk, from } = document.body.dataset;
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say, { desk, from });
  document.title = `${say("title")} · ${desk}`;
  byId("language").lang = language() === "vi" ? "en" : "vi";
  if (lastReport) showReport(lastReport);
}

function switchLanguage() {
  document.documentElement.lang = language() === "vi" ? "en" : "vi";
  translate();
}

// The bytes of the chosen file, or of the text in the box; null where there is neither.
async function given(fileField, textField) {
  if (fileField.files.length) return new Uint8Array(await fileField.files[0].arrayBuffer());
  return textField.value ? utf8(textField.value) : null;
}

async function asked() {
  const file = await given(byId("file"), byId("pasted"));
  const text = await given(byId("text-file"), byId("text-pasted"));
  const place = byId("place").value ? utf8(byId("place").value) : null;
  return { file, text, place, policy: byId("policy-text").value };
}

async function reportOf() {
  try {
    const input = await asked();
    return input.file && (await verify(input));
  } catch {
    return { verdict: "cannot", reason: "unreadable", args: {}, steps: [], facts: [] };
  }
}

async function submit(event) {
  event.preventDefault();
  byId("result").hidden = true;
  complain("");
  byId("status").textContent = say("busy");
  lastReport = await reportOf();
  byId("status").textContent = "";
  if (!lastReport) return complain("nothing");
  const policy = byId("policy-text").value === OWN_POLICY ? "own" : "edited";
  if (lastReport.facts.length) lastReport.facts.push(["policy", policy]);
  showReport(lastReport);
  byId("verdict").focus();
}

function complain(key) {
  byId("problem").hidden = !key;
  byId("problem").dataset.say = key || "nothing";
  byId("problem").textContent = key && say(key);
  byId("file").toggleAttribute("aria-invalid", Boolean(key));
  if (key) byId("file").focus();
}

const hasFiles = (event) => event.dataTransfer.types.includes("Files");

// A file goes to the field on which it is dropped, or else to the first; by itself the browser would open it.
function drop(event) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  const { files } = event.dataTransfer;
  complain(files.length > 1 ? "too_many_files" : "");
  if (files.length !== 1) return;
  const area = event.target.closest?.("[data-drop]") ?? document.querySelector("[data-drop]");
  const field = area.querySelector("input[type=file]");
  field.files = files;
  field.dispatchEvent(new Event("change"));
}

function bindPair(fileField, textField) {
  fileField.addEventListener("change", () => (textField.value = ""));
  textField.addEventListener("input", () => (fileField.value = ""));
}

async function start() {
  byId("needs-script").hidden = true;
  byId("app").hidden = false;
  byId("save").hidden = location.protocol === "file:";
  byId("policy-text").value = OWN_POLICY;
  translate();
  byId("no-crypto").hidden = await checkBrowser().then(() => true, () => false);
}

bindPair(byId("file"), byId("pasted"));
bindPair(byId("text-file"), byId("text-pasted"));
byId("language").addEventListener("click", switchLanguage);
byId("policy-reset").addEventListener("click", () => (byId("policy-text").value = OWN_POLICY));
byId("form").addEventListener("submit", submit);
document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
document.addEventListener("drop", drop);
start();
