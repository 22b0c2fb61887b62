"""Publishing as a page: what is shown is what is published, and everything is asked once."""

from dataclasses import replace

import pytest

from apps.authoring import overview, publishing
from apps.authoring.actions import Edit, Stamp, save_document
from apps.modules import rows
from apps.modules.actions import publish, start_draft
from apps.modules.models import Edition, Page
from apps.modules.published import PublishedContentError
from apps.progress import actions as progress_actions
from tests import make
from tests.in_admin import Page as Answered
from tests.in_admin import read

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

PUBLISH = "/admin/write/modules/posts/publish/"
NOTE = "The second scene says more."


@pytest.fixture
def draft():
    draft = make.started("posts")
    Edition.objects.filter(pk=draft.pk).update(learning_outcomes="Say why", summary="What it is about.")
    return Edition.objects.get(pk=draft.pk)


@pytest.fixture
def publisher():
    return make.client(make.publisher())


def said(draft):
    return overview.read_drafts([Edition.objects.select_related("module").get(pk=draft.pk)])[0]


def form(draft, **changes):
    confirmed = [publishing.mark_of(problem) for problem in publishing.warnings_of(said(draft))]
    return {"seen": publishing.digest_of(said(draft)), "confirm": confirmed, "change_note": NOTE, **changes}


def reword(draft, title="Bay 6"):
    document = rows.read_document(Page.objects.get(edition=draft, key="case"))
    scene = replace(document.scenes[0], title=title)
    edit = Edit("case", document.with_block(scene.key, scene), document.digest())
    save_document(draft, edit, Stamp(make.user(full_name="Ari Author"), make.NOW))


def test_a_draft_is_published_with_its_note_once(publisher, draft):
    learner = make.user()
    progress_actions.enrol(learner, draft.based_on, make.NOW)
    sent = form(draft)
    answer = publisher.post(PUBLISH, sent, follow=True)
    assert "Edition 2 is published. 1 learner is offered it with your note." in answer.content.decode()
    published = Edition.objects.get(number=2)
    assert (published.change_note, published.published_by.email) == (NOTE, "publisher@example.org")
    for note in (NOTE, f" {NOTE}\r\n"):
        again = publisher.post(PUBLISH, sent | {"change_note": note}, follow=True)
        assert "There is no draft here any more. Edition 2 was published" in again.content.decode()
    assert Edition.objects.published().count() == 2


