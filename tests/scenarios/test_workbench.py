"""The workbench of a case: one scene in a form; every button stores what was typed, then does what it says."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string

from apps.authoring.actions import Edit, Stamp, save_document, settled
from apps.authoring.models import Revision
from apps.authoring.queries import find_sheet
from apps.modules.models import Edition, Page
from apps.modules.shelf import Shelf
from apps.modules.workbench import Opened
from apps.scenarios import trays
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Part, Scene
from apps.scenarios.models import Scene as SceneRow
from apps.scenarios.workbench import CaseBench
from tests import make
from tests.course import load
from tests.test_ids import Ids

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

PAGE = "/admin/write/modules/posts/pages/case/"


class Form(HTMLParser):
    """The workbench's form as a browser has it: what it would send, the buttons, what has the focus."""

    def __init__(self, response):
        super().__init__()
        self.status, self.body = response.status_code, response.content.decode()
        self.sent, self.buttons, self.ids, self.focus = {}, {}, set(), []
        self._select, self._area, self._words, self._button = None, None, [], None
        self.feed(self.body)

    @property
    def words(self):
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name", "")
        self.ids.add(given.get("id"))
        if "autofocus" in given:
            self.focus.append(given.get("value") if tag == "button" else name)
        if tag == "input" and given.get("type") == "checkbox":
            if "checked" in given:
                self.sent.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "input" and name:
            self.sent[name] = [given.get("value", "")]
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or self._select not in self.sent):
            self.sent[self._select] = [given["value"]]
        elif tag == "textarea":
            self._area = name
            self.sent[name] = [""]
        elif tag == "button" and name == "do":
            self.buttons[given["value"]] = "disabled" not in given

    def handle_data(self, data):
        self._words.append(data)
        if self._area:
            self.sent[self._area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.sent[self._area] = [self.sent[self._area][0].replace("\r\n", "\n").removeprefix("\n")]
            self._area = None


@dataclass
class Author:
    """An author at the workbench, acting as a browser does."""

    client: object
    page: Form = None
    answer: object = field(default=None, repr=False)
    anchor: str = ""  # where the page came back

    def open(self, at=None, url=PAGE):
        self.page = Form(self.client.get(url, {} if at is None else {"at": at}))
        assert self.page.status == 200, self.page.words
        return self.page

    def press(self, do, **changes):
        """Send the form with these fields changed (`part_0_text` is `part-0-text`; None takes one out)."""
        changed = {re.sub(r"_(\d+)_", r"-\1-", name).replace("moves_", "moves-"): to for name, to in changes.items()}
        self.sent = {name: to for name, to in {**self.page.sent, **changed, "do": do}.items() if to is not None}
        return self.send()

    def send(self):
        self.answer = self.client.post(PAGE, self.sent)
        if self.answer.status_code == 303:
            url, _, self.anchor = self.answer.url.partition("#")
            return self.open(url=url)
        self.page = Form(self.answer)
        return self.page


@pytest.fixture
def draft():
    return make.started("posts", is_full=True)


@pytest.fixture
def author(draft):
    return Author(make.client(make.author()))


def said(draft, key="case"):
    return find_sheet(draft, key).document


def scene_of(draft, number):
    return said(draft).scenes[number - 1]


def store(draft, document):
    """As another author, or as text."""
    before = said(draft).digest()
    return save_document(draft, Edit(document.head.key, document, before), Stamp(None, make.NOW))


# What stands ready, and what is stored ------------------------------------------------------------------------------


def test_the_first_scene_stands_open_with_its_place_among_all(author):
    page = author.open()
    assert page.sent["title"] == ["Scene 1"]
    assert "Scene 1 of 5: Scene 1" in page.words
    assert "start, to 2, 2" in page.words
    assert "good ending" in page.words
    assert page.sent["choice-0-target"] == ["case-scene-2"]


@pytest.mark.no_cover
def test_every_scene_of_the_course_is_read_as_it_was_shown():
    """Opening a scene and saving it changes nothing: by the forms alone, as saving all of them takes long."""
    load()
    cases = Page.objects.filter(kind="scenario", edition__in=Edition.objects.current()).select_related("edition")
    shelf, told = Shelf(), 0
    for row in cases:
        sheet = find_sheet(row.edition, row.key)
        for at in ("", *(scene.key for scene in sheet.document.scenes)):
            shown = CaseBench(Opened(sheet.document, at, lambda key: key, shelf=shelf))
            page = Form(HttpResponse(render_to_string("scenarios/bench.html", {"bench": shown})))
            sent = QueryDict(mutable=True)
            for name, values in page.sent.items():
                sent.setlist(name, [value.replace("\n", "\r\n") for value in values])
            bench = CaseBench(Opened(sheet.document, at, lambda key: key, sent, shelf=shelf))
            assert not bench.wrongs()
            assert settled(sheet, bench.written())[0] == sheet.document, at
            told += 1
    assert (len(cases), told > 90) == (9, True)


def test_a_fresh_scene_is_built_with_one_save(author, draft):
    store(draft, CaseDocument(said(draft).head, gauges=(Gauge("trust", "Public trust", 60),)))
    page = author.open()
    assert "Save and write the first scene" in page.words
    page = author.press("add:scene")
    assert (page.sent["title"], page.focus) == (["New scene"], ["title"])
    assert [f"choice-{number}-text" in page.sent for number in range(4)] == [True, True, True, False]
    assert {"outcome", "part-0-text"} <= page.sent.keys()
    page = author.press(
        "next:",
        title="Night crew",
        body="It is quiet.\n\nToo quiet.",
        seen_by="310",
        part_0_text="Look",
        part_0_author="SHO",
        choice_0_text="Say nothing",
        choice_0_target="?",
        choice_0_title="The lift",
        choice_0_rating="best",
        choice_0_consequence="Nothing happens.",
        choice_0_moves_trust="5",
        choice_2_text="Laugh",
        choice_2_target="?",
        choice_2_title="The lift",
        choice_2_moves_trust="-10",
    )
    assert page.sent["title"] == ["The lift"]
    first, second = said(draft).scenes
    assert first == Scene(
        "new-scene",
        "Night crew",
        "It is quiet.\n\nToo quiet.",
        seen_by=310,
        parts=(Part("message-sho", "message", "Look", "SHO"),),
        choices=(
            Choice("say-nothing", "Say nothing", "best", "the-lift", "", (Effect("trust", 5),), (), "Nothing happens."),
            Choice("laugh", "Laugh", "", "the-lift", "", (Effect("trust", -10),)),
        ),
    )
    assert second == Scene("the-lift", "The lift")
    page = author.press("save", outcome="good", body="It is over.")
    assert "question" not in page.sent
    assert "choice-0-text" not in page.sent
    assert scene_of(draft, 2).is_ending


@pytest.mark.parametrize(("count", "shown"), [(3, 4), (4, 4), (5, 5)])
def test_there_is_room_for_four_gauges_and_for_all_that_there_are(author, draft, count, shown):
    gauges = tuple(Gauge(f"g-{number}", f"Gauge {number}", 50) for number in range(count))
    store(draft, replace(said(draft), gauges=gauges, scenes=()))
    page = author.open("")
    assert len([name for name in page.sent if re.fullmatch(r"gauge-\d+-name", name)]) == shown


def test_what_the_case_says_of_itself_is_saved(author, draft):
    source = make.source("gmc")
    page = author.open("")
    assert [page.sent[f"gauge-{number}-name"] for number in range(4)] == [["Case-trust"], [""], [""], [""]]
    author.press(
        "up:gauge:1",
        title="In the lift",
        summary="Short.",
        minutes="7",
        is_required=None,
        is_taster="on",
        role="You are new.",
        guidance="Wait.",
        plan="If asked, wait.\n\nThen go.",
        gauge_1_name="Standing",
        gauge_1_start="40",
        **{"guidance-sources-more": source.key},
    )
    after = said(draft)
    assert after.head == replace(after.head, title="In the lift", summary="Short.", minutes=7, is_required=False)
    assert (after.role, after.guidance, after.is_taster) == ("You are new.", "Wait.", True)
    assert after.guidance_sources[-1] == "gmc"
    assert after.plan_lines == ("If asked, wait.", "Then go.")
    assert after.gauges == (Gauge("standing", "Standing", 40), Gauge("case-trust", "Case-trust", 60))
    assert author.page.focus == ["down:gauge:0"], "the first cannot go further up"


# What the buttons do ------------------------------------------------------------------------------------------------


def keys_of(rows):
    return [row.key for row in rows]


def test_rows_are_moved_and_the_focus_stays_on_the_button(author, draft):
    author.open()
    page = author.press("down:choice:0", title="Bay 6")
    assert keys_of(scene_of(draft, 1).choices) == ["case-scene-1-best", "case-scene-1-poor"]
    assert scene_of(draft, 1).title == "Bay 6"
    assert (page.focus, author.answer.url.partition("#")[2]) == (["up:choice:1"], "choice-2")
    assert "choice-2" in page.ids
    author.press("up:choice:1")
    assert keys_of(scene_of(draft, 1).choices) == ["case-scene-1-poor", "case-scene-1-best"]
    page = author.press("down:scene")
    assert keys_of(said(draft).scenes)[:3] == ["case-scene-2", "case-scene-1", "case-scene-3"]
    assert page.focus == ["down:scene"]


def test_rows_are_added_and_taken_away(author, draft):
    author.open()
    page = author.press("add:post", title="Bay 6")
    assert (page.focus, page.sent["part-1-kind"]) == (["part-1-author"], ["post"])
    assert author.anchor == "part-2"
    assert 'id="part-2"' in author.client.get(PAGE + "?add=post").content.decode()
    author.press("add:part", part_1_text="Seen it?")
    assert (author.page.focus, author.anchor) == (["part-2-kind"], "part-3")
    assert scene_of(draft, 1).parts[1].kind == "post"
    author.press("add:choice")
    assert (author.page.focus, author.anchor) == (["choice-2-text"], "choice-3")
    page = author.press("drop:part:0", choice_0_text="Do it")
    assert [part.text for part in scene_of(draft, 1).parts] == ["Seen it?"]
    assert scene_of(draft, 1).choices[0].text == "Do it"
    assert "Undo brings it back." in page.words


def test_a_row_can_be_taken_away_whatever_stands_in_it(author, draft):
    author.open()
    author.press("drop:choice:0", **{"choice-0-moves-case-trust": "9999"})
    assert keys_of(scene_of(draft, 1).choices) == ["case-scene-1-best"]


def test_the_buttons_of_an_emptied_row_store_and_no_more(author, draft):
    author.open()
    sent = {"choice_1_text": "", "choice_1_rating": "", "choice_1_consequence": "", "choice_1_target": ""}
    author.press("up:choice:1", title="Bay 6", **sent, **{"choice-1-moves-case-trust": ""})
    assert (author.answer.status_code, scene_of(draft, 1).title) == (303, "Bay 6")
    assert keys_of(scene_of(draft, 1).choices) == ["case-scene-1-poor"]


def test_an_empty_choice_can_be_opened_in_a_large_case(author, draft, monkeypatch):
    monkeypatch.setattr(trays, "MANY_SCENES", 3)
    author.open()
    page = author.press("add:scene")
    assert page.buttons["more:choice:2"]
    assert "choice-2-otherwise" not in page.sent
    assert "choice-0-otherwise" in author.press("more:choice:2").sent, "the first of those that are empty"
    page = author.press("more:choice:2", choice_0_text="Ring the desk")
    assert scene_of(draft, 6).choices[0].text == "Ring the desk"
    assert {"choice-1-otherwise", "choice-0-text"} <= page.sent.keys()


@pytest.mark.no_cover
def test_what_is_asked_to_stand_ready_breaks_nothing(author):
    for asked in ("add", "moved", "more", "new"):
        for value in ("gauge", "choice", "scene", "up:choice:0", "down:gauge:99", ":", "\0"):
            for at in ("", "case-scene-1"):
                assert author.client.get(PAGE, {"at": at, asked: value}).status_code == 200, (asked, value)


def test_scenes_are_added_and_copied(author, draft):
    author.open("case-scene-2")
    page = author.press("duplicate:scene", body="Loud.")
    first, second = said(draft).scenes[1:3]
    assert (second.title, second.key) == ("Scene 2 (copy)", "scene-2-copy")
    assert (first.body, second.body) == ("Loud.", "Loud.")
    assert [choice.text for choice in second.choices] == [choice.text for choice in first.choices]
    assert len(second.choices[1].needs) == len(first.choices[1].needs) > 1
    assert page.focus == ["title"]
    page = author.press("add:scene")
    assert said(draft).scenes[-1] == Scene("new-scene", "New scene")


def test_each_scene_can_be_copied_the_last_one_too(author, draft):
    for scene in said(draft).scenes:
        before = said(draft).scenes
        place = before.index(scene) + 1
        author.open(scene.key)
        author.press("duplicate:scene")
        after = said(draft).scenes
        assert (*after[:place], *after[place + 1 :]) == before
        assert after[place].title == f"{scene.title} (copy)"


@pytest.mark.no_cover
def test_a_button_pressed_twice_does_it_once(author, draft):
    for do in ("add:scene", "duplicate:scene", "down:scene", "down:choice:0", "drop:choice:0"):
        author.open("case-scene-1")
        author.press(do)
        once = said(draft)
        author.send()
        assert said(draft) == once, do
    author.open("case-scene-1")
    author.press("add:scene")
    author.open("case-scene-1")
    author.press("add:scene")
    assert len(said(draft).scenes) == len(once.scenes) + 2, "two pages, two scenes"


def test_buttons_lead_on(author, draft):
    author.open()
    assert author.page.buttons["open:case-scene-2"]
    assert author.press("open:case-scene-2", title="Bay 6").sent["title"] == ["Scene 2"]
    assert scene_of(draft, 1).title == "Bay 6"
    author.press("preview")
    assert author.answer.url.endswith("preview/?scene=case-scene-2")


def test_undo_comes_back_to_the_scene(author, draft):
    before = said(draft)
    author.open("case-scene-2")
    author.press("save", title="Bay 6")
    sent = {"seen": said(draft).digest(), "back": "page", "at": "case-scene-2"}
    answer = author.client.post(f"{PAGE}undo/", sent)
    assert (answer.url, said(draft)) == (f"{PAGE}?at=case-scene-2", before)


# Deleting -----------------------------------------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize("at", ["case-scene-1", ""])
def test_one_undo_takes_back_one_press_of_each_button(author, draft, at):
    before = said(draft)
    pressed = [do for do, is_on in author.open(at).buttons.items() if is_on]
    assert len(pressed) > 6
    for do in pressed:
        author.open(at)
        author.press(do, title="Another title")
        after = said(draft)
        assert after != before, do
        author.client.post(f"{PAGE}undo/", {"seen": after.digest()})
        assert said(draft) == before, do


def test_a_scene_is_deleted_after_one_question(author, draft):
    author.open("case-scene-2")
    author.press("delete:scene:case-scene-2", title="Bay 6")
    asked = author.page.words
    assert "Delete scene 2, “Bay 6”?" in asked
    assert "2 choices, with what follows" in asked
    assert "Scene 1, “Scene 1”, choice (a), “Do the poor thing in Scene 1”, will lead nowhere" in asked
    assert "Scene 3, “Scene 3”, can no longer be reached." in asked
    assert "Scenes 3 to 5 move up" in asked
    author.client.post(author.answer.url, author.page.sent)
    assert keys_of(said(draft).scenes) == ["case-scene-1", "case-scene-3", "case-good", "case-poor"]
    assert [choice.target for choice in scene_of(draft, 1).choices] == ["", ""]


def test_a_gauge_is_deleted_after_one_question(author, draft):
    author.open("")
    author.press("delete:gauge:case-trust")
    assert "“Do the best thing in Scene 1”, will not move it any more." in author.page.words
    assert "Scene 4, “A good end”, will not need it any more." in author.page.words
    author.client.post(author.answer.url, author.page.sent)
    assert said(draft).gauges == ()
    assert not scene_of(draft, 1).choices[1].effects


def test_nothing_is_deleted_where_the_rest_cannot_be_stored(author, draft):
    author.open("case-scene-2")
    author.press("delete:scene:case-scene-2")
    sent = author.page.sent
    SceneRow.objects.filter(edition=draft, key="case-scene-1").update(title="x" * 500)
    sent["seen"] = said(draft).digest()
    answer = author.client.post(author.answer.url, sent, follow=True)
    assert "Nothing was deleted. This cannot be stored." in answer.content.decode()
    assert "case-scene-2" in keys_of(said(draft).scenes)


def test_what_is_asked_of_a_scene_is_what_it_can_be(author):
    """A new one may go on or end; one with choices does not end; of an ending no decision is asked."""
    of_decision = {"thought", "question", "teaching_point"}
    for page, ends, decides in (
        (author.open("case-scene-1"), False, True),
        (author.open("case-good"), True, False),
        (author.press("add:scene"), True, True),
    ):
        assert ("outcome" in page.sent, of_decision <= {*page.sent}) == (ends, decides)
        assert decides or not of_decision & {*page.sent}


def test_a_field_is_as_high_as_its_text_and_keeps_its_lines(author, draft):
    before = said(draft)
    scene = before.scenes[0]
    body, told = "\n".join(f"Line {number}." for number in range(9)), "Do it.\nThen wait."
    choice = replace(scene.choices[0], text=told)
    store(draft, before.with_block(scene.key, replace(scene, body=body, choices=(choice, *scene.choices[1:]))))
    page = author.open()
    assert (page.sent["body"], page.sent["choice-0-text"]) == ([body], [told])
    assert re.search('<textarea name="body"[^>]* rows="10"', page.body)
    assert re.search('<textarea name="choice-0-text"[^>]* rows="3"', page.body)
    assert '<input type="text" name="choice-1-text"' in page.body
    store(draft, replace(said(draft), role="You are on call.\n" * 5))
    assert re.search('<textarea name="role"[^>]* rows="6"', author.open("").body)


# What is needed -----------------------------------------------------------------------------------------------------


def test_needs_are_two_selects_and_ticks(author, draft):
    page = author.open("case-scene-2")
    assert "When it is offered: only sometimes" in page.words
    assert "When it is offered: always" in page.words
    before = {need.key for need in scene_of(draft, 2).choices[1].needs}
    assert page.sent["choice-1-need_gauge"] == ["case-trust:50"]
    assert page.sent["choice-1-need_more"] == ["case-trust-not-all case-trust:under-100"]
    author.press("save", choice_1_need_scene="case-scene-1", choice_1_need_way="not-after")
    needs = scene_of(draft, 2).choices[1].needs
    assert before < {need.key for need in needs}
    assert [need for need in needs if need.not_visited == "case-scene-1"]
    shown = author.page.sent
    assert (shown["choice-1-need_scene"], shown["choice-1-need_way"]) == (["case-scene-1"], ["not-after"])
    author.press("save", choice_1_need_way="after")
    assert [need for need in scene_of(draft, 2).choices[1].needs if need.visited == "case-scene-1"]
    shown = author.page.sent
    assert (shown["choice-1-need_scene"], shown["choice-1-need_way"]) == (["case-scene-1"], ["after"])
    author.press("save", choice_1_need_gauge="case-trust:under-30", choice_1_need_more=None)
    assert [(need.gauge, need.below) for need in scene_of(draft, 2).choices[1].needs][:1] == [("case-trust", 30)]
    assert len(scene_of(draft, 2).choices[1].needs) == 2
    author.press("save", need_gauge="case-trust:10")
    assert scene_of(draft, 2).needs == (Need("case-trust", "case-trust", at_least=10),)
    assert author.page.sent["need_gauge"] == ["case-trust:10"]
    assert "When it can be reached: only sometimes" in author.page.words
    author.press("save", need_gauge="")
    assert "When it can be reached: always" in author.page.words
    author.press("save", need_scene="case-scene-1")
    assert "When it can be reached: only sometimes" in author.page.words


def test_a_choice_can_lead_elsewhere_to_a_new_scene(author, draft):
    author.open()
    author.press("save", choice_0_otherwise="?", choice_0_else_title="The lift")
    assert scene_of(draft, 1).choices[0].otherwise == "the-lift"
    assert said(draft).scenes[-1].title == "The lift"


# What is refused ----------------------------------------------------------------------------------------------------


WRONG = [
    ({"title": " "}, "Title: Give the scene a title.", "id_title"),
    ({"title": "x" * 81}, "Title: Shorten this", "id_title"),
    ({"body": "a\0b"}, "Situation: This has a character in it that is not text", "id_body"),
    ({"seen_by": "9k"}, "Seen by: Write this as a whole number", "id_seen_by"),
    ({"part_0_image": "illustrations/trolley.svg"}, "Say what the picture shows", "id_part-0-image_alt"),
    ({"part_0_kind": "film"}, "Part 1, kind: Choose one of the list.", "id_part-0-kind"),
    ({"choice_0_target": "?"}, "Give the new scene a title.", "id_choice-0-title"),
    ({"choice_0_target": "no key"}, "Choice (a), leads to: Choose one of the list.", "id_choice-0-target"),
    ({"choice_0_otherwise": "case-scene-2"}, "Else it leads to the same scene.", "id_choice-0-otherwise"),
    ({"choice-0-moves-case-trust": "101"}, "from −100 to 100", "id_choice-0-moves-case-trust"),
    ({"choice_1_rating": "fine"}, "Choice (b), rating: Choose one of the list.", "id_choice-1-rating"),
]


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(author, draft):
    before, opened = said(draft), author.open()
    for changes, told, spot in WRONG:
        author.page = opened
        page = author.press("open:case-scene-2", **{"question": "And now?", **changes})
        assert (page.status, told in page.words) == (422, True), told
        assert f'href="#{spot}"' in page.body
        assert spot in page.ids
        assert re.search(f'aria-describedby="[^"]*{spot}_error"', page.body), "who hears the field hears what is wrong"
        assert Ids(page.body).problems() == []
        assert page.sent["question"] == ["And now?"]
        assert 'data-asks="unsaved"' in page.body
    assert said(draft) == before


WRONG_IN_A_CASE = [
    ({"gauge_0_name": ""}, "Give the gauge a name."),
    ({"gauge_1_name": "Standing"}, "Say where the gauge starts"),
    ({"gauge_0_start": "101"}, "from 0 to 100"),
    ({"minutes": "soon"}, "Write the minutes as a whole number"),
]


def test_the_minus_of_our_own_words_is_a_minus(author, draft):
    author.open()
    author.press("save", **{"choice-1-moves-case-trust": "−5"})
    assert scene_of(draft, 1).choices[1].effects == (Effect("case-trust", -5),)


def test_what_is_wrong_with_a_case_is_told(author, draft):
    before, opened = said(draft), author.open("")
    for changes, told in WRONG_IN_A_CASE:
        author.page = opened
        page = author.press("save", **changes)
        assert (page.status, told in page.words) == (422, True), told
    assert said(draft) == before


def test_a_form_that_was_cut_off_is_not_stored(author, draft):
    before, opened = said(draft), author.open()
    for rows in (None, "", "1-3", "9-9", "x"):
        author.page = opened
        page = author.press("save", rows=rows, title="Bay 6")
        assert (page.status, "did not arrive as a whole" in page.words) == (422, True), rows
    assert said(draft) == before


def test_a_button_that_is_not_there_does_nothing(author, draft):
    before, opened = said(draft), author.open()
    for do in ("", "dance", "up:choice:9", "up:part:x", "drop:choice:7", "drop:", "delete:scene:none", "more:choice:9"):
        author.page = opened
        assert author.press(do, title="Bay 6").status == 422, do
    assert said(draft) == before


def test_keys_of_others_are_not_taken(author, draft):
    """A row of another scene stays there; what is of another case gets a key of its own."""
    make.scenario(draft, "other")
    others = said(draft, "other")
    author.open()
    author.press(
        "save",
        choice_0_key="case-scene-2-best",
        choice_1_key="other-scene-1-best",
        part_0_key="<b>",
        choice_0_target="other-scene-1",
        choice_0_need_more="case-seen after:case-scene-3",
        **{"choice-0-moves-other": "5"},
    )
    assert author.answer.status_code == 303
    after = said(draft)
    assert keys_of(scene_of(draft, 2).choices) == ["case-scene-2-poor", "case-scene-2-best"]
    keys = [row.key for scene in after.scenes for row in scene.choices]
    assert len(set(keys)) == len(keys)
    assert (scene_of(draft, 1).choices[0].target, scene_of(draft, 1).choices[0].effects) == ("", ())
    assert said(draft, "other") == others


def test_two_scenes_may_have_one_title(author, draft):
    author.open()
    author.press("save", title="Scene 2")
    assert [scene.title for scene in said(draft).scenes[:2]] == ["Scene 2", "Scene 2"]


def test_what_was_deleted_meanwhile_can_be_had_back(author, draft):
    author.open("case-scene-2")
    scene, whole = scene_of(draft, 2), said(draft)
    store(draft, replace(whole, scenes=tuple(one for one in whole.scenes if one != scene)))
    page = author.press("save", title="Bay 6")
    assert page.status == 409
    assert "Bay 6" in page.words
    assert "Taken out." in page.words
    sent = {**page.sent, "do": "mine"}
    author.client.post(f"{PAGE}conflict/", sent)
    mine = said(draft).blocks["case-scene-2"]
    assert mine.title == "Bay 6"
    assert [choice.text for choice in mine.choices] == [choice.text for choice in scene.choices]


def test_two_change_one_scene_and_a_new_one_comes_along(author, draft):
    author.open("case-scene-2")
    whole = said(draft)
    store(draft, whole.with_block("case-scene-2", replace(scene_of(draft, 2), title="Resus 2", place="the lift")))
    page = author.press("save", title="Bay 6", choice_0_target="?", choice_0_title="The stairs")
    assert (page.status, "Resus" in page.words) == (409, True)
    author.client.post(f"{PAGE}conflict/", {**page.sent, "do": "mine"})
    after = said(draft)
    assert (after.scenes[1].title, after.scenes[1].choices[0].target) == ("Bay 6", "the-stairs")
    assert after.scenes[-1] == Scene("the-stairs", "The stairs")


def test_who_moves_a_scene_in_an_order_that_is_no_more_does_not_take_that_back(author, draft):
    author.open("case-scene-2")
    one, two, *others = said(draft).scenes
    moved = replace(said(draft), scenes=(two, one, *others))
    store(draft, moved)
    page = author.press("down:scene", title="Bay 6")
    assert said(draft).scenes == (replace(two, title="Bay 6"), one, *others), "what was typed is stored"
    assert "The order had been changed meanwhile, so nothing was moved now." in page.words
    assert "Saved." in page.words
    author.press("down:scene")
    assert said(draft).scenes == (one, replace(two, title="Bay 6"), *others)


@pytest.mark.parametrize(("do", "is_told"), [("down:scene", True), ("save", False)])
def test_who_moves_a_scene_whose_words_clash_is_told_that_it_stays(author, draft, do, is_told):
    """What is chosen then are words: the button is not pressed for its author once more."""
    author.open("case-scene-2")
    store(draft, said(draft).with_block("case-scene-2", replace(scene_of(draft, 2), title="Bay 5")))
    page = author.press(do, title="Bay 6")
    assert page.status == 409
    assert ("Nothing was moved. Move it again once this is stored." in page.words) is is_told
    assert keys_of(said(draft).scenes)[:3] == ["case-scene-1", "case-scene-2", "case-scene-3"]


def test_who_moves_a_scene_beside_other_words_moves_it(author, draft):
    author.open("case-scene-2")
    store(draft, said(draft).with_block("case-scene-1", replace(scene_of(draft, 1), title="Resus 2")))
    author.press("down:scene")
    assert keys_of(said(draft).scenes)[:3] == ["case-scene-1", "case-scene-3", "case-scene-2"]


def test_the_number_of_a_gauge_that_went_meanwhile_is_let_go(author, draft):
    author.open("case-scene-3")
    before = said(draft)
    scenes = tuple(replace(scene, needs=tuple(n for n in scene.needs if not n.gauge)) for scene in before.scenes)
    store(draft, replace(before, gauges=(), scenes=scenes))
    page = author.press("save", **{"choice-0-moves-case-trust": "5", "title": "Bay 6"})
    assert scene_of(draft, 3).title == "Bay 6"
    assert "has been let go" in page.words


def test_what_stands_no_more_is_told(author, draft):
    for at in ("gone", "order of blocks"):
        answer = author.client.get(PAGE, {"at": at})
        assert (answer.status_code, answer.url) == (302, PAGE)
    author.open()
    assert author.press("save", at="order of blocks").status == 422


def test_two_thousand_fields_are_too_many(author):
    author.open()
    answer = author.client.post(PAGE, author.page.sent | {f"x-{number}": "1" for number in range(2_001)})
    assert answer.status_code in (400, 413)


def test_a_revision_that_cannot_be_read_any_more_keeps_nobody_from_saving(author, draft):
    author.open("case-scene-2")
    author.press("save", body="Loud.")
    author.press("save", body="Louder.")
    Revision.objects.update(text="of another time")
    author.page.sent["whole"] = ["of before"]
    assert author.press("save", body="Quiet.").status == 200
    assert scene_of(draft, 2).body == "Quiet."


def test_what_was_written_stands_there_when_the_draft_is_gone(author, draft):
    author.open("case-scene-2")
    author.press("save", body="It is loud.")
    draft.delete()
    page = author.press("save", title="Bay 6", choice_0_target="?", choice_0_title="The lift")
    assert page.status == 409
    assert "# Bay 6 {case-scene-2}" in page.words
    assert "-> The lift" in page.words


HOSTILE = ("", "\0", "x" * 10_000, "9" * 5_000, "-1", "?", "?scene", "order of blocks", "case-trust:99999", "a after:b")


@pytest.mark.no_cover
@pytest.mark.parametrize("at", ["", "case-scene-2"])
def test_no_field_breaks_the_form(draft, at):
    """What each of them could hold, or not be there: it is wrong, or it can be stored, or it is told why not."""
    sheet, shelf = find_sheet(draft, "case"), Shelf()

    def bench(sent=None):
        return CaseBench(Opened(sheet.document, at, lambda key: key, sent, shelf=shelf))

    page = Form(HttpResponse(render_to_string("scenarios/bench.html", {"bench": bench()})))
    told = 0
    for name in page.sent:
        for value in (None, *HOSTILE):
            sent = QueryDict(mutable=True)
            for other, values in page.sent.items():
                sent.setlist(other, values if other != name else [value] if value is not None else [])
            changed = bench(sent)
            if changed.wrongs():
                told += 1
                continue
            wanted, _ = settled(sheet, changed.written())
            assert [*sheet.unstorable(wanted)] or wanted.head.title
    assert told
    sent = QueryDict(mutable=True)
    for name, values in page.sent.items():
        sent.setlist(name, values if name.endswith("key") or name == "rows" else ["\0<b>"])
    broken = bench(sent)
    assert broken.wrongs()
    assert "<b>" not in render_to_string("scenarios/bench.html", {"bench": broken})


# Large cases --------------------------------------------------------------------------------------------------------


def test_a_large_case_has_a_page_of_moderate_size(author, draft):
    large = make.scenario(draft, "large", scenes=98)
    for name in ("trust", "standing"):
        make.gauge(large, name)
    whole = said(draft, "large")
    long = [replace(scene, title=f"{scene.title}, in the long corridor") for scene in whole.scenes]
    long[49] = replace(long[49], choices=tuple(replace(long[49].choices[0], key=f"c{place}") for place in range(4)))
    store_large = replace(whole, scenes=tuple(long))
    save_document(draft, Edit("large", store_large, whole.digest()), Stamp(None, make.NOW))
    url = PAGE.replace("/case/", "/large/")
    answer = author.client.get(url, {"at": "large-scene-50"})
    assert len(answer.content) < 110_000  # sources and facts of the course add 25 kB
    page = Form(answer)
    assert "choice-0-otherwise" not in page.sent
    answer = author.client.post(url, {**page.sent, "do": "more:choice:2"})
    page = Form(author.client.get(answer.url.partition("#")[0]))
    assert [f"choice-{number}-otherwise" in page.sent for number in range(4)] == [False, False, True, False]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, ""),
        (1, "1 word: 1 second to read."),
        (3, "3 words: 1 second to read."),
        (23, "23 words: 8 seconds to read."),
        (170, "170 words: 60 seconds to read."),
    ],
)
def test_how_long_a_scene_takes_to_read_is_said(author, draft, count, told):
    make.unguarded(SceneRow).filter(edition=draft, key="case-scene-1").update(body="word " * count)
    words = " ".join(re.findall(r"Two or three short sentences\.[^<]*", author.open("case-scene-1").body))
    assert words.strip() == f"Two or three short sentences. {told}".strip()
