"""A draft is previewed with the learner's own templates, by those who read drafts, and nothing of it is recorded."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.apps import apps
from django.core import serializers
from django.http import QueryDict
from django.test import Client
from django.utils.http import urlencode

from apps.authoring.views.preview import Addresses, Bar
from apps.modules.models import Edition, Page
from apps.modules.page_kinds import Preview
from apps.modules.previews import Previewed, contents_of_draft, whole_number
from apps.modules.problems import error
from apps.modules.rows import kind_of, read_rows
from apps.quizzes.models import Option, Question, Quiz
from apps.scenarios.models import Choice, Scenario, Scene
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/preview/"
CASE = "/admin/write/modules/posts/pages/case/preview/"
QUIZ = "/admin/write/modules/posts/pages/quiz/preview/"
READING = "/admin/write/modules/posts/pages/reading-1/preview/"


@pytest.fixture
def draft(db: None) -> Edition:
    """Readings, a case with gauges and rules, and a quiz with every kind of question."""
    made = make.draft("posts")
    make.reading(made, "reading-1")
    make.rules(make.scenario(made))
    quiz = make.quiz(made, questions=3)
    make.ranking(quiz, 4)
    make.choosing(quiz, 5)
    make.reading(made, "reading-2")
    return made


@pytest.fixture
def author(draft: Edition) -> Client:
    return make.client(make.author())


def read(client: Client, path: str, *query: tuple[str, object]) -> str:
    answer = client.get(f"{path}?{urlencode(query)}" if query else path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def heading(page: str) -> str:
    """The main heading of a page."""
    found = re.search("<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return " ".join(re.sub("<[^>]*>", " ", unescape(found[1])).split())


def hidden(page: str) -> list[tuple[str, str]]:
    """What the learner's form on a page carries on."""
    form = page[page.rindex("<form") :]
    return [
        (unescape(name), unescape(value))
        for name, value in re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', form)
    ]


def links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'<a[^>]* href="([^"]*)"', page)]


def fingerprint() -> str:
    """Everything that is stored."""
    models = sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label)
    return "\n".join(serializers.serialize("json", model._base_manager.order_by("pk")) for model in models)


# Who ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [MODULE, CASE, QUIZ, READING])
def test_only_those_who_read_drafts_have_a_preview(draft: Edition, path: str) -> None:
    for user in (make.user(), make.educator()):
        for address in (path, f"{path}phone/"):
            assert make.client(user).get(address).status_code == 404
    for user in (make.author(), make.reviewer(), make.publisher(), make.administrator()):
        assert make.client(user).get(path).status_code == 200
    assert Client().get(path).url.startswith("/account/login/?next=")


def test_who_only_reads_is_led_to_no_page_that_writes(draft: Edition) -> None:
    Choice.objects.filter(key="case-scene-1-best").update(target=None)
    reviewer = make.client(make.reviewer())
    for path in (CASE, f"{CASE}?choice=case-scene-1-best", QUIZ, READING, MODULE):
        page = read(reviewer, path)
        for link in links(page):
            if link.startswith("/admin/"):
                assert reviewer.get(link.partition("#")[0]).status_code == 200, link
    assert "Mend it" not in read(reviewer, CASE, ("choice", "case-scene-1-best"))


def test_the_bar_says_where_its_reader_can_go_back_to(draft: Edition, author: Client) -> None:
    reviewer, module = make.client(make.reviewer()), "/admin/write/modules/posts/"
    for client, path, words, url in (
        (author, READING, "Back to the page", f"{module}pages/reading-1/"),
        (author, CASE, "Back to the page", f"{module}pages/case/?at=case-scene-1"),
        (author, MODULE, "Back to the module", module),
        (reviewer, READING, "Back to the module", module),
        (reviewer, MODULE, "Back to the module", module),
    ):
        page = read(client, path)
        assert re.findall(r'<a[^>]* href="([^"]*)"[^>]*>[^<]*(Back to the [a-z]+)', page) == [(url, words)]


