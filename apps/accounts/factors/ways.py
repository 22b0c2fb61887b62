"""The ways to a second factor, and on from there to where somebody wanted to go."""

from typing import cast
from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.accounts.factors import demand
from apps.accounts.models import User
from apps.core import errors


def onward(request: HttpRequest) -> str:
    """Where somebody wanted to go who was led here; empty for nowhere."""
    return get_next_redirect_url(request) or ""


def way_to(name: str, page: str) -> str:
    """The address of this name, which leads on to the page."""
    return f"{reverse(name)}?{urlencode({'next': page})}" if page else reverse(name)


def way_of(person: User, page: str) -> str:
    """Where this person proves that it is them, or sets up what they need for it, to go on to the page."""
    return way_to("mfa_reauthenticate" if demand.has_factor(person) else "mfa_index", page)


def ask_for_proof(request: HttpRequest) -> HttpResponse:
    """An act is closed until whoever asks has proved that it is them. What was typed stays on the page, and is stored
    nowhere.
    """
    person = cast(User, request.user)
    if request.method == "POST":
        needs = "factor" if demand.has_factor(person) else "set-up"
        return errors.show_who_it_is(request, way_of(person, ""), needs)
    return redirect(way_of(person, request.get_full_path()))
