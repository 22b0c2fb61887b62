"""The first numbers, for pages that may be all that works."""

from django import template

from apps.core import help_lines

register = template.Library()


@register.inclusion_tag("components/help_numbers.html")
def help_numbers() -> dict[str, object]:
    """Who answers tonight, in one line each."""
    return {"lines": help_lines.FIRST}
