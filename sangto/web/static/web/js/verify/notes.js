// The verifier, part 3 of 12: keys, signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

const LOG_TYPE = 0x01;
const WITNESS_TYPE = 0x04;
const SIGNATURE_LINES_MAX = 100;
const NUMBER_MAX = 2n ** 63n - 1n;
const KEY = /^([^\p{White_Space}+]+)\+([0-9a-f]{8})\+(\S+)$/u;
const SIGNATURE_LINE = /^— ([^\p{White_Space}+]+) (\S+)$/u;

// A key as `name+id+base64(type || public key)`; its id must be the one that follows from the rest.
async function parseKey(vkey, type) {
  const [, name, id, encoded] = KEY.exec(vkey) ?? [];
  if (!name) throw invalid("bad_policy_line");
  const material = fromBase64(encoded, 33);
  const hash = await sha256(utf8(`${name}\n`), material);
  if (material[0] !== type || hex(hash.slice(0, 4)) !== id) throw invalid("bad_policy_line");
  return { name, id, type, publicKey: material.slice(1) };
}

const keyTag = ({ name, id }) => `${name} ${id}`;

// The text of a note with its last newline, and its signature lines. Of a line that is not one, nothing can be said.
function parseNote(note) {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) throw invalid("bad_note");
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > SIGNATURE_LINES_MAX) throw invalid("too_many_signatures");
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line) {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  if (!name) throw invalid("bad_note");
  const bytes = fromBase64(encoded);
  if (bytes.length <= 4) throw invalid("bad_note");
  return { name, id: hex(bytes.slice(0, 4)), body: bytes.slice(4), line };
}

function parseCheckpoint(text) {
  const [origin, size, root, ...rest] = text.split("\n");
  if (rest.length > 1) throw invalid("extension_lines");
  if (rest.length < 1 || origin === "") throw invalid("bad_checkpoint");
  return { origin, size: parseNumber(size), root: fromBase64(root, 32) };
}

function parseNumber(text) {
  const number = /^(0|[1-9][0-9]{0,18})$/.test(text) ? BigInt(text) : NUMBER_MAX + 1n;
  if (number > NUMBER_MAX) throw invalid("bad_number");
  return number;
}

// The lines of known keys, one for each key; the lines of others count for nothing.
function knownSignatures(signatures, keys) {
  const found = new Map();
  for (const signature of signatures) {
    const key = keys.get(keyTag(signature));
    if (!key) continue;
    if (found.has(key) && found.get(key).line !== signature.line) throw invalid("two_signatures", { name: key.name });
    found.set(key, signature);
  }
  return found;
}

async function checkLogSignature(key, { body }, text) {
  if (body.length !== 64 || !(await isSigned(key.publicKey, body, utf8(text)))) {
    throw invalid("bad_signature", { name: key.name });
  }
}

// A witness signs the time with the text; it is returned in seconds since 1970, as decimal digits.
async function checkCosignature(key, { body }, text) {
  if (body.length !== 72) throw invalid("bad_signature", { name: key.name });
  const time = new DataView(body.buffer).getBigUint64(0);
  const message = utf8(`cosignature/v1\ntime ${time}\n${text}`);
  if (time > NUMBER_MAX || !(await isSigned(key.publicKey, body.slice(8), message))) {
    throw invalid("bad_signature", { name: key.name });
  }
  return String(time);
}
