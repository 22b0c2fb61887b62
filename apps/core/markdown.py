"""The one place where authors' Markdown becomes HTML.

CommonMark and tables; no raw HTML. What comes out is sanitised, so templates may print it as it is
(a `RenderedField` keeps it beside its `MarkdownField`).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from html import unescape
from typing import Any

import nh3
from django.conf import settings
from django.db import models
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.container import container_plugin

from apps.core.pictures import FOLDER, dark_twin, picture_url

VERSION = 5  # of the HTML: raise it when the same Markdown gives other HTML, and seeding renders the course anew
MAX_LENGTH = 64_000  # characters in one field

DARK_SCREEN = "screen and (prefers-color-scheme: dark)"

ALLOWED_TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "br", "strong", "em", "code", "pre", "a"),
    *("table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "img", "picture", "source", "div"),
    *("details", "summary"),
}
ALLOWED_CLASSES = {
    "div": {"sl-callout", "sl-figure", "sl-thennow", "sl-then", "sl-now", "sl-panel", "sl-reveal"},
    "p": {"sl-callout__title"},
    "h2": {"sl-h-s"},
    "h3": {"sl-h-s"},
    "figure": {"sl-figure"},
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "loading"},
    "source": {"media", "srcset"},
    "ol": {"start"},
    "th": {"scope"},
}
# The only telephone links: no extension or service code (`*#06#`), nothing that a phone might do beside ringing up.
TELEPHONE = re.compile(r"tel:\+?[0-9]+(?:-[0-9]+)*", re.ASCII)
LONGEST_TELEPHONE = 24  # characters; an international number has at most 15 digits
ONLY_WORDS = re.compile(r"[A-Za-z“‘][^\\`*_\[\]<>&|\n\r]*(?<!\s)")  # a paragraph that means the same in Markdown
SUMMARY = re.compile(r"<summary>[^<]*</summary>")  # of an answer: our words, and not the author's
LINE_END = re.compile(r"\r\n?|\n")
CLOSING = re.compile(r"[\s>]*(:{3,})\s*")  # the line that ends a container, also of one in a quotation
LONGEST_QUESTION = 120  # characters in the heading of a reveal
BLOCK_END = re.compile(r"</(p|li|h\d|td|th|div|figcaption)>")


class PageRenderer(RendererHTML):
    """Markdown's HTML with our figures, and headings that begin below the page's own."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A picture from our own static files: `![alternative text](illustrations/trolley.svg "Caption")`."""
        token = tokens[idx]
        source = str(token.attrGet("src") or "")
        if not source.startswith(FOLDER) or ".." in source:
            return ""
        alternative = self.renderInlineAsText(token.children, options, env)
        token.attrs = {
            "src": f"{settings.STATIC_URL}{source}",
            "alt": alternative,
            "width": "480",
            "height": "300",
            "loading": "lazy",
        }
        return _with_twin(self.renderToken(tokens, idx, options, env), source)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        env["headed"] = True
        tokens[idx].tag = _below_h1(tokens[idx].tag)
        return self.renderToken(tokens, idx, options, env)

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        tokens[idx].tag = _below_h1(tokens[idx].tag)
        return self.renderToken(tokens, idx, options, env)

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<th scope="col">'

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if _is_picture(tokens[idx + 1]):
            return '<figure class="sl-figure">' if _caption(tokens[idx + 1]) else '<div class="sl-figure">'
        return self.renderToken(tokens, idx, options, env)

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if _is_picture(tokens[idx - 1]):
            caption = _caption(tokens[idx - 1])  # it is the figure's name: without one there is none
            return f"<figcaption>{_escape(caption)}</figcaption></figure>\n" if caption else "</div>\n"
        return self.renderToken(tokens, idx, options, env)


def _with_twin(image: str, name: str) -> str:
    """The image of a drawing, with its twin for the dark where it has one."""
    twin = dark_twin(name)
    if picture_url(twin) is None:
        return image
    return f'<picture><source media="{DARK_SCREEN}" srcset="{settings.STATIC_URL}{twin}">{image}</picture>'


