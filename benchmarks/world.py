"""200 learners in the middle of a module, and what each measured page is asked of them."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from apps.accounts.models import User
from apps.certificates.actions import issue
from apps.core import form_owner
from apps.modules.models import Edition, Page
from apps.modules.queries import Contents, published_contents
from apps.progress.models import Enrolment, PageCompletion
from apps.quizzes.models import Attempt, Response, SelectedOption
from apps.quizzes.queries import Item, Paper, published_paper
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import published_script
from apps.scenarios.walks import Script, walk_of
from benchmarks.load import Call

LEARNERS = 200
GRADUATES = 20
CSRF = "b" * 32
BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n"
)


@dataclass(frozen=True)
class Learner:
    """Somebody with a session."""

    user: User
    session_key: str


@dataclass(frozen=True)
class Ask:
    """One request before it is put into bytes, so that the test client can send it too."""

    path: str
    marker: str
    fields: tuple[tuple[str, str], ...] | None = None  # posted; None for a GET


@dataclass(frozen=True)
class Target:
    """A measured page: what each learner asks of it in turn, and how the state it uses up is restored and counted."""

    name: str
    asks: Callable[[Learner], Iterator[Ask]]
    is_public: bool = False  # asked without a session
    aim: float | None = None  # part of the bare view's throughput that it should reach
    reset: Callable[[], None] | None = None
    count_stored: Callable[[], int] | None = None  # rows that right answers have left since the reset


class World:
    """The seeded course and its learners. Pages that are posted to leave their state to `reset`."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.contents = _find_contents()
        self.edition: Edition = self.contents.edition
        self.readings = self._pages("reading")
        self.case_under_way, self.case_to_come = (published_script(page.pk) for page in self._pages("scenario")[:2])
        self.paper: Paper = published_paper(self._pages("quiz")[0].pk)
        self.walk = _best_walk(self.case_to_come)
        with transaction.atomic():
            self.learners = [self._make_learner(number) for number in range(LEARNERS)]
            self.codes = [self._make_graduate(number) for number in range(GRADUATES)]
        self.reset_quiz()

    def targets(self) -> list[Target]:
        """Every measured page."""
        return [
            Target("catalogue", self._ask_catalogue),
            Target("module page", self._ask_module),
            Target("reading page", self._ask_reading, aim=0.6),
            Target("scene", self._ask_scene, aim=0.6),
            Target("choose (POST)", self._choose, reset=self.reset_case, count_stored=self._count_decisions),
            Target("question", self._ask_question),
            Target("answer (POST)", self._answer, aim=0.4, reset=self.reset_quiz, count_stored=self._count_answered),
            Target("submit (POST)", self._submit, reset=self.reset_quiz, count_stored=self._count_submitted),
            Target("check page", self._ask_verify, is_public=True),
        ]

    def bare(self) -> Target:
        """What they are compared with."""
        return Target("bare view", lambda learner: itertools.repeat(Ask("/bench/bare/", learner.user.email)))

    # What is asked ----------------------------------------------------------------------------------------------------

    def _ask_catalogue(self, learner: Learner) -> Iterator[Ask]:
        return itertools.repeat(Ask(reverse("modules:catalogue"), escape(self.edition.title)))

    def _ask_module(self, learner: Learner) -> Iterator[Ask]:
        done = len(self.readings) // 2
        return itertools.repeat(Ask(self.edition.module.get_absolute_url(), f"{done} of "))

    def _ask_reading(self, learner: Learner) -> Iterator[Ask]:
        return itertools.cycle(Ask(page.get_absolute_url(), escape(page.title)) for page in self.readings)

    def _ask_scene(self, learner: Learner) -> Iterator[Ask]:
        page = self.case_under_way.scenario.page
        return itertools.repeat(Ask(page.get_absolute_url(), "What your last choice did"))

    def _choose(self, learner: Learner) -> Iterator[Ask]:
        """The whole case, decision by decision."""
        page = self.case_to_come.scenario.page
        for number, choice in enumerate(self.walk, start=1):
            fields = (("decision", str(number)), ("choice", choice), _owned_by(learner))
            after = f"{page.get_absolute_url()}?after={number}#after"
            yield Ask(f"{page.get_absolute_url()}choose/", f"Location: {after}", fields)

    def _ask_question(self, learner: Learner) -> Iterator[Ask]:
        total = len(self.paper.items)
        return itertools.cycle(
            Ask(self._quiz_url("question", position), f"Question {position} of {total}")
            for position in range(1, total + 1)
        )

    def _answer(self, learner: Learner) -> Iterator[Ask]:
        """Every question once, with other options than the right ones, so that each answer changes what is stored."""
        total = len(self.paper.items)
        for position, item in enumerate(self.paper.items, start=1):
            fields = (("attempt", "1"), *_wrong_answer(item), _owned_by(learner))
            following = self._quiz_url("check") if position == total else self._quiz_url("question", position + 1)
            yield Ask(f"{self._quiz_url('question', position)}answer/", f"Location: {following}", fields)

    def _submit(self, learner: Learner) -> Iterator[Ask]:
        """Once: all answers are right, so the attempt is passed and completes the page."""
        location = f"Location: {self._quiz_url('result', 1)}"
        yield Ask(f"{self._quiz_url('check')}submit/", location, (("attempt", "1"),))

    def _ask_verify(self, learner: Learner) -> Iterator[Ask]:
        return itertools.cycle(
            Ask(reverse("certificates:verify", args=[code]), f"Graduate {number}<")
            for number, code in enumerate(self.codes)
        )

    # What is stored ---------------------------------------------------------------------------------------------------

    def reset_case(self) -> None:
        """Nobody has begun the case to come."""
        scenario = self.case_to_come.scenario
        Decision.objects.filter(playthrough__scenario=scenario).delete()
        Playthrough.objects.filter(scenario=scenario).delete()
        self._uncomplete(scenario.page)

    def reset_quiz(self) -> None:
        """Everybody has one open attempt, all of it answered rightly."""
        quiz = self.paper.quiz
        Attempt.objects.filter(quiz=quiz).update(submitted_at=None, score=None, max_score=None)
        SelectedOption.objects.filter(response__attempt__quiz=quiz).delete()
        Response.objects.filter(attempt__quiz=quiz).update(score=None, answered_at=self.now)
        right = {
            item.question.pk: [(option, option.rank) for option in item.options if option.is_key or option.rank]
            for item in self.paper.items
        }
        SelectedOption.objects.bulk_create(
            SelectedOption(response=response, option=option, rank=rank)
            for response in Response.objects.filter(attempt__quiz=quiz)
            for option, rank in right[response.question_id]
        )
        self._uncomplete(quiz.page)

    def _count_decisions(self) -> int:
        return Decision.objects.filter(playthrough__scenario=self.case_to_come.scenario).count()

    def _count_answered(self) -> int:
        return Response.objects.filter(attempt__quiz=self.paper.quiz, answered_at__gt=self.now).count()

    def _count_submitted(self) -> int:
        return Attempt.objects.submitted().filter(quiz=self.paper.quiz, score=self.paper.max_score).count()

    # Making it --------------------------------------------------------------------------------------------------------

    def _make_learner(self, number: int) -> Learner:
        """Half of the reading done, a case at its third decision, every question answered."""
        user = User.objects.create(email=f"learner{number}@example.org", full_name=f"Learner {number}")
        enrolment = Enrolment.objects.create(learner=user, edition=self.edition, started_at=self.now)
        PageCompletion.objects.bulk_create(
            PageCompletion(enrolment=enrolment, page=page, completed_at=self.now)
            for page in self.readings[: len(self.readings) // 2]
        )
        script = self.case_under_way
        walk = walk_of(script, _best_walk(script)[:2])
        playthrough = Playthrough.objects.create(
            enrolment=enrolment,
            scenario=script.scenario,
            number=1,
            scene=walk.here.scene,
            started_at=self.now,
        )
        Decision.objects.bulk_create(
            Decision(playthrough=playthrough, number=place, choice=choice, decided_at=self.now)
            for place, choice in enumerate(walk.choices, start=1)
        )
        attempt = Attempt.objects.create(enrolment=enrolment, quiz=self.paper.quiz, number=1, started_at=self.now)
        Response.objects.bulk_create(
            Response(attempt=attempt, question=item.question, position=position)
            for position, item in enumerate(self.paper.items, start=1)
        )
        return Learner(user, _make_session(user))

    def _make_graduate(self, number: int) -> str:
        """Somebody with a certificate; its code."""
        user = User.objects.create(email=f"graduate{number}@example.org", full_name=f"Graduate {number}")
        enrolment = Enrolment.objects.create(
            learner=user, edition=self.edition, started_at=self.now, completed_at=self.now
        )
        return issue(enrolment, user.full_name, self.now).code

    def _pages(self, kind: str) -> list[Page]:
        return [page for page in self.contents.pages if page.kind == kind]

    def _uncomplete(self, page: Page) -> None:
        PageCompletion.objects.filter(page=page).delete()
        Enrolment.objects.filter(learner__email__startswith="learner").update(completed_at=None)

    def _quiz_url(self, name: str, *args: int) -> str:
        page = self.paper.quiz.page
        return reverse(f"quizzes:{name}", args=[self.edition.module.slug, self.edition.number, page.key, *args])


def calls(target: Target, learner: Learner) -> Iterator[Call]:
    """What a learner asks of a page, as bytes."""
    host = settings.BASE_URL.removeprefix("https://")
    common = f"Host: {host}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: close\r\n{BROWSER}"
    if not target.is_public:
        cookies = f"{settings.SESSION_COOKIE_NAME}={learner.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        common += f"Cookie: {cookies}\r\n"
    for ask in target.asks(learner):
        if ask.fields is None:
            request = f"GET {ask.path} HTTP/1.1\r\n{common}\r\n"
            yield Call(request.encode(), 200, ask.marker.encode())
        else:
            body = urlencode(ask.fields)
            head = (
                f"POST {ask.path} HTTP/1.1\r\n{common}Origin: {settings.BASE_URL}\r\nX-CSRFToken: {CSRF}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            yield Call((head + body).encode(), 302, f"{ask.marker}\r\n".encode())


def in_turn(iterators: list[Iterator[Call]]) -> Iterator[Call]:
    """One of each, again and again; what has run out is left."""
    waiting = list(iterators)
    while waiting:
        still = []
        for iterator in waiting:
            call = next(iterator, None)
            if call is not None:
                still.append(iterator)
                yield call
        waiting = still


def _find_contents() -> Contents:
    """The first current edition that has readings, two cases and a quiz."""
    for edition in Edition.objects.current().order_by("pk"):
        contents = published_contents(edition.pk)
        kinds = [page.kind for page in contents.pages]
        if "reading" in kinds and kinds.count("scenario") > 1 and "quiz" in kinds:
            return contents
    raise LookupError("no seeded edition has readings, two cases and a quiz")


def _owned_by(learner: Learner) -> tuple[str, str]:
    """The field in which a form says whom it was made for."""
    return form_owner.FIELD, form_owner.signed(form_owner.owner_of(learner.user))


def _wrong_answer(item: Item) -> list[tuple[str, str]]:
    """The fields of a complete answer that is not the key."""
    if ranks := item.key.ranks:
        return [(f"rank-{key}", str(len(ranks) + 1 - rank)) for key, rank in ranks.items()]
    keys = [option.key for option in sorted(item.options, key=lambda option: option.is_key)]
    return [("option", key) for key in keys[: item.question.select]]


def _best_walk(script: Script) -> list[str]:
    """The keys of the choices that lead through a case, always the best one."""
    here = walk_of(script, ())
    while not here.is_ended:
        choice = min(here.offered, key=lambda choice: choice.rating != "best")
        here = walk_of(script, [*here.keys, choice.key])
        if len(here.keys) > len(script.scenes):
            raise LookupError(f"the best choices of {script.scenario} go in a circle")
    return here.keys


def _make_session(user: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)
