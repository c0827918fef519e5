// The verifier, part 2 of 12: canonical JSON (RFC 8785), and JSON that can be read in one way only.

const SURROGATE = /\p{Surrogate}/u;
const ASCII = /^[\x00-\x7f]*$/;

// RFC 8785 for ASCII keys, arrays, strings without lone surrogates and integers below 2^53; all else is refused.
function jcs(value) {
  if (typeof value === "string") return jcsString(value);
  if (Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(jcs).join(",")}]`;
  if (value === null || typeof value !== "object") throw invalid("not_canonical");
  return `{${Object.keys(value).sort().map((name) => jcsMember(name, value[name])).join(",")}}`;
}

function jcsString(text) {
  if (SURROGATE.test(text)) throw invalid("not_canonical");
  return JSON.stringify(text);
}

function jcsMember(name, value) {
  if (!ASCII.test(name)) throw invalid("not_canonical");
  return `${JSON.stringify(name)}:${jcs(value)}`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("not_json");
  }
}

// Serialised again it must be the same text: no spaces, no repeated names, no other order, no 1.0 for 1.
function fromJcs(text) {
  const value = parsed(text);
  if (jcs(value) !== text) throw invalid("not_canonical");
  return value;
}

const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

// JSON.parse keeps the last of two members with one name and makes 1 of 1.0; others do not, so both are refused.
function fromJson(text) {
  const value = parsed(text);
  const names = [...text.matchAll(STRINGS)].filter(([, colon]) => colon).length;
  if (names !== countNames(value)) throw invalid("repeated_names");
  if (/[0-9][.eE]/.test(text.replace(STRINGS, ""))) throw invalid("not_canonical");
  return value;
}

function countNames(value) {
  if (value === null || typeof value !== "object") return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, each) => sum + countNames(each), own);
}

// Whether an object has exactly the members of a shape, each a string that matches or a value that passes.
function fits(value, shape) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const names = Object.keys(shape);
  const same = Object.keys(value).length === names.length;
  return same && names.every((name) => Object.hasOwn(value, name) && passes(value[name], shape[name]));
}

function passes(value, wanted) {
  return wanted instanceof RegExp ? typeof value === "string" && wanted.test(value) : wanted(value);
}
