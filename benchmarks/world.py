"""200 learners in the middle of a module, and what each measured page is asked of them."""

import itertools
from collections.abc import Iterator
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db as stock_sessions
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from apps.accounts.models import User
from apps.certificates.actions import issue
from apps.core import form_owner
from apps.modules.models import Edition, Page
from apps.progress.models import Enrolment, PageCompletion
from apps.quizzes.models import Attempt, Response, SelectedOption
from apps.quizzes.queries import Paper, published_paper
from apps.quizzes.scoring import Given
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import published_script
from benchmarks.course import best_walk, find_contents, right_answer, wrong_answer
from benchmarks.middleware import STOCK
from benchmarks.targets import Aim, Ask, Learner, Target

LEARNERS = 200
GRADUATES = 20
STOCK_BACKEND = "django.contrib.auth.backends.ModelBackend"


class World:
    """The seeded course and its learners. Pages that are posted to leave their state to `reset`.

    There may be others in the course: nothing of theirs is changed or counted.
    """

    def __init__(self) -> None:
        self.now = timezone.now()
        self.enrolments: list[int] = []  # of its own learners
        self.contents = find_contents()
        self.edition: Edition = self.contents.edition
        self.readings = self._pages("reading")
        self.case_under_way, self.case_to_come = (published_script(page.pk) for page in self._pages("scenario")[:2])
        self.paper: Paper = published_paper(self._pages("quiz")[0].pk)
        self.walk = best_walk(self.case_to_come).keys
        with transaction.atomic():
            self.learners = [self._make_learner(number) for number in range(LEARNERS)]
            self.codes = [self._make_graduate(number) for number in range(GRADUATES)]
        self.reset_quiz()

    def targets(self) -> list[Target]:
        """Every measured page."""
        return [
            Target("catalogue", self._ask_catalogue, Aim(0.75)),
            Target("module page", self._ask_module, Aim(0.55)),
            Target("reading page", self._ask_reading, Aim(0.82, 2), also=("done already", self._ask_done)),
            Target("scene", self._ask_scene, Aim(0.6, 3)),
            Target("choose (POST)", self._choose, Aim(0.52, 6), reset=self.reset_case, count_stored=self._count_taken),
            Target("question", self._ask_question, Aim(0.52, 4)),
            Target("answer (POST)", self._answer, Aim(0.67, 5), reset=self.reset_quiz, count_stored=self._count_given),
            Target("submit (POST)", self._submit, Aim(0.42, 9), reset=self.reset_quiz, count_stored=self._count_marked),
            Target("check page", self._ask_verify, Aim(0.72), is_public=True),
        ]

    def bare(self) -> Target:
        """The least that a page of the product costs."""
        return Target("bare view", lambda learner: itertools.repeat(Ask("/bench/bare/", learner.user.email)))

    def stock(self) -> Target:
        """The same with the session and the person of a stock Django project: what the aims are parts of."""
        return Target(
            "stock bare view", lambda learner: itertools.repeat(Ask(STOCK, learner.user.email)), is_stock=True
        )

    # What is asked ----------------------------------------------------------------------------------------------------

    def _ask_catalogue(self, learner: Learner) -> Iterator[Ask]:
        return itertools.repeat(Ask(reverse("modules:catalogue"), escape(self.edition.title)))

    def _ask_module(self, learner: Learner) -> Iterator[Ask]:
        done = len(self.readings) // 2
        return itertools.repeat(Ask(self.edition.module.get_absolute_url(), f"{done} of "))

    def _ask_reading(self, learner: Learner) -> Iterator[Ask]:
        """Every one, those that are still to do first."""
        return itertools.cycle(Ask(page.get_absolute_url(), escape(page.title)) for page in reversed(self.readings))

    def _ask_done(self, learner: Learner) -> Iterator[Ask]:
        """One that says what comes next."""
        page = self.readings[0]
        return itertools.repeat(Ask(page.get_absolute_url(), escape(page.title)))

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
            fields = (("attempt", "1"), *_fields(wrong_answer(item)), _owned_by(learner))
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
        """None of them has begun the case to come."""
        scenario = self.case_to_come.scenario
        self._decisions().delete()
        Playthrough.objects.filter(enrolment__in=self.enrolments, scenario=scenario).delete()
        self._uncomplete(scenario.page)

    def reset_quiz(self) -> None:
        """All of them have one open attempt, all of it answered rightly."""
        self._attempts().update(submitted_at=None, score=None, max_score=None)
        SelectedOption.objects.filter(response__attempt__in=self._attempts()).delete()
        self._responses().update(score=None, answered_at=self.now)
        items = {item.question.pk: (item, right_answer(item)) for item in self.paper.items}
        SelectedOption.objects.bulk_create(
            SelectedOption(response=response, option=option, rank=given[option.key])
            for response in self._responses()
            for item, given in [items[response.question_id]]
            for option in item.options
            if option.key in given
        )
        self._uncomplete(self.paper.quiz.page)

    def _attempts(self) -> QuerySet[Attempt]:
        return Attempt.objects.filter(enrolment__in=self.enrolments, quiz=self.paper.quiz)

    def _responses(self) -> QuerySet[Response]:
        return Response.objects.filter(attempt__in=self._attempts())

    def _decisions(self) -> QuerySet[Decision]:
        scenario = self.case_to_come.scenario
        return Decision.objects.filter(playthrough__enrolment__in=self.enrolments, playthrough__scenario=scenario)

    def _count_taken(self) -> int:
        return self._decisions().count()

    def _count_given(self) -> int:
        return self._responses().filter(answered_at__gt=self.now).count()

    def _count_marked(self) -> int:
        return self._attempts().filter(submitted_at__isnull=False, score=self.paper.max_score).count()

    # Making it --------------------------------------------------------------------------------------------------------

    def _make_learner(self, number: int) -> Learner:
        """Half of the reading done, a case at its third decision, every question answered."""
        user = User.objects.create(email=f"learner{number}@example.org", full_name=f"Learner {number}")
        enrolment = Enrolment.objects.create(learner=user, edition=self.edition, started_at=self.now)
        self.enrolments.append(enrolment.pk)
        PageCompletion.objects.bulk_create(
            PageCompletion(enrolment=enrolment, page=page, completed_at=self.now)
            for page in self.readings[: len(self.readings) // 2]
        )
        script = self.case_under_way
        walk = best_walk(script).until(3)
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
        own = import_module(settings.SESSION_ENGINE).SessionStore()
        return Learner(
            user,
            _signed_in(user, own, settings.AUTHENTICATION_BACKENDS[0]),
            _signed_in(user, stock_sessions.SessionStore(), STOCK_BACKEND),
        )

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
        PageCompletion.objects.filter(enrolment__in=self.enrolments, page=page).delete()
        Enrolment.objects.filter(pk__in=self.enrolments).update(completed_at=None)

    def _quiz_url(self, name: str, *args: int) -> str:
        page = self.paper.quiz.page
        return reverse(f"quizzes:{name}", args=[self.edition.module.slug, self.edition.number, page.key, *args])


def _owned_by(learner: Learner) -> tuple[str, str]:
    """The field in which a form says whom it was made for."""
    return form_owner.FIELD, form_owner.signed(form_owner.owner_of(learner.user))


def _fields(given: Given) -> list[tuple[str, str]]:
    """How a form says what was given."""
    return [(f"rank-{key}", str(rank)) if rank else ("option", key) for key, rank in given.items()]


def _signed_in(user: User, session: SessionBase, backend: str) -> str:
    """The key of a new session of this person."""
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
