"""Texts of the course, cut to what a preview of an address shows."""

from functools import lru_cache

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.text import Truncator

register = template.Library()


@register.filter
@stringfilter
@lru_cache(maxsize=1024, typed=True)
def in_short(text: str) -> str:
    """At most 160 characters."""
    return Truncator(text).chars(160)