def test_problems_are_those_of_what_is_seen_and_five_are_named(draft: Edition) -> None:
    for count, more in ((0, 0), (5, 0), (6, 1)):
        problems = [error(f"No {number}.") for number in range(count)]
        bar = Bar(Addresses("posts"), "case", Preview("", {}), problems, can_write=True)
        assert (list(bar.problems_told), bar.more_problems) == (problems[:5], more)
    contents = contents_of_draft(draft)
    for key, query, shown in (
        ("reading-1", "", "page"),
        ("case", "", "scene"),
        ("quiz", "question=1", "question"),
        ("quiz", "question=results", "page"),
    ):
        page = contents.page(key)
        assert page is not None
        look = kind_of(page).preview(Previewed(contents, read_rows(page), QueryDict(query), Addresses("posts")))
        assert (look.shown, look.blocks is None) == (shown, shown == "page"), key


def test_what_the_module_lacks_is_told_above_it_and_not_in_the_frame(draft: Edition, author: Client) -> None:
    assert "in this module:" not in read(author, MODULE)
    Edition.objects.filter(pk=draft.pk).update(illustration="illustrations/lost.svg")
    assert "1 problem in this module:" in read(author, MODULE)
    assert "1 problem in this module:" not in read(author, f"{MODULE}?frame=1")


