"""What stands on every page of the admin until a second factor is set up, and on the first one after signing in."""

from django import template
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.template import RequestContext
from django.utils import timezone

from apps.accounts.factors import demand

register = template.Library()


@register.simple_tag(takes_context=True)
def factor_notice(context: RequestContext) -> str:
    """Until when the admin is open without one; empty where nothing is to be told. It costs no query."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated or not demand.is_demanded_of(request.user):
        return ""
    if demand.proven_at(request):
        return ""
    now = timezone.now()
    return demand.in_words(demand.grace_ends(request.user) or now + demand.GRACE, now)


@register.simple_tag(takes_context=True)
def told_now(context: RequestContext, *, but_of_factors: bool = False) -> list[Message]:
    """The messages that wait. Of a second factor that is missing one says what holds by now, if it still is missing;
    none where the page says so itself.
    """
    waiting: list[Message] = list(context.get("messages") or ())
    told = [message for message in waiting if demand.TOLD not in (message.extra_tags or "")]
    if but_of_factors or len(told) == len(waiting):
        return told
    notice = factor_notice(context)
    if not notice or demand.has_factor(context["request"].user):
        return told
    return [Message(messages.WARNING, notice), *told]
