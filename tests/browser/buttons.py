"""What can go wrong when a button is pressed: a network that hangs or is away, a press too many."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import resolve
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests import access_table
from tests.browser.states import State
from tests.browser.watch import Watch

OFFLINE = "You are offline, so nothing was sent."
NO_NETWORK = "net::ERR_INTERNET_DISCONNECTED"
LABELLED = ".sl-button, .sl-linkbutton"
# Those for passkeys ask the device first: `test_second_factor.py` tries them.
BUTTONS = "button:not([type=button]):not([aria-hidden]):not([data-passkey] *)"


@dataclass
class Network:
    """Between a page and the server: what a form sends gets no answer. The page stays, as after the browser's Stop.

    (204 leaves a page as it is. While a request really hangs, Playwright can ask nothing of the page.)
    """

    page: Page
    sent: list[str] = field(default_factory=list)

    def __enter__(self) -> "Network":
        self.page.route("**/*", self._swallow)
        return self

    def __exit__(self, *_: object) -> None:
        self.page.unroute("**/*", self._swallow)

    def _swallow(self, route: Route) -> None:
        if route.request.is_navigation_request():
            self.sent.append(route.request.post_data or "")
            route.fulfill(status=204)
        else:
            route.fallback()

    def expect_sent(self, times: int) -> None:
        wait_for(self.page, lambda: len(self.sent) >= times)
        assert len(self.sent) == times


def wait_for(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(300):
        if is_so():
            break
        page.wait_for_timeout(50)


def press(button: Locator) -> None:
    button.click(no_wait_after=True)


def come_back(page: Page) -> None:
    """To the window, from the browser's own buttons or from another program."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def be_patient(context: BrowserContext | Page) -> None:
    """The five seconds of app.js never pass, however slow the machine is that looks at the page meanwhile."""
    context.add_init_script(
        """window.setTimeout = new Proxy(window.setTimeout, {
          apply: (set, page, [act, wait]) => (wait === 5000 ? 0 : set(act, wait)),
        });"""
    )


def place_of(button: Locator) -> list[float]:
    """Where it is on the page, and its size."""
    return button.evaluate(
        """button => {
          const box = button.getBoundingClientRect();
          return [box.x + scrollX, box.y + scrollY, box.width, box.height];
        }"""
    )


def try_button(page: Page, button: Locator, watch: Watch) -> Iterator[str]:
    """What is wrong with a button when the network hangs, when it is pressed twice, and when there is no network."""
    label, place = button.inner_text(), place_of(button)
    note = page.get_by_text(OFFLINE)
    with Network(page) as network:
        press(button)
        network.expect_sent(1)
        press(button)
        if len(network.sent) != 1:
            yield "sent twice by pressing twice"
        if button.evaluate(f"button => button.matches('{LABELLED}')"):
            if not button.inner_text().endswith("…"):
                yield f"says {button.inner_text()!r} while it sends"
            if place_of(button) != place:
                yield f"moves from {place} to {place_of(button)}"
        come_back(page)
        if button.inner_text() != label:
            yield f"says {button.inner_text()!r} afterwards"
        press(button)
        network.expect_sent(2)
        page.context.set_offline(True)
        press(button)
        expect(note).to_be_visible()
        if len(network.sent) != 2:
            yield "sent although there is no network"
        if place_of(button) != place:
            yield f"moves from {place} to {place_of(button)} when there is no network"
        page.context.set_offline(False)
        expect(note).to_have_count(0)
        press(button)
        network.expect_sent(3)
    come_back(page)
    watch.complaints[:] = [one for one in watch.complaints if NO_NETWORK not in one]


def buttons_of(page: Page) -> list[tuple[str, str, Locator]]:
    """Every button that sends a form: the name of the address it sends to, its words, and the button."""
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    buttons = page.locator(BUTTONS)
    told = buttons.evaluate_all(  # all in one go; form.action may be a field of that name
        """buttons => buttons.map(button => [button.innerText, button.form ? new URL(
            button.getAttribute("formaction") ?? button.form.getAttribute("action") ?? "", location).pathname : ""])"""
    )
    found = [(words, address, buttons.nth(place)) for place, (words, address) in enumerate(told)]
    return [(resolve(address).view_name, words, button) for words, address, button in found if address]


@dataclass
class Buttons:
    """Tries a button of each kind, the first that is met, and keeps what is wrong with any.

    A kind is where it sends to, and its words but for their numbers. Those of Django's own admin are not ours.
    """

    watch: Watch
    wrong: list[str] = field(default_factory=list)
    tried: set[tuple[str, str]] = field(default_factory=set)

    def try_new_ones(self, state: State, page: Page) -> None:
        for name, words, button in [] if state.is_admin else buttons_of(page):
            kind = name, re.sub(r"\d+", "0", words)
            if kind not in self.tried:
                self.tried.add(kind)
                faults = try_button(page, button, self.watch)
                self.wrong += [f"{state.name}, {words!r} to {name}: {fault}" for fault in faults]

    def not_met(self) -> list[str]:
        missing = access_table.with_forms(access_table.make_world()) - {name for name, _ in self.tried}
        return [f"no form of {name} was met" for name in sorted(missing)]
