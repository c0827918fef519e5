// A form marked `data-passkey` is shown where the browser knows passkeys, and sent with what the passkey answered.
// `data-passkey` is "add" to make one, else one is shown; what is asked stands in #js_data or at the form's own address.
const known = window.PublicKeyCredential?.parseRequestOptionsFromJSON;

const asked = async (form) => {
  const given = document.getElementById("js_data");
  if (given) return JSON.parse(given.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error("no options");
  return answer.json();
};

const made = async (form) => {
  const options = await asked(form);
  if (form.dataset.passkey !== "add") {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.request_options.publicKey);
    return navigator.credentials.get({ publicKey });
  }
  const wanted = options.creation_options.publicKey;
  // It has to be enough alone, so that it can be signed in with.
  wanted.authenticatorSelection = {
    ...wanted.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required",
  };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) });
};

const start = async (event) => {
  event.preventDefault();
  const form = event.target;
  const trouble = form.querySelector("[data-passkey-trouble]");
  try {
    form.elements.credential.value = JSON.stringify((await made(form)).toJSON());
    form.submit();
  } catch {
    trouble.hidden = false;
  }
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !known;
  form.addEventListener("submit", start);
}
