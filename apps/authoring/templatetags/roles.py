"""What somebody is at the desk."""

from django import template
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.authoring.roles import roles_with
from apps.core.words import listed

register = template.Library()


@register.filter
def roles(person: User | AnonymousUser) -> str:
    """`publisher and educator`; empty for none. It asks what a page has asked already, so it costs no query."""
    if person.is_superuser:
        return "administrator"
    return listed([name.lower() for name in roles_with(person.get_all_permissions())])
