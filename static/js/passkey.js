// Passkeys: forms with `data-passkey` ("add" or "get") ask the browser before they are sent. Without this they stay hidden,
// and everything works by code.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const asKeys = (list = []) => list.map((key) => ({ ...key, id: toBytes(key.id) }));

const create = async (asked) => {
  const options = { ...asked, challenge: toBytes(asked.challenge), user: { ...asked.user, id: toBytes(asked.user.id) } };
  options.excludeCredentials = asKeys(asked.excludeCredentials);
  // Where the device can, the passkey signs in without a password.
  options.authenticatorSelection = { ...asked.authenticatorSelection, residentKey: "preferred", requireResidentKey: false };
  const made = await navigator.credentials.create({ publicKey: options });
  const { clientDataJSON, attestationObject } = made.response;
  return [made, { clientDataJSON: toText(clientDataJSON), attestationObject: toText(attestationObject) }];
};

const get = async (asked) => {
  const options = { ...asked, challenge: toBytes(asked.challenge), allowCredentials: asKeys(asked.allowCredentials) };
  const found = await navigator.credentials.get({ publicKey: options });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  const said = { clientDataJSON, authenticatorData, signature, userHandle };
  return [found, Object.fromEntries(Object.entries(said).map(([name, bytes]) => [name, bytes && toText(bytes)]))];
};

const ask = async (form) => {
  const body = new FormData(form);
  body.set(form.dataset.passkey, "1");
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  if (!answer.ok) throw new DOMException("", "TooOld");
  const { publicKey } = await answer.json();
  const [credential, response] = await (form.dataset.passkey === "add" ? create : get)(publicKey);
  const { id, type, authenticatorAttachment } = credential;
  const more = { clientExtensionResults: credential.getClientExtensionResults(), authenticatorAttachment };
  return JSON.stringify({ id, rawId: toText(credential.rawId), type, response, ...more });
};

const MEANINGS = { InvalidStateError: "known", SecurityError: "elsewhere", TooOld: "too_old", TypeError: "too_old" };
const say = (form, what) => {
  for (const line of form.querySelectorAll("[data-says]")) line.hidden = line.dataset.says !== what;
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button"), words = button.textContent;
  const release = () => {
    button.disabled = false;
    button.textContent = words;
    button.style.width = "";
  };
  form.hidden = !window.PublicKeyCredential && form.dataset.passkey === "get";
  if (!window.PublicKeyCredential) say(form, "no_passkeys");
  // Before `app.js` hears of it, on the document: nothing is being sent yet.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (button.disabled || !window.PublicKeyCredential) return;
    button.disabled = true;
    button.style.width = `${button.getBoundingClientRect().width}px`;
    button.textContent = "Waiting for your device…";
    say(form, "");
    try {
      form.elements.credential.value = await ask(form);
      form.submit();
    } catch (error) {
      say(form, MEANINGS[error.name] ?? "gave_up");
      release();
    }
  });
  window.addEventListener("pageshow", release); // after the browser's Back
}
