"""A page, or a whole module, as text: checked at its line, shown before it is stored, and never lost."""

import re
from dataclasses import dataclass, replace
from html import unescape
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.authoring.actions import Edit, Stamp, save_document
from apps.authoring.broken import mended, mends_in
from apps.authoring.models import Revision
from apps.authoring.queries import find_sheet
from apps.authoring.views.text import MODULE_HINTS
from apps.modules import actions as modules_actions
from apps.modules import outline, page_kinds
from apps.modules.document import Document, Head
from apps.modules.models import Edition, Page
from apps.modules.outline import MODULE_LIMIT, PAGE_LIMIT
from tests import documents, make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/"
CASE = f"{MODULE}pages/case/text/"
WHOLE = f"{MODULE}text/"
TYPED = {"hidden", "text", "search", "number", "url"}


class Sheet(HTMLParser):
    """What a page with a text says, and the form in it that sends the text."""

    def __init__(self, response):
        super().__init__()
        self.status, self.body = response.status_code, response.content.decode()
        self.fields, self.buttons, self._area, self._words = {}, [], None, []
        self.feed(self.body)

    @property
    def words(self):
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("type", "text") in TYPED:
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "input" and given.get("type") == "checkbox" and "checked" in given:
            self.fields.setdefault(given["name"], []).append(given.get("value", "on"))
        elif tag == "button" and given.get("name") == "do":
            self.buttons.append(given["value"])
        elif tag == "textarea" and "name" in given:
            self._area = given["name"]
            self.fields[self._area] = ""

    def handle_data(self, data):
        self._words.append(data)
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            text = self.fields[self._area].replace("\r\n", "\n")  # as browsers read it
            self.fields[self._area] = text.removeprefix("\n")
            self._area = None


@dataclass
class Author:
    """An author at a page with a text, acting as a browser does."""

    client: object
    url: str = CASE
    page: Sheet | None = None

    def open(self, url=""):
        self.url = url or self.url
        self.page = Sheet(self.client.get(self.url))
        assert self.page.status == 200
        return self.page

    def press(self, do, **changes):
        """Send the form with these fields changed (None takes one out)."""
        sent = {**self.page.fields, "do": do, **changes}
        sent = {name: value for name, value in sent.items() if value is not None}
        sent |= {name: re.sub("\r?\n", "\r\n", text) for name, text in sent.items() if isinstance(text, str)}
        self.answer = self.client.post(self.url, sent)
        self.page = Sheet(self.answer)
        return self.page


@pytest.fixture
def draft():
    return make.started("posts", is_full=True)


@pytest.fixture
def author(draft):
    return Author(make.client(make.author()))


def said(draft, key="case"):
    return find_sheet(draft, key).document


def rows_of(draft):
    return [said(draft, key) for key in ("", *said(draft, "").pages)]


def save(draft, document):
    """As another author."""
    return save_document(draft, Edit(document.head.key, document, said(draft).digest()), Stamp(None, make.NOW))


def retitled(document, title="Bay 6"):
    scene = document.scenes[0]
    return document.with_block(scene.key, replace(scene, title=title))


# What stands, and the way to store something else --------------------------------------------------------------------


def test_a_page_is_shown_as_its_text(author, draft):
    page = author.open()
    assert page.fields["text"] == find_sheet(draft, "case").text_of(said(draft))
    assert {"check", "file"} <= set(page.buttons)
    assert "store" not in page.buttons
    assert "draft of edition 2" in page.words


def test_a_change_is_shown_before_it_is_stored(author, draft):
    before = author.open().fields["text"]
    page = author.press("check", text=before.replace("It is quiet.", "It is loud.", 1))
    assert (page.status, said(draft)) == (200, outline.read_page(before, page_kinds.all_kinds()).document)
    assert "<del>quiet.</del>" in page.body
    assert "<ins>loud.</ins>" in page.body
    assert "Deleted Nothing." in page.words
    assert "The same 4 scenes and what the page says of itself." in page.words
    assert "store" in page.buttons
    assert page.buttons[0] == "check"  # what Enter presses in the field of a line
    author.press("store")
    assert author.answer.url == CASE
    assert "It is loud." in said(draft).scenes[0].body
    assert "Saved." in author.open().words
    assert Revision.objects.get(page_key="case", number=2).by.email == "author@example.org"


