// The verifier, part 6 of 12: what a Receipt or a version of an answer says, and what binds it to its entry in the log.

const FILE_BYTES_MAX = 1_000_000;
const LEAF_BYTES_MAX = 1024;
const HEX_32 = /^[0-9a-f]{64}$/;
const CODE = /^[a-z][a-z0-9_-]{0,39}$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const NUMBER = /^[0-9]{4}-[0-9]{6,}$/;
const isOne = (value) => value === 1;
const isPositive = (value) => Number.isSafeInteger(value) && value > 0;
const isString = (value) => typeof value === "string";
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const areHashes = (value) => Array.isArray(value) && value.every((each) => passes(each, HEX_32));

const VERSION = { a: NUMBER, h: HEX_32, n: isPositive, ts: TIME, u: isString, v: isOne };
const LEAVES = {
  r: { c: HEX_32, t: /^r$/, v: isOne },
  o: { c: HEX_32, k: CODE, t: /^o$/, v: isOne },
  p: { ...VERSION, t: /^p$/ },
  c: { ...VERSION, pv: HEX_32, t: /^c$/ },
  w: { ...VERSION, pv: HEX_32, rs: /^[a-z_]{1,40}$/, t: /^w$/ },
};
const OPENINGS = {
  r: { ch: CODE, day: DAY, files: areHashes, msg: HEX_32, place: HEX_32, rid: /^[0-9a-f]{32}$/ },
  o: { a: /^(|[0-9]{4}-[0-9]{6,})$/, k: CODE, r: HEX_32 },
};
const PREFIXES = { r: "desk/receipt/v1\0", o: "desk/outcome/v1\0", answer: "desk/answer/v1\0" };
const NO_PLACE = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"; // SHA-256 of nothing
const STEPS = { publish: "p", correct: "c", withdraw: "w" };

// A Receipt's proof, or a version's JSON: told apart by how they begin.
function parseRecord(bytes) {
  if (bytes.length > FILE_BYTES_MAX) throw invalid("too_large");
  const text = textOf(bytes);
  const record = text.startsWith("{") ? parseVersion(fromJson(text)) : parseReceipt(parseProof(text));
  if (utf8(jcs(record.leaf)).length > LEAF_BYTES_MAX) throw invalid("bad_leaf");
  return record;
}

function parseReceipt(proof) {
  if (!proof.extra) throw invalid("no_opening");
  const { leaf, opening, salt, ...rest } = fromJcs(textOf(proof.extra));
  const kind = leaf?.t;
  if (Object.keys(rest).length || !passes(salt, HEX_32)) throw invalid("bad_opening");
  if ((kind !== "r" && kind !== "o") || !fits(leaf, LEAVES[kind])) throw invalid("bad_leaf");
  if (!fits(opening, OPENINGS[kind])) throw invalid("bad_opening");
  if (kind === "o" && opening.k !== leaf.k) throw invalid("other_outcome");
  return { kind, leaf, content: opening, salt, commitment: leaf.c, proof };
}

function parseVersion(file) {
  if (file.erased === true && fits(file, { erased: Boolean, leaf: isObject })) throw unsure("erased");
  const isProof = (value) => value === null || isString(value);
  if (!fits(file, { answer: isObject, salt: HEX_32, leaf: isObject, proof: isProof })) throw invalid("bad_answer");
  const { answer, salt, leaf } = file;
  checkVersion(answer, leaf);
  const proof = file.proof === null ? null : parseProof(file.proof);
  if (proof?.extra) throw invalid("bad_answer");
  return { kind: "answer", leaf, content: answer, salt, commitment: leaf.h, proof };
}

// What the version says of itself must be what its entry says.
function checkVersion(answer, leaf) {
  const kind = Object.hasOwn(STEPS, answer.step) ? STEPS[answer.step] : "";
  if (kind !== leaf.t || !fits(leaf, LEAVES[kind])) throw invalid("bad_leaf");
  const { answer: a, n, published: ts, unit: u } = answer;
  if (a !== leaf.a || n !== leaf.n || ts !== leaf.ts || u !== leaf.u) throw invalid("other_version");
}

// HMAC pads a short key with zeros, so that only a salt of exactly 32 bytes (64 digits, above) binds.
async function checkCommitment({ kind, salt, content, commitment }) {
  const message = utf8(PREFIXES[kind] + jcs(content));
  if (hex(await hmac(fromHex(salt), message)) !== commitment) throw invalid("other_commitment");
}

async function checkSameBytes(bytes, hash, reason) {
  if (hex(await sha256(bytes)) !== hash) throw invalid(reason);
}

// What the record says, as pairs of a name and a text; an empty text is not shown.
function factsOf({ kind, content }) {
  if (kind === "o") return [["settled", content.k], ["answer", content.a]];
  if (kind === "r") {
    const [place, files] = [content.place === NO_PLACE ? "none" : "given", String(content.files.length)];
    return [["day", content.day], ["channel", content.ch], ["place", place], ["files", files]];
  }
  const names = ["answer", "n", "step", "published", "unit", "question", "verdict", "summary"];
  const said = { ...content, verdict: content.rating || content.outcome };
  return names.map((name) => [name, String(said[name] ?? "")]);
}
