"""What stands on every page of the admin until a second factor is set up."""

from django import template
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
