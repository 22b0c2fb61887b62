"""The quiz player: one question a page, check your answers, results."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core import kept_answer
from apps.core.decorators import keeps_answer, post_only
from apps.modules.previews import whole_number
from apps.quizzes import actions, pages, queries, question_kinds
from apps.quizzes.forms.answering import HOME, AnswerForm, AttemptForm
from apps.quizzes.models import Attempt
from apps.quizzes.practice import Practice, find_practice
from apps.quizzes.queries import Answer
from apps.quizzes.sittings import Sitting, find_sitting
from apps.quizzes.trials import RESULTS, leads_away, take


@require_safe
def quiz(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """The question you were at; without an open attempt, what the quiz asks and your earlier attempts."""
    sitting = find_sitting(request.user, slug, edition, key)
    if sitting.attempt is not None:
        waiting = next((answer for answer in sitting.answers if not answer.is_answered), None)
        return redirect(sitting.url("question", waiting.position) if waiting else sitting.url("check"))
    return render(request, "quizzes/quiz.html", pages.beginning(sitting))


@post_only
def start(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """Begin an attempt, or go on with the open one."""
    sitting, now = find_sitting(request.user, slug, edition, key), timezone.now()
    actions.start_attempt(sitting.place.start(request.user, now), sitting.paper, now)
    return redirect(sitting.url())


@require_safe
def question(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str, position: int) -> HttpResponse:
    """One question of the open attempt."""
    sitting = find_sitting(request.user, slug, edition, key)
    if sitting.attempt is None:
        return redirect(sitting.url())
    kept = kept_answer.kept_fields(request, sitting.url("answer", position))
    return _question_page(request, sitting, position, sitting.form(position, kept))


@keeps_answer(also=question_kinds.answer_fields)
@post_only
def answer(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str, position: int) -> HttpResponse:
    """Save the answer to one question and go on to the next, or to where the pressed button leads."""
    sitting = find_sitting(request.user, slug, edition, key)
    if sitting.attempt is None or request.POST.get("attempt") != str(sitting.attempt.number):
        return _already_submitted(request, sitting)
    form = sitting.form(position, request.POST)
    if not form.is_valid():
        return _question_page(request, sitting, position, form)
    try:
        _save(request, sitting, sitting.answer(position), form)
    except actions.AlreadySubmittedError:
        return _already_submitted(request, sitting)
    except actions.NotAnAnswerError as error:
        form.add_error(None, str(error))
        return _question_page(request, sitting, position, form)
    kept_answer.forget(request)
    return redirect(_where(sitting, form.cleaned_data["go"] or sitting.after(position)))


@require_safe
def check(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """Check your answers before you hand them in."""
    sitting = find_sitting(request.user, slug, edition, key)
    if sitting.attempt is None:
        return redirect(sitting.url())
    return render(request, "quizzes/check.html", pages.check(sitting))


@post_only
def submit(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """Hand in the attempt."""
    sitting = find_sitting(request.user, slug, edition, key)
    form = AttemptForm(request.POST)
    if not form.is_valid():
        raise Http404
    attempt = sitting.numbered(form.cleaned_data["attempt"])
    actions.submit_attempt(attempt, sitting.paper, timezone.now())
    return redirect(sitting.url("result", attempt.number))


@require_safe
def result(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str, attempt: int) -> HttpResponse:
    """A submitted attempt: score, and each answer beside the key. While another attempt is open, no keys."""
    sitting, submitted = _find_submitted(request, slug, edition, key, attempt)
    results = [] if sitting.attempt else queries.results_of(submitted, sitting.paper)
    return render(request, "quizzes/result.html", pages.result(sitting, submitted, results, timezone.now()))


@post_only
def practise(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str, attempt: int) -> HttpResponse:
    """Begin to try again what was missed. Beside an open attempt there is no practice: it leads there."""
    sitting, submitted = _find_submitted(request, slug, edition, key, attempt)
    try:
        actions.practise(submitted, timezone.now())
    except actions.AttemptOpenError:
        return _go_on(request, sitting)
    return redirect(sitting.url("practice", attempt))


@require_safe
def practice(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str, attempt: int) -> HttpResponse:
    """A question that was missed, once more, with what was given so far in the address; behind the last the answers."""
    sitting, submitted = _find_submitted(request, slug, edition, key, attempt)
    if sitting.attempt:
        return _go_on(request, sitting)
    found = find_practice(sitting, submitted, request.GET) if submitted.practised_at else None
    if found is None:
        return redirect(sitting.url("result", attempt))
    if found.seen == RESULTS:
        return render(request, "quizzes/practised.html", pages.practised(found))
    if (whole_number(request.GET.get("attempt", "")) or 0) > 0:
        return _practised(request, found)
    return _practice_page(request, found, found.form(int(found.seen)))


def _practised(request: HttpRequest, practice: Practice) -> HttpResponse:
    """After an answer that was sent: the next question, or the same one with what is wrong."""
    position = int(practice.seen)
    practice, form = take(practice, position, request.GET)
    if form.errors:
        return _practice_page(request, practice, form)
    if leads_away(form):
        go = form.cleaned_data["go"]
        return redirect(reverse("home") if go == HOME else practice.url("result", practice.practised.number))
    return redirect(practice.at(form.cleaned_data["go"] or practice.after(position)))


def _practice_page(request: HttpRequest, practice: Practice, form: AnswerForm) -> HttpResponse:
    context = pages.practice_question(practice, form)
    return render(request, "quizzes/practice.html", context, status=422 if form.is_refused else 200)


def _find_submitted(
    request: AuthenticatedHttpRequest, slug: str, edition: int, key: str, number: int
) -> tuple[Sitting, Attempt]:
    """The quiz, and the learner's submitted attempt with this number, or 404."""
    sitting = find_sitting(request.user, slug, edition, key)
    return sitting, get_object_or_404(sitting.attempts.submitted(), number=number)


def _go_on(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """There is an open attempt: lead there instead of to practice."""
    messages.info(request, "You have an attempt open. Hand it in first; then you can practise.")
    return redirect(sitting.url())


def _question_page(request: HttpRequest, sitting: Sitting, position: int, form: AnswerForm) -> HttpResponse:
    """The page of a question, with its form as it is."""
    context = pages.question(sitting, position, form)
    return render(request, "quizzes/question.html", context, status=422 if form.is_refused else 200)


def _save(request: HttpRequest, sitting: Sitting, answer: Answer, form: AnswerForm) -> None:
    """Store what was given. A button that leads away stores no more than what was changed and is complete, and says
    so when it is not; NotAnAnswerError only where the learner stays with the question.
    """
    go = form.cleaned_data["go"]
    if go and not form.is_changed:
        return
    try:
        actions.answer(answer.response, sitting.paper, form.given(), timezone.now())
    except actions.NotAnAnswerError as error:
        if go in {"", str(answer.position)}:
            raise
        stays = "keeps the answer it had" if answer.is_answered else "was not saved"
        messages.warning(request, f"Question {answer.position} {stays}. {error}.")


def _where(sitting: Sitting, go: str) -> str:
    """Where a button of the question page leads."""
    match go:
        case "home":
            return reverse("home")
        case "leave":
            return sitting.place.module_url
        case "check":
            return sitting.url("check")
        case position:
            return sitting.url("question", int(position))


def _already_submitted(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """A late answer changes nothing: show where the learner is now."""
    kept_answer.forget(request)
    last = sitting.attempts.submitted().last()
    if last is None:
        return redirect(sitting.url())
    messages.info(request, "That attempt was handed in already. Its answers stand.")
    return redirect(sitting.url("result", last.number))
