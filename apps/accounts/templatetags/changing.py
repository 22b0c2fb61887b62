"""What pages of allauth's about an address need to know of ours."""

from django import template
from django.template import RequestContext

from apps.accounts import changing

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_change(context: RequestContext) -> changing.Waiting | None:
    """The change of the address that waits, if one does."""
    return changing.waiting_change(context["request"])


@register.simple_tag
def is_by_code() -> bool:
    """Whether a new address is confirmed by a code; else by a link."""
    return changing.is_by_code()
