(() => {
const kind = (element) => {
  const asked = [...element.attributes].map((attribute) => attribute.name).filter((name) => /^(aria|data)-|^(disabled|checked|open|type)$/.test(name));
  return `${element.localName}.${[...element.classList].sort().join(".")}[${asked.sort()}]${element.checked ? ":checked" : ""}`;
};
return {
  // What sticks out of the window to the right, unless it scrolls in a box of its own.
  overflow: () => {
    const found = [];
    const width = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth > width) found.push(`the page is ${document.scrollingElement.scrollWidth} px wide`);
    for (const element of document.body.querySelectorAll("*")) {
      const box = element.getBoundingClientRect();
      if (box.width < 2 || box.right <= width + 1) continue;
      let parent = element.parentElement;
      while (parent && !["auto", "scroll"].includes(getComputedStyle(parent).overflowX)) parent = parent.parentElement;
      if (!parent) found.push(`${element.outerHTML.slice(0, 90)} reaches ${Math.round(box.right)} px`);
    }
    return found.slice(0, 4);
  },

  // Text that is cut off by its box.
  clipped: () => [...document.body.querySelectorAll("*")].filter((element) => {
    const style = getComputedStyle(element);
    if (element.closest(".sl-hidden, .sl-skip, .visually-hidden, svg") || style.display === "inline" || !element.textContent.trim()) return false;
    const cuts = (how) => ["hidden", "clip"].includes(how);
    return (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
      || (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
  }).map((element) => `${element.outerHTML.slice(0, 90)} is cut off`).slice(0, 4),

  // What a finger must hit: 44 px high where it is a control, 24 px otherwise; links inside a sentence may be lower.
  targets: () => {
    const found = [];
    for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
      if (!element.checkVisibility() || element.closest(".sl-skip, [aria-hidden=true]")) continue;
      const card = element.closest(".sl-choice, .sl-check, .sl-tile, .sl-tasks > li");
      const covers = getComputedStyle(element, "::after").position === "absolute";
      const box = (card && (covers || element.matches("input")) ? card : element).getBoundingClientRect();
      const isControl = element.matches("nav *, .sl-button, .sl-back, summary, select, textarea, input, button:not(.sl-linkbutton), footer a, [href^='tel:']");
      const block = element.parentElement.closest("p, li, dd, dt, td, h1, h2, h3, div, section");
      const isInSentence = getComputedStyle(element).display === "inline"
        && block.textContent.trim().length > element.textContent.trim().length;
      const least = isControl ? 44 : isInSentence ? 0 : 24;
      if (box.height < least - 0.5) found.push(`${Math.round(box.height * 10) / 10} px (not ${least}): ${element.outerHTML.slice(0, 100)}`);
    }
    return [...new Set(found)];
  },

  // Characters in each line of running text, the last line of each paragraph left out.
  measure: () => {
    const lengths = [];
    for (const paragraph of document.querySelectorAll(".sl-prose p")) {
      const lines = new Map();
      const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode;
        for (const word of node.data.matchAll(/\S+\s*/g)) {
          const range = document.createRange();
          range.setStart(node, word.index);
          range.setEnd(node, word.index + word[0].trimEnd().length);
          const line = Math.round(range.getBoundingClientRect().bottom / 8);
          lines.set(line, (lines.get(line) || "") + word[0]);
        }
      }
      lengths.push(...[...lines.values()].slice(0, -1).map((line) => line.trim().length));
    }
    return lengths;
  },

  // Every kind of element inside another kind, with the states that a style sheet may ask about.
  kinds: () => [...new Set([...document.body.querySelectorAll("*")].map((element) => `${kind(element.parentElement)} > ${kind(element)}`))],

  // What colours hang on: the style sheets, the kind of an element, and the kinds and names of the parts of the page that
  // it stands in. Which elements they are stays in the page.
  stacks: () => {
    window.stacks = new Map();
    const sheets = [...document.styleSheets].map((sheet) => (sheet.href || "").split("/").pop()).join(" ");
    const name = (element) => element.matches("div, header, main, nav, footer, form, ul") && /^[a-z-]+$/.test(element.id) ? `#${element.id}` : "";
    const found = new Map();
    const stack = (element) => {
      if (!found.has(element)) found.set(element, `${element.parentElement ? stack(element.parentElement) : sheets} > ${kind(element)}${name(element)}`);
      return found.get(element);
    };
    for (const element of document.body.querySelectorAll("*")) {
      window.stacks.set(stack(element), [...(window.stacks.get(stack(element)) || []), element]);
    }
    return [...window.stacks.keys()];
  },

  // Everything that Tab can reach, one after the other, with the focus on it.
  focusable: () => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && element.tabIndex >= 0),
};
})()
