"""The learner's own pages: home, a module with its progress, reading pages, my learning."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core.decorators import post_only
from apps.core.forms import SearchForm
from apps.core.words import listed
from apps.modules import page_kinds
from apps.modules import views as modules_views
from apps.modules.queries import catalogue, notes_since, published_contents, sources_of_page
from apps.modules.searching import find
from apps.progress import actions, queries
from apps.progress.course import begun_in, course_of
from apps.progress.forms import StartForm
from apps.progress.notices import notices_for
from apps.progress.onward import after, among
from apps.progress.places import Place, find_contents, find_newest, find_place, takes_another_edition
from apps.progress.readings import neighbour_of, shown_of
from apps.progress.visitors import as_visitor, open_addresses


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Where you were, the whole course, and your modules; for somebody not signed in what this is."""
    if not request.user.is_authenticated:
        return modules_views.home(request)
    taken, offered = queries.taken_by(request.user), catalogue()
    onward = among(taken, offered)
    context = {"onward": onward, "course": course_of(taken, offered, onward)}
    return render(request, "progress/home.html", context)


@require_safe
@login_not_required
def module(request: HttpRequest, slug: str) -> HttpResponse:
    """A module: what it teaches, its pages, and how far you are. You stay on the edition that you began."""
    taken = None
    if request.user.is_authenticated:
        taken = queries.newest_enrolment(request.user, slug)
    if taken is None:
        contents = find_newest(slug)
        progress = queries.progress_of(contents, None) if request.user.is_authenticated else as_visitor(contents)
        newer = None
    else:
        progress = queries.progress_of(published_contents(taken.edition_id), taken)
        newest = taken.newest_edition_id
        newer = published_contents(newest).edition if newest and newest != taken.edition_id else None
    edition = progress.contents.edition
    context: dict[str, object] = {
        "progress": progress,
        "newer": newer,
        "notes": notes_since([edition])[edition.pk] if newer else [],
        "section": "modules",
    }
    if request.user.is_authenticated and progress.enrolment:
        context["onward"] = after(progress, request.user)
    return render(request, "progress/module.html", context)


@post_only
def start(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Enrol in the current edition and go to where you left off, at first the first page."""
    form = StartForm(request.POST)
    if not form.is_valid():
        raise Http404
    contents = find_contents(slug, form.cleaned_data["edition"])
    enrolment = actions.enrol(request.user, contents.edition, timezone.now())
    page = queries.progress_of(contents, enrolment).next_page
    return redirect(page or contents.edition.module)


@require_safe
@login_not_required
def reading(request: HttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """A reading page; anybody may read it, an account keeps track."""
    place = find_place(request.user, slug, edition, key, "reading")
    later = place.contents.pages[place.position :]
    context = {
        **shown_of(place, None if request.user.is_authenticated else open_addresses(place.contents.pages)),
        "is_beside": takes_another_edition(request.user, place),
        "following": next((page for page in later if page.kind in page_kinds.open_to_all()), None),
        "complete_url": place.url("complete"),
        "sources": sources_of_page(place.page),
        "gains": listed(["your progress", *page_kinds.opened_by_account(), "a certificate"]),
        "section": "modules",
    }
    return render(request, "progress/reading.html", context)


@post_only
def complete(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """Mark a reading page as read, and go on."""
    place = find_place(request.user, slug, edition, key, "reading")
    if takes_another_edition(request.user, place):
        return redirect(place.module_url)
    now = timezone.now()
    enrolment = place.start(request.user, now)
    actions.complete_page(enrolment, place.page, None, now)
    return redirect(Place(place.contents, place.page, enrolment).onward().url)


@require_safe
def my_learning(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Where you stopped, what is under way, what you have completed."""
    taken = queries.progress_of_learner(request.user)
    offered = catalogue()
    onward = among(taken, offered)
    context = {
        "onward": onward,
        "course": course_of(taken, offered, onward),
        "notices": notices_for(request.user, timezone.now()),
        "waiting": [(page, kind.noun) for kind in page_kinds.all_kinds() for page in kind.waiting(request)],
        "under_way": begun_in(taken),
        "completed": [progress for progress in taken if progress.is_complete],
        "offered": [progress for progress in taken if progress.newer],
        "withdrawn": [progress for progress in taken if progress.is_withdrawn],
        "section": "learning",
    }
    return render(request, "progress/my_learning.html", context)


@require_safe
@login_not_required
def search(request: HttpRequest) -> HttpResponse:
    """Modules, pages and sources that say something: in the editions that somebody takes, else in those in force."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    asked = form.cleaned_data["q"] if form.is_valid() else ""
    found = find(asked, queries.editions_for(request.user)) if asked else None
    pages = [hit.page for hit in found.pages] if found else []
    open_to = None if request.user.is_authenticated else open_addresses(pages)
    ways = [neighbour_of(page, page.get_absolute_url(), open_to) for page in pages]
    hits = list(zip(found.pages, ways, strict=True)) if found else []
    context = {"form": form, "asked": asked, "found": found, "hits": hits, "section": "modules"}
    return render(request, "progress/search.html", context, status=422 if form.errors else 200)
