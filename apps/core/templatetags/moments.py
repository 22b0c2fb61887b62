"""Days and times as every page writes them."""

import datetime

from django import template
from django.utils import timezone

from apps.core import words

register = template.Library()


@register.filter(expects_localtime=True)
def day(moment: datetime.date | None) -> str:
    """`30 November 2026`; nothing for None."""
    return words.day(moment) if moment else ""


@register.filter(expects_localtime=True)
def time_of_day(moment: datetime.datetime | None) -> str:
    """`07:05`; nothing for None."""
    return f"{moment:%H:%M}" if moment else ""


@register.filter(expects_localtime=True)
def day_and_time(moment: datetime.datetime | None) -> str:
    """`30 November 2026, 07:05`; nothing for None."""
    return f"{day(moment)}, {time_of_day(moment)}" if moment else ""


@register.simple_tag
def today() -> str:
    """`30 November 2026`."""
    return words.day(timezone.localdate())