def test_what_is_deleted_and_new_is_named(author, draft):
    text = author.open().fields["text"]
    last = text.rindex("# A poor end")
    text = text[:last].replace("-> A poor end", "-> A good end")
    page = author.press("check", text=f"{text.replace('A poor end', 'A good end')}# The roof\n\nWind.\n")
    assert "New Scene “The roof”" in page.words
    assert "Deleted Scene “A poor end”" in page.words


def test_nothing_would_change(author):
    author.open()
    page = author.press("check")
    assert "Nothing would change" in page.words
    assert "store" not in page.buttons


def test_an_unknown_scene_is_told_and_made(author, draft):
    text = author.open().fields["text"]
    page = author.press("check", text=text.replace("-> Scene 2 ", "-> The second reporter ", 1))
    assert "No scene is called “The second reporter”. It becomes a new, empty scene." in page.words
    author.press("store")
    assert "The second reporter" in [scene.title for scene in said(draft).scenes]
    assert "No scene is called “The second reporter”." in author.open().words


def test_a_key_of_another_page_is_replaced_and_told(author, draft):
    other = make.scenario(draft, "other", sources=0)
    taken = other.scenes.first().key
    text = author.open().fields["text"]
    page = author.press("check", text=f"{text}\n# Mine {{{taken}}}\n\nA text.\n")
    assert f"The key {taken} belongs to another page" in page.words
    author.press("store")
    assert said(draft).scenes[-1].key == f"{taken}-2"


@pytest.mark.parametrize("path", [CASE, WHOLE])
def test_of_many_problems_some_are_told_and_the_others_counted(author, draft, path, monkeypatch):
    monkeypatch.setattr("apps.authoring.checking.MOST_PROBLEMS", 1)
    text = author.open(path).fields["text"].replace("It is quiet.", "![A](no.svg) ![B](none.svg) ![C](nowhere.svg)", 1)
    page = author.press("check", text=text)
    told, more = page.words.count(".svg does not exist"), re.findall(r"And (\d+) more\.", page.words)
    assert (told, len(more)) == (1, 1)
    monkeypatch.setattr("apps.authoring.checking.MOST_PROBLEMS", 1 + int(more[0]))
    page = author.press("check", text=text)
    assert (page.words.count(".svg does not exist"), "more." in page.words) == (3, False)


def test_problems_are_told_and_stop_nothing(author, draft):
    text = author.open().fields["text"]
    page = author.press("check", text=re.sub(r"-> Scene 2 \|", "|", text, count=1))
    assert "Problems in this text Error" not in page.words  # between them stands what they mean
    assert "Error" in page.words[page.words.index("Problems in this text") :]
    author.press("store")
    assert author.answer.status_code == 302
    assert said(draft).scenes[0].choices[0].target == ""


def test_six_clicks_from_the_desk_to_a_saved_case(author, draft):
    """The module, its name typed in the field for a new page, the kind; then the text is pasted, checked, stored."""
    clicks = ["the module on the desk", "add a case"]
    added = author.client.post(f"{MODULE}add/", {"title": "The lift", "kind": "scenario"}, follow=True)
    author.url, author.page = added.request["PATH_INFO"], Sheet(added)
    author.press("text")
    clicks.append("as text")
    assert author.answer["Location"] == f"{MODULE}pages/the-lift/text/"
    author.open(author.answer["Location"])
    text = "case: The lift\n\n# In the lift\n\nDoors.\n\n* Leave -> Out | best\n\n# Out\nending: good\n\nAir.\n"
    assert "store" in author.press("check", text=text).buttons
    author.press("store")
    clicks += ["check", "store"]
    assert author.answer.status_code == 302
    assert [scene.title for scene in said(draft, "the-lift").scenes] == ["In the lift", "Out"]
    assert len(clicks) <= 6


