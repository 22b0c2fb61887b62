"""`{% url_of thing "view" %}`: a page under way knows its addresses; templates ask it, and build none themselves.
`{% absolute path %}`: an address for those who read it elsewhere.
"""

from typing import Protocol

from django import template
from django.conf import settings

register = template.Library()


class _Addressed(Protocol):
    def url(self, view: str = "", *args: object) -> str: ...


@register.simple_tag
def url_of(thing: _Addressed, view: str = "", *args: object) -> str:
    """The address of the thing's page, or of another view of it."""
    return thing.url(view, *args)


@register.simple_tag
def absolute(path: str) -> str:
    """The path at `BASE_URL`."""
    return f"{settings.BASE_URL}{path}"
