"""Two authors changed the same page: what each changed, what is chosen, and that nobody's words are lost."""

import html
import re
from dataclasses import replace

import pytest

from apps.authoring.actions import Conflict, Edit, Stamp, save_document
from apps.authoring.models import Revision
from apps.authoring.queries import find_sheet
from apps.authoring.views import conflict
from apps.authoring.views.resolving import BOTH_AS_TEXT
from apps.modules import outline, page_kinds
from apps.modules.actions import discard_draft
from apps.modules.document import ORDER
from apps.modules.models import Edition
from tests import make
from tests.authoring.of_one_case import PAGE, said, save
from tests.forms import forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

SEND_TO = f"{PAGE}conflict/"


@pytest.fixture
def publisher():
    return make.administrator()


def with_body(document, body, number=0):
    scene = document.scenes[number]
    return document.with_block(scene.key, replace(scene, body=body))


@pytest.fixture
def met(draft, publisher, author, rf):
    """What an author is shown whose words meet those that stand there: `met(before, mine, key)`."""

    def meet(before, mine, key="case", *blocks):
        kind = "reading" if key == "reading-1" else "scenario"
        sheet = find_sheet(draft, key, kind)
        edit = Edit(key, mine, before.digest(*blocks), blocks, kind)
        outcome = save_document(draft, edit, Stamp(author, make.NOW))
        assert isinstance(outcome, Conflict)
        request = rf.post("/")
        request.user = author
        return conflict.show(request, sheet, edit, outcome)

    return meet


def fields_of(answer):
    """The fields of the form, with the text in it, and what is ticked."""
    page = answer.content.decode()
    form = next(form for form in forms_of(page, "/") if form.action.endswith("conflict/"))
    fields = {name: values[0] for name, values in form.fields.items()}
    found = re.search(r'<textarea[^>]* name="wanted"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    ticked = re.findall(r'name="(pick:[^"]*)" value="(\w+)" checked', page)
    return fields | {"wanted": html.unescape(found[1])} | dict(ticked)


def two_versions(draft, by):
    """The case before, as the other stored it, and as I want it: scene 1 clashes, scenes 2 and 3 do not."""
    before = said(draft)
    theirs = with_body(with_body(before, "Their situation.", 0), "Only theirs.", 1)
    mine = with_body(with_body(before, "My situation.", 0), "Only mine.", 2)
    save(draft, theirs, by=by)
    return before, theirs, mine


