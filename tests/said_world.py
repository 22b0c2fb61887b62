"""A world where order, filters and plurals matter: at least two of everything, and of everything one that is not to be
seen. It stands around that of the access table. Its texts are its own: those of the course may change."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace

from django.contrib.admin.models import CHANGE, LogEntry

from apps.accounts import closing
from apps.accounts.models import FactorRemoval, RightsChange, User
from apps.authoring import actions as authoring_actions
from apps.authoring import overview, publishing, reporting
from apps.authoring.models import Report
from apps.certificates import actions as certificates_actions
from apps.modules import actions as modules_actions
from apps.modules.models import Edition, Module, Page, PageCitation, Source
from apps.modules.rows import read_edition_document
from apps.progress import actions as progress_actions
from apps.progress.models import Enrolment
from apps.quizzes import actions as quizzes_actions
from apps.quizzes.models import Question
from apps.scenarios import actions as scenarios_actions
from apps.scenarios.models import Choice, Effect, Scenario, Scene, SceneCitation, ScenePart
from apps.scenarios.queries import script_of
from tests import access_table, make

TODAY = datetime.datetime(2026, 12, 21, 9, 30, tzinfo=datetime.UTC)


@dataclass
class Clock:
    """What time it is."""

    time: datetime.datetime = make.NOW

    def __call__(self) -> datetime.datetime:
        return self.time

    def day(self, number: int) -> datetime.datetime:
        """It becomes this day after the first."""
        self.time = make.NOW + datetime.timedelta(days=number)
        return self.time


@dataclass
class World:
    """That of the access table, and the people, modules and drafts around it."""

    clock: Clock
    table: access_table.World = field(init=False)
    people: dict[str, User] = field(init=False)

    def __post_init__(self) -> None:
        self.table = access_table.make_world()
        self.people = dict(self.table.users)
        for role in access_table.STAFF:
            self.people[role].full_name = f"{role.capitalize()} Writer"
            self.people[role].save()
        _sources()
        self.night = self._night()
        self._closed_modules()
        self._unfinished_module()
        self._learners()
        self._certificates()
        self._reports()
        self.reports = [*Report.objects.filter(edition=self.night).order_by("sent_at")]
        self._drafts()
        self._staff()
        self.source = Source.objects.get(key="old-rules")
        (state,) = overview.read_drafts([self.draft])
        self.marks = [publishing.mark_of(warning) for warning in publishing.warnings_of(state)]
        self.clock.time = TODAY

    def person(self, who: str, **fields: object) -> User:
        self.clock.time += datetime.timedelta(hours=1)
        self.people[who] = make.user(f"{who}@example.org", full_name=f"{who.capitalize()} Reader", **fields)
        return self.people[who]

    # Modules

    def _night(self) -> Edition:
        """A module of two editions, in which every kind of content says all that it can say."""
        first = _published(night_draft(), self.clock.day(1))
        self.first_of_night = first
        self._before_the_second_edition(first)
        draft = modules_actions.start_draft(first)
        Page.objects.filter(edition=draft, key="why").update(title="Why the night is long, again")
        return _published(draft, self.clock.day(9), change_note="The second case has a new end.\n\nAnd a source.")

    def _before_the_second_edition(self, first: Edition) -> None:
        midway = make.enrolment(self.person("midway"), first)
        progress_actions.complete_page(midway, first.page_set.get(key="why"), None, self.clock.day(2))
        make.decision(midway, "poor", key="lift")
        make.decision(midway, "best", key="lift")
        attempt = quizzes_actions.start_attempt(
            midway, make.paper_of(first.page_set.get(key="test")), self.clock.day(3)
        )
        paper = make.paper_of(first.page_set.get(key="test"))
        for response, is_right in zip(attempt.responses.order_by("position"), (True, False), strict=False):
            given = make.given(paper.of(response.question_id), is_right=is_right)
            quizzes_actions.answer(response, paper, given, self.clock())
        done = make.enrolment(self.person("done"), first)
        make.playthrough(done, "poor", key="lift")
        make.attempt(done, 2, key="test")
        self.clock.day(5)
        self.done = make.certificate(_completed(done, self.clock()), "Done B. Reader")

    def _closed_modules(self) -> None:
        by = self.people["administrator"]
        for number, slug in enumerate(("wards", "corridors"), start=3):
            edition = _published(small_draft(slug, number), self.clock.day(number))
            make.enrolment(self.person(f"in-{slug}"), edition)
            make.withdrawal(edition, f"The number of {slug} is wrong.", by)
        archived = _published(small_draft("pagers", 5), self.clock.day(6))
        make.enrolment(self.person("in-pagers"), archived)
        make.archiving(archived.module, by)
        opened = _published(small_draft("lockers", 6), self.clock.day(6))
        for day in (7, 8):
            make.withdrawal(opened, f"Wrong on day {day}.", by)
            modules_actions.end_withdrawal(opened, by, self.clock.day(day))
        self.opened = opened

    def _unfinished_module(self) -> None:
        """A draft of which nothing was published, with errors and warnings."""
        draft = make.draft("mornings", title="Mornings", summary="What remains.", learning_outcomes="")
        draft.module.position = 9
        draft.module.save()
        make.scenario(draft, "handover")
        Choice.objects.filter(edition=draft, key="handover-scene-1-best").update(target=None)
        Scene.objects.filter(edition=draft, key="handover-scene-2").update(body="", clock="")
        make.page(draft, "not-begun", kind="quiz", body="")
        make.reading(draft, "dawn", body="Mr Smith, born 3 March 1970, was [there](#source-none).\n\n![](nowhere.svg)")

    # Learners

    def _learners(self) -> None:
        self.person("newcomer")
        wrong = make.enrolment(self.person("wrong"), self.night)
        self.clock.day(11)
        make.playthrough(wrong, "poor", key="lift")
        script = script_of(self.night.page_set.get(key="lift"))
        scenarios_actions.go_back(wrong.playthroughs.get(), script, 2, self.clock.day(12))
        make.attempt(wrong, 0, key="test")
        again = make.enrolment(self.person("again"), self.night)
        make.playthrough(again, key="lift")
        scenarios_actions.go_back(again.playthroughs.get(), script, 1, self.clock.day(13))
        make.playthrough(again, "poor", key="lift")
        make.attempt(again, 3, key="test")
        self.clock.day(14)
        make.attempt(again, 4, key="test")
        quizzes_actions.practise(again.attempts.get(number=1), self.clock.day(15))

    def _certificates(self) -> None:
        make.attempt(_completed(make.enrolment(self.person("finished"), self.night), self.clock.day(16)), key="test")
        everything = self.person("everything")
        for edition in Edition.objects.offered().order_by("module__position"):
            self.clock.time += datetime.timedelta(days=1)
            make.certificate(_completed(make.enrolment(everything, edition), self.clock()), everything.full_name)
        revoked = make.certificate(_completed(make.enrolment(self.person("revoked"), self.night), self.clock.day(22)))
        certificates_actions.revoke(
            revoked, "Issued to the wrong person.", self.people["administrator"], self.clock.day(23)
        )
        leaver = self.person("leaver")
        self.withdrawn = make.certificate(_completed(make.enrolment(leaver, self.night), self.clock.day(24)))
        closing.close_account(leaver, self.clock.day(25), self.people["administrator"])
        self.revoked = revoked

    # Authors

    def _reports(self) -> None:
        by, author = self.people["midway"], self.people["author"]
        for day, text, key, spot in (
            (10, "The ward has no such lift.", "lift", "lift-scene-1"),
            (11, "Question 2 has two right answers.", "test", "test-q2"),
            (12, "The title is misspelt.", "", ""),
            (13, "I like it.", "why", ""),
        ):
            made = make.report(
                self.night, key, text=text, spot=spot, by=by if key else None, sent_at=self.clock.day(day)
            )
            if day == 11:
                reporting.answer_report(made, author, self.clock.day(14), "It has one. We say now why.")
            if day == 13:
                reporting.answer_report(made, author, self.clock.day(15))

    def _drafts(self) -> None:
        """What was saved of two drafts by two people, with something taken out, put in and undone."""
        draft = modules_actions.start_draft(self.night)
        for day, who, title in ((17, "author", "The long night"), (18, "publisher", "The longest night")):
            self._say(draft, who, day, title)
        stamp = authoring_actions.Stamp(self.people["author"], self.clock.day(19), authoring_actions.Verb.UNDONE)
        authoring_actions.undo(draft, "", read_edition_document(draft).digest(""), stamp)
        Page.objects.filter(edition=draft, key="why").update(summary="Changed.", minutes=8)
        make.reading(draft, "new-page", title="A new page")
        Page.objects.get(edition=draft, key="more").delete()
        Choice.objects.filter(edition=draft, key="lift-scene-2-poor").update(
            text="Do something worse", rating="acceptable"
        )
        self.draft = draft

    def _say(self, draft: Edition, who: str, day: int, title: str) -> None:
        said = read_edition_document(draft)
        edit = authoring_actions.Edit("", replace(said, title=title), said.digest(""), ("",))
        authoring_actions.save_document(draft, edit, authoring_actions.Stamp(self.people[who], self.clock.day(day)))

    def _staff(self) -> None:
        administrator, author = self.people["administrator"], self.people["author"]
        for day, given, taken in ((20, "Author", ""), (21, "Publisher", "Author")):
            RightsChange.objects.create(
                person=author, by=administrator, at=self.clock.day(day), given=given, taken=taken
            )
        FactorRemoval.objects.create(person=author, asked_by=administrator, asked_at=self.clock.day(22))
        for who in ("done", "learner"):
            person = [{"changed": {"name": "person", "object": str(self.people[who]), "fields": ["Full name"]}}]
            LogEntry.objects.log_actions(administrator.pk, [self.people[who]], CHANGE, person)
        make.fact("B2.1", statement="Nights are long.", source=Source.objects.get(key="old-rules"))


def _published(draft: Edition, at: datetime.datetime, **fields: object) -> Edition:
    made = make.publish(draft)
    make.unguarded(Edition).filter(pk=made.pk).update(published_at=at, **fields)
    return Edition.objects.select_related("module").get(pk=made.pk)


def _completed(enrolment: Enrolment, at: datetime.datetime) -> Enrolment:
    """With every page done, the required ones last first."""
    for page in enrolment.edition.page_set.order_by("-position"):
        progress_actions.complete_page(enrolment, page, None, at)
    enrolment.refresh_from_db()
    return enrolment


def _sources() -> None:
    """Two of a kind, and one that was replaced."""
    now = make.source("new-rules", kind="guidance", authors="Council B", title="Rules of today", year=2025,
                      date_text="1 May 2025", url="https://council.example/rules", note="Binding.")  # fmt: skip
    make.source("old-rules", kind="guidance", authors="Council A", title="Rules of yesterday", year=2013,
                superseded_by=now, superseded_note="It says nothing of pictures.")  # fmt: skip
    make.source("study", authors="Zed Z", title="Nights and posts", publication="J Nights 2024;1:2", doi="10.1/abc",
                note="A survey of 30.", read_on=datetime.date(2026, 9, 1))  # fmt: skip
    make.source("never-cited", title="Nobody cites this")


def small_draft(slug: str, position: int) -> Edition:
    """One reading page and one case."""
    Module.objects.create(slug=slug, position=position)
    draft = make.draft(slug, title=f"On {slug}", summary=f"What happens in {slug}.")
    make.reading(draft, "page")
    make.scenario(draft, "scene", scenes=2)
    return draft


def night_draft() -> Edition:
    """Every kind of content, saying all that it can say."""
    Module.objects.create(slug="night", position=2)
    draft = make.draft("night", title="The night", summary="What is posted at night.", curriculum_links="GPC 1\nGPC 2",
                       illustration="illustrations/night.svg")  # fmt: skip
    why = make.reading(draft, "why", title="Why the night is long", summary="In one sentence.", body=BODY, facts="A1.1")
    for position, key in enumerate(("old-rules", "study"), start=2):
        PageCitation.objects.create(edition=draft, page=why, source=Source.objects.get(key=key), position=position)
    _case(draft)
    make.reading(draft, "more", title="More of it", minutes=1, is_required=False)
    make.scenario(draft, "stairs", scenes=2, title="The stairs")
    _quiz(draft)
    return draft


BODY = """It is **long**.

