// Ranking with buttons: Up and Down reorder the list and fill in the places, whose fields are put away meanwhile.
// Without this script the places are chosen in the fields.
for (const list of document.querySelectorAll("[data-rank]")) {
  const items = () => [...list.children];
  const field = (item) => item.querySelector("select");
  const buttons = (item) => item.querySelectorAll("button");

  const status = document.createElement("p");
  status.className = "sl-hidden";
  status.setAttribute("role", "status");
  list.after(status);

  // Every move is said once: after quick presses only where the action came to rest, and the region is emptied first,
  // since words that stand there already (another action has come to the same place) would not be read out.
  let saying = null;
  const say = (words) => {
    clearTimeout(saying);
    status.textContent = "";
    if (words) saying = setTimeout(() => { status.textContent = words; }, 100);
  };

  list.closest("fieldset").querySelector("legend").textContent = list.dataset.rank;

  // The numbers follow the fields. The first cannot go up, the last cannot go down. While something is wrong, its
  // fields can be seen, too.
  const show = () => {
    const isWrong = list.querySelector(".is-wrong") !== null;
    items().forEach((item, index, all) => {
      const [up, down] = buttons(item);
      up.disabled = index === 0;
      down.disabled = index === all.length - 1;
      item.querySelector(".sl-place").textContent = field(item).value || "–";
      for (const part of item.querySelectorAll("label, select")) part.hidden = !isWrong;
    });
  };

  // The order that the fields ask for; actions without a place come last, as they stood.
  const place = (item) => Number(field(item).value) || 99;
  const arrange = () => list.append(...items().sort((a, b) => place(a) - place(b)));

  const move = (item, step, button) => {
    arrange();
    if (step < 0) item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    items().forEach((each, index) => {
      field(each).value = String(index + 1);
      each.classList.remove("is-wrong");
      field(each).removeAttribute("aria-invalid");
    });
    show();
    const [up, down] = buttons(item);
    (button.disabled ? (step < 0 ? down : up) : button).focus();
    say(`Now in place ${field(item).value}`);
  };

  for (const item of items()) {
    for (const [step, word] of [[-1, "Up"], [1, "Down"]]) {
      const what = document.createElement("span");
      what.className = "sl-hidden";
      what.textContent = `: ${item.querySelector("p").textContent}`;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sl-mini";
      button.append(word, what);
      button.addEventListener("click", () => move(item, step, button));
      item.querySelector(".sl-rank__tools").append(button);
    }
  }

  // The fields are the truth: also after the back button or a reload, when the browser fills them in again.
  const restore = () => {
    arrange();
    show();
    say("");
  };
  list.addEventListener("change", show);
  restore();
  window.addEventListener("pageshow", restore);
}
