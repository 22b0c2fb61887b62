"""Days and times stand on pages as people in Britain read them."""

import datetime

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

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