## Then

- one
- two

> A quotation

![A moon](illustrations/night.svg)

[Rules](#source-old-rules)"""


def _case(draft: Edition) -> Scenario:
    case = make.scenario(draft, "lift", title="The lift", summary="Two of you, and a phone.", sources=2)
    make.rules(case, gauges=2)
    case.guidance = "Ask first.\n\nThen ask again.\n\nAnd only then post.\n\n" + "It is a long story. " * 30
    case.reflection, case.plan_lines, case.is_taster = "What would you have done?", "I ask.\nI wait.", True
    case.save()
    make.guidance(case, Source.objects.get(key="new-rules"))
    first, second = Scene.objects.filter(scenario=case).order_by("position")[:2]
    middle = {"edition": draft, "scene": first, "rating": "acceptable", "position": 3}
    waiting = Choice.objects.create(
        key="lift-wait", text="Wait", consequence="Nothing happens.", target=second, **middle
    )
    Effect.objects.create(edition=draft, choice=waiting, gauge=case.gauges.order_by("position")[1], change=-15)
    ScenePart.objects.create(
        edition=draft, key="lift-picture", scene=second, position=2, kind="post", author="You",
        meta="04:05, 14 members", text="Look at this", image="illustrations/umbrella.svg",
        image_alt="An umbrella", footer="3 likes",
    )  # fmt: skip
    Scene.objects.filter(edition=draft, key="lift-poor").update(outcome="mixed")
    SceneCitation.objects.create(edition=draft, scene=second, source=Source.objects.get(key="old-rules"), position=3)
    return case


def _quiz(draft: Edition) -> None:
    quiz = make.quiz(draft, "test", title="The test", questions=3)
    make.ranking(quiz, 4, theme="Order", title="What first?", panel_size=12, panel_agreed_on=datetime.date(2026, 9, 1))
    make.choosing(quiz, 5, theme="Order")
    Question.objects.filter(quiz=quiz, position=2).update(theme="Privacy", title="", facts="A1.1")
