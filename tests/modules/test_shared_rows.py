"""What all editions share: a source that is cited keeps its key, a fact that is taught stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.test import Client

from apps.modules.content import Citation, content_models
from apps.modules.models import CitedSourceError, Edition, Fact, Page, Source, TaughtFactError
from apps.quizzes.models import Question
from apps.scenarios.models import Scene
from tests import make
from tests.in_admin import act, address, confirm, read, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return make.client(make.author())


def cited() -> Source:
    """A source that a draft cites, which is enough."""
    make.reading(make.draft("posts"))
    return Source.objects.get()


def test_every_kind_of_citation_holds_a_source_by_its_key() -> None:
    make.edition("posts", is_full=True)
    for model in content_models():
        if issubclass(model, Citation):
            source = model._base_manager.first().source  # type: ignore[attr-defined]
            others = [other for other in content_models() if issubclass(other, Citation) and other is not model]
            for other in others:
                make.unguarded(other).filter(source=source).update(source=make.source())
            assert source.is_cited
    assert not make.source().is_cited


def test_the_key_of_a_source_that_is_cited_stays() -> None:
    source = cited()
    key, source.key = source.key, "another"
    ways: list[Callable[[], object]] = [
        source.save,
        lambda: Source.objects.filter(pk=source.pk).update(key="another"),
        lambda: Source.objects.filter(pk=source.pk).update(key=Value("another")),
        lambda: Source.objects.bulk_update([source], ["key"]),
    ]
    for way in ways:
        told = f"The source {key} is cited by this key, so it stays"
        with pytest.raises(CitedSourceError, match=told), transaction.atomic():
            way()
        assert Source.objects.get(pk=source.pk).key == key
    with pytest.raises(ValidationError, match="cited by its key"):
        source.full_clean()


def test_all_else_of_a_source_may_change_and_so_may_the_key_of_one_that_nothing_cites() -> None:
    source, free = cited(), make.source()
    source.title = "Corrected"
    source.full_clean()
    source.save()
    Source.objects.filter(pk=source.pk).update(title="Again", key=source.key)
    free.key = "free"
    free.full_clean()
    free.save()
    Source.objects.filter(pk=free.pk).update(key="freer")
    assert {one.key for one in Source.objects.all()} == {source.key, "freer"}


def test_an_author_cannot_change_the_key_of_a_source_that_is_cited(browser: Client) -> None:
    source, free = cited(), make.source()
    page = send(browser, address(Source, "change", source), key="another", title="Corrected")
    assert [level for level, _ in page.messages] == ["success"]
    assert "key" not in read(browser, address(Source, "change", source)).fields
    send(browser, address(Source, "change", free), key="free")
    stored = {(one.key, one.title) for one in Source.objects.all()}
    assert stored == {(source.key, "Corrected"), ("free", free.title)}


def test_an_author_whom_a_citation_came_before_is_told(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    source = cited()
    opened = make.source()
    fields = read(browser, address(Source, "change", opened)).fields | {"key": ["another"], "_save": ["Save"]}
    monkeypatch.setattr(Source, "is_cited", property(lambda _: False))
    monkeypatch.setattr(Source, "refuse_another_key", lambda source: (_ for _ in ()).throw(CitedSourceError("old")))
    page = browser.post(address(Source, "change", opened), fields, follow=True)
    assert "The source old is cited by this key, so it stays." in page.content.decode()
    assert Source.objects.filter(pk=source.pk, key=source.key).exists()


def taught() -> list[Fact]:
    """Facts that a page, a scene and a question of a published edition teach, each one of them."""
    edition = make.edition("posts")
    for key, model in (("A1", Page), ("A2", Scene), ("A3", Question)):
        row = model.objects.filter(edition=edition).order_by("pk")[0]
        make.unguarded(model).filter(pk=row.pk).update(facts=f"B1 {key}")
    return [make.fact(key) for key in ("A1", "A2", "A3")]


def test_a_fact_that_published_rows_teach_cannot_be_deleted() -> None:
    for fact in taught():
        for way in (fact.delete, Fact.objects.filter(pk=fact.pk).delete, fact.source.facts.all().delete):
            with pytest.raises(TaughtFactError, match=f"Fact {fact.key} is taught by published pages, so it stays."):
                way()
    assert Fact.objects.count() == 3


def test_a_fact_that_a_draft_teaches_or_nothing_may_go() -> None:
    make.reading(make.draft("posts"), facts="A1")
    for fact in (make.fact("A1"), make.fact("A2")):
        fact.delete()
    make.fact("A3")
    Fact.objects.all().delete()
    assert not Fact.objects.exists()


def test_an_author_is_told_why_a_fact_stays(browser: Client) -> None:
    """On its page and in the list, where one that is taught keeps the others."""
    fact, free = taught()[0], make.fact("C1")
    told = [("error", "Fact A1 is taught by published pages, so it stays.")]
    asked = read(browser, address(Fact, "delete", fact))
    page = browser.post(address(Fact, "delete", fact), asked.fields, follow=True)
    assert told[0][1] in page.content.decode()
    page = confirm(browser, act(browser, "delete_selected", free, fact), Fact)
    assert page.messages == told
    assert Fact.objects.count() == 4
    assert not LogEntry.objects.exists()
    confirm(browser, act(browser, "delete_selected", free), Fact)
    assert Fact.objects.count() == 3
    assert Edition.objects.count() == 1
