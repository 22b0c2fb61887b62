"""Pages that belong to no part of the domain: health of the process, and what we say about ourselves."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from apps.core import help_lines


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, takes writes and has every migration applied."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session WHERE 1 = 0")  # where nothing can be written, this fails: a 503
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return HttpResponse(f"{len(waiting)} migrations to apply\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@require_safe
@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon when a page names none, as the admin's do not."""
    return redirect(static("images/icon.svg"))


@require_safe
@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "core/about.html", {"contact_email": settings.CONTACT_EMAIL})


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "core/accessibility.html")


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "core/privacy.html")


@require_safe
@login_not_required
def who_to_ring(request: HttpRequest) -> HttpResponse:
    """Numbers for whoever needs one. Without a database nobody is left without them: then the header goes."""
    lines = {"tonight": help_lines.TONIGHT, "this_week": help_lines.THIS_WEEK, "read_on": help_lines.READ_ON}
    try:
        return render(request, "core/who_to_ring.html", {"skeleton": "column.html", **lines})
    except Error:
        return HttpResponse(render_to_string("core/who_to_ring.html", {"skeleton": "error_base.html", **lines}))
