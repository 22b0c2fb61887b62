"""Addresses that pages name again and again, each put together once."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=8192)
def made_once(view: str, *args: object) -> str:
    """The address of a view. NoReverseMatch as Django's `reverse` has it, which is not remembered."""
    return reverse(view, args=args)
