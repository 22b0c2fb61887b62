"""Plain functions that build a test's small world. Each makes one thing, with what that needs."""

import datetime
import itertools
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group
from django.db import models
from django.db.models import Max
from django.test import Client
from django.utils import timezone

from apps.accounts.models import RightsChange, User
from apps.authoring.models import Report, Revision
from apps.authoring.roles import grant_roles
from apps.certificates import actions as certificates_actions
from apps.certificates.models import Certificate
from apps.core import form_owner
from apps.modules import actions as modules_actions
from apps.modules.content import Citation, EditionContent
from apps.modules.models import Archiving, Edition, Fact, Module, Page, PageCitation, Source, Withdrawal
from apps.progress import actions as progress_actions
from apps.progress.models import Enrolment
from apps.quizzes import actions as quizzes_actions
from apps.quizzes.models import Attempt, Option, Question, QuestionCitation, Quiz
from apps.quizzes.queries import Item, paper_of
from apps.quizzes.scoring import Given
from apps.scenarios import actions as scenarios_actions
from apps.scenarios.models import (
    Choice,
    Effect,
    Gauge,
    Playthrough,
    Requirement,
    Scenario,
    ScenarioCitation,
    Scene,
    SceneCitation,
    ScenePart,
)
from apps.scenarios.queries import current_playthrough, find_walk, script_of
from apps.scenarios.walks import Script
from tests import copies
from tests.copies import Copies

PASSWORD = "correct-horse-battery"
NOW = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)

_numbers = itertools.count(1)


def user(email: str | None = None, **fields: Any) -> User:
    """A learner."""
    email = email or f"learner{next(_numbers)}@example.org"
    return User.objects.create_user(email, PASSWORD, **{"full_name": "Sam Learner"} | fields)


def author() -> User:
    """Somebody who writes modules."""
    return _in_role("author@example.org", "Author")


def reviewer() -> User:
    """Somebody who reads drafts."""
    return _in_role("reviewer@example.org", "Reviewer")


def publisher() -> User:
    """Somebody who writes modules and publishes them."""
    return _in_role("publisher@example.org", "Publisher")


def educator() -> User:
    """Somebody who follows learners."""
    return _in_role("educator@example.org", "Educator")


def administrator() -> User:
    """Somebody who looks after people and records."""
    return _in_role("admin@example.org", "Administrator", full_name="Ada Administrator")


def superuser() -> User:
    """The first administrator, whom nothing is refused."""
    return User.objects.create_superuser("superuser@example.org", PASSWORD, full_name="Su Superuser")


def _in_role(email: str, name: str, **fields: Any) -> User:
    made = user(email, is_staff=True, **fields)
    made.groups.add(role(name))
    return made


def role(name: str) -> Group:
    """The group of a role. Migrating makes it; a flush has taken it away."""
    if not Group.objects.filter(name=name).exists():
        grant_roles(apps)
    return Group.objects.get(name=name)


def client(user_: User | None = None, **options: Any) -> Client:
    """A browser in which this person is signed in; without one, an anonymous visitor's."""
    made = Client(**options)
    if user_ is not None:
        made.force_login(user_)
    return made


def owned_by(owner: User | None) -> dict[str, str]:
    """The field in which a form says that it was made for this person; without one, for a visitor."""
    return {form_owner.FIELD: form_owner.signed(form_owner.owner_of(owner or AnonymousUser()))}


def source(key: str | None = None, **fields: Any) -> Source:
    """A source that is cited."""
    key = key or _source_key()
    return Source.objects.create(
        key=key, **{"kind": "article", "authors": "Author A", "title": f"On {key}", "year": 2024} | fields
    )


def _source_key() -> str:
    return f"source-{next(_numbers)}"


def cite(model: type[Citation], rows: Sequence[EditionContent], sources: int) -> None:
    """Let each of the rows, of one model, cite so many sources of its own."""
    for position in range(1, sources + 1):
        model.objects.bulk_create(
            model(**{"edition": row.edition, model.owner: row, "source": source(), "position": position})
            for row in rows
        )


