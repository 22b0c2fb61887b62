"""The admin as somebody at work in it sees it: what a page says and offers, and its form sent as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

NEVER_SENT = {"submit", "button", "reset", "file", "image"}  # unless pressed, or given something


class Page(HTMLParser):
    """A page of the admin.

    `messages` are those above it, each with its level; `errors` stand beside its fields. `fields` is what its largest
    form would send if somebody pressed one of the `buttons` now. `actions` can be chosen for the rows of a list.
    """

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.messages: list[tuple[str, str]] = []
        self.errors: list[str] = []
        self.buttons: list[str] = []
        self.links: list[str] = []
        self.actions: list[str] = []
        self._forms: list[dict[str, list[str]]] = []
        self._is_in_form = False
        self._lists: list[str] = []  # the classes of those that are open
        self._item: tuple[str, str] | None = None  # the class and the words of the one that is open
        self._select: dict[str, str] = {}
        self._options: list[tuple[str, bool]] = []
        self._area: tuple[str, str] | None = None  # the name and the text of the one that is open
        self._words: list[str] = []
        self.feed(response.content.decode())

    @property
    def fields(self) -> dict[str, list[str]]:
        return max(self._forms, key=len, default={})

    @property
    def text(self) -> str:
        """What stands on the page, in one line."""
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._is_in_form = given.get("method", "").lower() == "post"
                self._forms += [{}] if self._is_in_form else []
            case "a":
                self.links.append(given.get("href", ""))
            case "ul":
                self._lists.append(given.get("class", ""))
            case "li":
                self._item = (given.get("class", ""), "")
            case "select":
                self._select, self._options = given, []
            case "option":
                self._options.append((given.get("value", ""), "selected" in given))
            case "textarea":
                self._area = (given.get("name", ""), "")
            case "input":
                self._input(given)

    def _input(self, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if kind == "submit":
            self.buttons.append(name or given.get("value", ""))
        is_ticked = "checked" in given or kind not in {"checkbox", "radio"}
        if is_ticked and "disabled" not in given and kind not in NEVER_SENT:
            self._send(name, given.get("value", "on" if kind == "checkbox" else ""))

    def _send(self, name: str, *values: str) -> None:
        if self._is_in_form and name and values:
            self._forms[-1].setdefault(name, []).extend(values)

    def handle_data(self, data: str) -> None:
        self._words.append(data)
        if self._item is not None:
            self._item = (self._item[0], self._item[1] + data)
        if self._area is not None:
            self._area = (self._area[0], self._area[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in_form = False
        elif tag == "textarea" and self._area is not None:
            self._send(self._area[0], self._area[1].removeprefix("\n"))
            self._area = None
        elif tag == "select":
            self._end_select()
        elif tag == "li" and self._item is not None:
            self._end_item(*self._item)
            self._item = None
        elif tag == "ul" and self._lists:
            self._lists.pop()

    def _end_select(self) -> None:
        name = self._select.get("name", "")
        if name == "action":
            self.actions = [value for value, _ in self._options if value]
        chosen = [value for value, is_selected in self._options if is_selected]
        first = [] if "multiple" in self._select else [value for value, _ in self._options[:1]]
        self._send(name, *(chosen or first))

    def _end_item(self, level: str, words: str) -> None:
        classes, words = self._lists[-1].split() if self._lists else [], " ".join(words.split())
        if "messagelist" in classes:
            self.messages.append((level, words))
        elif "errorlist" in classes:
            self.errors.append(words)


def address(model: type[models.Model], verb: str = "changelist", row: models.Model | None = None) -> str:
    """Where the admin lists, adds, changes or deletes."""
    args = [] if row is None else [row.pk]
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}", args=args)


def read(browser: Client, url: str) -> Page:
    """The page at this address."""
    return Page(browser.get(url))


def send(browser: Client, url: str, /, **changes: Any) -> Page:
    """Open the page, change these fields of its form (None takes one out, as an unticked box does), and save it."""
    fields = {**read(browser, url).fields, "_save": ["Save"], **changes}
    return Page(browser.post(url, {name: value for name, value in fields.items() if value is not None}, follow=True))


def act(browser: Client, action: str, *rows: models.Model) -> Page:
    """Choose these rows in their list, and the action for them."""
    chosen = {"action": action, ACTION_CHECKBOX_NAME: [row.pk for row in rows]}
    return Page(browser.post(address(type(rows[0])), chosen, follow=True))


def confirm(browser: Client, asking: Page, model: type[models.Model], /, **changes: Any) -> Page:
    """Send the form of the page on which an action asks for more, with these fields changed."""
    return Page(browser.post(address(model), {**asking.fields, **changes}, follow=True))
