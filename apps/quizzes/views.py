"""The quiz player: one question a page, check your answers, results."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core import kept_answer
from apps.core.decorators import keeps_answer, post_only
from apps.progress.places import Place, find_place
from apps.quizzes import actions, queries, scoring
from apps.quizzes.forms import ANSWER_FORMS, CHECK, AnswerForm, AttemptForm, as_text
from apps.quizzes.models import Attempt, Option, Response
from apps.quizzes.queries import Answer, Paper


@dataclass(frozen=True)
class Step:
    """A question in the row of numbers above the question."""

    number: int
    is_saved: bool
    is_current: bool


@require_safe
def quiz(request: AuthenticatedHttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """The question you were at; without an open attempt, what the quiz asks and your earlier attempts."""
    place = find_place(request.user, slug, number, key, "quiz")
    paper = queries.published_paper(place.page.pk)
    attempt = queries.open_attempt(place.enrolment, paper.quiz)
    if attempt is not None:
        answers = queries.answers_of(attempt, paper)
        waiting = next((answer for answer in answers if not answer.is_answered), None)
        return redirect(_question_url(place, waiting.position) if waiting else place.url("check"))
    attempts = Attempt.objects.filter(enrolment=place.enrolment, quiz=paper.quiz).select_related("quiz")
    context = {
        "place": place,
        "paper": paper,
        "attempts": attempts.order_by("-number") if place.enrolment else [],
        "start_url": place.url("start"),
        "section": "modules",
    }
    return render(request, "quizzes/quiz.html", context)


@post_only
def start(request: AuthenticatedHttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Begin an attempt, or go on with the open one."""
    place = find_place(request.user, slug, number, key, "quiz")
    now = timezone.now()
    actions.start_attempt(place.start(request.user, now), queries.published_paper(place.page.pk), now)
    return redirect(place.page)


@require_safe
def question(request: AuthenticatedHttpRequest, slug: str, number: int, key: str, position: int) -> HttpResponse:
    """One question of the open attempt."""
    place = find_place(request.user, slug, number, key, "quiz")
    paper = queries.published_paper(place.page.pk)
    attempt = queries.open_attempt(place.enrolment, paper.quiz)
    if attempt is None:
        return redirect(place.page)
    kept = kept_answer.kept_fields(request, place.url("answer", position))
    shown = _answer_form(paper, _responses_or_404(attempt, paper, position), position, kept).shown() if kept else None
    return _question_page(request, place, paper, attempt, position, shown, is_kept=bool(shown))


@keeps_answer("option", "rank-")
@post_only
def answer(request: AuthenticatedHttpRequest, slug: str, number: int, key: str, position: int) -> HttpResponse:
    """Save the answer to one question and go on to the next, or to where the pressed button leads."""
    place = find_place(request.user, slug, number, key, "quiz")
    paper = queries.published_paper(place.page.pk)
    attempt = queries.open_attempt(place.enrolment, paper.quiz)
    if attempt is None or request.POST.get("attempt") != str(attempt.number):
        return _already_submitted(request, place)
    responses = _responses_or_404(attempt, paper, position)
    form = _answer_form(paper, responses, position, request.POST)
    if form.is_valid():
        go = form.cleaned_data["go"]
        try:
            _save(request, responses[position], paper, form)
        except actions.AlreadySubmittedError:
            return _already_submitted(request, place)
        except actions.NotAnAnswerError as error:
            form.add_error(None, str(error))
        else:
            kept_answer.forget(request)
            return redirect(_where(place, go or _next(position, responses)))
    return _question_page(request, place, paper, attempt, position, form.shown(), form=form)


