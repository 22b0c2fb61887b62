"""The workbench of a case: one scene in a form; every button stores what was typed, then does what it says."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest

from apps.authoring.actions import Edit, Stamp, save_document
from apps.authoring.models import Revision
from apps.authoring.queries import find_sheet
from apps.modules import actions as modules_actions
from apps.modules.document import Head
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Part, Scene
from tests import make
from tests.course import load

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
            return self.open(url=self.answer.url.partition("#")[0])
        self.page = Form(self.answer)
        return self.page


@pytest.fixture
def draft():
    return modules_actions.start_draft(make.edition("posts", is_full=True))


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
    assert "to 2, 2" in page.words
    assert "good ending" in page.words
    assert page.sent["choice-0-target"] == ["case-scene-2"]


def test_every_scene_of_the_course_is_saved_as_it_was():
    edition = load()
    draft = modules_actions.start_draft(edition)
    client = make.client(make.author())
    cases = list(draft.page_set.filter(kind="scenario").values_list("key", flat=True))
    assert len(cases) == 9
    for key in cases:
        url = f"/admin/write/modules/{draft.module.slug}/pages/{key}/"
        for at in ("", *(scene.key for scene in said(draft, key).scenes)):
            page = Form(client.get(url, {"at": at}))
            answer = client.post(url, {**page.sent, "do": "save"})
            assert answer.status_code == 303, Form(answer).words
    assert not Revision.objects.filter(draft=draft.pk).exists()
