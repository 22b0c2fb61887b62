"""Finishing a module, the certificate, and the public page that checks one."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.certificates import actions, codes
from apps.certificates.forms import CheckForm, NameForm
from apps.certificates.models import Certificate
from apps.certificates.pdf import render_pdf, unprintable
from apps.certificates.printing import facts_of, verdict_on
from apps.certificates.queries import certificate_with, notes_of_newer_editions
from apps.core import kept_answer
from apps.core.decorators import keeps_answer, post_only
from apps.core.words import is_night
from apps.modules.queries import catalogue
from apps.progress.course import course_of
from apps.progress.models import Enrolment
from apps.progress.onward import after, among, of_learner
from apps.progress.places import find_contents, find_enrolment
from apps.progress.queries import progress_of, taken_by


@require_safe
def finish(request: AuthenticatedHttpRequest, slug: str, edition: int) -> HttpResponse:
    """The end of a module: what is left, how your name should appear on the certificate, or what comes next."""
    enrolment = _enrolment_or_404(request, slug, edition)
    issued = Certificate.objects.filter(enrolment=enrolment).first()
    if issued:
        return redirect("certificates:certificate", slug, edition) if issued.is_revoked else _done_page(request, issued)
    kept = kept_answer.kept_fields(request, reverse("certificates:issue", args=[slug, edition]))
    name = kept.get("name", "") if kept else request.user.certificate_name or request.user.full_name
    return _finish_page(request, enrolment, NameForm(initial={"name": name}))


@keeps_answer("name")
@post_only
def issue(request: AuthenticatedHttpRequest, slug: str, edition: int) -> HttpResponse:
    """Issue the certificate."""
    enrolment = _enrolment_or_404(request, slug, edition)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _finish_page(request, enrolment, form, status=422)
    try:
        actions.issue(enrolment, form.cleaned_data["name"], timezone.now())
    except actions.NotCompletedError:
        return redirect("certificates:finish", slug, edition)
    kept_answer.forget(request)
    return redirect("certificates:finish", slug, edition)


@require_safe
def certificate(request: AuthenticatedHttpRequest, slug: str, edition: int) -> HttpResponse:
    """Your certificate."""
    own = _certificate_or_404(request, slug, edition)
    context = {**_shown(own), "slug": slug, "unprintable": unprintable(own.name), "section": "learning"}
    return render(request, "certificates/certificate.html", context)


@require_safe
def pdf(request: AuthenticatedHttpRequest, slug: str, edition: int) -> HttpResponse:
    """Your certificate as a PDF."""
    own = _certificate_or_404(request, slug, edition)
    response = HttpResponse(render_pdf(facts_of(own)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="second-look-{slug}-{own.code[:5].lower()}.pdf"'
    return response


@require_safe
@login_not_required
def check(request: HttpRequest) -> HttpResponse:
    """Where anybody types a certificate's code."""
    if "code" not in request.GET:
        return _check_page(request, CheckForm())
    form = CheckForm(request.GET)
    if form.is_valid():
        return redirect("certificates:verify", form.cleaned_data["code"])
    return _check_page(request, form, status=422)


@require_safe
@login_not_required
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is genuine, and what it says. What is no code gets the form, with what is wrong with it."""
    normal = codes.read(code).code
    if normal is None:
        return _check_page(request, CheckForm({"code": code}), status=404)
    if normal != code:
        return redirect("certificates:verify", normal)
    issued = certificate_with(normal)
    context = {**_shown(issued), "code": codes.pretty(normal), "checked_at": timezone.now(), "form": CheckForm()}
    if issued and "facts" in context:
        context["newer_notes"] = notes_of_newer_editions(issued)
    return _unlisted(render(request, "certificates/verify.html", context, status=200 if issued else 404))


def _shown(certificate: Certificate | None) -> dict[str, Any]:
    """A certificate with its verdict and, as long as its holder has not withdrawn it, its facts."""
    shown: dict[str, Any] = {"certificate": certificate, "verdict": verdict_on(certificate)}
    if certificate and not certificate.is_withdrawn:
        shown["facts"] = facts_of(certificate)
    return shown


def _enrolment_or_404(request: AuthenticatedHttpRequest, slug: str, edition: int) -> Enrolment:
    enrolment = find_enrolment(request.user, find_contents(slug, edition))
    if enrolment is None:
        raise Http404
    return enrolment


def _certificate_or_404(request: AuthenticatedHttpRequest, slug: str, edition: int) -> Certificate:
    own = Certificate.objects.for_learner(request.user)
    return get_object_or_404(own, enrolment__edition__module__slug=slug, enrolment__edition__number=edition)


def _finish_page(
    request: AuthenticatedHttpRequest, enrolment: Enrolment, form: NameForm, status: int = 200
) -> HttpResponse:
    contents = find_contents(enrolment.edition.module.slug, enrolment.edition.number or 0)
    progress = progress_of(contents, enrolment)
    context = {"progress": progress, "form": form, "section": "learning"}
    if not progress.is_complete:
        is_stuck = progress.next_state is None  # on a page that cannot be shown; the way on is elsewhere
        context["onward"] = of_learner(request.user) if is_stuck else after(progress, request.user)
    return render(request, "certificates/finish.html", context, status=status)


def _done_page(request: AuthenticatedHttpRequest, issued: Certificate) -> HttpResponse:
    """The certificate is there: what it adds up to, and the next step."""
    taken, offered = taken_by(request.user), catalogue()
    onward = among(taken, offered)
    context = {
        **_shown(issued),
        "slug": request.resolver_match.kwargs["slug"] if request.resolver_match else "",
        "onward": onward,
        "course": course_of(taken, offered, onward),
        "is_night": is_night(timezone.now()),
        "section": "learning",
    }
    return render(request, "certificates/done.html", context)


def _check_page(request: HttpRequest, form: CheckForm, status: int = 200) -> HttpResponse:
    return _unlisted(render(request, "certificates/check.html", {"form": form}, status=status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Neither search engines nor caches keep what a check page says."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
