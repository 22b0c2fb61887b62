"""The public front: home, the catalogue and the sources."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.forms import SearchForm
from apps.modules import queries
from apps.modules.tiles import tiles_for


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for whom, and one click into it, for somebody who is not signed in."""
    editions = queries.catalogue()
    first = next(iter(queries.published_contents(editions[0].pk).pages), None) if editions else None
    tiles = tiles_for(AnonymousUser(), editions)
    context = {"tiles": tiles, "first_page": first, "taster": queries.taster(editions)}
    return render(request, "modules/home.html", context)


@require_safe
@login_not_required
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every module that can be taken."""
    tiles = tiles_for(request.user, queries.catalogue())
    return render(request, "modules/catalogue.html", {"tiles": tiles, "form": SearchForm(), "section": "modules"})


@require_safe
@login_not_required
def sources(request: HttpRequest) -> HttpResponse:
    """Everything the course rests on."""
    return render(request, "modules/sources.html", {"groups": queries.cited_sources()})
