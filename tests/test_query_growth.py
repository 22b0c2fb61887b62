"""A page is a fixed list of queries: it asks as many in a large world as in a small one, and few."""

from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.modules.actions import start_draft
from apps.modules.models import Edition
from apps.progress.models import Enrolment
from apps.quizzes import actions as quizzes_actions
from apps.scenarios.actions import go_back
from apps.scenarios.queries import script_of
from tests import make
from tests.conftest import forget_published_content

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LEARN = "/learn/posts/1"
CASE = f"{LEARN}/scenario/case/"
QUIZ = f"{LEARN}/quiz/quiz/"

# Pages, and for some the most queries they may ask when the published content is in memory already.
PAGES: dict[str, tuple[str, int | None]] = {
    "home": ("/", None),
    "catalogue": ("/modules/", 6),
    "sources": ("/sources/", None),
    "module": ("/modules/posts/", 7),
    "my learning": ("/my-learning/", None),
    "reading": (f"{LEARN}/reading/reading-1/", 6),
    "debrief": (CASE, None),
    "debrief of one playthrough": (f"{CASE}playthrough/1/", None),
    "quiz": (QUIZ, None),
    "result": (f"{QUIZ}attempt/1/", None),
    "practice": (f"{QUIZ}attempt/1/practice/?question=2&given=1.2", None),
    "what practice came to": (f"{QUIZ}attempt/1/practice/?question=results&given=1.2", None),
    "finish": (f"{LEARN}/finish/", None),
    "finished": ("/learn/first/1/finish/", None),
    "module with its certificate": ("/modules/first/", None),
    "account": ("/account/", None),
    "certificate": ("/learn/first/1/certificate/", None),
    "check page": ("/verify/{code}/", 6),
    "something wrong": ("/something-wrong/posts/1/case/", 6),
}
# The same for somebody who is in the middle: one decision behind them, an attempt open.
PAGES_IN_THE_MIDDLE: dict[str, tuple[str, int | None]] = {
    "scene": (CASE, 6),
    "question": (f"{QUIZ}question/1/", 6),
    "check your answers": (f"{QUIZ}check/", None),
    "module under way": ("/modules/posts/", 7),
    "my learning under way": ("/my-learning/", None),
}
# What authors see of drafts, of which there are as many as modules; and what only publishers see.
WRITE = "/admin/write/modules"
PAGES_OF_AUTHORS = {
    "desk": "/admin/",
    "new module": "/admin/write/new/",
    "how to write": "/admin/write/how/",
    "modules of authors": f"{WRITE}/",
    "module of authors": f"{WRITE}/posts/",
    "module without a draft": f"{WRITE}/first/",
    "module as text": f"{WRITE}/posts/text/",
    "title, summary and outcomes": f"{WRITE}/posts/edition/",
    "case as text": f"{WRITE}/posts/pages/case/text/",
    "case as a file": f"{WRITE}/posts/pages/case/text/download/",
    "case in forms": f"{WRITE}/posts/pages/case/?at=case-scene-2",
    "map of a case": f"{WRITE}/posts/pages/case/overview/",
    "about a case": f"{WRITE}/posts/pages/case/?at=",
    "delete a scene": f"{WRITE}/posts/pages/case/delete/scene/case-scene-2/",
    "question in forms": f"{WRITE}/posts/pages/quiz/?at=quiz-q3",
    "about a quiz": f"{WRITE}/posts/pages/quiz/?at=",
    "delete a question": f"{WRITE}/posts/pages/quiz/delete/question/quiz-q3/",
    "quiz as text": f"{WRITE}/posts/pages/quiz/text/",
    "reading page of authors": f"{WRITE}/posts/pages/reading-1/",
    "remove a page": f"{WRITE}/posts/pages/case/remove/",
    "search": "/admin/write/search/?q=on",
    "search in all editions": "/admin/write/search/?q=on&all=on",
    "copy a scene": f"{WRITE}/posts/pages/case/copy/?at=case-scene-1",
    "history of a page": f"{WRITE}/posts/pages/case/history/",
    "history of the edition": f"{WRITE}/posts/edition/history/",
    "one save": f"{WRITE}/posts/pages/case/history/1/",
    "what one save changed": f"{WRITE}/posts/pages/case/history/1/?with=before",
    "preview of the module": f"{WRITE}/posts/preview/",
    "preview of the module on a phone": f"{WRITE}/posts/preview/phone/",
    "preview of a reading": f"{WRITE}/posts/pages/reading-1/preview/",
    "preview of a scene": f"{WRITE}/posts/pages/case/preview/?choice=case-scene-1-best",
    "preview of an ending": f"{WRITE}/posts/pages/case/preview/?scene=case-good",
    "preview of a scene on a phone": f"{WRITE}/posts/pages/case/preview/phone/",
    "preview of a scene in the frame": f"{WRITE}/posts/pages/case/preview/?frame=1",
    "preview of a question": f"{WRITE}/posts/pages/quiz/preview/?question=2&given=1.1",
    "preview of results": f"{WRITE}/posts/pages/quiz/preview/?question=results&given=1.1",
    "reports": "/admin/write/reports/",
    "reports about a module": "/admin/write/reports/?module=posts",
}
PAGES_OF_PUBLISHERS = {
    "module of publishers": f"{WRITE}/posts/",
    "discard": f"{WRITE}/posts/discard/",
    "publish": f"{WRITE}/posts/publish/",
    "withdraw": f"{WRITE}/posts/withdraw/",
    "archive": f"{WRITE}/posts/archive/",
    "log": "/admin/write/log/",
}
MOST_OF_AUTHORS = 20  # queries of each of these
# What somebody in the middle sends, in this order.
ACTS: dict[str, tuple[str, dict[str, str]]] = {
    "choose": (f"{CASE}choose/", {"decision": "2", "choice": "case-scene-2-best"}),
    "answer": (f"{QUIZ}question/1/answer/", {"attempt": "1", "option": "quiz-q1-wrong"}),
    "submit": (f"{QUIZ}check/submit/", {"attempt": "1"}),
    "start": (f"{QUIZ}start/", {}),
    "say what is wrong": (
        "/something-wrong/posts/1/case/",
        {"text": "A slip.", "is_named": "on", "at": "case-scene-2"},
    ),
}