@require_safe
def check(request: AuthenticatedHttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Check your answers before you hand them in."""
    place = find_place(request.user, slug, number, key, "quiz")
    paper = queries.published_paper(place.page.pk)
    attempt = queries.open_attempt(place.enrolment, paper.quiz)
    if attempt is None:
        return redirect(place.page)
    answers = queries.answers_of(attempt, paper)
    context = {
        "place": place,
        "attempt": attempt,
        "rows": [(answer, _question_url(place, answer.position)) for answer in answers],
        "unanswered": sum(not answer.is_answered for answer in answers),
        "saved_at": _last_saved(answers),
        "submit_url": place.url("submit"),
        "leave_url": place.module_url,
    }
    return render(request, "quizzes/check.html", context)


@post_only
def submit(request: AuthenticatedHttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Hand in the attempt."""
    place = find_place(request.user, slug, number, key, "quiz")
    form = AttemptForm(request.POST)
    if not form.is_valid() or place.enrolment is None:
        raise Http404
    paper = queries.published_paper(place.page.pk)
    own = Attempt.objects.filter(enrolment=place.enrolment, quiz=paper.quiz)
    attempt = get_object_or_404(own, number=form.cleaned_data["attempt"])
    actions.submit_attempt(attempt, paper, timezone.now())
    return redirect(place.url("result", attempt.number))


@require_safe
def result(request: AuthenticatedHttpRequest, slug: str, number: int, key: str, attempt: int) -> HttpResponse:
    """A submitted attempt: score, and each answer beside the key. While another attempt is open, no keys."""
    place = find_place(request.user, slug, number, key, "quiz")
    paper = queries.published_paper(place.page.pk)
    own = Attempt.objects.filter(enrolment=place.enrolment, quiz=paper.quiz).order_by("number")
    attempts = {one.number: one for one in own.select_related("quiz")} if place.enrolment else {}
    shown = attempts.get(attempt)
    if shown is None or shown.submitted_at is None:
        raise Http404
    is_open = any(one.submitted_at is None for one in attempts.values())
    results = [] if is_open else queries.results_of(shown, paper)
    counting = [one for one in results if one.better_than_chance is None]
    context = {
        "place": place,
        "attempt": shown,
        "is_open": is_open,
        "wrong": [one for one in counting if not one.is_right],
        "right": [one for one in counting if one.is_right],
        "judged": [one for one in results if one.better_than_chance is not None],
        "results": results,
        "onward": place.onward(),
        "start_url": place.url("start"),
        "section": "modules",
    }
    return render(request, "quizzes/result.html", context)


@dataclass(frozen=True)
class Row:
    """An option as it stands in the form."""

    option: Option
    is_chosen: bool
    rank: int | None
    is_wrong: bool

    @property
    def id(self) -> str:
        """The id of its field. Keys are anybody's words, so ids on a page begin with their kind."""
        return f"option-{self.option.key}"


def _rows(options: list[Option], given: scoring.Answer, *, is_error: bool) -> list[Row]:
    """The options with what was given; after an error, ranks that are missing or given twice are wrong."""
    ranks = list(given.values())
    return [
        Row(option, option.key in given, rank, is_error and (rank is None or ranks.count(rank) > 1))
        for option in options
        for rank in [given.get(option.key)]
    ]


def _responses_or_404(attempt: Attempt, paper: Paper, position: int) -> dict[int, Response]:
    """The responses of an attempt by their positions, this one among them."""
    responses = queries.responses_of(attempt, paper)
    if position not in responses:
        raise Http404
    return responses


def _save(request: HttpRequest, response: Response, paper: Paper, form: AnswerForm) -> None:
    """Store what was given. A button that leads away stores no more than what was changed and is complete, and says
    so when it is not; NotAnAnswerError only where the learner stays with the question.
    """
    go, given = form.cleaned_data["go"], form.given()
    was = form.data["was"] if "was" in form.data else as_text(queries.given_to(response))
    if go and as_text(given) == was:
        return
    try:
        actions.answer(response, paper, given, timezone.now())
    except actions.NotAnAnswerError as error:
        if go in {"", str(response.position)}:
            raise
        stays = "keeps the answer it had" if response.answered_at else "was not saved"
        messages.warning(request, f"Question {response.position} {stays}. {error}.")


def _next(position: int, positions: Iterable[int]) -> str:
    """Where “Save and go on” and “Skip” lead: to the next question, from the last to the check."""
    return next((str(one) for one in positions if one > position), CHECK)


def _where(place: Place, go: str) -> str:
    """Where a button of the question page leads."""
    match go:
        case "home":
            return reverse("home")
        case "leave":
            return place.module_url
        case "check":
            return place.url("check")
        case number:
            return _question_url(place, int(number))


def _answer_form(paper: Paper, responses: dict[int, Response], position: int, data: QueryDict) -> AnswerForm:
    part = paper.of(responses[position].question_id)
    return ANSWER_FORMS[part.question.kind]([option.key for option in part.options], responses, data)


def _errors(form: AnswerForm | None) -> list[str]:
    """Each thing that is wrong with an answer, once."""
    found = [str(text) for errors in form.errors.values() for text in errors] if form else []
    return list(dict.fromkeys(found))


def _question_url(place: Place, position: int) -> str:
    return place.url("question", position)


def _last_saved(answers: list[Answer]) -> object:
    return max((answer.response.answered_at for answer in answers if answer.response.answered_at), default=None)


def _already_submitted(request: HttpRequest, place: Place) -> HttpResponse:
    """A late answer changes nothing: show where the learner is now."""
    kept_answer.forget(request)
    last = Attempt.objects.submitted().filter(enrolment=place.enrolment, quiz__page=place.page).last()
    if place.enrolment is None or last is None:
        return redirect(place.page)
    messages.info(request, "That attempt was handed in already. Its answers stand.")
    return redirect(place.url("result", last.number))


def _question_page(
    request: HttpRequest,
    place: Place,
    paper: Paper,
    attempt: Attempt,
    position: int,
    shown: scoring.Answer | None,
    *,
    form: AnswerForm | None = None,
    is_kept: bool = False,
) -> HttpResponse:
    answers = queries.answers_of(attempt, paper)
    here = next((answer for answer in answers if answer.position == position), None)
    if here is None:
        raise Http404
    options = attempt.shuffle(list(here.paper.options))
    rows = _rows(options, here.given if shown is None else shown, is_error=form is not None)
    first_wrong = next((row for row in rows if row.is_wrong), rows[0])
    context = {
        "place": place,
        "attempt": attempt,
        "question": here.paper.question,
        "position": position,
        "total": answers[-1].position,
        "rows": rows,
        "steps": [Step(answer.position, answer.is_answered, answer is here) for answer in answers],
        "saved_at": _last_saved(answers),
        "form": form,
        "errors": [{"href": f"#{first_wrong.id}", "text": text} for text in _errors(form)],
        "is_kept": is_kept,
        "answer_url": place.url("answer", position),
        "was": as_text(here.given),
        "skip_to": _next(position, [answer.position for answer in answers]),
    }
    return render(request, "quizzes/question.html", context, status=422 if form else 200)