# Lines that cannot be read -------------------------------------------------------------------------------------------


def broken(text, *marks):
    """The text with a rating that there is not, in so many choices."""
    for mark in marks:
        text = re.sub(r"\| (best|poor|acceptable)\b", f"| {mark}", text, count=1)
    return text


def line_with(text, words):
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def test_a_line_that_cannot_be_read_is_shown_in_a_field(author, draft):
    before = said(draft)
    text = broken(author.open().fields["text"], "fine")
    number = line_with(text, "fine")
    page = author.press("check", text=text)
    assert page.status == 422
    assert f"Line {number} cannot be read. Nothing was stored" in page.words
    assert "“fine” stands there. Expected: best, acceptable or poor" in page.words
    assert "<mark>fine</mark>" in page.body
    assert page.fields[f"line-{number}"] == text.split("\n")[number - 1]
    assert page.fields["text"] == text
    assert page.body.index(f">{number}</p>") > 0
    assert "store" not in page.buttons
    assert said(draft) == before


def test_the_field_of_a_line_wins_if_it_was_changed(author, draft):
    text = broken(author.open().fields["text"], "fine")
    number = line_with(text, "fine")
    page = author.press("check", text=text)
    mended = page.fields[f"line-{number}"].replace("fine", "acceptable")
    page = author.press("check", **{f"line-{number}": mended})
    assert page.fields["text"].split("\n")[number - 1] == mended
    assert "store" in page.buttons
    author.press("store")
    assert said(draft).scenes[0].choices[0].rating == "acceptable"


def test_the_text_wins_where_the_field_was_not_changed(author):
    text = broken(author.open().fields["text"], "fine")
    author.press("check", text=text)
    page = author.press("check", text=text.replace("| fine", "| best"))
    assert page.status == 200
    assert "| fine" not in page.fields["text"]


def test_the_field_wins_over_a_line_that_was_changed_too(author):
    text = broken(author.open().fields["text"], "fine")
    number = line_with(text, "fine")
    author.press("check", text=text)
    changes = {"text": text.replace("| fine", "| bad"), f"line-{number}": "* Go -> Scene 2 | best"}
    assert author.press("check", **changes).fields["text"].split("\n")[number - 1] == "* Go -> Scene 2 | best"


def test_a_line_that_has_moved_is_mended_where_it_is_now(author):
    text = broken(author.open().fields["text"], "fine")
    number = line_with(text, "fine")
    author.press("check", text=text)
    moved = text.replace("# Scene 1", "\n\n# Scene 1", 1)
    lines = author.press("check", text=moved, **{f"line-{number}": "* Go -> Scene 2 | best"}).fields["text"].split("\n")
    assert lines[number + 1] == "* Go -> Scene 2 | best"
    assert lines[number - 1] == moved.split("\n")[number - 1]


def test_what_was_written_for_a_line_that_is_gone_is_told(author):
    text = broken(author.open().fields["text"], "fine")
    number = line_with(text, "fine")
    author.press("check", text=text)
    line = text.split("\n")[number - 1]
    page = author.press("check", text=text.replace(f"{line}\n", "", 1), **{f"line-{number}": "* Mine"})
    assert f"Line {number} is not where it was, so what you wrote in its field is not in: “* Mine”" in page.words


def test_of_many_lines_the_first_five_have_fields(author):
    names = [f"no-{number}" for number in range(7)]
    text = author.open().fields["text"]
    for name in names:
        text += f"\n# Scene {name}\nplaice: {name}\n"
    page = author.press("check", text=text)
    assert len([name for name in page.fields if name.startswith("line-")]) == 5
    assert "And 2 more." in page.words


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({1: "x\ny", 3: "z"}, "x\ny\nb\nz\nd"),
        ({1: "x", 4: "v\nw", 2: "y\n\nz"}, "x\ny\n\nz\nc\nv\nw"),
        ({2: "b", 3: "z"}, "a\nb\nz\nd"),
    ],
)
def test_several_lines_are_mended_whatever_becomes_of_those_above(fields, told):
    text = "a\nb\nc\nd"
    sent = {f"line-{number}": said for number, said in fields.items()}
    sent |= {f"was-{number}": text.split("\n")[number - 1] for number in fields}
    assert mended(text, mends_in(sent), 4) == (told, [])