@dataclass(frozen=True)
class Queries:
    """How many a page asks when nothing of the published content is in memory yet, and when all of it is."""

    cold: int
    warm: int


@dataclass(frozen=True)
class Size:
    """How large a world is."""

    modules: int
    scenes: int
    questions: int
    readings: int
    gauges: int
    sources: int
    learners: int
    times: int  # playthroughs and attempts of the learner


SMALL = Size(modules=1, scenes=10, questions=3, readings=1, gauges=1, sources=1, learners=0, times=1)
LARGE = Size(modules=4, scenes=100, questions=15, readings=4, gauges=4, sources=3, learners=4, times=3)


def build(size: Size, learner: User, in_the_middle: User) -> str:
    """A world of this size, in which one learner has ended the case and the quiz in “posts” and another is in them.

    The code of a certificate that the first one has.
    """
    draft = make.draft("posts")
    for number in range(1, size.readings + 1):
        make.reading(draft, f"reading-{number}", sources=size.sources)
    make.rules(make.scenario(draft, scenes=size.scenes, sources=size.sources), gauges=size.gauges)
    quiz = make.quiz(draft, questions=size.questions, sources=size.sources)
    make.ranking(quiz, size.questions + 1, sources=size.sources)
    make.choosing(quiz, size.questions + 2, sources=size.sources)
    edition = make.publish(draft)
    for number in range(size.modules - 1):
        make.edition(f"other-{number}", scenes=2, questions=2, readings=1)
    for _ in range(size.modules * size.times):
        for key, spot in (("case", "case-scene-1"), ("quiz", "quiz-q1"), ("reading-1", "")):
            make.report(edition, key, spot=spot, by=learner)
    _end(make.enrolment(learner, edition), size.times)
    for one in (in_the_middle, *(make.user() for _ in range(size.learners))):
        enrolment = make.enrolment(one, edition)
        make.decision(enrolment)
        make.attempt(enrolment, is_submitted=False)
    first = make.edition("first", scenes=2, questions=2, readings=1)
    for _ in range(size.learners):
        make.certificate(make.completed(make.user(), first))
    return make.certificate(make.completed(learner, first)).code


