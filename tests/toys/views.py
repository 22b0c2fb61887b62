"""A toy, and playing with it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core.decorators import post_only
from apps.progress.actions import complete_page
from apps.progress.places import Place, find_place


@require_safe
def toy(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    return render(request, "toys/toy.html", {"place": find_place(request.user, slug, edition, key, "toy")})


@post_only
def play(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    place, now = find_place(request.user, slug, edition, key, "toy"), timezone.now()
    enrolment = place.start(request.user, now)
    complete_page(enrolment, place.page, None, now)
    return redirect(Place(place.contents, place.page, enrolment).onward().url)