def test_nothing_is_published_that_was_not_read(publisher, draft):
    sent = form(draft)
    reword(draft)
    answer = publisher.post(PUBLISH, sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Ari Author saved" in text
    assert NOTE in text, "the note stays"
    assert "<ins>Bay" in text
    assert not Edition.objects.filter(number=2).exists()
    assert publisher.post(PUBLISH, form(draft)).status_code == 302


def drawn(draft):
    """Somebody puts a picture into the draft that has no words for who does not see it."""
    document = rows.read_document(Page.objects.get(edition=draft, key="reading-1"))
    edit = Edit("reading-1", replace(document, body="![](illustrations/trolley.svg)"), document.digest())
    save_document(draft, edit, Stamp(make.user(full_name="Ari Author"), make.NOW))


def test_who_confirmed_all_that_was_shown_is_told_what_is_new(publisher, draft):
    page = read(publisher, PUBLISH)
    sent = {**page.fields, "confirm": form(draft)["confirm"], "change_note": NOTE, "do": "publish"}
    drawn(draft)
    answer = publisher.post(PUBLISH, sent)
    met = Answered(answer)
    assert (answer.status_code, "Confirm" in met.text) == (409, False)
    assert "Ari Author saved Reading 1 after you opened this page. Read what is new, then publish." in met.text
    assert met.text.count(" New Reading 1: ") == 1, "the list is that of now"
    assert met.text.count(" New ") == 1
    assert set(met.fields["confirm"]) == set(sent["confirm"]), "what was confirmed stays so"
    assert "Confirm this warning" in Answered(publisher.post(PUBLISH, {**met.fields, "do": "publish"})).text


@pytest.mark.parametrize("number", [1, 2])
def test_so_is_who_meets_a_warning_of_something_beside_the_draft(publisher, draft, number):
    drawn(draft)
    sent = form(draft)
    sent["shown"] = " ".join(sent["confirm"][number:])
    met = publisher.post(PUBLISH, {**sent, "confirm": sent["confirm"][number:]})
    told = {1: "There is a warning that was not", 2: "There are warnings that were not"}[number]
    assert met.status_code == 422
    assert f"{told} on this page when you opened it. Read what is new, then confirm" in Answered(met).text
    assert "Confirm each warning" not in Answered(met).text


@pytest.mark.parametrize("note", ["x" * 601, "Mine"], ids=["too long", "another stands"])
def test_who_was_told_of_their_note_alone_is_told_what_is_new_when_they_publish(publisher, draft, note):
    page = read(publisher, PUBLISH)
    drawn(draft)
    Edition.objects.filter(pk=draft.pk).update(change_note="Ari’s")
    met = Answered(publisher.post(PUBLISH, {**page.fields, "change_note": note, "do": "keep"}))
    assert met.fields["seen"] == page.fields["seen"]
    answer = publisher.post(PUBLISH, {**met.fields, "change_note": NOTE, "confirm": form(draft)["confirm"], "do": ""})
    assert answer.status_code == 409
    assert "Ari Author saved Reading 1 after you opened this page." in Answered(answer).text
    assert Answered(answer).text.count(" New Reading 1: ") == 1


def test_a_draft_that_is_saved_while_it_is_published_is_shown_as_it_is_then(publisher, draft, monkeypatch):
    sent, publish_as_read = form(draft), publishing.publish_as_read

    def late(*args):
        drawn(draft)
        return publish_as_read(*args)

    monkeypatch.setattr(publishing, "publish_as_read", late)
    answer = publisher.post(PUBLISH, {**sent, "shown": " ".join(sent["confirm"])})
    assert Answered(answer).fields["seen"] == [publishing.digest_of(said(draft))]
    assert " New Reading 1: " in Answered(answer).text


def test_what_is_saved_after_the_page_was_checked_is_not_published(draft):
    seen = publishing.digest_of(said(draft))
    reword(draft)
    with pytest.raises(publishing.ChangedMeanwhileError):
        publishing.publish_as_read(draft, seen, make.publisher(), make.NOW, NOTE)
    assert not Edition.objects.filter(number=2).exists()


def test_each_warning_is_confirmed(publisher, draft):
    sent = form(draft)
    assert sent["confirm"], "the world has something to warn about"
    answer = publisher.post(PUBLISH, {**sent, "confirm": sent["confirm"][1:]})
    assert answer.status_code == 422
    assert answer.content.decode().count('id="error-') == 1
    assert publisher.post(PUBLISH, {**sent, "change_note": ""}).content.decode().count('id="error-') == 0
    assert not Edition.objects.filter(number=2).exists()


@pytest.mark.parametrize("note", ["", "  ", "x" * 601, "x" * 10_000])
def test_a_note_is_needed_and_short(publisher, draft, note):
    answer = publisher.post(PUBLISH, form(draft, change_note=note))
    assert answer.status_code == 422
    assert 'id="id_change_note_error"' in answer.content.decode()
    assert not Edition.objects.filter(number=2).exists()


def test_a_first_edition_needs_no_note(publisher):
    draft = make.draft("posts", learning_outcomes="Say why", summary="What it is about.")
    make.reading(draft)
    page = read(publisher, PUBLISH)
    assert "change_note" not in page.fields
    assert publisher.post(PUBLISH, form(draft, change_note="")).status_code == 302
    assert Edition.objects.get().number == 1


def test_what_stops_it_is_told_and_there_is_no_button(publisher, draft):
    Edition.objects.filter(pk=draft.pk).update(learning_outcomes="")
    page = publisher.get(PUBLISH).content.decode()
    assert "This stops the edition" in page
    assert "Publish edition 2</button>" not in page
    assert publisher.post(PUBLISH, form(draft)).status_code == 422
    assert not Edition.objects.filter(number=2).exists()


@pytest.mark.parametrize("seen", ["", "0" * 16, "\0", "x" * 10_000])
def test_a_stale_page_publishes_nothing(publisher, draft, seen):
    assert publisher.post(PUBLISH, form(draft, seen=seen)).status_code == 409
    assert not Edition.objects.filter(number=2).exists()


def keep(publisher, note, seen=""):
    return publisher.post(PUBLISH, {"do": "keep", "change_note": note, "note_seen": publishing.digest_of_note(seen)})


def test_while_something_stops_it_the_note_is_kept(publisher, draft):
    Edition.objects.filter(pk=draft.pk).update(learning_outcomes="")
    page = read(publisher, PUBLISH)
    assert "Keep the note and check again" in page.text
    answer = publisher.post(PUBLISH, {**page.fields, "do": "keep", "change_note": NOTE}, follow=True)
    assert "Your note is kept with the draft." in answer.content.decode()
    assert read(publisher, PUBLISH).fields["change_note"] == [NOTE]
    assert not Edition.objects.published().exclude(change_note="").exists()
    assert keep(publisher, NOTE).status_code == 302, "it says so already, whatever was seen"
    assert keep(publisher, "", seen=NOTE).status_code == 302, "a note can be taken away"
    assert read(publisher, PUBLISH).fields["change_note"] == [""]


def test_a_note_that_somebody_else_kept_is_not_overwritten(publisher, draft):
    keep(publisher, "Of somebody else.")
    answer = keep(publisher, NOTE)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody kept this note after you opened this page: “Of somebody else.”" in page
    assert 'href="#id_change_note"' in page, "the way leads to the field"
    assert f"{NOTE}</textarea>" in page
    assert Edition.objects.drafts().get().change_note == "Of somebody else."
    assert f'name="note_seen" value="{publishing.digest_of_note("Of somebody else.")}"' in page, "now it was read"
    refused = publisher.post(PUBLISH, form(draft, confirm=[], note_seen="of before")).content.decode()
    assert 'name="note_seen" value="of before"' in refused, "what was not read is not taken for read"


def test_a_note_that_is_too_long_is_not_kept(publisher, draft):
    refused = keep(publisher, "x" * 601)
    assert (refused.status_code, "Confirm this warning" in refused.content.decode()) == (422, False)
    assert Edition.objects.drafts().get().change_note == ""


def test_the_note_of_a_draft_is_not_that_of_the_next(publisher, draft):
    keep(publisher, NOTE)
    publisher.post(PUBLISH, form(draft))
    assert start_draft(Edition.objects.get(number=2)).change_note == ""
    with pytest.raises(PublishedContentError):
        publishing.keep_note(draft, "Another.", publishing.digest_of_note(NOTE))
    assert Edition.objects.get(number=2).change_note == NOTE


def test_a_note_outlives_the_draft_that_it_was_for(publisher, draft):
    sent = {**form(draft), "draft": draft.pk}
    publish(draft, make.user(full_name="Paz Publisher"), make.NOW, "Another.")
    kept = publisher.post(PUBLISH, sent)
    assert kept.status_code == 409
    assert "Paz Publisher published this draft as edition 2" in kept.content.decode()
    assert 'name="change_note" rows="4"' in kept.content.decode()
    start_draft(Edition.objects.get(number=2))
    assert publisher.post(PUBLISH, {**Answered(kept).fields, "do": "keep"}).status_code == 302
    assert Edition.objects.drafts().get().change_note == NOTE


def test_a_page_that_will_be_gone_is_named_before(publisher, draft):
    assert "is removed" not in read(publisher, PUBLISH).text
    author, path = make.client(make.author()), "/admin/write/modules/posts/pages/reading-2/remove/"
    author.post(path, read(author, path).fields)
    text = read(publisher, PUBLISH).text
    assert "Reading 2 is removed." in text
    assert "Page “Reading 2” (taken out)" in text, "not by its key"
