"""How a person works a page: with a finger or a mouse, or with the keyboard alone."""

from playwright.sync_api import ElementHandle, Locator, Page, expect

MOST_TABS = 150

# What is wrong with the focus as a person sees it; empty when it can be seen, or is between the last and the first.
# And whether the target has it: one question for each Tab, as there are thousands of them.
LOOK_AT_FOCUS = """(target) => {
  const element = document.activeElement;
  const told = (wrong) => [wrong, element === target];
  if (element === document.body) return told("");
  const describe = (problem) => told(`${problem}: ${element.outerHTML.slice(0, 120)} on ${location.href}`);

  // The focused look against the look of the same element without focus.
  const look = () => {
    const style = getComputedStyle(element);
    const line = (width, kind, colour) => width === "0px" || kind === "none" ? "" : `${width} ${kind} ${colour}`;
    return [
      line(style.outlineWidth, style.outlineStyle, style.outlineColor),
      line(style.borderBottomWidth, style.borderBottomStyle, style.borderBottomColor),
      style.boxShadow,
      style.backgroundColor,
    ].join("|");
  };
  const focused = look();
  element.blur();
  const blurred = look();
  element.focus({ preventScroll: true });
  if (focused === blurred) return describe("no visible focus");

  // In the window, and not behind something else (WCAG 2.4.11).
  const box = element.getBoundingClientRect();
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  if (right - left < 1 || bottom - top < 1) return describe("focus outside the window");
  const points = [...element.getClientRects()].map((r) => [r.left + r.width / 2, r.top + r.height / 2]);
  points.push([(left + right) / 2, (top + bottom) / 2]);
  const isSeenAt = ([x, y]) => {
    const there = document.elementFromPoint(x, y);
    const labels = [...(element.labels || [])];
    return there && (element.contains(there) || there.contains(element) || labels.includes(there));
  };
  return points.some(isSeenAt) ? told("") : describe("focus behind something else");
}"""


class Mouse:
    """Points and presses."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        """A button or a link."""
        target.click()

    def tick(self, target: Locator) -> None:
        """A radio button or a checkbox: the whole card around it is its label."""
        if not target.is_checked():
            self.page.locator(f'label[for="{target.get_attribute("id")}"]').click()
        expect(target).to_be_checked()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def select(self, field: Locator, digit: str) -> None:
        """An entry of a drop-down list, by the digit it shows."""
        field.select_option(label=digit)


class Keyboard:
    """Tab, Shift and Tab, arrows, Space and Enter; looks after each Tab whether focus can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tabs = 0

    def press(self, target: Locator) -> None:
        self.tab_to(target)
        self.page.keyboard.press("Enter")

    def tick(self, target: Locator) -> None:
        if target.get_attribute("type") == "checkbox":
            self.tab_to(target)
            if not target.is_checked():
                self.page.keyboard.press("Space")
        else:
            self._tick_radio(target)
        expect(target).to_be_checked()

    def _tick_radio(self, target: Locator) -> None:
        """One Tab reaches the group, at its chosen button or its first one; arrows go on inside it."""
        name = target.get_attribute("name")
        group = self.page.locator(f'input[type=radio][name="{name}"]')
        chosen = group.and_(self.page.locator(":checked"))
        self.tab_to(chosen if chosen.count() else group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
            self.assert_focus_can_be_seen()

    def write(self, field: Locator, text: str) -> None:
        self.tab_to(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def select(self, field: Locator, digit: str) -> None:
        self.tab_to(field)
        self.page.keyboard.press(digit)
        expect(field).to_have_value(digit)

    def tab_to(self, target: Locator, key: str = "Tab") -> None:
        """Press Tab until the target has focus."""
        expect(target).to_have_count(1)
        element = target.element_handle()
        if element.evaluate("element => element === document.activeElement"):
            return
        for _ in range(MOST_TABS):
            self.page.keyboard.press(key)
            self.tabs += 1
            if self.assert_focus_can_be_seen(element):
                return
        raise AssertionError(f"{MOST_TABS} times {key} did not reach {target} on {self.page.url}")

    def assert_focus_can_be_seen(self, target: ElementHandle | None = None) -> bool:
        """The element with focus looks different for it, is in the window, nothing covers it. Is it the target?"""
        wrong, is_target = self.page.evaluate(LOOK_AT_FOCUS, target)
        assert not wrong, wrong
        return bool(is_target)
