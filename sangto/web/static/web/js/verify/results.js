// The verifier, part 11 of 12: what was found, in words on the page. Texts are set as text, never as HTML.

const CODED = new Set(["channel", "settled", "step", "verdict", "place", "policy"]);

const language = () => (document.documentElement.lang === "vi" ? "vi" : "en");
const byId = (id) => document.getElementById(id);

function say(key, args = {}) {
  const text = WORDS[key][language()];
  return text.replace(/\{(\w+)\}/g, (_, name) => shown(name, args[name]));
}

function shown(name, value) {
  if (name === "time") return moment(Number(value) * 1000);
  return /^(index|size|count|n|files)$/.test(name) ? BigInt(value).toLocaleString(language()) : String(value);
}

// A time on the clock of the device, with its zone; one that no calendar has is shown as it stands.
function moment(milliseconds) {
  const at = new Date(milliseconds);
  if (Number.isNaN(at.getTime())) return `${milliseconds / 1000}`;
  return at.toLocaleString(language(), { dateStyle: "medium", timeStyle: "long" });
}

function dayOf(text) {
  const at = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return text;
  return at.toLocaleDateString(language(), { dateStyle: "long", timeZone: "UTC" });
}

function element(tag, className, ...inside) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...inside);
  return made;
}

function stepItem({ name, state, key, args }) {
  const mark = element("span", "hidden-visually", `${say(`state_${state}`)}: `);
  const title = element("strong", "", mark, say(`step_${name}`));
  return element("li", `step step-${state}`, title, element("span", "", say(key, args)));
}

function factText(name, value) {
  if (CODED.has(name)) return Object.hasOwn(WORDS, `${name}_${value}`) ? say(`${name}_${value}`) : value;
  if (name === "day") return dayOf(value);
  if (name === "published") return moment(Date.parse(value));
  return shown(name, value);
}

function factItem([name, value]) {
  const label = element("dt", "", say(`fact_${name}`));
  return element("div", "", label, element("dd", name === "origin" ? "origin" : "", factText(name, value)));
}

const isAboutWords = (report) => /^(text|place)$/.test(report.at) && report.verdict === "invalid";

function summary(report) {
  if (report.verdict === "valid") return say(`valid_${report.kind}`);
  return isAboutWords(report) ? say("words_failed") : say(report.reason, report.args);
}

function showReport(report) {
  byId("verdict").textContent = say(report.verdict);
  byId("verdict-box").className = `note found found-${report.verdict}`;
  byId("summary").textContent = summary(report);
  byId("meaning").hidden = report.verdict !== "valid";
  byId("caveat").hidden = report.verdict !== "valid" || !report.steps.some(({ key }) => key === "quorum_none");
  byId("steps").replaceChildren(...report.steps.map(stepItem));
  byId("rest").hidden = report.verdict === "valid" || isAboutWords(report);
  byId("facts").replaceChildren(...report.facts.filter(([, value]) => value !== "").map(factItem));
  byId("facts-box").hidden = report.facts.length === 0;
  byId("result").hidden = false;
}
