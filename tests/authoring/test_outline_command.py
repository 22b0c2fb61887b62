"""`manage.py outline` prints pages as text, checks such a text, and writes it into a draft."""

import io
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.authoring.models import Revision
from apps.modules.actions import NotPublishableError, publish, start_draft
from apps.modules.models import Edition, Module, Page
from apps.scenarios.models import Scene
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


@pytest.fixture
def edition():
    return make.edition("posts", is_full=True)


def outline(*arguments, **options):
    out = StringIO()
    call_command("outline", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def write(tmp_path):
    """Writes a text to a file, and that into the draft of the module *posts*."""

    def write(text, *options):
        file = tmp_path / "text.txt"
        file.write_text(text, "utf-8")
        return outline("--into", "posts", str(file), *options)

    return write


def check(text, monkeypatch):
    """What `--check` says of standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text if isinstance(text, bytes) else text.encode())))
    return outline("--check", "-")


def test_a_page_is_printed_and_nothing_is_wrong_with_it(edition, monkeypatch):
    text = outline("posts", "case")
    assert text.startswith("case: Case {case}\n")
    said = "Case: The shortest way takes 2 decisions, the longest 3.\nNothing is wrong.\n"
    assert check(text, monkeypatch) == said


def test_the_draft_is_printed_when_it_is_asked_for(edition):
    draft = start_draft(edition)
    Page.objects.filter(edition=draft, key="case").update(title="In the draft")
    assert "In the draft" not in outline("posts", "case")
    assert outline("posts", "case", "--draft").startswith("case: In the draft {case}\n")


def test_a_module_is_printed_whole(edition):
    text = outline("posts")
    assert text.startswith(f"module: posts\ntitle: {edition.title}\n")
    assert text.count("\n=== ") == edition.page_set.count()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Name a module"),
        (("nothing",), "There is no module nothing."),
        (("posts", "nothing"), "has no page nothing."),
        (("posts", "--draft"), "The module posts has no draft."),
        (("--check", "/no/such/file"), "cannot be read"),
        (("--into", "nothing", "/no/such/file"), "There is no module nothing."),
        (("--check", ""), "cannot be read"),
        (("--history",), "Name the module."),
        (("--revision", "0"), "Name the module."),
        (("posts", "case\x80"), "This is no page"),
        (("posts", "--by", ""), "This is no by"),
        (("posts", "case", "--dry-run"), "go with --into"),
        (("posts", "case", "--check", "-"), "name no page beside them"),
    ],
)
def test_what_is_not_there_is_told(edition, arguments, told):
    with pytest.raises(CommandError, match=told):
        outline(*arguments)


def test_a_module_without_an_edition_is_told(tmp_path):
    Module.objects.create(slug="empty", position=9)
    (tmp_path / "text.txt").write_text("reading: A page\n\nText.")
    with pytest.raises(CommandError, match="The module empty has no edition yet"):
        outline("--into", "empty", str(tmp_path / "text.txt"))


def test_a_page_of_an_unknown_kind_is_told(edition):
    make.unguarded(Page).filter(edition=edition, key="quiz").update(kind="film")
    for arguments in (("posts",), ("posts", "quiz")):
        with pytest.raises(CommandError, match="The page quiz is of an unknown kind: film"):
            outline(*arguments)


def test_a_fault_is_told_with_its_line(edition, monkeypatch):
    text = outline("posts", "case").replace("\n# ", "\nwho knows: what\n# ", 1)
    line = text.split("\n").index("who knows: what") + 1
    with pytest.raises(CommandError, match=f"Line {line}: “who knows: what” stands there; expected"):
        check(text, monkeypatch)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"case: A\0", b"a" * 2_000_000, b""])
def test_what_is_no_text_is_told(edition, data, monkeypatch):
    with pytest.raises(CommandError, match="Line 1: "):
        check(data, monkeypatch)


def test_a_warning_is_told_and_an_error_fails(edition, monkeypatch):
    text = outline("posts", "case")
    told = check(text.replace("role: ", f"role: {'Multidisciplinary responsibilities ' * 60}"), monkeypatch)
    assert "reading age" in told
    assert "Nothing is wrong" not in told
    with pytest.raises(CommandError, match="could not be published"):
        check(text.replace("minutes: ", "minutes: 99999"), monkeypatch)


def test_a_text_is_written_into_the_draft_and_what_changed_is_told(edition, write):
    author = make.author()
    text = outline("posts", "case").replace("# Scene 1", "# Bay 6", 1)
    assert text.count("Bay 6") == 1
    told = write(text, "--by", author.email)
    draft = Edition.objects.drafts().get()
    assert draft.based_on == edition
    assert Scene.objects.filter(edition=draft, title="Bay 6").count() == 1
    assert told == "case\n  scene “Bay 6”: reworded\n    title: [-Scene 1-]{+Bay 6+}\n"
    assert Revision.objects.get(verb="saved").by == author


def test_what_was_overwritten_can_be_had_back(edition, write):
    text, author = outline("posts", "case"), make.author()
    write(text.replace("# Scene 1", "# Bay 6"), "--by", author.email)
    saved, found = outline("posts", "case", "--history").splitlines()
    assert ": Saved, " in saved
    assert saved.endswith(f", {author.full_name}")
    assert ": Found, " in found
    assert outline("posts", "case", "--revision", found.split(":")[0]) == text
    for missing in (("posts", "quiz", "--revision", found.split(":")[0]), ("posts", "case", "--revision", "0")):
        with pytest.raises(CommandError, match="Nothing was saved"):
            outline(*missing)


def test_a_rehearsal_stores_nothing(edition, write):
    told = write(outline("posts", "case").replace("# Scene 1", "# Bay 6"), "--dry-run")
    assert "scene “Bay 6”: reworded" in told
    assert told.endswith("Nothing was stored.\n")
    assert not Edition.objects.drafts().exists()
    assert not Revision.objects.exists()


def test_the_same_text_again_changes_nothing(edition, write):
    text = outline("posts", "case").replace("# Scene 1", "# Bay 6")
    write(text)
    assert write(text) == "Nothing has changed.\n"


def test_a_page_that_is_not_there_is_made(edition, write):
    write("reading: Whom to ask\nminutes: 2\n\nAsk *somebody*.\n")
    page = Page.objects.get(edition__number=None, title="Whom to ask")
    assert (page.key, page.kind, page.minutes, page.body) == ("whom-to-ask", "reading", 2, "Ask *somebody*.")
    write("reading: Whom to ask\nminutes: 3\n\nAsk *somebody*.\n")  # without a key: the page with this title
    assert Page.objects.get(edition__number=None, title="Whom to ask").minutes == 3


def test_a_target_that_is_not_there_becomes_an_empty_scene(edition, write):
    text = outline("posts", "case")
    told = write(
        text.replace(" -> ", " -> Nowhere yet {", 1).replace("Nowhere yet {", "Nowhere yet | best {x}\n* Y -> ", 1)
    )
    assert "No scene is called “Nowhere yet”." in told
    assert Scene.objects.filter(edition__number=None, title="Nowhere yet", body="").exists()


def test_a_module_is_written_whole(edition, write):
    text = outline("posts")
    pages = text.split("\n=== ")
    told = write("\n=== ".join([pages[0].replace("title: ", "title: New "), *pages[:1:-1]]))
    draft = Edition.objects.drafts().get()
    assert draft.title == f"New {edition.title}"
    before = list(edition.page_set.order_by("position").values_list("key", flat=True))
    assert list(draft.page_set.order_by("position").values_list("key", flat=True)) == before[:0:-1]
    assert "page “Reading 1”: removed" in told


def test_a_page_of_another_kind_is_refused(edition, write):
    with pytest.raises(CommandError, match="The page case is a case, and the text says reading"):
        write("reading: Case {case}\n\nText.\n")
    assert not Edition.objects.drafts().exists()


def test_what_the_database_cannot_hold_is_refused(edition, write):
    for text in ("minutes: 99999", f"summary: {'x' * 200}", "sources: no-such-source"):
        with pytest.raises(CommandError, match="cannot be stored"):
            write(f"reading: Whom to ask\n{text}\n\nAsk.\n")
    assert not Edition.objects.drafts().exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("module: posts\ntitle: T\nsummary: S\noutcomes: Say no\npages: nothing\n", "nothing with the key “nothing”"),
        ("reading: A\nsources: one, one\n\nB\n", "cites the source one 2 times"),
    ],
)
def test_what_is_said_twice_or_is_not_there_is_refused(edition, write, text, told):
    make.source("one")
    with pytest.raises(CommandError, match=told):
        write(text)
    assert not Edition.objects.drafts().exists()


def test_two_pages_may_have_one_title(edition, write):
    write("module: posts\ntitle: T\nsummary: S\noutcomes: Say no\n\n=== reading: A\n\nB\n=== reading: A\n\nC\n")
    pages = Page.objects.filter(edition__number=None).order_by("position")
    assert list(pages.values_list("key", "body")) == [("a", "B"), ("a-2", "C")]


def test_two_pages_of_one_title_are_not_taken_for_the_one_that_there_is(edition, write):
    write("reading: A\n\nB\n")
    write("module: posts\ntitle: T\nsummary: S\noutcomes: Say no\n\n=== reading: A\n\nC\n=== reading: A\n\nD\n")
    pages = Page.objects.filter(edition__number=None).order_by("position")
    assert list(pages.values_list("key", "body")) == [("a", "C"), ("a-2", "D")]


def test_a_page_with_the_title_of_two_is_a_page_of_its_own(edition, write):
    """Nobody knows which of them it would be."""
    write("module: posts\ntitle: T\nsummary: S\noutcomes: Say no\n\n=== reading: A\n\nB\n=== reading: A\n\nC\n")
    write("reading: A\n\nD\n")
    pages = Page.objects.filter(edition__number=None).order_by("position")
    assert list(pages.values_list("key", "body")) == [("a", "B"), ("a-2", "C"), ("a-3", "D")]


def test_rows_keep_their_keys_when_their_page_gets_another_or_they_move(edition, write):
    text = outline("posts").replace("=== case: Case {case}", "=== case: Case {renamed}")
    told = write(text)
    assert "belongs to another page" not in told
    keys = [set(Scene.objects.filter(edition__number=number).values_list("key", flat=True)) for number in (1, None)]
    assert keys[0] == keys[1]


def test_a_row_keeps_its_key_when_it_moves_to_a_page_above(edition, write):
    head, moved = "module: posts\ntitle: T\nsummary: S\noutcomes: Say no\n", "\n# Moved {moved}\n"
    one, two = "\n=== case: One {one}\n\n# First {first}\n", "\n=== case: Two {two}\n\n# Second {second}\n"
    write(head + one + two + moved)
    assert "belongs to another page" not in write(head + one + moved + two)
    scenes = Scene.objects.filter(edition__number=None).values_list("scenario__key", "key")
    assert set(scenes) == {("one", "first"), ("one", "moved"), ("two", "second")}


@pytest.mark.parametrize("text", ["case: A {a}\n", "module: posts\n\n=== case: A\n", "quiz: A\n"])
def test_an_empty_page_is_told(edition, text, monkeypatch):
    with pytest.raises(CommandError, match="could not be published"):
        check(text, monkeypatch)


def test_a_draft_that_is_published_or_discarded_meanwhile_is_told(edition, write, monkeypatch):
    text = outline("posts", "case").replace("# Scene 1", "# Bay 6")
    draft = start_draft(edition)
    monkeypatch.setattr("apps.authoring.management.commands.outline.start_draft", lambda newest: draft)
    make.publish(draft)
    with pytest.raises(CommandError, match="A published edition cannot change"):
        write(text)
    draft.pk = 4711
    with pytest.raises(CommandError, match="discarded"):
        write(text)
    with pytest.raises(NotPublishableError, match="discarded"):
        publish(draft, None, make.NOW)


def test_a_module_goes_into_no_other_module(edition, write):
    with pytest.raises(CommandError, match="The text is of the module other"):
        write(outline("posts").replace("module: posts", "module: other"))


def test_nobody_in_particular_writes(edition, write):
    with pytest.raises(CommandError, match=r"nobody@example\.org is nobody who may write modules"):
        write(outline("posts", "case"), "--by", "nobody@example.org")
    with pytest.raises(CommandError, match="is nobody who may write modules"):
        write(outline("posts", "case"), "--by", make.educator().email)


def test_the_draft_is_published(edition, write):
    author = make.publisher()
    write(outline("posts", "case").replace("# Scene 1", "# Bay 6"))
    out = StringIO()
    call_command("publish_draft", "posts", "--note", "A new bay.", "--by", author.email, stdout=out, stderr=out)
    published = Edition.objects.get(number=2)
    assert (published.change_note, published.published_by) == ("A new bay.", author)
    assert f"Published: {published}." in out.getvalue()
    with pytest.raises(CommandError, match=r"The module posts has no draft\."):
        call_command("publish_draft", "posts", "--by", author.email)
    with pytest.raises(CommandError, match="The note has 601 characters"):
        call_command("publish_draft", "posts", "--by", author.email, "--note", "x" * 601)


@pytest.mark.parametrize("is_by_themselves", [False, True])
def test_whose_note_was_not_used_is_told(edition, monkeypatch, is_by_themselves):
    draft, author = start_draft(edition), make.publisher()
    publisher = author if is_by_themselves else make.administrator()
    publishing = "apps.authoring.management.commands.publish_draft.publish"
    monkeypatch.setattr(publishing, lambda *args: publish(draft, publisher, make.NOW, "Mine."))
    with pytest.raises(CommandError, match="Somebody else has published it meanwhile, without your note"):
        call_command("publish_draft", "posts", "--note", "Yours.", "--by", author.email)


def test_what_keeps_a_draft_from_being_published_is_told(edition):
    draft = start_draft(edition)
    Edition.objects.filter(pk=draft.pk).update(learning_outcomes="")
    with pytest.raises(CommandError, match="no learning outcomes"):
        call_command("publish_draft", "posts", "--by", make.publisher().email)


def test_only_a_publisher_publishes(edition):
    start_draft(edition)
    for email in (make.author().email, make.reviewer().email, "nobody@example.org"):
        with pytest.raises(CommandError, match="is nobody who may publish modules"):
            call_command("publish_draft", "posts", "--by", email)
    assert not Edition.objects.filter(number=2).exists()