def test_a_very_long_line_is_mended_where_it_stands(author):
    page = author.press("check", text="case: A\nplaice: " + "x" * 3000) if author.open() else None
    assert "too long for a field of its own" in page.words
    assert not [name for name in page.fields if name.startswith("line-")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("quiz: Now a quiz\n", "because this page is a case"),
        ("module: posts\ntitle: All\n", "with the title of a page"),
        ("", "with the title of a page"),
        ("case: A\n\n# S\n\nA\0b", "character 0x0000"),
        ("case: A\ngauge: Trust\n", "Public trust = 70"),
    ],
)
def test_what_no_such_page_says_is_told_in_words(author, draft, text, told):
    before = said(draft)
    author.open()
    page = author.press("check", text=text)
    assert page.status == 422
    assert told in page.words
    assert author.press("store", text=text).status == 422
    assert said(draft) == before


def test_what_not_even_a_draft_can_hold_is_told(author, draft):
    before = said(draft)
    text = author.open().fields["text"]
    page = author.press("check", text=text.replace("# Scene 1 ", f"# {'x' * 300} ", 1))
    assert page.status == 422
    assert "This cannot be stored yet" in page.words
    assert "characters and may have" in page.words
    assert "store" not in page.buttons
    author.press("store")
    assert said(draft) == before


# Digests, files, other buttons ---------------------------------------------------------------------------------------


def test_a_text_that_was_changed_after_its_check_is_checked_again(author, draft):
    before = said(draft)
    text = author.open().fields["text"].replace("It is quiet.", "It is loud.", 1)
    author.press("check", text=text)
    page = author.press("store", text=text.replace("It is loud.", "It burns.", 1))
    assert "The text was changed after it was checked" in page.words
    assert "<ins>burns.</ins>" in page.body
    assert said(draft) == before
    author.press("store")
    assert "It burns." in said(draft).scenes[0].body


def test_who_leaves_is_asked_where_the_text_says_more_than_what_is_stored(author, draft):
    text = author.open().fields["text"]
    pages = [author.page, author.press("check", text=text), author.press("check", text=text.replace("quiet", "loud"))]
    assert [re.findall('data-asks="(.*?)"', page.body) for page in pages] == [[""], [""], ["unsaved"]]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"text": None}, "The text did not arrive"),
        ({"do": "burn"}, "Press one of the buttons of this page."),
        ({"do": "file"}, "Choose a file first."),
        ({"text": "case: A\n" + "x" * PAGE_LIMIT}, "The text has 257 kB. The most is 256 kB."),
        ({"text": "case: " + "“" * 90_000}, "The text has 271 kB. The most is 256 kB."),
        ({"lines": "many"}, ""),
        ({"lines": "9" * 400}, ""),
        ({"line-5": "x", "was-5": "\ud800".encode("utf-8", "replace").decode()}, ""),
        ({"line-0": "x", "was-0": "y"}, ""),
    ],
)
def test_what_no_form_of_ours_sends_is_told_in_words(author, draft, changes, told):
    before = said(draft)
    author.open()
    page = author.press(**{"do": "check", **changes})
    assert page.status == 422 if told else page.status < 500
    assert told in page.words
    assert said(draft) == before


def test_a_stored_text_needs_nothing_hidden_but_is_checked_first(author, draft):
    before = said(draft)
    text = author.open().fields["text"].replace("It is quiet.", "It is loud.", 1)
    page = author.press("store", text=text, seen=None, checked=None, draft=None, lines=None)
    assert page.status == 200
    assert said(draft) == before


