// A form marked `data-autosave` is kept as a draft some seconds after typing stops. Nothing is stored in the browser: many
// desks share their computers. Without script nothing changes.
const QUIET_MS = 4000;
const RETRY_MS = 20000;
const PATIENCE_MS = 15000;

class Keeper {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]");
    this.typed = 0; // how often something was typed, and how much of that is kept
    this.kept = 0;
    this.sending = null;
    this.stopped = false;
    form.addEventListener("input", () => this.hear());
    form.addEventListener("submit", (event) => this.letGo(event));
    window.addEventListener("online", () => this.saveSoon(0));
  }

  hear() {
    this.typed += 1;
    this.saveSoon(QUIET_MS);
  }

  saveSoon(wait) {
    clearTimeout(this.timer);
    if (!this.stopped && this.typed > this.kept) this.timer = setTimeout(() => this.save(), wait);
  }

  async save() {
    if (this.sending) return;
    const typed = this.typed;
    this.sending = this.send();
    const isKept = await this.sending;
    this.sending = null;
    if (!isKept) return this.saveSoon(RETRY_MS);
    this.kept = typed;
    if (typed === this.typed) this.form.dispatchEvent(new CustomEvent("draft-kept", { bubbles: true }));
    else this.saveSoon(QUIET_MS);
  }

  async send() {
    const body = new FormData(this.form);
    body.set("do", "autosave");
    try {
      const address = this.form.getAttribute("action");
      const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE_MS) });
      return await this.told(answer);
    } catch {
      this.say(this.status.dataset.noConnection);
      return false;
    }
  }

  async told(answer) {
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
      this.say(answer.redirected ? this.status.dataset.signedOut : this.status.dataset.noConnection);
      return false;
    }
    const { said, seen } = await answer.json();
    this.say(said);
    if (!answer.ok) {
      this.stopped = true; // somebody has to look at both texts first
      return false;
    }
    for (const each of document.querySelectorAll("[data-draft-mark]")) each.value = seen;
    return true;
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  // What is on its way arrives first: otherwise the form would seem to be changed by another window.
  letGo(event) {
    clearTimeout(this.timer);
    if (!this.sending) return;
    event.preventDefault();
    const button = event.submitter;
    this.sending.finally(() => setTimeout(() => this.form.requestSubmit(button), 0));
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Keeper(form);
