"""Days and times stand on pages as people in Britain read them."""

import datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.template import Context, Template
from django.utils.safestring import mark_safe

from apps.accounts.closing import close_account
from apps.accounts.models import FactorRemoval
from apps.authoring.models import Revision
from tests import access_table, make

SUMMER = datetime.datetime(2026, 7, 1, 23, 5, 59, tzinfo=datetime.UTC)  # in London it is the second


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("at|day", "2 July 2026"),
        ("at|time_of_day", "00:05"),
        ("at|day_and_time", "2 July 2026, 00:05"),
        ("date|day", "1 July 2026"),
        ("none|day", ""),
        ("none|time_of_day", ""),
        ("none|day_and_time", ""),
        ("missing|day", ""),
    ],
)
def test_a_moment_is_told_as_it_is_here(written: str, shown: str) -> None:
    context = Context({"at": SUMMER, "date": SUMMER.date(), "none": None})
    assert Template("{{ " + written + " }}").render(context) == shown


@pytest.mark.parametrize("format_", ["j F Y", "j F Y, H:i", "H:i"])
def test_it_is_what_django_writes(format_: str) -> None:
    """Every month, and hours on both sides of noon."""
    ours = {"j F Y": "day", "j F Y, H:i": "day_and_time", "H:i": "time_of_day"}[format_]
    template = Template("{{ at|" + ours + " }} = {{ at|date:'" + format_ + "' }}")
    for step in range(24):
        at = SUMMER + datetime.timedelta(days=16 * step, hours=step, minutes=7 * step)
        said, django_says = template.render(Context({"at": at})).split(" = ")
        assert said == django_says


def test_today_is_the_day_in_london(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: SUMMER)
    assert Template("{% today %}").render(Context()) == "2 July 2026"


@pytest.mark.parametrize("length", [159, 160, 161, 400])
def test_what_is_shown_of_an_address_ends_at_160_characters(length: int) -> None:
    context = Context({"text": "a" * length})
    assert len(Template("{{ text|in_short }}").render(context)) == min(length, 160)


def test_a_text_that_looks_like_one_that_is_safe_is_still_escaped() -> None:
    template = Template("{{ text|in_short }}")
    template.render(Context({"text": mark_safe("<b>Bold</b>")}))
    assert template.render(Context({"text": "<b>Bold</b>"})) == "&lt;b&gt;Bold&lt;/b&gt;"


def its_moments(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, models.DateTimeField)]


@pytest.mark.django_db
def test_rows_too_are_called_by_the_day_that_it_was_here() -> None:
    world = access_table.make_world()
    make.rights_change(world.users["author"])
    FactorRemoval.objects.create(person=world.users["author"], asked_by=world.users["publisher"], asked_at=SUMMER)
    called = []
    for model in filter(its_moments, apps.get_models()):
        for row in make.unguarded(model):
            known = [name for name in its_moments(model) if getattr(row, name)]
            make.unguarded(model).filter(pk=row.pk).update(**dict.fromkeys(known, SUMMER))
        called += map(str, make.unguarded(model))
    assert [told for told in called if "1 July" in told or "07-01" in told] == []
    assert {"2 July", "07-02"} <= {day for told in called for day in ("2 July", "07-02") if day in told}


@pytest.mark.django_db
def test_so_does_the_list_of_what_was_saved() -> None:
    author = make.author()
    saved = make.revision(make.draft("posts"), by=author)
    Revision.objects.filter(pk=saved.pk).update(at=SUMMER)
    close_account(author, SUMMER, make.administrator())
    out = StringIO()
    call_command("outline", "posts", "case", history=True, stdout=out)
    assert "Saved, 2 July 2026 00:05, a closed account" in out.getvalue()
