"""A walk through pages in many states that looks at each of them closely."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.test.signals import template_rendered
from django.urls import resolve
from django.urls.exceptions import Resolver404
from playwright.sync_api import Page

from tests.browser.axe import AT_COLOURS, AT_WORDS, BUT_COLOURS, violations
from tests.browser.layout import looks, misfits, misfits_of_large_letters, unseen_focus
from tests.browser.safety import dangers
from tests.browser.states import State, Visits
from tests.browser.watch import DESKTOP, PHONE
from tests.templates import names_of

Size = dict[str, int]
NARROW = ({"width": 320, "height": 800}, {"width": 256, "height": 800})
EVERY_SIZE = (DESKTOP, *NARROW, PHONE)
TIGHT = (NARROW[-1], PHONE)


def do_no_more(state: State, page: Page) -> None:
    """On a page that has been looked at."""


@dataclass
class Sweep:
    """What was wrong on the way, by the promise that was broken; which addresses and templates were met."""

    findings: dict[str, list[str]] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)
    templates: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    stacks: set[str] = field(default_factory=set)

    def is_new_address(self, url: str) -> bool:
        """Whether no page of this view was met before; what is nobody's address is always new."""
        with contextlib.suppress(Resolver404):
            name = resolve(urlsplit(url).path).view_name
            is_new = name not in self.addresses
            self.addresses.add(name)
            return is_new
        return True

    def new_kinds_of(self, page: Page) -> tuple[bool, list[str]]:
        """Whether something in the page is of a kind, or inside of a kind, that was not met before.

        And the kinds with all that they stand in, where that was not met.
        """
        kinds, stacks = map(set, looks(page, "kinds", "stacks"))
        is_new, new_stacks = not kinds <= self.kinds, sorted(stacks - self.stacks)
        self.kinds |= kinds
        self.stacks |= stacks
        return is_new, new_stacks

    def tell(self, subtests: pytest.Subtests) -> None:
        """Fail for every promise that was broken, with all that broke it."""
        for promise, findings in self.findings.items():
            with subtests.test(promise):
                assert not findings, f"{len(findings)} findings\n" + "\n".join(sorted(findings))


def sweep(
    visits: Visits, sizes: Sequence[Size] = EVERY_SIZE, then: Callable[[State, Page], None] = do_no_more
) -> Sweep:
    """One walk through every state; what is wrong anywhere is told at its end. `then` may do more on each page.

    axe looks at every state in a narrow window, with all its rules where a kind of element is met for the first time,
    or an address. At colours it looks by day and by night, of each kind of element in all that it stands in once: they
    hang on nothing else. In a wide window, where no colour is another, it looks at the words of each address. Where
    nothing is new only words are, and they are looked at where there is least room for them: in the narrowest window,
    and with large letters on a phone.
    """
    unsafe, complaints, inaccessible, unfit, unseen = [], [], [], [], []
    seen = Sweep()

    def remember(template, **_: object) -> None:
        if template.name not in seen.templates:
            seen.templates |= names_of(template)

    template_rendered.connect(remember)
    for state, page in visits:
        document = visits.watch.document_of(page)
        is_new_address = seen.is_new_address(page.url)
        unsafe += [f"{state.name}: {danger}" for danger in dangers(document)]
        has_new_kinds, stacks = seen.new_kinds_of(page)
        is_new = has_new_kinds or is_new_address
        rules = {PHONE["width"]: BUT_COLOURS if is_new else AT_WORDS}
        if is_new_address:
            rules[DESKTOP["width"]] = AT_WORDS
        for size in (size for size in sizes if is_new or size in TIGHT):
            if state.is_admin and size in NARROW:  # it is made for wide windows (its front page needs 357 px) and mice
                continue
            page.set_viewport_size(size)
            where = f"{state.name}, {size['width']} px"
            if size["width"] in rules:
                found = violations(page, is_admin=state.is_admin, rules=rules[size["width"]])
                if size == PHONE and stacks:
                    found += violations(page, is_admin=state.is_admin, rules=AT_COLOURS, stacks=stacks)
                inaccessible += [f"{where}, {one}" for one in found]
            if not state.is_admin:
                unfit += [f"{where}: {misfit}" for misfit in misfits(page)]
                if size not in NARROW:
                    unfit += [f"{where}: {misfit}" for misfit in misfits_of_large_letters(page)]
        if not state.is_admin:
            unseen += [f"{state.name}: {wrong}" for wrong in unseen_focus(page)]
        complaints += [f"{state.name}: {complaint}" for complaint in visits.watch.new_complaints()]
        then(state, page)
    template_rendered.disconnect(remember)
    seen.findings = {
        "pages can be reached": visits.wrong,
        "the policy is strict and nothing is inline": unsafe,
        "the browser has nothing to complain about": complaints,
        "axe finds nothing": inaccessible,
        "pages fit narrow windows, large letters and fingers": unfit,
        "focus can be seen": unseen,
    }
    return seen
