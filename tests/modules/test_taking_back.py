"""A draft that was not started from the edition in force is refused, with what it would take back."""

from __future__ import annotations

import datetime

import pytest

from apps.modules import actions, taking_back
from apps.modules.content import content_models
from apps.modules.models import Edition
from apps.modules.published import PublishedContentError
from tests import make

pytestmark = pytest.mark.django_db

LATER = make.NOW + datetime.timedelta(days=30)
EDITIONS = "/admin/modules/edition/"


def overtaken() -> tuple[Edition, Edition]:
    """A draft from edition 1, and edition 2, which came beside it: other, new and fewer rows."""
    first = make.edition("posts", is_full=True)
    draft, waiting = actions.start_draft(first), make.draft("waiting")
    aside = {"module": waiting.module, "number": 1, "published_at": LATER}
    make.unguarded(Edition).filter(pk=draft.pk).update(**aside)
    second = actions.start_draft(first)
    second.title = "Posts, corrected"
    second.save()
    second.page_set.filter(key="reading-1").update(title="Corrected", minutes=9)
    make.reading(second, "reading-new")
    second.page_set.get(key="reading-2").delete()
    second = make.publish(second)
    make.unguarded(Edition).filter(pk=draft.pk).update(module=first.module, number=None, published_at=None)
    draft.refresh_from_db()
    waiting.delete()
    return draft, second


def problems_of(draft: Edition) -> list[str]:
    with pytest.raises(actions.NotPublishableError) as caught:
        actions.publish(draft, None, LATER)
    draft.refresh_from_db()
    assert draft.number is None
    return caught.value.problems


def test_a_draft_says_what_it_was_started_from() -> None:
    first = make.edition("posts")
    draft = actions.start_draft(first)
    assert (first.based_on, draft.based_on) == (None, first)
    assert make.publish(draft).based_on == first


def test_a_draft_that_was_overtaken_is_refused_with_what_it_would_take_back() -> None:
    draft, _ = overtaken()
    told, *changes, way_out = problems_of(draft)
    assert told == "This draft was started from edition 1, and edition 2 is in force."
    assert way_out == "Copy what you want to keep, delete this draft, and start a new one from edition 2."
    assert "It would take back: the edition itself (title)." in changes
    assert "It would take back: page “reading-1” (title, minutes)." in changes
    assert "It would take back: page “reading-2” (taken out)." in changes
    assert "It would take back: page “reading-new” (new)." in changes
    assert any("page citation" in change for change in changes)
    assert not any("scene" in change or "question" in change for change in changes)


def test_what_the_draft_says_as_well_is_not_taken_back() -> None:
    draft, _ = overtaken()
    draft.page_set.filter(key="reading-1").update(title="Corrected", minutes=9)
    assert not any("reading-1”" in problem for problem in problems_of(draft))


def test_rows_of_every_model_are_told() -> None:
    edition = make.edition("posts", is_full=True)
    told = taking_back.rows_by_key(edition)
    for model in content_models():
        row = model._base_manager.filter(edition=edition).first()  # type: ignore[attr-defined]
        assert (model, tuple(row.natural_key()[2:])) in told, model


def test_the_list_is_bounded() -> None:
    edition = make.edition("posts", is_full=True)
    draft = actions.start_draft(edition)
    make.unguarded(Edition).filter(pk=draft.pk).update(based_on=None)
    draft.page_set.all().delete()
    problems = problems_of(draft)
    told = [problem for problem in problems if problem.startswith("It would take back")]
    assert "This draft was not started from a published edition, and edition 1 is in force." in problems
    assert len(told) == taking_back.MOST_TOLD + 1
    assert told[-1].endswith(" rows more.")


@pytest.mark.parametrize(("count", "told"), [(12, "change 11."), (13, "1 row more."), (14, "2 rows more.")])
def test_twelve_are_named(count: int, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = make.edition("posts")
    draft = actions.start_draft(edition)
    make.unguarded(Edition).filter(pk=draft.pk).update(based_on=None)
    monkeypatch.setattr(taking_back, "_changes", lambda *_: (f"change {number}" for number in range(count)))
    *_, last, advice = taking_back.taken_back(Edition.objects.get(pk=draft.pk), edition)
    assert last.endswith(told)
    assert advice.endswith("start a new one from edition 1.")


def test_a_draft_from_the_edition_in_force_or_of_a_new_module_is_published() -> None:
    first = make.edition("posts")
    assert make.publish(actions.start_draft(first)).number == 2
    assert make.edition("other").number == 1


def test_the_note_belongs_to_its_edition_and_cannot_change() -> None:
    second = actions.publish(make.started("posts"), None, LATER, "What was wrong.")
    assert second.change_note == "What was wrong."
    again = actions.publish(second, None, LATER, "Another note")
    assert again.change_note == "What was wrong."
    assert actions.start_draft(second).change_note == ""
    with pytest.raises(PublishedContentError):
        Edition.objects.filter(pk=second.pk).update(change_note="Rewritten")
