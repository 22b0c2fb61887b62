"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form that sends a POST: where it goes, what it would send, and which of its fields somebody types into."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    def filled(self, text: str) -> dict[str, list[str]]:
        """What it sends when every field that can be typed into holds `text`."""
        return self.fields | {name: [text] for name in self.typed}


class _Reader(HTMLParser):
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
        if not self.is_inside or not name or tag not in {"input", "select", "textarea"} or kind == "submit":
            return
        form = self.forms[-1]
        if tag == "textarea" or (tag == "input" and kind in {"text", "email", "password", "search"}):
            form.typed.add(name)
        form.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False


def forms_of(page: str, path: str) -> list[Form]:
    """Every form of the page at `path` that sends a POST."""
    reader = _Reader(path)
    reader.feed(page)
    return reader.forms
