// The verifier, part 7 of 12: the checks in their order, each told with what it found. Pure: no page, no clock.

// What the file and the policy and, where given, the text and place come to (all bytes but the policy): a verdict
// `valid`, `invalid` or `cannot`, the steps up to the one that decided, and the facts that are proved.
async function verify({ file, policy, text = null, place = null }) {
  const report = { verdict: "valid", reason: "", args: {}, steps: [], facts: [] };
  try {
    await examine(report, { file, policy, text, place });
  } catch (error) {
    refuse(report, error);
  }
  return report;
}

function refuse(report, error) {
  const known = error instanceof RangeError ? invalid("too_deep") : error;
  const { verdict, reason, args } = known instanceof Refusal ? known : unsure("unexpected", { error: String(error) });
  const state = verdict === "invalid" ? "bad" : "unsure";
  report.steps.push({ name: report.at, state, key: reason, args });
  Object.assign(report, { verdict, reason, args });
}

// One step: what its check returns is told, and its refusal ends the examination.
async function step(report, name, check) {
  report.at = name;
  const args = (await check()) ?? {};
  report.steps.push({ name, state: "good", key: `${name}_good`, args });
}

async function examine(report, asked) {
  let policy, record;
  await step(report, "browser", checkBrowser);
  await step(report, "policy", async () => void (policy = await parsePolicy(asked.policy)));
  await step(report, "file", async () => void (record = parseRecord(asked.file)));
  report.kind = record.kind;
  await step(report, "contents", () => checkCommitment(record));
  const checkpoint = await examineProof(report, record, policy);
  report.facts = [...factsOf(record), ["origin", checkpoint.origin], ["size", String(checkpoint.size)]];
  await examineWords(report, record, asked);
}

async function examineProof(report, { leaf, proof }, policy) {
  let checkpoint, signatures;
  await step(report, "log", async () => {
    if (!proof) throw unsure("not_yet_published");
    checkpoint = parseCheckpoint(proof.note.text);
    signatures = knownSignatures(proof.note.signatures, policy.keys);
    return checkLog(checkpoint, signatures, policy, proof.note.text);
  });
  await step(report, "inclusion", () => checkInclusion(leaf, proof, checkpoint));
  await examineWitnesses(report, signatures, policy, proof.note.text);
  return checkpoint;
}

// Every line of a log that the policy names must be right; one of them must be this very log's.
async function checkLog({ origin, size }, signatures, policy, text) {
  if (!logKeys(policy).some((key) => key.name === origin)) throw invalid("other_origin", { origin });
  const lines = [...signatures].filter(([key]) => key.type === LOG_TYPE);
  for (const [key, signature] of lines) await checkLogSignature(key, signature, text);
  if (!lines.some(([key]) => key.name === origin)) throw invalid("no_log_signature", { origin });
  return { origin, size: String(size) };
}

async function examineWitnesses(report, signatures, policy, text) {
  const cosigners = new Set();
  for (const [name, key] of policy.witnesses) {
    if (!signatures.has(key)) continue;
    await step(report, "witness", async () => {
      const time = await checkCosignature(key, signatures.get(key), text);
      return { name, key: key.name, time };
    });
    cosigners.add(name);
  }
  const isMet = policy.quorum === "none" || hasWitnessed(policy, policy.quorum, cosigners);
  const args = { count: String(cosigners.size), quorum: policy.quorum };
  await step(report, "quorum", () => {
    if (!isMet) throw invalid("too_few_witnesses", args);
    return args;
  });
  if (policy.quorum === "none") Object.assign(report.steps.at(-1), { state: "note", key: "quorum_none" });
}

// Text and place are compared one by one: each is told, whatever came of the other.
async function examineWords(report, { kind, content }, { text, place }) {
  for (const [name, bytes, hash] of [["text", text, content.msg], ["place", place, content.place]]) {
    if (bytes === null) continue;
    try {
      await step(report, name, () => {
        if (kind !== "r") throw unsure("no_text_here");
        return checkSameBytes(bytes, hash, `other_${name}`);
      });
    } catch (error) {
      refuse(report, error);
    }
  }
}
