"""Whom a form was made for. Each form that sends a POST carries it, signed, beside its safety token.

`{% csrf_token %}` writes it (`templatetags/form_owner.py`), so no form can do without: ours, allauth's, the admin's.
`FormOwnerMiddleware` and the error pages read it: what one person wrote is neither stored for another nor shown there.
"""

from functools import lru_cache

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

FIELD = "form_owner"
AGAIN = "sent_again"  # the field of a proof (`sent_again.py`)
VISITOR = "visitor"  # the owner of what was made for somebody who was not signed in


def owner_of(user: AbstractBaseUser | AnonymousUser) -> str:
    """The owner that a form made for this person has."""
    return str(user.pk) if user.is_authenticated else VISITOR


def signed(owner: str) -> str:
    """The owner as a form carries it."""
    return _signed_with(owner, settings.SECRET_KEY)


@lru_cache(maxsize=4096)
def _signed_with(owner: str, key: str) -> str:
    """A page may have a dozen forms, and asks for the same every time."""
    return _signer(key).sign(owner)


def sent_by(request: HttpRequest) -> str | None:
    """The owner of the form that was posted; None when it carries none that we signed."""
    try:
        return _signer().unsign(request.POST.get(FIELD, ""))
    except BadSignature:
        return None


def is_anothers(request: HttpRequest) -> bool:
    """Whether somebody is signed in, and the form that was posted was made for another."""
    owner = sent_by(request)
    return owner is not None and request.user.is_authenticated and owner != owner_of(request.user)


def may_be_given_back(request: HttpRequest) -> bool:
    """Whether a page may show what was posted: it has an owner, and that is the one who is signed in, or nobody is.

    This never asks the database, which may be away. Until somebody has asked who is signed in, the safety token
    answers: it changes at every sign-in, so where it was right the form is of this one, or of nobody any more.
    """
    owner = sent_by(request)
    if owner is None:
        return False
    user = getattr(request, "_cached_user", None)  # where Django's `get_user` remembers it
    if user is None:
        return getattr(request, "csrf_processing_done", False) and not hasattr(request, "is_sent_again")
    return not user.is_authenticated or owner == owner_of(user)


def _signer(key: str | None = None) -> Signer:
    return Signer(key=key, salt="apps.core.form_owner")
