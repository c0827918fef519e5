// The verifier, part 4 of 12: whom to trust (C2SP tlog-policy).

const POLICY_TEXT = /^[\t\n\x20-\x7e\u0080-\u{10ffff}]*$/u;
const DIRECTIVES = { log: addLog, witness: addWitness, group: addGroup, quorum: setQuorum };

// A policy that cannot be read makes nothing false: the answer is then that we cannot tell.
async function parsePolicy(text) {
  if (!POLICY_TEXT.test(text)) throw unsure("bad_policy_text");
  const policy = { keys: new Map(), witnesses: new Map(), groups: new Map(), members: new Set(), quorum: "" };
  for (const [at, line] of text.split("\n").entries()) {
    const items = line.split(/[ \t]+/).filter(Boolean);
    if (items.length && !items[0].startsWith("#")) await addLine(policy, items, at + 1);
  }
  if (!policy.quorum) throw unsure("no_quorum_line");
  if (!logKeys(policy).length) throw unsure("no_log_line");
  return policy;
}

async function addLine(policy, [word, ...items], line) {
  try {
    demand(Object.hasOwn(DIRECTIVES, word));
    await DIRECTIVES[word](policy, items);
  } catch (error) {
    if (error instanceof Refusal) throw unsure("bad_policy_line", { line });
    throw error;
  }
}

const logKeys = (policy) => [...policy.keys.values()].filter((key) => key.type === LOG_TYPE);

function demand(condition) {
  if (!condition) throw invalid("bad_policy_line");
}

// Two keys of one kind must not be the same, whatever they are called, and no two may answer to one name and id.
function addKey(policy, key) {
  const isSame = (other) => other.type === key.type && hex(other.publicKey) === hex(key.publicKey);
  demand(![...policy.keys.values()].some(isSame) && !policy.keys.has(keyTag(key)));
  policy.keys.set(keyTag(key), key);
}

async function addLog(policy, items) {
  demand(items.length === 1 || items.length === 2);
  addKey(policy, await parseKey(items[0], LOG_TYPE));
}

async function addWitness(policy, items) {
  demand(items.length === 2 || items.length === 3);
  demand(isFree(policy, items[0]));
  const key = await parseKey(items[1], WITNESS_TYPE);
  addKey(policy, key);
  policy.witnesses.set(items[0], key);
}

const isDefined = (policy, name) => policy.witnesses.has(name) || policy.groups.has(name);
const isFree = (policy, name) => name !== "none" && !isDefined(policy, name);

function addGroup(policy, [name, threshold, ...members]) {
  demand(members.length >= 1 && isFree(policy, name));
  for (const member of members) {
    demand(isDefined(policy, member) && !policy.members.has(member));
    policy.members.add(member);
  }
  policy.groups.set(name, { needed: neededOf(threshold, members.length), members });
}

function neededOf(threshold, count) {
  if (threshold === "any") return 1;
  if (threshold === "all") return count;
  demand(/^[1-9][0-9]{0,5}$/.test(threshold) && Number(threshold) <= count);
  return Number(threshold);
}

function setQuorum(policy, items) {
  demand(items.length === 1 && !policy.quorum);
  demand(items[0] === "none" || isDefined(policy, items[0]));
  policy.quorum = items[0];
}

// Whether a witness, or enough members of a group, cosigned. A group's members were there before it, so this ends.
function hasWitnessed(policy, name, cosigners) {
  const group = policy.groups.get(name);
  if (!group) return cosigners.has(name);
  return group.members.filter((member) => hasWitnessed(policy, member, cosigners)).length >= group.needed;
}