FILES = {
    "UTF-8 with a mark": ("\ufeffcase: A {case}\n".encode(), ""),
    "Windows": ("case: Café\n".encode("cp1252"), "This file is not plain text in UTF-8."),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "This file is not plain text in UTF-8."),
    "NUL": (b"case: A\0\n", "This file is not plain text in UTF-8."),
    "empty": (b"", "This file is empty."),
    "too large": (b"x" * (PAGE_LIMIT + 1), "The file has 257 kB. The most is 256 kB."),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_into_the_same_check(author, name):
    data, told = FILES[name]
    author.open()
    page = author.press("file", text="typed", file=SimpleUploadedFile("case.txt", data))
    assert told in page.words
    assert page.status == (422 if told else 200)
    assert page.fields["text"] == ("typed" if told else "case: A {case}\n")


def test_a_page_is_downloaded_as_its_text(author, draft):
    response = author.client.get(f"{CASE}download/")
    assert response.content.decode() == find_sheet(draft, "case").text_of(said(draft))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="case.txt"'


# Others at the same page, and drafts that are gone -------------------------------------------------------------------


def test_two_authors_keep_both_texts(author, draft):
    """What comes of both is tried in `test_conflict_page.py`."""
    text = author.open().fields["text"].replace("It is quiet.", "Mine.", 1)
    author.press("check", text=text)
    save(draft, retitled(said(draft)))
    page = author.press("store")
    assert page.status == 409
    assert page.fields["wanted"] == text
    assert said(draft).scenes[0].title == "Bay 6"


def test_storing_twice_is_harmless(author, draft):
    text = author.open().fields["text"].replace("It is quiet.", "It is loud.", 1)
    sent = {**author.press("check", text=text).fields, "do": "store"}
    for _ in range(2):
        assert author.client.post(CASE, sent).status_code == 302
    assert Revision.objects.of_sheet(draft, "case").count() == 2


def publish(draft, by=None):
    Edition.objects.drafts().filter(pk=draft.pk).update(published_by=by)
    return make.publish(draft)


def test_a_text_for_a_draft_that_was_published_is_kept(author, draft):
    publisher = make.user("paz@example.org", full_name="Paz Publisher")
    text = author.open().fields["text"].replace("It is quiet.", "It is loud.", 1)
    author.press("check", text=text)
    edition = publish(draft, publisher)
    page = author.press("store")
    assert page.status == 409
    assert "Paz Publisher published this draft as edition 2 on 22 November at 03:14." in page.words
    assert page.fields["text"] == text
    author.client.post(f"{MODULE}start/")
    page = author.press("check")
    assert "<ins>loud.</ins>" in page.body
    author.press("store")
    assert "It is loud." in said(Edition.objects.drafts().get()).scenes[0].body
    assert "It is quiet." in said(edition).scenes[0].body


@pytest.mark.parametrize("do", ["check", "store", "file", "nonsense"])
def test_a_text_for_a_draft_that_was_discarded_is_kept(author, draft, do):
    text = author.open().fields["text"].replace("It is quiet.", "It is loud.", 1)
    modules_actions.discard_draft(draft)
    page = author.press(do, text=text, draft="9" * 30)
    assert page.status == 409
    assert "The draft was published or discarded in the meantime." in page.words
    assert page.fields["text"] == text
    assert "Start a new draft" in page.words


def test_a_text_for_a_page_that_was_removed_is_kept(author, draft):
    text = author.open().fields["text"]
    Page.objects.filter(edition=draft, key="case").delete()
    page = author.press("check", text=text)
    assert page.status == 409
    assert "The page was removed from the draft in the meantime." in page.words
    assert page.fields["text"] == text


@pytest.mark.parametrize("way", [modules_actions.discard_draft, publish])
def test_who_loses_the_race_keeps_the_text(author, draft, way, monkeypatch):
    """The draft goes between the look at it and the lock."""
    text = author.open().fields["text"].replace("It is quiet.", "It is loud.", 1)
    author.press("check", text=text)
    store = save_document

    def late(*args):
        way(draft)
        return store(*args)

    monkeypatch.setattr("apps.authoring.views.text.actions.save_document", late)
    page = author.press("store")
    assert page.status == 409
    assert page.fields["text"] == text