def draft(slug: str | None = None, **fields: Any) -> Edition:
    """A module's draft, without pages."""
    module, _ = Module.objects.get_or_create(slug=slug or f"module-{next(_numbers)}")
    values = {"title": "When posts go wrong", "summary": "Two cases.", "learning_outcomes": "Describe\nExplain"}
    return Edition.objects.create(module=module, **values | fields)


def page(edition: Edition, key: str, **fields: Any) -> Page:
    """A reading page at the end of the draft."""
    values = {"kind": "reading", "title": key.replace("-", " ").capitalize(), "minutes": 3, "body": "Some *text*."}
    return Page.objects.create(edition=edition, key=key, position=edition.page_set.count() + 1, **values | fields)


def reading(edition: Edition, key: str = "reading", sources: int = 1, **fields: Any) -> Page:
    """A reading page that cites sources."""
    made = page(edition, key, **fields)
    cite(PageCitation, [made], sources)
    return made


def scenario(edition: Edition, key: str = "case", scenes: int = 3, sources: int = 1, **fields: Any) -> Scenario:
    """A case of `scenes` scenes in a row and then two endings; each scene offers a best and a poor choice.

    The best choice goes on, and from the last scene to the good ending; the poor one goes to the poor ending, except
    in the first scene, where it goes on too.
    """
    made = Scenario.objects.create(
        edition=edition,
        key=key,
        page=page(edition, key, **{"kind": "scenario", "body": "", "minutes": 6} | fields),
        role="You are an F1.",
    )
    row = [
        Scene(
            edition=edition,
            key=f"{key}-scene-{number}",
            scenario=made,
            position=number,
            title=f"Scene {number}",
            clock="04:05",
            place="the mess",
            seen_by=number,
            body="It is quiet.",
            thought="It is only us.",
            question="What do you do?",
            teaching_point="Ask first.",
        )
        for number in range(1, scenes + 1)
    ]
    good, poor = (
        Scene(
            edition=edition,
            key=f"{key}-{outcome}",
            scenario=made,
            position=scenes + place,
            title=f"A {outcome} end",
            body="It is over.",
            outcome=outcome,
        )
        for place, outcome in ((1, "good"), (2, "poor"))
    )
    Scene.objects.bulk_create([*row, good, poor])
    cite(SceneCitation, row, sources)
    ScenePart.objects.bulk_create(
        ScenePart(
            edition=edition, key=f"{scene.key}-part", scene=scene, position=1, kind="message", author="SHO", text="Look"
        )
        for scene in row
    )
    Choice.objects.bulk_create(
        Choice(
            edition=edition,
            key=f"{scene.key}-{rating}",
            scene=scene,
            position=position,
            text=f"Do the {rating} thing in {scene.title}",
            rating=rating,
            consequence="Something happens.",
            target=following if rating == "best" or scene is row[0] else poor,
        )
        for scene, following in zip(row, [*row[1:], good], strict=True)
        for position, rating in ((1, "poor"), (2, "best"))
    )
    return made


def quiz(edition: Edition, key: str = "quiz", questions: int = 3, sources: int = 1, **fields: Any) -> Quiz:
    """A quiz whose last question is multiple response (two of four) and the others single best of three."""
    made = Quiz.objects.create(
        edition=edition,
        key=key,
        page=page(edition, key, **{"kind": "quiz", "body": "", "minutes": 7} | fields),
        introduction="Take your time.",
    )
    kinds = ["multiple" if number == questions else "single" for number in range(1, questions + 1)]
    _ask(*(_question(made, number, kind) for number, kind in enumerate(kinds, start=1)), sources=sources)
    return made


def question(quiz: Quiz, position: int, kind: str = "single", sources: int = 1, **fields: Any) -> Question:
    """A question; the keys of its right options end in `-right` or `-right-2`."""
    return _ask(_question(quiz, position, kind, **fields), sources=sources)[0]


