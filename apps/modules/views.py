"""The public front: home, the catalogue and the sources."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.modules import queries


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for whom, and one click into it."""
    editions = queries.catalogue()
    first = next(iter(queries.published_contents(editions[0].pk).pages), None) if editions else None
    taster = None if request.user.is_authenticated else queries.taster(editions)
    context = {"editions": editions, "first_page": first, "taster": taster}
    return render(request, "modules/home.html", context)


@require_safe
@login_not_required
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every module that can be taken."""
    return render(request, "modules/catalogue.html", {"editions": queries.catalogue(), "section": "modules"})


@require_safe
@login_not_required
def sources(request: HttpRequest) -> HttpResponse:
    """Everything the course rests on."""
    return render(request, "modules/sources.html", {"groups": queries.cited_sources()})