def test_what_is_set_on_the_phone_is_shown_on_the_phone(author: Client) -> None:
    for path in (CASE, f"{CASE}phone/"):
        bar = read(author, path).split("</aside>")[0]
        assert re.findall(r'<form class="sl-preview__in" method="get" action="([^"]*)"', bar) == [path]
        width = "Phone" if path.endswith("phone/") else "Desktop"
        assert re.findall(r'aria-current="true">(\w+)<', bar) == [width]


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("-1", -1), ("007", 7), ("999999999", 999_999_999), ("9999999999", None), ("-99999999", -99_999_999)]
    + [(text, None) for text in ("", "-", "--1", "1.5", " 1", "x", "１", "²")],
)
def test_a_number_is_read_from_an_address_as_far_as_it_is_one(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_an_edition_in_force_has_none(author: Client, draft: Edition) -> None:
    make.publish(draft)
    for path in (MODULE, CASE, f"{MODULE}phone/", f"{CASE}phone/"):
        assert author.get(path).status_code == 404


def test_nor_has_what_there_is_not(author: Client) -> None:
    assert author.get("/admin/write/modules/other/preview/").status_code == 404
    assert author.get("/admin/write/modules/posts/pages/other/preview/").status_code == 404
    assert author.post(CASE).status_code == 405


def test_a_preview_is_kept_nowhere_and_framed_by_us_alone(author: Client) -> None:
    for path in (MODULE, CASE, QUIZ, READING):
        framed, holding = author.get(path), author.get(f"{path}phone/")
        assert "no-store" in framed["Cache-Control"]
        assert framed["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
        assert "frame-src" not in framed["Content-Security-Policy"]
        assert holding["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in holding["Content-Security-Policy"]
        assert "frame-src 'self'" in holding["Content-Security-Policy"]
        assert "no-store" in holding["Cache-Control"]


# The module and its readings ------------------------------------------------------------------------------------------


def test_the_module_leads_to_previews_of_its_pages(author: Client) -> None:
    page = read(author, MODULE)
    assert "Preview of a draft." in page
    assert heading(page) == "When posts go wrong"
    assert [link for link in links(page) if link.endswith("/preview/") and "/pages/" in link] == [
        READING, CASE, QUIZ, READING.replace("-1", "-2")
    ]  # fmt: skip
    assert f'method="get" action="{READING}"' in page  # “Start the module”
    assert 'href="/modules/posts/"' not in page


def test_a_reading_leads_on_to_what_follows(author: Client) -> None:
    page = read(author, READING)
    assert heading(page) == "Page 1 of 4 · reading, 3 minutes Reading 1"
    assert f'method="get" action="{CASE}"' in page
    last = read(author, READING.replace("-1", "-2"))
    assert f'method="get" action="{MODULE}"' in last


def test_a_new_kind_of_page_shows_its_own_text(author: Client, draft: Edition) -> None:
    make.reading(draft, "film", kind="film", body="It *moves*.")
    page = read(author, "/admin/write/modules/posts/pages/film/preview/")
    assert "It <em>moves</em>." in page
    assert "Page of an unknown kind" in read(author, MODULE)


# The case -------------------------------------------------------------------------------------------------------------


def test_a_case_is_walked_to_its_ending(author: Client) -> None:
    page = read(author, CASE)
    assert heading(page) == "Case · decision 1, usually 2 to 3 Scene 1"
    for number in (1, 2, 3):
        page = read(author, CASE, *hidden(page), ("choice", f"case-scene-{number}-best"))
    assert heading(page) == "Case · a good ending A good end"
    assert "Trust up 20" in page.replace("Case-trust", "Trust")
    assert f'href="{QUIZ}"' in page  # what follows
    assert "Saved" not in page.replace("last “Saved”", "").replace("Save and leave", "")


def test_going_back_and_choosing_otherwise(author: Client) -> None:
    way = [("way", f"case-scene-{number}-best") for number in (1, 2, 3)]
    page = read(author, CASE, *way, ("decision", 2), ("playthrough", ""))
    assert heading(page) == "What your choice did"
    assert "Scene 2" in page
    assert [value for name, value in hidden(page) if name == "way"] == ["case-scene-1-best"]


def test_from_any_scene_with_any_gauges_and_visits(author: Client) -> None:
    from_here = [("scene", "case-scene-3"), ("gauge-case-trust", 33), ("visited", "case-scene-1")]
    page = read(author, CASE, *from_here)
    assert heading(page) == "Case · decision 1, usually 1 Scene 3"
    assert [pair for pair in hidden(page) if pair[0] not in {"decision"}] == [
        (name, str(value)) for name, value in from_here
    ]
    assert re.search(r'name="gauge-case-trust" value="33"', page)
    assert re.search(r'name="visited" value="case-scene-1" checked', page)
    assert '<option value="case-scene-3" selected>' in page


@pytest.mark.parametrize(
    ("asked", "begins"),
    [(0, 0), (100, 100), (101, 100), (5000, 100), (-1, 0), ("", 60), ("ten", 60), ("1e1", 60)],
)
def test_a_gauge_begins_within_its_ends(author: Client, asked: object, begins: int) -> None:
    page = read(author, CASE, ("gauge-case-trust", asked))
    assert f'name="gauge-case-trust" value="{begins}"' in page
    assert ("gauge-case-trust", str(begins)) in hidden(page)


def test_what_is_needed_is_asked_of_what_was_set(author: Client) -> None:
    offered = "case-scene-2-best"
    assert f'value="{offered}"' not in read(author, CASE, ("scene", "case-scene-2"))
    assert f'value="{offered}"' in read(author, CASE, ("scene", "case-scene-2"), ("visited", "case-scene-1"))
    too_low = [("scene", "case-scene-2"), ("visited", "case-scene-1"), ("gauge-case-trust", 49)]
    assert f'value="{offered}"' not in read(author, CASE, *too_low)


def test_doing_nothing_is_answered_as_learners_are(author: Client) -> None:
    assert "Choose what you do" in read(author, CASE, *hidden(read(author, CASE)))
    strange = [*hidden(read(author, CASE)), ("choice", "case-scene-3-best")]
    assert "That choice is not part of this scene" in read(author, CASE, *strange)


def test_leaving_leads_to_the_module_in_preview(author: Client) -> None:
    for way in ("leave", "home"):
        assert author.get(f"{CASE}?go={way}&decision=1").url == MODULE
        assert author.get(f"{QUIZ}?question=1&attempt=1&was=&go={way}").url == MODULE
    assert author.get(f"{CASE}?go=leave&frame=1").url == f"{MODULE}?frame=1"


def test_a_choice_that_leads_nowhere_says_so(author: Client) -> None:
    Choice.objects.filter(key="case-scene-1-best").update(target=None)
    page = read(author, CASE, ("choice", "case-scene-1-best"))
    assert "This choice leads nowhere yet." in page
    assert "leads nowhere." in page  # the problem, in the bar
    back = next(link for link in links(page) if link.endswith("#scene"))
    assert heading(read(author, back.partition("#")[0])) == "Case · decision 1, usually 1 to 3 Scene 1"


# The quiz -------------------------------------------------------------------------------------------------------------


def test_a_quiz_is_answered_and_marked(author: Client) -> None:
    page = read(author, QUIZ)
    assert "5 questions, one a page." in page
    page = read(author, QUIZ, *hidden(page))
    sent = [
        [("option", "quiz-q1-right")],
        [("option", "quiz-q2-wrong")],
        [("option", "quiz-q3-right"), ("option", "quiz-q3-right-2")],
        [(f"rank-quiz-q4-place-{place}", place) for place in range(1, 6)],
        [("option", f"quiz-q5-right-{number}") for number in (1, 2, 3)],
    ]
    for number, answer in enumerate(sent, start=1):
        assert heading(page).startswith(f"Question {number} of 5")
        page = read(author, QUIZ, *hidden(page), *answer)
    assert heading(page) == "Check your answers"
    assert "not answered" not in page
    page = read(author, QUIZ, *hidden(page))
    assert heading(page).endswith("75%: past the pass mark")
    assert "3 of 4 marks." in page
    assert "20 of 20 points. Your order is the key." in page
    assert "you missed</button>" not in page, "nothing is recorded, so nothing can be practised"
    assert heading(read(author, QUIZ, *hidden(page))).startswith("Question 1 of 5")


def test_results_lead_to_previews_of_the_pages_behind_what_was_missed(author: Client, draft: Edition) -> None:
    Page.objects.filter(edition=draft, kind="reading").update(facts="A1")
    Question.objects.filter(edition=draft).update(facts="A1")
    page = read(author, QUIZ, ("question", "results"))
    assert "Read again: " in page
    assert READING in links(page)
    assert READING.replace("reading-1", "reading-2") in links(page)


def test_an_answer_that_is_none_is_answered_as_learners_are(author: Client) -> None:
    page = read(author, QUIZ, *hidden(read(author, QUIZ, ("question", 3))), ("option", "quiz-q3-right"))
    assert heading(page).startswith("Question 3 of 5")
    assert "There is a problem" in page


def test_skipping_and_going_to_a_question_take_what_is_complete(author: Client) -> None:
    first = hidden(read(author, QUIZ, ("question", 1)))
    page = read(author, QUIZ, *first, ("option", "quiz-q1-right"), ("go", 4))
    assert heading(page).startswith("Question 4 of 5")
    assert ("given", "1.1") in hidden(page)
    page = read(author, QUIZ, *first, ("go", "check"))
    assert heading(page) == "Check your answers"
    change = [link for link in links(page) if "question=3" in link]
    assert heading(read(author, change[0])).startswith("Question 3 of 5")


def test_the_results_can_be_asked_for_at_once(author: Client) -> None:
    for query in (("question", "results"), ("results", "")):
        assert heading(read(author, QUIZ, query)).endswith("0%: worth another read")


# Nothing is recorded, nothing leads away ------------------------------------------------------------------------------


EVERY_STATE = [
    MODULE,
    READING,
    CASE,
    f"{CASE}?choice=case-scene-1-best",
    f"{CASE}?scene=case-good",
    f"{CASE}?way=case-scene-1-poor&way=case-scene-2-poor",
    QUIZ,
    *(f"{QUIZ}?question={number}&given=1.1" for number in range(1, 6)),
    f"{QUIZ}?question=1&attempt=1&was=&option=quiz-q1-right",
    f"{QUIZ}?question=check",
    f"{QUIZ}?question=results&given=1.1&given=2.2",
]


def test_nothing_is_recorded(author: Client) -> None:
    before, cookies = fingerprint(), dict(author.cookies)
    for path in EVERY_STATE:
        assert author.get(path).status_code == 200
        assert author.get(_on_phone(path)).status_code == 200
    assert fingerprint() == before
    assert dict(author.cookies) == cookies


def _on_phone(path: str) -> str:
    base, _, query = path.partition("?")
    return f"{base}phone/?{query}"


def test_no_form_sends_a_post_and_no_link_leads_into_the_site_as_a_learners(author: Client) -> None:
    away = {"/sources/", "/about/", "/accessibility/", "/privacy/", "/verify/", "/who-to-ring/"}
    for path in EVERY_STATE:
        page = read(author, path)
        assert 'method="post"' not in page
        assert "csrfmiddlewaretoken" not in page
        for link in links(page):
            inside = link.startswith(("#", "/admin/write/modules/posts/"))
            assert inside or urlsplit(link).path in away or link.startswith("https://"), (path, link)


def test_inside_the_frame_everything_stays_or_opens_a_new_tab(author: Client) -> None:
    for path in EVERY_STATE:
        page = read(author, f"{path}{'&' if '?' in path else '?'}frame=1")
        assert 'class="sl-preview"' not in page
        for link in re.findall(r"<a [^>]*>", page):
            target = unescape(re.search('href="([^"]*)"', link)[1])
            assert (
                'target="_blank"' in link
                or target.startswith("#")
                or ("frame", "1") in parse_qsl(urlsplit(target).query)
            ), link
        for form in page.split("<form")[1:]:
            assert 'name="frame" value="1"' in form


def test_the_phone_frames_the_same_address(author: Client) -> None:
    page = read(author, f"{CASE}phone/", ("scene", "case-scene-2"), ("gauge-case-trust", 70))
    frame = unescape(re.search('<iframe [^>]*src="([^"]*)"', page)[1])
    assert urlsplit(frame).path == CASE
    assert parse_qsl(urlsplit(frame).query) == [("scene", "case-scene-2"), ("gauge-case-trust", "70"), ("frame", "1")]
    assert heading(read(author, frame)) == "Case · decision 1, usually 1 Scene 2"


# Holes and nonsense ---------------------------------------------------------------------------------------------------


@pytest.fixture
def full_of_holes(db: None) -> Edition:
    """Whatever a draft may lack."""
    made = make.draft("posts", title="", summary="", learning_outcomes="")
    make.page(made, "no-case", kind="scenario")
    make.page(made, "no-quiz", kind="quiz")
    make.page(made, "no-text", body="")
    make.page(made, "strange", kind="film")
    make.page(made, "no key")
    empty = make.page(made, "no-scenes", kind="scenario")
    Scenario.objects.create(edition=made, key="no-scenes", page=empty, role="")
    nothing = make.page(made, "no-questions", kind="quiz")
    Quiz.objects.create(edition=made, key="no-questions", page=nothing)
    case = make.scenario(made, "case")
    other = make.scenario(made, "other", scenes=1)
    make.gauge(case, "trust")
    strangers = Scene.objects.get(key="other-scene-1")
    Choice.objects.filter(key="case-scene-1-poor").update(target=None)
    Choice.objects.filter(key="case-scene-1-best").update(target=strangers)
    Choice.objects.filter(key="case-scene-2-best").update(otherwise=strangers)
    Choice.objects.filter(key="case-scene-3-best").update(target=None, otherwise=Scene.objects.get(key="case-poor"))
    make.requirement(
        made, "strange", scene=Scene.objects.get(key="case-good"), gauge=make.gauge(other, "far"), at_least=5
    )
    Scene.objects.filter(key="case-poor").update(outcome="", title="", body="")
    case.scenes.get(key="case-scene-2").parts.update(image="illustrations/lost.svg", image_alt="Lost")
    quiz = make.quiz(made, questions=2)
    make.question(quiz, 3, kind="unheard-of")
    for position, kind in enumerate(("single", "multiple", "rank", "choose"), start=4):
        Option.objects.filter(question=make.question(quiz, position, kind=kind)).delete()
    three = make.ranking(quiz, 8)
    three.options.filter(position__gt=3).delete()
    keyless = make.question(quiz, 9)
    keyless.options.update(is_key=False)
    Question.objects.filter(quiz=quiz).update(stem="", stem_html="", rationale="", rationale_html="")
    return made


NONSENSE = [
    "", "scene=&gauge-trust=&visited=&way=&question=&given=", "scene=lost", "scene=:nowhere", "visited=:nowhere",
    "way=:nowhere&decision=-1", "gauge-trust=1000000000", "gauge-trust=-5", "gauge-trust=" + "9" * 5000,
    "gauge-trust=%00",     "scene=%00&way=%00&visited=%00&choice=%00",
    "scene[]=a&way[]=b", "scene=a&scene=case-scene-2", "decision=x",
    "decision=99999999999999999999", "decision=0&choice=case-scene-1-poor", "&".join(["way=case-scene-1-poor"] * 500),
    "question=0", "question=-1", "question=99", "question=%00", "question=1e3", "question=²", "results",
    "question=check",     "question=results", "given=1", "given=1.2.3.4", "given=.", "given=%00",
    "given=9.9.9&given=1.0&given=0.1&given=1.1",
    "question=8&given=8.1.1&given=8.2.2&given=8.3.3&results", "question=2&attempt=1", "question=2&attempt=%00&go=%00",
    "question=2&attempt=1&option=%00&was=%00", "question=7&attempt=1&rank-quiz-q7-place-1=x", "frame=1", "go=leave",
    *(f"question={number}&attempt=1{more}" for number in range(1, 10) for more in ("", "&go=2", "&option=1&go=check")),
    "choice=case-scene-1-poor", "choice=case-scene-1-best", "scene=case-scene-3&choice=case-scene-3-best",
    "scene=case-scene-2&choice=case-scene-2-best", "scene=case-good", "scene=case-poor",
]  # fmt: skip


@pytest.mark.no_cover
def test_a_draft_full_of_holes_goes_through_every_preview(full_of_holes: Edition, log: object) -> None:
    author = make.client(make.author())
    pages = Page.objects.filter(edition=full_of_holes).exclude(key="no key").values_list("key", flat=True)
    paths = [MODULE, *(f"/admin/write/modules/posts/pages/{key}/preview/" for key in pages)]
    for path in paths:
        for query in NONSENSE if path.endswith(("/case/preview/", "/quiz/preview/")) else ["", "frame=1"]:
            assert author.get(f"{path}?{query}").status_code in {200, 302}, (path, query)
        assert author.get(f"{path}phone/").status_code == 200, path
    assert author.get(f"{CASE}phone/?{'&'.join(NONSENSE)}").status_code == 200


def test_what_holds_nothing_says_so(full_of_holes: Edition) -> None:
    author = make.client(make.author())
    for key in ("no-case", "no-quiz", "no-text", "no-scenes"):
        Page.objects.filter(key=key).update(body="", body_html="")
        assert (
            "There is nothing on this page yet." in read(author, f"/admin/write/modules/posts/pages/{key}/preview/")
            or key == "no-text"
        )
    assert "leads nowhere yet" in read(author, CASE, ("choice", "case-scene-1-best"))


def test_a_module_without_a_page_and_one_with_nonsense(db: None) -> None:
    make.draft("posts")
    author = make.client(make.author())
    for query in ("", "?frame=1", "?frame=%00&x[]=1"):
        assert author.get(f"{MODULE}{query}").status_code == 200
