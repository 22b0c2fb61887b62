"""Whatever content says, no page falls over it: every field of every content model, past the guards, page by page."""

from __future__ import annotations

import datetime
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from apps.core import left_out
from apps.core.pictures import PictureField
from apps.modules import page_kinds
from apps.modules.content import ContentQuerySet, content_models
from apps.modules.models import Edition, Fact, Module, Page, Source
from apps.progress.models import PageCompletion
from apps.quizzes import question_kinds
from apps.quizzes.models import Attempt
from apps.scenarios.models import Playthrough
from tests import access_table, make
from tests.access_table import World, undone
from tests.conftest import forget_published_content

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MODELS = [*content_models(), Edition, Module, Source, Fact]

ODD = "<b>{{ x }}{% url 'no' %}{#\u202e\u2066\x0b\x1b\x7f\ufffe&\"'"
LONG = ODD + "<script>alert(1)</script>" * 20 + "<a" * 300 + "\N{COMBINING ACUTE ACCENT}" * 300
TEXTS = ["", ODD, LONG, "\x00", "a\ud800b"]
NAMES = ["", ODD, "../../etc/passwd", "https://example.org/x.svg"]
NUMBERS = [-1, 0, 2**63 - 1 if connection.vendor == "sqlite" else 2**15 - 1]
DAYS = [datetime.date(1, 1, 2), datetime.date(9999, 12, 31)]
MOMENTS = [datetime.datetime(year, 6, 1, tzinfo=datetime.UTC) for year in (1000, 9999)]


@dataclass(frozen=True)
class Change:
    """Something that could stand in the database, and how it gets there."""

    told: str
    make: Callable[[], object]
    singly: tuple[Change, ...] = ()  # where the database refuses all of it together, or a page falls over it


def rows(model: type[models.Model], edition: Edition) -> models.QuerySet[Any]:
    """The rows of a model that belong to the edition, past every guard."""
    found = make.unguarded(model).order_by("pk")
    if model in content_models():
        return found.filter(edition=edition)
    return found.filter(
        {Edition: models.Q(pk=edition.pk), Module: models.Q(pk=edition.module_id)}.get(model, models.Q())
    )


def is_text(field: models.Field) -> bool:  # type: ignore[type-arg]
    """Words that are only shown: neither a key nor one of a few nor a picture."""
    is_plain = isinstance(field, models.CharField | models.TextField) and not field.choices and not field.unique
    return is_plain and field.name not in ("key", "kind") and not isinstance(field, PictureField)


def values(field: models.Field, edition: Edition) -> list[Any]:  # type: ignore[type-arg]
    """What is missing, hostile or merely strange in a field that is changed by itself."""
    found: list[Any] = [None] if field.null else []
    if isinstance(field, models.ForeignKey):
        return found + _strange_links(field, edition)
    if isinstance(field, models.BooleanField):
        return [True, False]
    if isinstance(field, models.DateTimeField):
        return found + MOMENTS
    if isinstance(field, models.DateField):
        return found + DAYS
    if isinstance(field, models.IntegerField | models.DecimalField):
        return found + NUMBERS
    if field.name == "kind":
        kinds = page_kinds if field.model is Page else question_kinds
        return [*NAMES, *(kind.name for kind in kinds.all_kinds())]
    return found + NAMES


def _strange_links(field: models.ForeignKey[Any, Any], edition: Edition) -> list[Any]:
    """The first, the last, and one that belongs to another edition."""
    if not issubclass(field.related_model, Edition | Source | models.Model) or field.related_model not in MODELS:
        return []
    found = make.unguarded(field.related_model).order_by("pk")
    own = rows(field.related_model, edition)
    return [row.pk for row in (own.first(), own.last(), found.last()) if row]


def changes_of_texts(app: str, edition: Edition) -> Iterator[Change]:
    """Every text of every model of the app says the same: no page leaves a row out for its texts."""
    for text in TEXTS:
        singly = tuple(_all_texts(model, text, edition) for model in MODELS if model._meta.app_label == app)
        told = f"every text {text[:9]!r}"
        yield Change(told, lambda singly=singly: [change.make() for change in singly], singly)


