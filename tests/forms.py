"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client


@dataclass
class Form:
    """A form that sends a POST: where it goes, what it would send, and which of its fields somebody types into.

    `asked` are all fields that somebody sees, `pressed` is what its first button sends.
    """

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    pressed: dict[str, list[str]] | None = None

    def filled(self, text: str) -> dict[str, list[str]]:
        """What it sends when every field that can be typed into holds `text`."""
        return self.fields | {name: [text] for name in self.typed}

    def left_empty(self) -> dict[str, list[str]]:
        """What it sends when nobody has entered or ticked anything."""
        unseen = {name: values for name, values in self.fields.items() if name not in self.asked}
        return unseen | {name: [""] for name in self.typed} | (self.pressed or {})


class _FormParser(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("method", "").lower() == "post"
            if self.is_inside:
                self.forms.append(Form(given.get("action") or self.path))
        name, kind = given.get("name"), given.get("type", "text")
        if self.is_inside and tag == "button" and self.forms[-1].pressed is None:
            self.forms[-1].pressed = {name: [given.get("value", "")]} if name else {}
        if not self.is_inside or not name or tag not in {"input", "select", "textarea"} or kind == "submit":
            return
        form = self.forms[-1]
        if tag == "textarea" or (tag == "input" and kind in {"text", "email", "password", "search"}):
            form.typed.add(name)
        if kind != "hidden":
            form.asked.add(name)
        form.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False


def forms_of(page: str, path: str) -> list[Form]:
    """Every form of the page at `path` that sends a POST."""
    parser = _FormParser(path)
    parser.feed(page)
    return parser.forms


class Reader:
    """Somebody who sees a page at a time, and sends nothing but what its forms send."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.path = self.page = ""

    def open(self, path: str) -> None:
        """See the page that this address leads to."""
        answer = self.client.get(path, follow=True)
        assert answer.status_code == 200, path
        self.path, self.page = answer.request["PATH_INFO"], answer.content.decode()

    def forms(self, act: str) -> list[Form]:
        """The forms of the page whose address ends so."""
        return [form for form in forms_of(self.page, self.path) if form.action.endswith(f"/{act}/")]

    def send(self, act: str, *, place: int = 0, **fields: object) -> None:
        """Send one of these forms as it stands, but for `fields`; see where that leads."""
        form = self.forms(act)[place]
        answer = self.client.post(form.action, form.fields | fields, follow=True)
        assert answer.status_code == 200, form.action
        self.path, self.page = answer.request["PATH_INFO"], answer.content.decode()
