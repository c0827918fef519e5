// The verifier, part 5 of 12: proofs that an entry is in a log (C2SP tlog-proof, RFC 6962 section 2.1.1).

const PROOF_HEADER = "c2sp.org/tlog-proof@v1";
const HASHES_MAX = 63;
const CONTROL = /[\x00-\x09\x0b-\x1f]/;

// The parts of a proof; its checkpoint stays as it is, for the signatures are over these very bytes.
function parseProof(text) {
  if (text.includes("\r")) throw invalid("has_cr");
  const end = text.indexOf("\n\n");
  if (end < 0 || CONTROL.test(text)) throw invalid("bad_proof");
  const lines = text.slice(0, end).split("\n");
  if (lines.shift() !== PROOF_HEADER) throw invalid("bad_proof");
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines.shift().slice(6)) : null;
  const index = parseIndex(lines.shift());
  if (lines.length > HASHES_MAX) throw invalid("too_many_hashes");
  const note = parseNote(text.slice(end + 2));
  return { extra, index, hashes: lines.map((line) => fromBase64(line, 32)), note };
}

function parseIndex(line) {
  if (!line?.startsWith("index ")) throw invalid("bad_proof");
  return parseNumber(line.slice(6));
}

const leafHash = (leaf) => sha256([0], utf8(jcs(leaf)));
const nodeHash = (left, right) => sha256([1], left, right);

// The root that follows from the entry and the hashes beside its path, as in RFC 9162, section 2.1.3.2.
async function rootOf(hash, index, size, beside) {
  let [node, last] = [index, size - 1n];
  for (const other of beside) {
    if (last === 0n) throw invalid("wrong_path");
    if (node & 1n || node === last) {
      hash = await nodeHash(other, hash);
      while (node !== 0n && !(node & 1n)) [node, last] = [node >> 1n, last >> 1n];
    } else {
      hash = await nodeHash(hash, other);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  if (last !== 0n) throw invalid("wrong_path");
  return hash;
}

async function checkInclusion(leaf, { index, hashes }, { size, root }) {
  if (index >= size) throw invalid("beyond_the_end", { index: String(index), size: String(size) });
  const found = await rootOf(await leafHash(leaf), index, size, hashes);
  if (hex(found) !== hex(root)) throw invalid("other_root");
  return { index: String(index), size: String(size) };
}
