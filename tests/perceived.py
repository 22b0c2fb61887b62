"""A page reduced to what a person perceives: its words in their order, and what can be done with them.

# Heading              a link → where it leads     [A button do=save]        {name: what is typed}
- item of a list       ‹said to who listens›       (x) ticked name=value     {name: *chosen*, other, 3 more}
cell | cell            ▸ closed  ▾ open            ^name=value sent unseen   (picture: its alternative)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from apps.core import form_owner

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
ON_A_LINE = {"a", "abbr", "b", "bdi", "bdo", "button", "cite", "code", "del", "em", "i", "img", "input", "ins", "kbd",
             "label", "mark", "option", "output", "q", "s", "select", "small", "span", "strong", "sub", "summary",
             "sup", "textarea", "time", "tspan", "u", "var", "wbr"}  # fmt: skip
NEVER_SEEN = {"head", "script", "style", "template"}
AROUND = {"header", "footer", "nav"}  # the same on every page
SAID_BEFORE = {"li": "- ", "td": " | ", "th": " | ", **{f"h{level}": "#" * level + " " for level in range(1, 7)}}
TOKENS = {"csrfmiddlewaretoken", form_owner.FIELD}
OPTIONS = 12  # of a longer list only what is chosen is told
DIGEST = re.compile(r"\b[0-9a-f]{16,}\b")


@dataclass
class Tag:
    """A part of a page, with the words and parts in it."""

    name: str
    given: dict[str, str] = field(default_factory=dict)
    inside: list[Tag | str] = field(default_factory=list)

    def every(self, name: str) -> Iterator[Tag]:
        """Those of this name in it, however deep."""
        for part in self.inside:
            if isinstance(part, Tag):
                if part.name == name:
                    yield part
                yield from part.every(name)

    @property
    def text(self) -> str:
        """All words in it."""
        words = [part if isinstance(part, str) else part.text for part in self.inside]
        return " ".join("".join(words).split())


class _Reader(HTMLParser):
    """Builds the tree of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.page = Tag("page")
        self._open = [self.page]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"option", "optgroup"} and self._open[-1].name == "option":  # which need not be closed
            self._open.pop()
        part = Tag(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(part)
        if tag not in VOID:
            self._open.append(part)

    def handle_endtag(self, tag: str) -> None:
        if tag in [part.name for part in self._open]:
            while self._open.pop().name != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def perceived(html: str, *, is_whole: bool = False) -> list[str]:
    """The lines of a page; what stands around all pages only where the whole is asked for."""
    page = _Reader(html).page
    title = next(page.every("title"), Tag("title")).text
    unseen = NEVER_SEEN if is_whole else NEVER_SEEN | AROUND
    lines = "".join(_said(page, unseen, "\n")).split("\n")
    tidy = (" ".join(DIGEST.sub("…", line).split()).removeprefix("| ") for line in lines)
    return [*([f"“{title}”"] if title else []), *(line for line in tidy if line not in {"", "-"})]


def form_for(html: str, path: str, page: str) -> dict[str, list[str]]:
    """What the largest form of a page that is sent to this path would send, but for its buttons."""
    forms = [form for form in _Reader(html).page.every("form") if (form.given.get("action") or page) == path]
    return max(({**_sent(form)} for form in forms), key=len, default={})


def _sent(form: Tag) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for part in form.every("input"):
        is_kept = part.given.get("type") not in {"checkbox", "radio"} or "checked" in part.given
        if (
            is_kept
            and part.given.get("type") != "submit"
            and part.given.get("name") not in {None, "csrfmiddlewaretoken"}
        ):
            sent.setdefault(part.given["name"], []).append(part.given.get("value", ""))
    for part in form.every("textarea"):
        sent[part.given["name"]] = ["".join(map(str, part.inside)).removeprefix("\n")]
    for part in form.every("select"):
        options = list(part.every("option"))
        chosen = [option for option in options if "selected" in option.given]
        chosen = chosen or ([] if "multiple" in part.given else options[:1])
        sent[part.given["name"]] = [option.given.get("value", option.text) for option in chosen]
    return sent


def _said(part: Tag | str, unseen: set[str], end: str) -> Iterator[str]:
    """What one part says; `end` is what ends a line there: in a row of a table nothing does."""
    if isinstance(part, str):
        yield part if end == "" else part.replace("\n", " ")
    elif part.name not in unseen and "hidden" not in part.given and "skip" not in part.given.get("class", ""):
        between = " " if part.name in ON_A_LINE else end
        yield between + SAID_BEFORE.get(part.name, "")
        if label := part.given.get("aria-label"):
            yield f"‹{label}› "
        yield from _field(part) or _content(part, unseen, " " if part.name in {"a", "tr", "label"} else end)
        yield between


def _content(part: Tag, unseen: set[str], end: str) -> Iterator[str]:
    match part.name:
        case "details":
            yield "▾ " if "open" in part.given else "▸ "
        case "button":
            yield "["
    for inside in part.inside:
        yield from _said(inside, unseen, end)
    match part.name:
        case "a" if "href" in part.given:
            yield f" → {part.given['href']}"
        case "button":
            yield f"{_named(part)}]"
    if current := part.given.get("aria-current"):
        yield f" ({'here' if current == 'true' else f'this {current}'})"


def _field(part: Tag) -> list[str]:
    """What can be filled, ticked or looked at; nothing for all else."""
    kind, name, value = part.given.get("type", "text"), part.given.get("name", ""), part.given.get("value", "")
    match part.name, kind:
        case "img", _:
            return [f"(picture: {part.given['alt']})" if part.given.get("alt") else ""]
        case "input", "hidden":
            return ["" if name in TOKENS else f" ^{name}={value} "]
        case "input", "submit":
            return [f"[{value}{f' {name}' if name else ''}]"]
        case "input", "checkbox" | "radio":
            return [f"({'x' if 'checked' in part.given else ' '}){_named(part)}{_demands(part)} "]
        case "input", _:
            return [f"{{{name}: {value}{_demands(part)}}}"]
        case "textarea", _:
            return [f"{{{name}: ", "".join(map(str, part.inside)).strip(), f"{_demands(part)}}}"]
        case "select", _:
            return [f"{{{name}: {_options(part)}{_demands(part)}}}"]
    return []


def _named(part: Tag) -> str:
    name = part.given.get("name")
    return f" {name}={part.given.get('value', '')}" if name else ""


def _demands(part: Tag) -> str:
    """What the browser sees to, and what it says in an empty field."""
    kept = ("required", "disabled", "readonly", "min", "max", "maxlength", "placeholder", "autocomplete")
    demands = [f"{name}={part.given[name]}".removesuffix("=") for name in kept if name in part.given]
    return "".join(f" /{demand}" for demand in demands)


def _options(select: Tag) -> str:
    options = [(option.text, "selected" in option.given) for option in select.every("option")]
    told = [
        f"*{words}*" if is_chosen else words for words, is_chosen in options if is_chosen or len(options) <= OPTIONS
    ]
    return ", ".join([*told, *([f"{more} more"] if (more := len(options) - len(told)) else [])])