def _escape(text: str) -> str:
    return nh3.clean_text(text).replace("&#32;", " ").replace("&#47;", "/")


def _below_h1(tag: str) -> str:
    return {"h1": "h2", "h5": "h4", "h6": "h4"}.get(tag, tag)


def _is_picture(inline: Token) -> bool:
    """A paragraph that holds one picture and nothing else."""
    children = inline.children or []
    if len(children) != 1 or children[0].type != "image":
        return False
    children[0].meta.setdefault("caption", str(children[0].attrGet("title") or ""))
    return True


def _caption(picture: Token) -> str:
    return str((picture.children or [])[0].meta["caption"]).strip()


def _callout(renderer: Any, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    if tokens[idx].nesting == -1:
        return "</div>\n"
    title = tokens[idx].info.strip().removeprefix("callout").strip()
    return '<div class="sl-callout">\n' + (f'<p class="sl-callout__title">{_escape(title)}</p>\n' if title else "")


def _then_now(renderer: Any, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    return '<div class="sl-thennow">\n' if tokens[idx].nesting == 1 else "</div>\n"


def _half(name: str) -> Any:
    def render(renderer: Any, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if tokens[idx].nesting == -1:
            return "</div>\n"
        title = tokens[idx].info.strip().removeprefix(name).strip()
        return f'<div class="sl-{name}">\n<h3>{_escape(title)}</h3>\n'

    return render


def _reveal(renderer: Any, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    """A question to the reader: its heading fits the outline of a text with headings and of one without."""
    if tokens[idx].nesting == -1:
        return "</div>\n"
    title = tokens[idx].info.strip().removeprefix("reveal").strip() or "What would you do?"
    tag = "h3" if env.get("headed") else "h2"
    return f'<div class="sl-panel sl-reveal">\n<{tag} class="sl-h-s">{_escape(title)}</{tag}>\n'


def _answer(renderer: Any, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    """Closed until the reader opens it. Of several on a page each says which it is."""
    if tokens[idx].nesting == -1:
        return "</div>\n</details>\n"
    env["answers"] = env.get("answers", 0) + 1
    which = "the answer" if env["answers"] == 1 else f"answer {env['answers']}"
    return f"<details>\n<summary>Show {which}</summary>\n<div>\n"


def _begins(name: str) -> Any:
    """Whether a container is this one, and not one whose name begins alike."""
    return lambda info, _: info.split()[:1] == [name]


_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}, renderer_cls=PageRenderer)
    .enable("table")
    .use(container_plugin, "callout", render=_callout)
    .use(container_plugin, "then-now", render=_then_now)
    .use(container_plugin, "then", render=_half("then"), validate=_begins("then"))
    .use(container_plugin, "now", render=_half("now"), validate=_begins("now"))
    .use(container_plugin, "reveal", render=_reveal, validate=_begins("reveal"))
    .use(container_plugin, "answer", render=_answer, validate=_begins("answer"))
)


def _address(tag: str, attribute: str, value: str) -> str | None:
    """What an address may be beyond its scheme; None takes it away."""
    if attribute != "href" or not value.strip().lower().startswith("tel:"):
        return value
    return value if len(value) <= LONGEST_TELEPHONE and TELEPHONE.fullmatch(value) else None


def render_markdown(text: str) -> SafeString:
    """Sanitised HTML of an author's Markdown (at most MAX_LENGTH characters)."""
    if len(text) > MAX_LENGTH:
        raise ValueError(f"The text is longer than {MAX_LENGTH:,} characters.")
    html = nh3.clean(
        _markdown.render(text),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        allowed_classes=ALLOWED_CLASSES,
        attribute_filter=_address,
        url_schemes={"https", "mailto", "tel"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    return mark_safe(html.strip())


def plain_text(html: str) -> str:
    """What HTML says, each paragraph, item or cell as a sentence."""
    return unescape(strip_tags(BLOCK_END.sub(".\n", SUMMARY.sub("", html))))


def plain_of(*texts: str) -> str:
    """What Markdown texts say one after the other; of one that is too long, its beginning."""
    return "\n".join(_plain(text[:MAX_LENGTH]) for text in texts if text)


def _plain(text: str) -> str:
    """What a text says. Most have nothing but words in them, and need not be rendered to know it."""
    paragraphs = text.split("\n\n")
    if all(ONLY_WORDS.fullmatch(paragraph) for paragraph in paragraphs):
        return "".join(f"{paragraph}.\n" for paragraph in paragraphs)
    return plain_text(render_markdown(text))


def pictures_in(text: str) -> Iterator[tuple[str, str]]:
    """The name and the alternative text of each picture in a text."""
    for block in _markdown.parse(text):
        for token in block.children or []:
            if token.type == "image":
                yield str(token.attrGet("src") or ""), token.content


def reveals_in(text: str) -> Iterator[bool]:
    """Of each reveal in a text, whether it has an answer with something in it; an answer outside of any is False."""
    answered: list[bool] = []  # of the reveals that are open, the outermost first
    tokens = _markdown.parse(text)
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "container_reveal_open":
            answered.append(False)
        elif token.type == "container_reveal_close":
            yield answered.pop()
        elif token.type == "container_answer_open" and not answered:
            yield False
        elif token.type == "container_answer_open" and after and after.type != "container_answer_close":
            answered[-1] = True


def slips_in(text: str) -> Iterator[str]:
    """What an author most likely did not mean by the colons in a text: `a callout that is never closed`."""
    tokens, lines = _markdown.parse(text), LINE_END.split(text)
    around: list[Token] = []  # the containers that are open, the outermost first
    answers: list[int] = []  # of the reveals that are open
    for token in tokens:
        name = _container(token)
        if name and token.nesting == 1:
            yield from _slips_of(token, name, around[-1] if around else None, lines)
            around.append(token)
            answers += [0] if name == "reveal" else []
            answers[-1:] = [count + (name == "answer") for count in answers[-1:]]
        elif name:
            around.pop()
            if name == "reveal" and answers.pop() > 1:
                yield "a reveal with more than one answer"
        elif token.type == "inline" and any(line.startswith(":::") for line in token.content.split("\n")):
            yield "colons (:::) that open or close nothing and show on the page"


def _slips_of(opening: Token, name: str, around: Token | None, lines: Sequence[str]) -> Iterator[str]:
    """Where it ends, and for how long it asks."""
    end, last = (opening.map or [0, 0])[1], around.map[1] if around and around.map else len(lines)
    closing = CLOSING.fullmatch(lines[end]) if end < last else None
    if closing is None or len(closing[1]) < len(opening.markup):
        yield f"{'an' if name == 'answer' else 'a'} {name} that is never closed"
    if name == "reveal" and len(opening.info.strip().removeprefix("reveal").strip()) > LONGEST_QUESTION:
        yield f"a reveal whose question is longer than {LONGEST_QUESTION} characters"


def _container(token: Token) -> str:
    """Which container a token opens or closes; empty for all else."""
    if not token.type.startswith("container_"):
        return ""
    return token.type.removeprefix("container_").removesuffix("_open").removesuffix("_close")


class MarkdownField(models.TextField):
    """An author's Markdown, at most MAX_LENGTH characters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)


class RenderedField(models.TextField):
    """The sanitised HTML of the MarkdownField named `source`, rendered when the row is saved; templates print it."""

    def __init__(self, source: str = "", **kwargs: Any) -> None:
        self.source = source
        options: dict[str, Any] = {"editable": False, "blank": True, "default": ""} | kwargs
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def from_db_value(self, value: str, *args: object) -> SafeString:
        return mark_safe(value)


def render_markdown_fields(row: models.Model, only: Collection[str] | None = None) -> None:
    """Fill the rendered fields of a row that is about to be stored: each, or those of only these texts."""
    for field in row._meta.concrete_fields:
        if isinstance(field, RenderedField) and (only is None or field.source in only):
            setattr(row, field.name, render_markdown(getattr(row, field.source)))
