"""Whatever keys authors choose, each id stands once on a page, and all that points at an id finds it."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse

from apps.modules.models import Edition, Page
from apps.quizzes.models import Option, Question
from apps.scenarios.models import Choice, Scene
from tests import access_table, make
from tests.access_table import CASE, LEARN, QUIZ, TRY, World
from tests.conftest import forget_published_content
from tests.templates import templates_of_ours

pytestmark = [pytest.mark.django_db, pytest.mark.once]

POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "headers", "href")
DJANGOS = ("for",)  # in the admin: its tables of rows name help texts that they do not show


class Ids(HTMLParser):
    """The ids of a page, and what points at ids."""

    def __init__(self, page: str, pointers: tuple[str, ...] = POINTERS) -> None:
        super().__init__()
        self.names = pointers
        self.ids: list[str] = []
        self.pointers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids += [values["id"]] if "id" in values else []
        told = [values[name] for name in self.names if name in values and name != "href"]
        self.pointers += [word for value in told for word in value.split()]
        if "href" in self.names and values.get("href", "").startswith("#"):
            self.pointers.append(values["href"][1:])

    def problems(self) -> list[str]:
        """Ids that stand twice, and pointers that find nothing."""
        twice = [f"id {one!r} stands {count} times" for one, count in Counter(self.ids).items() if count > 1]
        there = set(self.ids)
        return twice + [f"{one!r} points at nothing" for one in self.pointers if one not in there]


def ids_in_templates() -> set[str]:
    """Every id that some template of ours writes, and the names of the fields that Django gives ids to."""
    texts = [path.read_text() for path in templates_of_ours().values()]
    written = {one for text in texts for one in re.findall(r'\bid="([a-z][\w-]*)"', text)}
    return written | {"id_name", "id_name_helptext", "id_name_error"}


def hostile_keys() -> list[str]:
    """Keys that are ids already, and keys that look like what is made of keys."""
    made = ("error", "error-1", "error-choice", "1", "question-1", "place-1", "name", "a", "a-hint", "a-status", "s")
    return sorted(ids_in_templates() | set(made) | {"option-a", "choice-a", "page-a", "source-a", "content"})


def hostile(edition: Edition) -> None:
    """More pages, choices and options for a published edition, past the guards: one for each hostile key."""
    keys = hostile_keys()
    scene = Scene.objects.get(edition=edition, key="case-scene-1")
    target = Scene.objects.get(edition=edition, key="case-scene-2")
    question = Question.objects.get(edition=edition, key="quiz-q1")
    for place, key in enumerate(keys, start=100):
        own = {"edition": edition, "key": key, "position": place}
        rows = (
            Page(**own, kind="reading", title=key, minutes=1, is_required=False),
            Choice(**own, text=key, scene=scene, target=target, rating="poor", consequence="No."),
            Option(**own, text=key, question=question, feedback="No."),
        )
        for row in rows:
            make.unguarded(type(row)).bulk_create([row])
    ranking = Option.objects.filter(question__edition=edition, question__kind="rank").order_by("position")
    for option, key in zip(ranking, ("rank", "rank-1", "stem-1", "sl-rank", "position"), strict=True):
        make.unguarded(Option).filter(pk=option.pk).update(key=key)
    forget_published_content()


@pytest.fixture
def world(db: None) -> World:
    """The world of the access table, its module with a question of every kind and hostile keys everywhere."""
    for key in hostile_keys():
        make.source(key=key)
    world = access_table.make_world(is_full=True)
    hostile(world.edition)
    return world


def problems_of(response: HttpResponse) -> list[str]:
    if response.status_code not in {200, 422} or "html" not in response["Content-Type"]:
        return []
    is_admin = response.request["PATH_INFO"].startswith("/admin/")
    return Ids(response.content.decode(), DJANGOS if is_admin else POINTERS).problems()


def test_ids_are_unique_and_found_on_every_page(world: World) -> None:
    rows = access_table.rows(world)
    wrong = []
    for role in ("anonymous", "learner", "other_learner", "administrator"):
        browser, seen = world.client(role, raise_request_exception=False), 0
        for row in access_table.for_sweep(rows, role):
            with access_table.undone(browser):
                response = row.request(browser)
                if response.status_code == 302 and row.name.startswith(("scenarios:", "quizzes:", "certificates:")):
                    response = browser.get(response.url, follow=True)
            seen += response.status_code == 200
            wrong += [f"{row} as {role}: {problem}" for problem in problems_of(response)]
        assert seen > 20, role
    assert not wrong, "\n".join(wrong)


def test_also_where_something_is_to_be_put_right(world: World) -> None:
    """Each question in turn, and each form sent empty: the summary of errors leads to the fields."""
    browser, newcomer = world.client("learner"), world.client("other_learner")
    learn = LEARN.replace("posts", "other")
    make.completed(world.users["other_learner"], make.edition("other"))
    pages = [newcomer.get(CASE), newcomer.post(f"{CASE}choose/", {"decision": 1}), newcomer.get(f"{learn}/finish/")]
    pages += [newcomer.post(f"{learn}/finish/issue/", {"name": ""}), newcomer.get("/verify/?code=wrong")]
    for number in range(1, 5):
        pages += [browser.get(f"{QUIZ}question/{number}/")]
        pages += [browser.post(f"{QUIZ}question/{number}/answer/", {"attempt": 2})]
    assert [page.status_code for page in pages] == [200, 422, 200, 422, 422, *[200, 422] * 4]
    assert [problem for page in pages for problem in problems_of(page)] == []
    assert 'href="#choice-' in pages[1].content.decode()
    assert all('href="#option-' in page.content.decode() for page in pages[6::2])


def test_the_front_page_with_a_case_to_try(world: World) -> None:
    visitor = world.client("anonymous")
    page = visitor.get("/")
    assert "Try a case now" in page.content.decode()
    assert problems_of(page) == problems_of(visitor.get(TRY)) == []


def test_a_double_id_and_a_dead_pointer_would_be_seen() -> None:
    page = '<main id="main"><label for="none">x</label><input id="main"><a href="#gone">x</a></main>'
    assert len(Ids(page).problems()) == 3
