"use strict";
// The verifier, part 1 of 12: how a check says no, bytes, hashes, signatures. `views/verify_page.py` joins the parts in
// this order into the one script of the page. None of them asks anything of the network.

class Refusal extends Error {
  constructor(verdict, reason, args) {
    super(reason);
    Object.assign(this, { verdict, reason, args });
  }
}

const invalid = (reason, args = {}) => new Refusal("invalid", reason, args);
const unsure = (reason, args = {}) => new Refusal("cannot", reason, args);

const utf8 = (text) => new TextEncoder().encode(text);

// A byte order mark stays in the text, where no format allows it.
function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid("not_utf8");
  }
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

// `atob` takes spaces, missing padding and loose padding bits: only what encodes back to the same text is base64 here.
function fromBase64(text, length) {
  let binary = "";
  try {
    binary = atob(text);
  } catch {
    throw invalid("bad_base64");
  }
  if (btoa(binary) !== text) throw invalid("bad_base64");
  if (length !== undefined && binary.length !== length) throw invalid("bad_length");
  return Uint8Array.from(binary, (each) => each.charCodeAt(0));
}

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

async function hmac(key, message) {
  const how = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, how, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

// RFC 8032. What the browser cannot take as a key or a signature signs nothing; whether it can verify is tried before.
async function isSigned(publicKey, signature, message) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, message);
  } catch {
    return false;
  }
}

// Test 1 of RFC 8032, section 7.1: the signature of an empty message.
const TRIAL_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const TRIAL_SIGNATURE =
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
  "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

// Web Crypto is missing on pages that came without https, Ed25519 in browsers from before 2025.
async function checkBrowser() {
  const [key, signature] = [fromHex(TRIAL_KEY), fromHex(TRIAL_SIGNATURE)];
  const good = await isSigned(key, signature, utf8(""));
  if (!good || (await isSigned(key, signature, utf8("x")))) throw unsure("no_crypto");
}