def _end(enrolment: Enrolment, times: int) -> None:
    """The case played to an ending and the quiz handed in, so often; the last time the longest way."""
    script = script_of(enrolment.edition.page_set.get(key="case"))
    for number in range(1, times + 1):
        playthrough = make.playthrough(enrolment, "best" if number == times else "poor")
        quizzes_actions.practise(make.attempt(enrolment, right=0), make.NOW)
        if number < times:
            go_back(playthrough, script, 1, make.NOW)


def measure(size: Size) -> dict[str, Queries]:
    """Every page's queries in a world of this size, which is gone afterwards."""
    with transaction.atomic():
        learner, in_the_middle = make.user("learner@example.org"), make.user("middle@example.org")
        code = build(size, learner, in_the_middle)
        found = {}
        for client, pages in ((make.client(learner), PAGES), (make.client(in_the_middle), PAGES_IN_THE_MIDDLE)):
            found |= {name: _queries(client, path.format(code=code)) for name, (path, _) in pages.items()}
        found |= {name: _queries_of_act(in_the_middle, path, fields) for name, (path, fields) in ACTS.items()}
        Group.objects.bulk_create(Group(name=f"Group {number}") for number in range(size.modules))
        _begin_drafts(size)
        for author, of_authors in ((make.author(), PAGES_OF_AUTHORS), (make.publisher(), PAGES_OF_PUBLISHERS)):
            client = make.client(author)
            found |= {name: _queries_of_author(client, path) for name, path in of_authors.items()}
        administrator = make.client(make.administrator())
        for path in changelists():
            asked = _count(administrator, path)
            found[f"admin: {path}"] = Queries(asked, asked)
        transaction.set_rollback(True)
    return found


def _begin_drafts(size: Size) -> None:
    """A draft of each module but “first”, in which the case and the edition itself were saved so often."""
    for edition in Edition.objects.current().exclude(module__slug="first"):
        draft = start_draft(edition)
        for number in range(1, size.times + 1):
            for key in ("case", ""):
                make.revision(draft, number=number, page_key=key, by=make.user())


def _queries_of_author(client: Client, path: str) -> Queries:
    asked = _count(client, path)
    return Queries(asked, asked)


def changelists() -> list[str]:
    return [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry]


def _queries(client: Client, path: str) -> Queries:
    forget_published_content()
    return Queries(_count(client, path), _count(client, path))


def _queries_of_act(learner: User, path: str, fields: dict[str, str]) -> Queries:
    """With the published content in memory; an act is done once."""
    client = make.client(learner)
    with CaptureQueriesContext(connection) as captured:
        response = client.post(path, fields)
    assert response.status_code == 302, f"{path}: {response.status_code}"
    return Queries(len(captured), len(captured))


def _count(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    return len(captured)


def test_no_page_asks_more_in_a_large_world_and_none_too_many() -> None:
    small, large = measure(SMALL), measure(LARGE)
    grown = [f"{name}: {small[name]}, then {large[name]}" for name in small if small[name] != large[name]]
    assert not grown, "\n".join(["The queries grow with the world:", *grown])
    limits = {name: most for name, (_, most) in (PAGES | PAGES_IN_THE_MIDDLE).items()}
    limits |= dict.fromkeys(PAGES_OF_AUTHORS | PAGES_OF_PUBLISHERS, MOST_OF_AUTHORS)
    too_many = [
        f"{name}: {large[name].warm} queries, at most {most} wanted"
        for name, most in limits.items()
        if most is not None and large[name].warm > most
    ]
    assert not too_many, "\n".join(too_many)


def queries_of_my_learning(modules: int) -> Queries:
    """With so many modules under way."""
    learner = make.user()
    for number in range(modules):
        make.decision(make.enrolment(learner, make.edition(f"of-{modules}-{number}", scenes=2, questions=2)))
    return _queries(make.client(learner), "/my-learning/")


def test_my_learning_asks_as_many_for_five_modules_as_for_one() -> None:
    assert queries_of_my_learning(5).warm == queries_of_my_learning(1).warm


def test_a_module_that_is_not_in_memory_costs_my_learning_four_queries_once() -> None:
    """And all modules that are on offer one more, together."""
    one, five = queries_of_my_learning(1), queries_of_my_learning(5)
    assert one.cold - one.warm == 4 + 1
    assert five.cold - five.warm == 5 * 4 + 1