def ranking(quiz: Quiz, position: int, sources: int = 1, **fields: Any) -> Question:
    """A question that asks for an order; the option whose place is 1 has the key `<question>-place-1`, and so on."""
    return _ask(_question(quiz, position, "rank", **fields), sources=sources)[0]


def choosing(quiz: Quiz, position: int, sources: int = 1, **fields: Any) -> Question:
    """A question that asks for three of eight; the keys of the right options end in `-right-1` to `-right-3`."""
    return _ask(_question(quiz, position, "choose", **fields), sources=sources)[0]


# By kind: how many options are asked for, and what the keys of the options end in.
ASKED = {
    "single": (1, ["right", "wrong", "wrong-2"]),
    "multiple": (2, ["right", "right-2", "wrong", "wrong-2"]),
    "rank": (5, [f"place-{place}" for place in range(1, 6)]),
    "choose": (3, ["right-1", "right-2", "right-3", "wrong-1", "wrong-2", "wrong-3", "wrong-4", "wrong-5"]),
}


def _question(quiz: Quiz, position: int, kind: str, **fields: Any) -> tuple[Question, list[Option]]:
    """A question of this kind and its options, not stored."""
    select, endings = ASKED.get(kind, ASKED["single"])  # a kind that a test brings is answered like that too
    asked = {"title": f"Case {position}", "stem": f"What is best in case {position}?", "rationale": "Because it is."}
    question = Question(
        edition=quiz.edition,
        key=f"{quiz.key}-q{position}",
        quiz=quiz,
        position=position,
        kind=kind,
        select=select,
        **asked | fields,
    )
    options = [
        Option(
            edition=quiz.edition,
            key=f"{question.key}-{ending}",
            question=question,
            position=place,
            text=f"Option {ending} of {position}",
            is_key=ending.startswith("right"),
            rank=place if kind == "rank" else None,
            feedback=f"Feedback on {ending}.",
        )
        for place, ending in enumerate(endings, start=1)
    ]
    return question, options


def _ask(*asked: tuple[Question, list[Option]], sources: int) -> list[Question]:
    """Store questions with their options and with so many sources each."""
    questions = [question for question, _ in asked]
    Question.objects.bulk_create(questions)
    cite(QuestionCitation, questions, sources)
    Option.objects.bulk_create(option for _, options in asked for option in options)
    return questions


def gauge(scenario: Scenario, key: str = "trust", start: int = 60, **fields: Any) -> Gauge:
    """A gauge of the case, after those it has."""
    position = scenario.gauges.count() + 1
    values = {"name": key.capitalize(), "position": position}
    return Gauge.objects.create(edition=scenario.edition, key=key, scenario=scenario, start=start, **values | fields)


def effect(gauge: Gauge, choice: str, change: int) -> Effect:
    """How much the choice with this key moves the gauge."""
    chosen = Choice.objects.get(edition=gauge.edition, key=choice)
    return Effect.objects.create(edition=gauge.edition, choice=chosen, gauge=gauge, change=change)


def requirement(edition: Edition, key: str = "need", **fields: Any) -> Requirement:
    """What a choice, or a scene, needs: a gauge so high or below, or a scene visited or not."""
    return Requirement.objects.create(edition=edition, key=key, **fields)


def guidance(scenario: Scenario, source_: Source | None = None) -> ScenarioCitation:
    """A source that the case's guidance rests on."""
    position = scenario.citations.count() + 1
    return ScenarioCitation.objects.create(
        edition=scenario.edition, scenario=scenario, source=source_ or source(), position=position
    )


def fact(key: str = "A1.1", **fields: Any) -> Fact:
    """Something that one of the sources says and the course must teach."""
    values = {"statement": "Posts last.", "view_of": "the authors", "source": fields.pop("source", None) or source()}
    return Fact.objects.create(key=key, **values | fields)