def _all_texts(model: type[models.Model], text: str, edition: Edition) -> Change:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and is_text(field)]
    update = {field.name: text[: field.max_length] for field in fields}
    told = f"{model.__name__}, every text {text[:9]!r}"
    return Change(told, lambda: rows(model, edition).update(**update) if update else None)


def changes(model: type[models.Model], edition: Edition) -> Iterator[Change]:
    """What else is tried with one model: in its first row, and in all where they may say the same."""
    first = rows(model, edition)[:1].values_list("pk", flat=True)
    some = {"the first": rows(model, edition).filter(pk__in=list(first)), "all": rows(model, edition)}
    others = [field for field in model._meta.concrete_fields if not field.primary_key and not is_text(field)]
    deciding = [field for field in others if decides(field)]
    for field in deciding:
        for which, value in itertools.product(_where(field), values(field, edition)):
            yield _update(which, some[which], {field.attname: value})
    plain = {field.attname: values(field, edition) for field in others if field not in deciding}
    for place in range(max(map(len, plain.values()), default=0)):
        update = {name: tried[place] for name, tried in plain.items() if place < len(tried)}
        singly = tuple(_update("all", some["all"], {name: value}) for name, value in update.items())
        yield replace(_update("all", some["all"], update), singly=singly)
    if model in content_models():
        for which, found in some.items():
            yield Change(f"{which}: gone", lambda found=found: (forget_learners(), delete(found)))


def delete(rows: models.QuerySet[Any]) -> None:
    """What points at rows that are deleted points nowhere then: Django does that by the guards, which we are past."""
    with mock.patch.object(ContentQuerySet, "update", models.QuerySet.update):
        rows.delete()


def decides(field: models.Field) -> bool:  # type: ignore[type-arg]
    """What a page is made of hangs on it: it is changed by itself."""
    return field.unique or field.is_relation or field.name in ("kind", "key", "position")


def _where(field: models.Field) -> tuple[str, ...]:  # type: ignore[type-arg]
    """In which rows: a kind in one, a link or a position in all, a key in one and in all."""
    if field.name == "kind":
        return ("the first",)
    return ("the first", "all") if field.unique or field.name == "key" else ("all",)


def _update(which: str, found: models.QuerySet[Any], update: dict[str, Any]) -> Change:
    told = ", ".join(f"{name} {str(value)[:12]!r}" for name, value in update.items())
    return Change(f"{which}: {told}", lambda: found.update(**update))


def forget_learners() -> None:
    """What learners did, which would keep the rows that it points at."""
    for record in (Attempt, Playthrough, PageCompletion):
        make.unguarded(record).all().delete()


@dataclass(frozen=True, eq=False)
class Visit:
    """Somebody, and what they ask for."""

    browser: Client
    row: access_table.Row

    def status(self) -> int:
        with undone(self.browser) if self.row.method == "POST" else nullcontext():  # a GET never writes
            return self.row.request(self.browser).status_code


# Not asked for: what only leads somebody on whom another of their addresses leads on in the same way.
OPEN = ("home", "modules:", "progress:module", "progress:reading", "scenarios:scenario", "scenarios:try")
UNDER_WAY = ("home", "progress:", "scenarios:scenario", "scenarios:choose", "scenarios:go_back", "scenarios:debrief",
             "scenarios:moved", "quizzes:")  # fmt: skip
BEGINNING = ("progress:start", "progress:complete", "progress:my_learning", "scenarios:scenario", "scenarios:choose",
             "scenarios:try", "quizzes:quiz", "quizzes:start")  # fmt: skip
ACTS_IN_TURN = 3
SNAPSHOTS = ("certificates:pdf", "certificates:verify", "certificates:check")


