"""A component is made once of what cannot change, anew of what can, and shows nothing but its variables."""

import datetime
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template, engines
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from apps.core.forms import SearchForm
from apps.modules import published
from apps.modules.models import Source
from apps.modules.queries import published_contents
from apps.modules.templatetags import components
from apps.modules.tiles import Standing
from tests import make

TEMPLATES = {
    "said.html": "{{ row.title }}{{ word }}{{ rows.0.title }}{{ user }}{{ request }}",
    "standing.html": "{{ standing.pages }}",
    "form.html": "{{ form.q }}",
}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The templates that were rendered, in order; those above are there."""
    rendered: list[str] = []
    engine: Any = engines["django"]

    class Counted:
        def __init__(self, path: str) -> None:
            self.path = path

        def render(self, values: dict[str, object]) -> str:
            rendered.append(self.path)
            return engine.from_string(TEMPLATES[self.path]).render(values)  # type: ignore[no-any-return]

    monkeypatch.setattr(components, "get_template", Counted)
    published.forget_all()
    yield rendered
    published.forget_all()


def show(path: str, **values: object) -> str:
    given = " ".join(f"{name}={name}" for name in values)
    context = Context({**values, "user": "somebody", "request": "theirs"})
    return Template(f'{{% component "{path}" {given} %}}').render(context)


@pytest.mark.django_db
def test_what_shows_published_rows_is_made_once_and_of_another_row_anew(made: list[str]) -> None:
    first, second = (published_contents(make.edition(slug).pk) for slug in ("one", "two"))
    for contents in (first, second, first, second):
        assert show("said.html", row=contents.pages[0]) == contents.pages[0].title
        assert show("said.html", rows=contents.pages) == contents.pages[0].title
    assert len(made) == 4


@pytest.mark.django_db
def test_a_row_that_was_read_again_says_what_it_says_now(made: list[str]) -> None:
    source = make.source(title="As it was")
    for title in ("As it was", "As it is"):
        Source.objects.filter(pk=source.pk).update(title=title)
        read = Source.objects.get(pk=source.pk)
        published.freeze_rows(read)
        assert show("said.html", row=read) == show("said.html", row=read) == title
    assert len(made) == 2


@pytest.mark.django_db
def test_of_a_draft_it_is_made_each_time(made: list[str]) -> None:
    page = make.reading(make.draft("posts"), title="As it was")
    assert show("said.html", row=page) == "As it was"
    page.title = "As it is"
    assert show("said.html", row=page) == "As it is"
    assert show("said.html", rows=[page]) == "As it is"


@pytest.mark.parametrize(
    "words",
    [(1, True, "1", 1.0, "True"), ("<b>", mark_safe("<b>"), "&lt;b&gt;"), (None, 0, "", False)],
)
def test_values_that_are_alike_are_not_the_same(made: list[str], words: tuple[object, ...]) -> None:
    def plain(word: object) -> str:
        return Template("{{ word }}").render(Context({"word": word}))

    for word in (*words, *words):
        assert show("said.html", word=word) == plain(word)
    assert len(made) == len(words)


def test_a_frozen_dataclass_is_what_its_fields_are(made: list[str]) -> None:
    for pages in ("1 of 2 pages", "2 of 2 pages", "1 of 2 pages"):
        assert show("standing.html", standing=Standing(pages)) == pages
    assert len(made) == 2


def test_an_empty_form_is_made_once_and_one_with_something_in_it_anew(made: list[str]) -> None:
    empty = show("form.html", form=SearchForm())
    assert "night" in show("form.html", form=SearchForm({"q": "night"}))
    assert "ward" in show("form.html", form=SearchForm({"q": "ward"}))
    assert show("form.html", form=SearchForm()) == empty
    assert "bed" in show("form.html", form=SearchForm(initial={"q": "bed"}))
    assert "a-q" in show("form.html", form=SearchForm(prefix="a"))
    assert len(made) == 5


@pytest.mark.parametrize(
    "value",
    [object(), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), {"title": "x"}, [object()], [["x"], {"y"}]],
    ids=type,
)
def test_anything_else_is_made_each_time(made: list[str], value: object) -> None:
    show("said.html", row=value)
    show("said.html", row=value)
    assert len(made) == 2


def test_in_development_it_is_made_each_time(made: list[str], settings: Any) -> None:
    settings.DEBUG = True
    show("said.html", word="x")
    show("said.html", word="x")
    assert len(made) == 2


def test_no_more_than_so_many_are_kept(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "MOST", 3)
    for number in (1, 2, 3, 4, 4, 1):
        assert show("said.html", word=number) == str(number)
    assert len(components._made) <= 3
    assert len(made) == 5  # the first had to go


def test_threads_that_keep_something_at_once_do_not_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "MOST", 3)
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            kept = list(threads.map(_keep_many, range(8)))  # which raises what a thread raised
    finally:
        sys.setswitchinterval(switching)
        published.forget_all()
    assert kept == [3000] * 8


def _keep_many(thread: int) -> int:
    for number in range(3000):
        components._keep((thread, number), mark_safe(""))
    return 3000


# The components that there are ----------------------------------------------------------------------------------------

FOLDERS = [Path(settings.BASE_DIR) / "templates", *Path(settings.BASE_DIR).glob("apps/**/templates")]
USED = re.compile(r"""\{% component "([^"]+)\"""")
INCLUDED = re.compile(r"""\{% (?:component|include) "([^"]+)\"""")
# What belongs to a request or to a moment: kept, it would be shown to others, or later.
NEVER = re.compile(r"csrf_token|\brequest\b|\buser\b|\bmessages\b|\bperms\b|{% now |\bform_owner\b|previewing")


def _in_all_templates(pattern: re.Pattern[str]) -> set[str]:
    return {path for folder in FOLDERS for file in folder.rglob("*.html") for path in pattern.findall(file.read_text())}


def _with_included(paths: set[str]) -> set[str]:
    found = set(paths)
    waiting = list(paths)
    while waiting:
        source = Path(str(get_template(waiting.pop()).origin)).read_text()  # type: ignore[attr-defined]
        waiting += [path for path in INCLUDED.findall(source) if path not in found]
        found |= set(INCLUDED.findall(source))
    return found


def test_no_component_shows_what_is_of_one_request() -> None:
    used = _in_all_templates(USED)
    assert len(used) > 20
    for path in _with_included(used):
        source = Path(str(get_template(path).origin)).read_text()  # type: ignore[attr-defined]
        code = " ".join(re.findall(r"\{[{%].*?[%}]\}", source))
        assert not NEVER.search(code), path