def test_who_stores_while_the_page_is_removed_can_put_it_back(author, draft, monkeypatch):
    author.press("check", text=author.open().fields["text"].replace("It is quiet.", "It is loud.", 1))
    store = save_document

    def late(*args):
        Page.objects.filter(edition=draft, key="case").delete()
        return store(*args)

    monkeypatch.setattr("apps.authoring.views.text.actions.save_document", late)
    page = author.press("store")
    assert (page.status, "was taken out of the draft" in page.words) == (409, True)
    assert "It is loud." in page.fields["wanted"]


def test_a_text_of_no_module_is_nowhere(author):
    author.open()
    assert author.client.post("/admin/write/modules/none/pages/case/text/", {"text": "x"}).status_code == 404


def test_a_session_that_ended_keeps_a_large_text(author, draft):
    text = author.open().fields["text"] + "\n# More\n\n" + "“word” " * 20_000
    sent = {**author.page.fields, **make.owned_by(author.client.session and _author()), "do": "check", "text": text}
    author.client.logout()
    response = author.client.post(CASE, sent)
    assert response.status_code == 403
    assert unescape(response.content.decode()).count("“word” " * 20_000) == 1
    author.client.force_login(_author())
    assert "What would change" in author.client.post(CASE, sent).content.decode()


def _author():
    return User.objects.get(email="author@example.org")


# Every kind, hostile texts, large pages -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind.name for kind in page_kinds.all_kinds()])
def test_every_kind_is_written_as_text(author, draft, kind):
    noun = page_kinds.get(kind).noun
    added = author.client.post(f"{MODULE}add/", {"title": "New", "kind": kind})
    author.open(f"{added.url}text/")
    page = author.press("check", text=f"{noun}: Another title\nminutes: 9\n")
    assert "Changed The page itself" in page.words
    author.press("store")
    assert author.answer.status_code == 302
    assert said(draft, "new").head == Head("new", "Another title", minutes=9)
    assert author.client.get(f"{added.url}text/download/").status_code == 200


@pytest.mark.parametrize("number", range(12))
def test_whatever_is_sent_is_answered(author, number):
    kind = documents.KINDS[number % 3]
    writing = documents.Writing(number)
    document = {"reading": writing.reading, "case": writing.case, "quiz": writing.quiz}[kind.noun]()
    assert isinstance(document, Document)
    text = documents.mutilated(outline.to_text(kind, document), number)
    key = {"reading": "reading-1", "case": "case", "quiz": "quiz"}[kind.noun]
    author.open(f"{MODULE}pages/{key}/text/")
    for do in ("check", "store"):
        assert author.press(do, text=text).status in {200, 302, 422}
    fields = {name: f"{text[:50]}\n{number}" for name in author.page.fields if name.startswith("line-")}
    assert author.press("check", **fields).status in {200, 422}