def test_each_side_shows_what_that_person_changed(draft, publisher, met):
    before, _, mine = two_versions(draft, publisher)
    answer = met(before, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Two of you changed scene “Scene 1”" in page
    assert "Ada Administrator saved it" in page
    for words in ("My situation.", "Their situation."):
        assert f"<del>It is quiet.</del><ins>{words}</ins>" in page
    assert "Only theirs" not in re.sub("<textarea.*?</textarea>", "", page, flags=re.DOTALL)
    assert "You also changed: scene “Scene 3”." in page
    assert "Ada Administrator also changed: scene “Scene 2”." in page


def test_keeping_both_is_chosen_at_first_and_stores_nothing(draft, publisher, met, browser):
    before, theirs, mine = two_versions(draft, publisher)
    fields = fields_of(met(before, mine))
    answer = browser.post(SEND_TO, fields | {"do": "save"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert BOTH_AS_TEXT in page
    assert page.index("Their situation.") < page.index("My situation.")
    assert "Only theirs." in page
    assert "Only mine." in page
    assert said(draft) == theirs


def test_both_versions_can_be_read_again_once_one_has_been_deleted(draft, publisher, met, browser):
    before, _, mine = two_versions(draft, publisher)
    page = browser.post(SEND_TO, fields_of(met(before, mine))).content.decode()
    text = html.unescape(re.search(r'name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)[1])
    assert outline.read(text, page_kinds.all_kinds()).faults == ()
    saved = outline.read(text, page_kinds.all_kinds()).document
    assert [scene.title for scene in saved.scenes][:2] == ["Scene 1", "Scene 1"]


@pytest.mark.parametrize(("pick", "body"), [("mine", "My situation."), ("theirs", "Their situation.")])
def test_what_is_chosen_is_saved_and_the_rest_is_kept_from_both(draft, publisher, met, browser, pick, body):
    before, _, mine = two_versions(draft, publisher)
    fields = fields_of(met(before, mine))
    clash = f"pick:{before.scenes[0].key}"
    assert browser.post(SEND_TO, fields | {clash: pick, "do": "save"}).headers["Location"] == f"{PAGE}text/"
    assert [scene.body for scene in said(draft).scenes][:3] == [body, "Only theirs.", "Only mine."]
    assert Revision.objects.of_sheet(draft, "case").last().by.email == "author@example.org"


@pytest.mark.parametrize(("do", "body"), [("mine", "My situation."), ("theirs", "Their situation.")])
def test_all_of_one_is_taken_at_once(draft, publisher, met, browser, do, body):
    before, _, mine = two_versions(draft, publisher)
    browser.post(SEND_TO, fields_of(met(before, mine)) | {"do": do})
    assert [scene.body for scene in said(draft).scenes][:3] == [body, "Only theirs.", "Only mine."]


def test_what_was_saved_once_more_is_shown_with_the_choices_kept(draft, publisher, met, browser):
    before, theirs, mine = two_versions(draft, publisher)
    fields = fields_of(met(before, mine)) | {f"pick:{before.scenes[0].key}": "mine", "do": "save"}
    save(draft, with_body(theirs, "Their second thought."), by=publisher)
    answer = browser.post(SEND_TO, fields)
    assert answer.status_code == 409
    assert "It was saved once more while you chose" in answer.content.decode()
    assert said(draft).scenes[0].body == "Their second thought."
    again = fields_of(answer)
    assert again[f"pick:{before.scenes[0].key}"] == "mine"
    assert browser.post(SEND_TO, again | {"do": "save"}).status_code == 302
    assert [scene.body for scene in said(draft).scenes][:3] == ["My situation.", "Only theirs.", "Only mine."]


def test_a_double_click_is_harmless(draft, publisher, met, browser):
    before, _, mine = two_versions(draft, publisher)
    fields = fields_of(met(before, mine)) | {"do": "mine"}
    for _ in range(2):
        assert browser.post(SEND_TO, fields).status_code in (302, 409)
    stands = said(draft)
    assert Revision.objects.of_sheet(draft, "case").count() == 3
    assert [scene.body for scene in stands.scenes][:3] == ["My situation.", "Only theirs.", "Only mine."]


def test_two_who_changed_different_scenes_clash_nowhere(draft, publisher, met, browser):
    before = said(draft)
    save(draft, with_body(before, "Theirs.", 0), by=publisher)
    answer = met(before, with_body(before, "Mine.", 1))
    assert "both can be kept" in answer.content.decode()
    assert browser.post(SEND_TO, fields_of(answer) | {"do": "save"}).status_code == 302
    assert [scene.body for scene in said(draft).scenes][:2] == ["Theirs.", "Mine."]


def test_scenes_that_were_added_and_taken_out_are_kept_so(draft, publisher, met, browser):
    before = said(draft)
    new = replace(before.scenes[-1], key="theirs-new", title="Theirs")
    own = replace(before.scenes[-1], key="mine-new", title="Mine")
    save(draft, replace(before, scenes=(new, *before.scenes)), by=publisher)
    answer = met(before, replace(before, scenes=(*before.scenes[:-1], own)))
    browser.post(SEND_TO, fields_of(answer) | {"do": "save"})
    titles = [scene.title for scene in said(draft).scenes]
    assert titles == ["Theirs", *(scene.title for scene in before.scenes[:-1]), "Mine"]


def test_a_scene_that_one_took_out_and_the_other_reworded_clashes(draft, publisher, met, browser):
    before = said(draft)
    gone = before.scenes[-1].key
    save(draft, replace(before, scenes=before.scenes[:-1]), by=publisher)
    answer = met(before, with_body(before, "Mine.", -1))
    assert "Taken out." in answer.content.decode()
    both = browser.post(SEND_TO, fields_of(answer) | {"do": "save"})
    assert "Mine." in both.content.decode()
    browser.post(SEND_TO, fields_of(answer) | {"do": "mine"})
    assert said(draft).scenes[-1].key == gone


@pytest.mark.parametrize("pick", ["mine", "theirs", ""])
def test_two_orders_are_chosen_from(draft, publisher, met, browser, pick):
    """Where nothing was picked it is mine: both cannot be kept."""
    before = said(draft)
    one, two, three, *others = before.scenes
    save(draft, replace(before, scenes=(two, one, three, *others)), by=publisher)
    answer = met(before, replace(before, scenes=(three, one, two, *others)))
    assert "1. Scene 3" in answer.content.decode()
    fields = fields_of(answer)
    if pick:
        fields[f"pick:{ORDER}"] = pick
    else:
        del fields[f"pick:{ORDER}"]
    assert browser.post(SEND_TO, fields | {"do": "save"}).status_code == 302
    first = (two, one, three) if pick == "theirs" else (three, one, two)
    assert [scene.key for scene in said(draft).scenes][:3] == [scene.key for scene in first]


def test_the_head_of_a_page_is_kept_from_both_field_by_field(draft, publisher, met, browser):
    before = said(draft, "reading-1")
    path = PAGE.replace("case", "reading-1")
    save(draft, replace(before, body="Theirs.\n\nSame."), by=publisher, key="reading-1")
    head = replace(before.head, title="My title")
    answer = met(before, replace(before, head=head, body="Mine.\n\nSame."), key="reading-1")
    page = browser.post(f"{path}conflict/", fields_of(answer) | {"do": "save"})
    text = html.unescape(page.content.decode())
    assert "reading: My title" in text
    assert text.index("Theirs.") < text.index("Mine.")


def test_without_a_version_from_which_both_began_each_is_compared_with_the_other(draft, publisher, met, browser):
    before, _, mine = two_versions(draft, publisher)
    Revision.objects.of_sheet(draft, "case").filter(number=1).delete()
    answer = met(before, mine)
    page = answer.content.decode()
    assert page.count("Take mine") == 3
    assert "<del>Their</del><ins>My</ins> situation." in page
    assert "<del>My</del><ins>Their</ins> situation." in page
    browser.post(SEND_TO, fields_of(answer) | {"do": "mine"})
    assert said(draft) == mine


@pytest.mark.parametrize("is_known", [True, False])
def test_of_one_scene_that_was_to_be_saved_no_other_is_asked_about(draft, publisher, met, browser, is_known):
    """Neither is what else they changed told as mine; also where the version from which both began is not known."""
    before, theirs, mine = two_versions(draft, publisher)
    if not is_known:
        Revision.objects.of_sheet(draft, "case").filter(number=1).delete()
    answer = met(before, mine, "case", before.scenes[0].key)
    page = answer.content.decode()
    assert page.count("Take mine") == 1
    assert "also changed" not in page
    browser.post(SEND_TO, fields_of(answer) | {"do": "mine"})
    assert [scene.body for scene in said(draft).scenes][1:] == [scene.body for scene in theirs.scenes][1:]


def test_what_the_edition_says_of_itself_meets_too(draft, publisher, browser):
    path = "/admin/write/modules/posts/edition/"
    before = said(draft, "")
    form = next(one for one in forms_of(browser.get(path).content.decode(), path) if one.action == path)
    mine = {name: values[0] for name, values in form.fields.items()}
    mine |= {"title": "My title", "summary": before.summary, "outcomes": "Describe", "curriculum": ""}
    save(draft, replace(before, title="Their title", pages=before.pages[::-1]), by=publisher, key="")
    answer = browser.post(path, mine)
    assert answer.status_code == 409
    fields = fields_of(answer)
    both = browser.post(f"{path}conflict/", fields | {"do": "save"})
    assert "Their title / My title" in both.content.decode()
    assert browser.post(f"{path}conflict/", fields | {"do": "mine"}).headers["Location"] == path
    assert said(draft, "").title == "My title"
    assert said(draft, "").pages == before.pages[::-1]


def test_a_page_that_was_taken_out_is_put_back_with_my_words(draft, publisher, met, browser):
    before = said(draft)
    edition = said(draft, "")
    save(draft, replace(edition, pages=edition.pages[:1]), by=publisher, key="")
    answer = met(before, with_body(before, "Mine."))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "<title>This page was taken out" in " ".join(page.split()).replace("<title> ", "<title>")
    assert "was taken out of the draft" in page
    assert "Put it back with my words" in page
    assert "Mine." in page
    asked_again = browser.post(SEND_TO, fields_of(answer) | {"do": "theirs"})
    assert (asked_again.status_code, said(draft)) == (409, None), "there is nothing of theirs to take"
    browser.post(SEND_TO, fields_of(answer) | {"do": "mine"})
    assert said(draft).scenes[0].body == "Mine."


def test_a_draft_that_is_gone_leaves_the_words_on_the_page(draft, publisher, met, browser):
    before, _, mine = two_versions(draft, publisher)
    fields = fields_of(met(before, mine))
    discard_draft(Edition.objects.get(pk=draft.pk))
    answer = browser.post(SEND_TO, fields | {"do": "save"})
    assert answer.status_code == 409
    assert "My situation." in answer.content.decode()


def test_a_draft_that_was_published_leaves_the_words_on_the_page(draft, publisher, met, browser):
    before, _, mine = two_versions(draft, publisher)
    fields = fields_of(met(before, mine))
    make.publish(draft)
    answer = browser.post(SEND_TO, fields | {"do": "save"})
    assert answer.status_code == 409
    assert "My situation." in answer.content.decode()


@pytest.mark.parametrize(
    "wanted", ["", "nothing", "\x0b", "reading: A {case}\n\nText.", "module: posts\ntitle: A", "case: A\n" * 5000]
)
def test_a_text_that_is_not_of_this_page_stays_on_the_page_and_is_not_stored(draft, browser, wanted):
    before = said(draft)
    answer = browser.post(SEND_TO, {"wanted": wanted, "seen": before.digest(), "do": "mine"})
    assert answer.status_code == 422
    assert "<h1>Nothing was stored, and your text is here</h1>" in answer.content.decode()
    assert html.escape(wanted[:20].strip()) in answer.content.decode()
    assert said(draft) == before


@pytest.mark.parametrize("change", [{"seen": "0" * 16}, {"seen": ""}, {"do": "x"}, {"block": "no-such"}, {"began": ""}])
def test_what_nobody_was_shown_stores_nothing(draft, publisher, met, browser, change):
    before, theirs, mine = two_versions(draft, publisher)
    fields = fields_of(met(before, mine)) | {f"pick:{before.scenes[0].key}": "<b>"}
    answer = browser.post(SEND_TO, fields | change)
    assert answer.status_code in (200, 409, 422)
    assert said(draft) == theirs


def test_what_cannot_be_stored_is_told_with_the_words_still_there(draft, publisher, met, browser):
    before, _, mine = two_versions(draft, publisher)
    fields = fields_of(met(before, mine))
    fields["wanted"] = fields["wanted"].replace("My situation.", "My situation. " + "x" * 300, 1)
    fields["wanted"] = fields["wanted"].replace("# Scene 3", "# " + "S" * 500, 1)
    answer = browser.post(SEND_TO, fields | {"do": "mine"})
    assert answer.status_code == 422
    assert "cannot be stored" in answer.content.decode()
    assert "My situation." in answer.content.decode()


def test_who_may_not_write_does_not_choose(draft, publisher):
    reader = make.user("reader@example.org", is_staff=True)
    assert make.client(reader).post(SEND_TO, {"wanted": "x"}).status_code == 404