def visits(world: World) -> list[Visit]:
    """The pages that show content, and the acts on them, for everybody who sees something else there."""
    table = [row for row in access_table.rows(world) if row.name not in SNAPSHOTS]
    finisher = make.user()
    make.completed(finisher, world.edition)
    who = (
        (world.client("anonymous", raise_request_exception=False), OPEN),
        (world.client("learner", raise_request_exception=False), UNDER_WAY),
        (world.client("other_learner", raise_request_exception=False), BEGINNING),
        (make.client(finisher, raise_request_exception=False), ("certificates:finish", "certificates:issue")),
    )
    return [Visit(browser, row) for browser, names in who for row in table if row.name.startswith(names)]


def some_of(concerned: list[Visit], turn: int) -> list[Visit]:
    """With each change every page, as the next of those who see it, and the next third of the acts."""
    pages: dict[str, list[Visit]] = {}
    for visit in concerned:
        if visit.row.method == "GET":
            pages.setdefault(visit.row.path, []).append(visit)
    acts = [visit for visit in concerned if visit.row.method == "POST"]
    return [seen[turn % len(seen)] for seen in pages.values()] + acts[turn % ACTS_IN_TURN :: ACTS_IN_TURN]


def fallen(visits: Iterable[Visit]) -> Iterator[str]:
    """The pages that fell over, with what the process says of it."""
    for visit in visits:
        status = visit.status()
        if status >= 400 and status not in {404, 405, 422}:
            yield f"{visit.row}: {status}"


class Statements(list[str]):
    """An execute wrapper that notes what is sent to the database, without the values."""

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.append(sql)
        return execute(sql, params, many, context)


def statements_of(visit: Visit) -> Statements:
    """What is asked when nothing is remembered. What is not read there makes no difference to the page."""
    forget_published_content()
    with connection.execute_wrapper(asked := Statements()):
        visit.status()
    return asked


class Written(dict[str, set[str]]):
    """The tables that were written to, each with the columns, or none of them where rows went."""

    def is_in(self, sql: str) -> bool:
        """Whether a statement reads something of it."""
        return any(
            f'"{table}"' in sql and (not columns or any(f'."{column}"' in sql for column in columns))
            for table, columns in self.items()
        )


WRITE = re.compile(r'(?:UPDATE|DELETE FROM) "(\w+)"(?: SET (.+?) WHERE)?')


def stored(change: Change) -> Written:
    """Make the change, and say what it wrote; nothing where the database refuses it."""
    try:
        with transaction.atomic(), connection.execute_wrapper(made := Statements()):
            change.make()
            connection.check_constraints()
    except (DatabaseError, ValueError, OverflowError, models.ProtectedError):
        return Written()
    matches = filter(None, map(WRITE.match, made))
    return Written({match[1]: set(re.findall(r'"(\w+)" = ', match[2] or "")) for match in matches})


def wrong_with(asked: dict[Visit, Statements], changes: Iterable[Change], told: str) -> list[str]:
    """The pages that fall over one of the changes, which are undone one after the other."""
    wrong, tried, waiting = [], 0, deque(changes)
    while waiting:
        change = waiting.popleft()
        with transaction.atomic():
            pages = []
            if written := stored(change):
                forget_published_content()
                left_out.note.cache_clear()
                concerned = [visit for visit, read in asked.items() if any(map(written.is_in, read))]
                pages = [f"{told}, {change.told}: {page}" for page in fallen(some_of(concerned, tried))]
                tried += 1
            if pages or not written:
                waiting.extend(change.singly)
            wrong += pages
            transaction.set_rollback(True)
    assert tried > 1, told
    return wrong


@pytest.fixture
def world(product_storage: None) -> World:
    """A module with a row of everything, its case open to all; another edition of it; another module."""
    make.edition("quiet")
    return access_table.make_world(is_full=True)


@pytest.mark.parametrize("app", sorted({model._meta.app_label for model in MODELS}))
def test_no_content_takes_a_page_down(world: World, app: str) -> None:
    asked = {visit: statements_of(visit) for visit in visits(world)}
    wrong = list(fallen(asked))
    wrong += wrong_with(asked, changes_of_texts(app, world.edition), app)
    for model in (model for model in MODELS if model._meta.app_label == app):
        wrong += wrong_with(asked, changes(model, world.edition), model.__name__)
    assert not wrong, "\n".join(wrong)