def queries_of(client, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_a_page_of_a_hundred_scenes_asks_as_little_as_one_of_ten(author, draft):
    for name, scenes in (("small", 10), ("large", 100)):
        made = make.scenario(draft, name, scenes=scenes)
        make.rules(made)
    small, large = (queries_of(author.client, f"{MODULE}pages/{key}/text/") for key in ("small", "large"))
    assert small == large <= 20


def test_a_page_with_two_hundred_saves_asks_as_little_as_one_with_one(author, draft):
    make.revision(draft, number=1)
    before = queries_of(author.client, CASE)
    for number in range(2, 201):
        make.revision(draft, number=number)
    assert queries_of(author.client, CASE) == before


# The whole module ----------------------------------------------------------------------------------------------------


def test_beside_a_module_stands_how_it_begins_and_how_each_page_does(author):
    page = author.open(WHOLE)
    hints = [*MODULE_HINTS, *(kind.outline.hints[0] for kind in page_kinds.all_kinds())]
    assert [does for _, does in hints if does not in page.words] == []
    assert "Download the module as text" in page.words
    case = author.open(f"{MODULE}pages/case/text/").words
    assert "Download the case as text" in case
    assert "nothing has been saved here since" in case


def test_a_module_is_shown_changed_and_stored_as_text(author, draft):
    text = author.open(WHOLE).fields["text"]
    assert text.startswith("module: posts\n")
    before = rows_of(draft)
    page = author.press(
        "check", text=text.replace("It is quiet.", "It is loud.", 1).replace("title: ", "title: New ", 1)
    )
    assert "<ins>loud.</ins>" in page.body
    assert rows_of(draft) == before
    assert not Revision.objects.exists()
    author.press("store")
    assert author.answer.url == WHOLE
    assert said(draft, "").title.startswith("New ")
    assert "It is loud." in said(draft).scenes[0].body
    assert author.client.get(f"{WHOLE}download/").content.decode().startswith("module: posts\n")


def test_a_page_that_a_module_has_not_any_more_is_named(author, draft):
    text = author.open(WHOLE).fields["text"]
    start = text.index("=== quiz:")
    page = author.press("check", text=text[:start])
    assert "Deleted Page “Quiz”" in page.words
    author.press("store")
    assert "quiz" not in said(draft, "").pages


def test_a_module_that_was_changed_meanwhile_is_not_written_over(author, draft):
    text = author.open(WHOLE).fields["text"].replace("It is quiet.", "Mine.", 1)
    author.press("check", text=text)
    save(draft, retitled(said(draft)))
    page = author.press("store")
    assert page.status == 409
    assert page.fields["text"] == text
    assert "# Bay 6 " in page.body
    assert said(draft).scenes[0].title == "Bay 6"
    page = author.press("check")
    assert "<del>" in page.body
    author.press("store")
    assert author.answer.status_code == 302


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("module: other\ntitle: All\n", "because this is the text of that module"),
        ("case: A\n", "Expected: module:"),
        ("module: posts\ntitle: All\n\n=== quiz: Case {case}\n", "The page case is a case, and the text says quiz."),
        ("module: posts\ntitle: " + "x" * 300, "characters and may have"),
        ("module: posts\n" + "x" * MODULE_LIMIT, "The most is 1000 kB."),
    ],
)
def test_a_module_that_cannot_be_stored_is_told_in_words(author, draft, text, told):
    before = rows_of(draft)
    author.open(WHOLE)
    for do in ("check", "store"):
        page = author.press(do, text=text)
        assert page.status == 422
        assert told in page.words
    assert rows_of(draft) == before


@pytest.mark.parametrize("way", [modules_actions.discard_draft, publish])
def test_the_text_of_a_module_whose_draft_is_gone_is_kept(author, draft, way):
    text = author.open(WHOLE).fields["text"]
    way(draft)
    page = author.press("store", text=text)
    assert page.status == 409
    assert page.fields["text"] == text


def test_lines_are_counted_as_a_person_counts_them(author):
    page = author.open()
    number = len(page.fields["text"].rstrip("\n").split("\n"))
    assert f"{number} lines, at most" in page.words
    assert f"{number} lines, at most" in author.press("check").words
    assert "1 line, at most" in author.press("check", text="case: The full lift").words


def test_how_to_write_it_says_what_each_kind_says(author):
    page = author.open("/admin/write/how/")
    for kind in page_kinds.all_kinds():
        assert kind.outline.hints[0][1] in page.words
    example = unescape(re.search(r"<pre[^>]*>(.*?)</pre>", page.body, re.DOTALL)[1])
    assert outline.read_page(example, page_kinds.all_kinds()).faults == ()


# To other tabs and back ----------------------------------------------------------------------------------------------


def test_a_way_to_another_tab_is_open_once_the_text_says_no_more_than_what_is_stored(author, draft):
    page = author.open()
    answer = author.client.post(CASE, page.fields | {"do": "history"})
    assert (answer.status_code, answer["Location"]) == (303, f"{MODULE}pages/case/history/")
    text = page.fields["text"].replace("# ", "# Another ", 1)
    sent = author.client.post(CASE, page.fields | {"do": "history", "text": text})
    told = Sheet(sent)
    assert (told.status, told.fields["text"]) == (200, text)
    assert "Store your text first" in told.words
    assert "store" in told.buttons
    assert author.client.post(CASE, page.fields | {"do": "nowhere"}).status_code == 422