def revision(draft: Edition, **fields: Any) -> Revision:
    """What was saved of a draft's page, as it stands."""
    text = {"page_key": "case", "number": 1, "verb": Revision.Verb.SAVED, "text": "case: Case\n", "problems": 0}
    return Revision.objects.create(module=draft.module, draft=draft.pk, at=NOW, **text | fields)


def rights_change(person: User, by: User | None = None, **fields: Any) -> RightsChange:
    """That somebody was given a role."""
    return RightsChange.objects.create(person=person, by=by or person, **{"at": NOW, "given": "Author"} | fields)


def report(edition: Edition, key: str = "", **fields: Any) -> Report:
    """What a reader said is wrong: on the page with this key, or on the module's own page."""
    page_ = edition.page_set.get(key=key) if key else None
    values = {"text": f"There is a slip, number {next(_numbers)}.", "sent_at": NOW}
    return Report.objects.create(edition=edition, page=page_, **values | fields)


def publish(edition: Edition) -> Edition:
    """The edition, published, without the checks: they cost more than all the rest (`test_publish.py` has them)."""
    newest = Edition.objects.filter(module=edition.module_id).aggregate(number=Max("number"))["number"] or 0
    Edition.objects.drafts().filter(pk=edition.pk).update(number=newest + 1, published_at=NOW)
    return Edition.objects.select_related("module").get(pk=edition.pk)


_copies: dict[tuple[bool, bool], Copies] = {}


def look_once() -> None:
    """Remember the rows of what most tests begin with: `edition` and `started` copy them from now on."""
    for is_full in (False, True):
        _copies[is_full, False] = copies.look(lambda is_full=is_full: edition(is_full=is_full))
        _copies[is_full, True] = copies.look(
            lambda is_full=is_full: modules_actions.start_draft(edition(is_full=is_full))
        )


def started(slug: str = "posts", *, is_full: bool = False) -> Edition:
    """The draft that was started of a published edition."""
    return _copied(slug, is_full, is_started=True) or modules_actions.start_draft(edition(slug, is_full=is_full))


def _copied(slug: str, is_full: bool, *, is_started: bool) -> Edition | None:
    found = _copies.get((is_full, is_started))
    is_new = found and not Module.objects.filter(slug=slug).exists()
    return found.make(slug, _source_key) if is_new else None


def edition(
    slug: str = "posts",
    *,
    scenes: int = 3,
    questions: int = 3,
    readings: int = 2,
    sources: int = 1,
    is_full: bool = False,
) -> Edition:
    """A published edition with reading pages, a case and a quiz; a full one has a row of every kind of content."""
    is_usual = (scenes, questions, readings, sources) == (3, 3, 2, 1)
    if is_usual and (copied := _copied(slug, is_full, is_started=False)):
        return copied
    made = draft(slug)
    for number in range(1, readings + 1):
        reading(made, f"reading-{number}", sources=sources)
    case = scenario(made, scenes=scenes)
    questions_ = quiz(made, questions=questions)
    if is_full:
        rules(case)
        ranking(questions_, questions + 1, sources=sources)
    return publish(made)


def rules(scenario: Scenario, gauges: int = 1) -> None:
    """Gauges, guidance with a source, and rules that close no way: each kind of requirement, and all are met.

    But the last scene's best choice leads to the poor ending when the first decision was poor.
    """
    choice = Choice.objects.get(edition=scenario.edition, key=f"{scenario.key}-scene-2-best")
    for name in ("trust", "privacy", "standing", "wellbeing")[:gauges]:
        moved = gauge(scenario, f"{scenario.key}-{name}")
        effect(moved, f"{scenario.key}-scene-1-best", 20)
        requirement(scenario.edition, f"{moved.key}-enough", choice=choice, gauge=moved, at_least=50)
        requirement(scenario.edition, f"{moved.key}-not-all", choice=choice, gauge=moved, below=100)
    scenario.guidance = "Ask first."
    scenario.save()
    guidance(scenario)
    first, third = scenario.scenes.order_by("position")[:3:2]
    good, poor = (scenario.scenes.get(key=f"{scenario.key}-{outcome}") for outcome in ("good", "poor"))
    requirement(scenario.edition, f"{scenario.key}-seen", scene=third, visited=first)
    requirement(scenario.edition, f"{scenario.key}-earned", scene=good, gauge=scenario.gauges.first(), at_least=70)
    requirement(scenario.edition, f"{scenario.key}-open", scene=good, not_visited=poor)
    last = scenario.scenes.get(outcome="", position=scenario.scenes.filter(outcome="").count())
    last.choices.filter(rating="best").update(otherwise=poor)


