// Everything works without this. It keeps a second press from sending a form twice, says that something is being
// sent, keeps what was chosen when there is no network, leads to what went wrong, opens what a link leads into, and
// brings buttons that copy or share an address.
const PATIENCE = 5000; // milliseconds without an answer, after which a button may be pressed again
const NO_ANSWER = "No answer yet. Press again to send it once more.";
const OFFLINE = "You are offline, so nothing was sent. It is all still here: press again when you are back online.";

let pending = null; // what was pressed last and has not been answered: its form, the button and the words on it
let isReachable = false; // the browser says that there is no network, but we are there

// One line beside what was pressed; “Saving…” stands on the button itself, and is here for screen readers only.
const note = document.createElement("p");
note.setAttribute("role", "status");

const say = (words, beside = null) => {
  note.className = beside ? "sl-message sl-message--warning sl-note" : "sl-hidden";
  if (beside) (beside.closest(".sl-header") ?? beside.closest(".sl-buttons, nav, p") ?? beside).after(note);
  else if (note.parentNode !== document.body) document.body.append(note);
  note.textContent = words;
};

const release = () => {
  if (!pending) return;
  const { button, words, timer } = pending;
  pending = null;
  clearTimeout(timer);
  button?.replaceChildren(...words);
  button?.removeAttribute("aria-busy");
  if (button) button.style.width = button.style.height = "";
  say("");
};

const hold = (form, button) => {
  release();
  const timer = setTimeout(() => {
    release();
    say(NO_ANSWER, button ?? form);
  }, PATIENCE);
  pending = { form, button, words: [...(button?.childNodes ?? [])], timer };
  const busy = button?.dataset.busy ?? (form.method === "get" ? "One moment…" : "Saving…");
  say(busy);
  if (!button?.matches(".sl-button, .sl-linkbutton")) return;
  // The button keeps its place and size, and is not disabled: its name and value belong to what is sent.
  const { width, height } = button.getBoundingClientRect();
  button.style.width = `${width}px`;
  button.style.height = `${height}px`;
  button.setAttribute("aria-busy", "true");
  button.replaceChildren(busy);
};

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (pending && pending.form === form && pending.button === button) {
    event.preventDefault();
  } else if (navigator.onLine || isReachable) {
    isReachable = false; // next time it is asked anew
    hold(form, button);
  } else {
    // A browser may be wrong about having no network: ask, and send it after all when there is an answer.
    event.preventDefault();
    release();
    fetch("/healthz", { method: "HEAD", cache: "no-store" }).then(
      () => {
        isReachable = true;
        form.requestSubmit(button);
      },
      () => say(OFFLINE, button ?? form),
    );
  }
});

// A press is the first again when somebody came back to the page, when the network came or went, and after a change.
window.addEventListener("pageshow", release);
window.addEventListener("focus", release);
window.addEventListener("online", () => {
  release();
  say("");
});
window.addEventListener("offline", release);
document.addEventListener("visibilitychange", release);
document.addEventListener("input", release);

// A link to a source leads into closed details, which not every browser opens.
const openTarget = () => {
  const target = document.querySelector(":target");
  const closed = target?.closest("details:not([open])");
  if (!closed) return;
  closed.open = true;
  target.scrollIntoView();
};
window.addEventListener("hashchange", openTarget);

for (const place of document.querySelectorAll("[data-address]")) {
  const { address, title } = place.dataset;
  const buttons = document.createElement("div");
  buttons.className = "sl-trio";
  const add = (words, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sl-mini";
    button.textContent = words;
    button.addEventListener("click", () => act(button));
    buttons.append(button);
  };
  if (navigator.clipboard) {
    add("Copy the address", async (button) => {
      await navigator.clipboard.writeText(address);
      button.textContent = "Copied";
      say("Copied");
    });
  }
  if (navigator.share) add("Share", () => navigator.share({ title, url: address }).catch(() => {}));
  if (buttons.hasChildNodes()) place.append(buttons);
}

say("");
document.querySelector(".sl-error-summary")?.focus();
openTarget();