def withdrawal(edition_: Edition, reason: str = "It names the wrong number.", by: User | None = None) -> Withdrawal:
    """The withdrawal of an edition."""
    return modules_actions.withdraw(edition_, by or user(), NOW, reason)


def archiving(module: Module, by: User | None = None) -> Archiving:
    """The archiving of a module."""
    return modules_actions.archive(module, by or user(), NOW)


def enrolment(learner: User | None = None, edition_: Edition | None = None) -> Enrolment:
    """A learner's enrolment."""
    return progress_actions.enrol(learner or user(), edition_ or edition(), timezone.now())


def completed(learner: User | None = None, edition_: Edition | None = None) -> Enrolment:
    """An enrolment in which every page has been completed."""
    made = enrolment(learner, edition_)
    for part in made.edition.page_set.all():
        progress_actions.complete_page(made, part, None, timezone.now())
    made.refresh_from_db()
    return made


def decision(enrolment_: Enrolment, rating: str = "best", *, key: str = "case") -> Playthrough:
    """The learner's walk through the case, one decision on: the choice of this rating."""
    return _decide(enrolment_, script_of(enrolment_.edition.page_set.get(key=key)), rating)


def playthrough(enrolment_: Enrolment, rating: str = "best", *, key: str = "case") -> Playthrough:
    """The learner's walk through the case, choosing what has this rating until an ending is reached."""
    script = script_of(enrolment_.edition.page_set.get(key=key))
    while not (made := _decide(enrolment_, script, rating)).ended_at:
        pass
    return made


def _decide(enrolment_: Enrolment, script: Script, rating: str) -> Playthrough:
    _, walk = find_walk(enrolment_, script)
    choice = next(choice for choice in walk.offered if choice.rating == rating)
    scenarios_actions.choose(enrolment_, script, walk.decision, choice.key, timezone.now())
    made = current_playthrough(enrolment_, script.scenario)
    assert made is not None
    return made


def attempt(
    enrolment_: Enrolment, right: int | None = None, *, key: str = "quiz", is_submitted: bool = True
) -> Attempt:
    """An attempt at the quiz in which the first `right` questions are answered rightly (all of them unless told) and
    the others wrongly."""
    paper = paper_of(enrolment_.edition.page_set.get(key=key))
    made = quizzes_actions.start_attempt(enrolment_, paper, timezone.now())
    for response in made.responses.order_by("position"):
        item = paper.of(response.question_id)
        is_right = right is None or response.position <= right
        quizzes_actions.answer(response, paper, given(item, is_right=is_right), timezone.now())
    return quizzes_actions.submit_attempt(made, paper, timezone.now()) if is_submitted else made


def given(item: Item, *, is_right: bool) -> Given:
    """An answer that has all marks, or as few as a complete answer can have."""
    if item.key.ranks:
        return item.key.ranks if is_right else {key: 6 - rank for key, rank in item.key.ranks.items()}
    fitting = [option.key for option in item.options if option.is_key == is_right]
    return dict.fromkeys(fitting[: item.question.select])


def certificate(enrolment_: Enrolment | None = None, name: str = "Sam Learner") -> Certificate:
    """The certificate of an enrolment, which is completed first if that is still to do."""
    enrolment_ = enrolment_ or completed()
    return certificates_actions.issue(enrolment_, name, timezone.now())


def unguarded(model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows past every guard, for a test that must have what nobody could do."""
    return models.QuerySet(model)
