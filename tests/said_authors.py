"""What authors are told who go back, come too late, write as text, or come back to their desk (`test_said.py`)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.said_asked import MORNINGS, NIGHT, NOBODY, POSTS, WRITE, Asked, looked
from tests.said_world import World

WHY, LIFT, TEST, EDITION = (f"{NIGHT}{place}/" for place in ("pages/why", "pages/lift", "pages/test", "edition"))
SCENE, QUESTION = f"{LIFT}?at=lift-scene-2", f"{TEST}?at=test-q4"
REPORTS = "/admin/write/reports/"


def authors(world: World) -> Iterator[Asked]:
    """All of it."""
    for states in (
        _going_back,
        _restoring,
        _taken_out,
        _two_at_once,
        _choosing,
        _too_late,
        _after_the_draft,
        _after_publishing,
        _closed_twice,
        _as_text,
        _buttons,
        _copying,
        _left_off,
        _looking,
        _reports,
        _visitors,
        _closing,
    ):
        yield from states(world)


def saved(form: str, who: str = "author", **typed: object) -> Asked:
    """A form of a draft, with this typed into it, is saved."""
    return Asked(who, form.partition("?")[0], {"do": "save", **typed}, form=form)


def pressed(page: str, who: str = "author", form: str = "", **data: object) -> Asked:
    """A button is pressed on a page, or on that which has the form."""
    return Asked(who, page, data, form=form or page)


def late(what: Asked, *first: Asked) -> Asked:
    """The same from a page that was opened before somebody did something else."""
    return Asked(what.who, what.path, what.data, form=what.form, first=first, is_open=True)


MINE, THEIRS = saved(WHY, title="Why"), saved(WHY, "publisher", body="It is short.")
BACK = pressed(f"{WHY}undo/", form=WHY)


def _going_back(world: World) -> Iterator[Asked]:
    """What was saved of a page by one and by two, taken back and put back."""
    history = f"{WHY}history/"
    yield from looked("author", WHY, f"{WHY}text/", history, f"{history}1/", f"{history}2/?with=before", first=(MINE,))
    yield from looked("author", WHY, history, first=(MINE, THEIRS))
    yield from looked("author", WHY, history, first=(MINE, BACK))
    yield from looked("author", history, first=(MINE, THEIRS, BACK, BACK, MINE))
    yield from looked("reviewer", history, f"{history}2/", f"{history}3/?with=before", first=(MINE, THEIRS))
    yield from looked("author", f"{LIFT}history/2/", SCENE, first=(saved(SCENE, title="Another scene"),))
    for act, first in (("undo", (MINE,)), ("undo", (MINE, THEIRS)), ("redo", (MINE, BACK))):
        yield Asked("author", f"{WHY}{act}/", {}, form=WHY, first=first)
    for first in ((THEIRS,), (MINE,)):
        yield Asked("author", f"{WHY}undo/", {"seen": "0"}, first=first)
    yield Asked("author", f"{LIFT}undo/", {}, form=SCENE, first=(saved(SCENE, title="Another scene"),))
    moved = pressed(f"{NIGHT}order/", form=NIGHT, do="up:lift")
    yield from looked("author", NIGHT, f"{EDITION}history/", f"{EDITION}history/5/?with=before", first=(moved,))
    yield Asked("author", f"{EDITION}undo/", {}, form=NIGHT, first=(moved,))


def _restoring(world: World) -> Iterator[Asked]:
    """One block of a version, as it may be asked for."""
    version = f"{WHY}history/1/"
    yield Asked("author", f"{version}restore/", {}, form=version, first=(MINE, THEIRS))
    edition = f"{EDITION}history/2/"
    yield late(pressed(f"{edition}restore/", form=edition), saved(EDITION, "publisher", title="Theirs"))
    for data in ({"block": "nowhere"}, {"block": "", "then": "0"}, {}):
        yield Asked("author", f"{version}restore/", data, first=(MINE,))
    yield Asked("author", f"{WHY}history/9/restore/", {"block": ""}, first=(MINE,))


def _taken_out(world: World) -> Iterator[Asked]:
    """A page that was taken out, its history, and the way back."""
    out = pressed(f"{WHY}remove/")
    yield from looked("author", NIGHT, f"{WHY}history/", f"{WHY}history/1/", f"{EDITION}history/", first=(MINE, out))
    yield from looked("reviewer", f"{WHY}history/", f"{EDITION}history/", first=(MINE, out))
    yield Asked("author", f"{WHY}undo/", {}, form=f"{WHY}history/", first=(MINE, out))
    yield Asked("author", f"{WHY}undo/", {}, form=f"{EDITION}history/", first=(out,))
    yield Asked("author", f"{EDITION}undo/", {}, form=f"{EDITION}history/", first=(out,))


def _two_at_once(world: World) -> Iterator[Asked]:
    """Two versions, side by side."""
    for form, mine, theirs in (
        (EDITION, {"title": "The short night"}, {"title": "The other night", "summary": "Another."}),
        (WHY, {"title": "Why", "minutes": 3}, {"body": "It is short.", "title": "Because"}),
        (SCENE, {"title": "Mine"}, {"title": "Theirs", "question": "What now?"}),
        (QUESTION, {"q0-rationale": "Because."}, {"q0-rationale": "Since."}),
        (f"{LIFT}?at=", {"title": "My lift"}, {"title": "Their lift"}),
    ):
        yield late(saved(form, **mine), saved(form, "publisher", **theirs))
    yield late(saved(EDITION, title="The short night"), saved(EDITION, title="My other window"))
    yield late(saved(SCENE, title="Mine"), pressed(f"{LIFT}delete/scene/lift-scene-2/", "publisher"))
    yield late(saved(SCENE, title="Mine"), saved(f"{LIFT}?at=lift-scene-1", "publisher", title="Theirs"))
    yield late(Asked("author", LIFT, {"do": "down:scene"}, form=SCENE),
               Asked("publisher", LIFT, {"do": "down:scene"}, form=f"{LIFT}?at=lift-scene-1"))  # fmt: skip


def _choosing(world: World) -> Iterator[Asked]:
    """What is sent from the page with two versions."""
    out = pressed(f"{WHY}remove/", "publisher")
    edition = {"wanted": "module: night\ntitle: Mine\nsummary: Short.", "seen": "0", "began": "0", "block": ""}
    page = {"wanted": "reading: Mine\nminutes: 2\n\nShort.", "seen": "0", "began": "0"}
    for do in ("save", "theirs"):
        yield Asked("author", f"{EDITION}conflict/", {**edition, "do": do})
    yield Asked("author", f"{WHY}conflict/", {**page, "do": "mine"})
    for do in ("save", "mine"):
        yield Asked("author", f"{WHY}conflict/", {**page, "do": do}, first=(MINE, out))
    for wanted in ("reading Mine", "case: Mine", edition["wanted"]):
        yield Asked("author", f"{WHY}conflict/", {**page, "wanted": wanted, "do": "mine"})
    yield Asked("author", f"{WHY}conflict/", {**page, "do": "mine"}, first=(pressed(f"{NIGHT}discard/"),))


def _too_late(world: World) -> Iterator[Asked]:
    """Buttons of pages on which something else stands by now."""
    theirs, delete = saved(SCENE, "publisher", title="Theirs"), f"{LIFT}delete/scene/lift-scene-2/"
    yield late(pressed(f"{NIGHT}order/", form=NIGHT, do="up:lift"),
               pressed(f"{NIGHT}order/", "publisher", NIGHT, do="down:lift"))  # fmt: skip
    yield late(pressed(f"{NIGHT}discard/"), theirs)
    yield late(pressed(delete), theirs)
    yield late(pressed(delete), pressed(delete, "publisher"))
    yield late(pressed(f"{LIFT}remove/"), pressed(f"{LIFT}remove/", "publisher"))
    yield late(pressed(f"{LIFT}copy/", to="mornings"), pressed(f"{MORNINGS}discard/", "publisher"))
    yield late(pressed(f"{LIFT}copy/?at=lift-scene-2", to="mornings/handover"), pressed(delete, "publisher"))
    for form in (WHY, SCENE, QUESTION):
        yield late(saved(form, title="Mine"), pressed(f"{form.partition('?')[0]}remove/", "publisher"))
    publish, note = f"{NIGHT}publish/", {"change_note": "Ours.", "do": "keep"}
    yield late(
        pressed(publish, "publisher", do="publish", change_note="New.", confirm=world.marks), saved(WHY, title="Y")
    )
    yield late(pressed(publish, "publisher", do="keep", change_note="Mine."), pressed(publish, "administrator", **note))
    for answer in ({"do": "answer", "answer": "Mine."}, {"do": "close"}):
        path = f"{REPORTS}{world.reports[0].pk}/"
        yield Asked("author", path, answer, first=(Asked("publisher", path, {"do": "answer", "answer": "Theirs."}),))


def _draft_is_gone(*first: Asked) -> Iterator[Asked]:
    """What was open of a draft is sent after it has gone."""
    note = pressed(f"{NIGHT}publish/", "publisher", do="keep", change_note="Mine.")
    quiz = pressed(f"{NIGHT}add/", form=NIGHT, kind="quiz", title="The test")
    text = pressed(f"{WHY}text/", text="reading: Why\n\nIt is short.", do="check")
    moved = pressed(f"{NIGHT}order/", form=NIGHT, do="up:lift")
    for form in (WHY, SCENE, EDITION):
        yield late(saved(form, title="Mine"), *first)
    for page in (f"{LIFT}remove/", f"{LIFT}delete/scene/lift-scene-2/", f"{NIGHT}discard/"):
        yield late(pressed(page), *first)
    for what in (note, quiz, text, moved, pressed(f"{LIFT}copy/", to="mornings")):
        yield late(what, *first)


def _after_the_draft(world: World) -> Iterator[Asked]:
    """It was discarded; another one may have been started since."""
    discarded = pressed(f"{NIGHT}discard/", "publisher")
    yield from _draft_is_gone(discarded)
    yield from looked("author", NIGHT, WHY, first=(discarded,))
    yield from looked("publisher", f"{NIGHT}publish/", first=(discarded,))
    yield from looked("author", "/admin/", first=(discarded, pressed(f"{MORNINGS}discard/")))
    yield from looked("author", MORNINGS, first=(pressed(f"{MORNINGS}discard/"),))
    yield pressed(f"{MORNINGS}discard/")
    again = Asked("author", f"{NIGHT}start/", {})
    yield late(pressed(f"{NIGHT}add/", form=NIGHT, kind="quiz", title="Another"), discarded, again)
    yield from looked("author", NIGHT, f"{WHY}history/", first=(discarded, again))


def _after_publishing(world: World) -> Iterator[Asked]:
    """It was published."""
    note = {"change_note": "A page is new.", "confirm": world.marks, "do": "publish"}
    published = pressed(f"{NIGHT}publish/", "publisher", **note)
    yield from _draft_is_gone(published)
    yield late(published, published)
    yield from looked("author", NIGHT, f"{WRITE}/", EDITION, first=(published,))
    yield from looked("midway", "/modules/night/", "/my-learning/", first=(published,))
    withdraw = f"{NIGHT}withdraw/"
    yield from looked("publisher", f"{withdraw}?edition=1")
    yield Asked("publisher", withdraw, {"edition": 1, "reason": "Old."})
    once = Asked("administrator", withdraw, {"edition": 2, "reason": "Wrong."})
    for reason in ("Other.", "Wrong."):
        yield Asked("publisher", withdraw, {"edition": 2, "reason": reason}, first=(once,))
    yield from looked("publisher", withdraw, f"{withdraw}?edition=1", NIGHT, f"{NIGHT}archive/", first=(once,))
    yield from looked("publisher", withdraw, NIGHT, first=(once, published))


def _closed_twice(world: World) -> Iterator[Asked]:
    """A module that is archived, and whose newest edition is withdrawn."""
    wards = f"{WRITE}/wards/"
    archived = Asked("administrator", f"{wards}archive/", {})
    yield from looked("publisher", wards, f"{wards}archive/", f"{wards}withdraw/", first=(archived,))
    yield Asked("publisher", f"{wards}archive/end/", {}, first=(archived,))
    yield Asked("publisher", f"{wards}withdraw/end/", {"edition": 1}, first=(archived,))
    yield Asked("publisher", f"{wards}archive/", {}, first=(archived,))


def _as_text(world: World) -> Iterator[Asked]:
    """Texts that are checked, with lines that cannot be read."""
    long = "x" * 200
    broken = f"reading: Why\nminutes: many\n\n   \nwhat: {long}\n\nIt is **short**.\n\n[Gone](#source-nowhere)"
    for page, text in (
        (WHY, "reading: Why\nsummary: Short.\nminutes: 2\n\nIt is **short**."), (WHY, broken), (WHY, ""),
        (WHY, "case: Why"),
        (LIFT, "case: The lift\nrole: You\n\n## Scene\nzzz: 1\n\n(a) Do it -> Nowhere"),
        (TEST, "quiz: The test\npass: 200%\n\n? What\n+ This\n- That"),
        (NIGHT, "module: night\ntitle: The night\n\n=== reading: Other\n\nIt is short."),
        (NIGHT, "module: day\n=== poem: Other\n\nIt is short."),
    ):  # fmt: skip
        yield pressed(f"{page}text/", text=text, do="check")
    yield pressed(f"{WHY}text/", text="reading: Why\n\nIt is short.", do="history")
    yield pressed(f"{WHY}text/", do="history")
    yield pressed(f"{WHY}text/", text="reading: Why\n\nIt is short.", do="store", checked="0")


def _buttons(world: World) -> Iterator[Asked]:
    """Those of a workbench and of a page, and what is not there."""
    delete = f"{LIFT}delete/scene/lift-scene-2/"
    yield from looked("author", f"{LIFT}?at=nowhere", f"{LIFT}delete/scene/nowhere/", f"{LIFT}copy/?at=nowhere")
    buttons = (
        "save",
        "text",
        "history",
        "copy",
        "preview",
        "open:lift-poor",
        "open:nowhere",
        "delete:scene:lift-scene-2",
    )
    for do in (*buttons, "delete:scene:nowhere", "dance"):
        yield Asked("author", LIFT, {"do": do, "title": "Other" if do == "text" else "Scene 2"}, form=SCENE)
    yield Asked("author", delete, {}, first=(pressed(f"{LIFT}remove/"),))
    for typed in ({"do": "dance"}, {"do": "find", "search": "zzz"}, {"do": "find", "search": "source"}, {"do": "save"},
                  {"do": "history", "title": "Why"}, {"do": "save", "body": "![](nowhere.svg)"}):  # fmt: skip
        yield Asked("author", WHY, typed, form=WHY)
    yield late(saved(WHY, minutes="many", title="Why"), pressed(f"{NIGHT}discard/"))
    broken = saved(WHY, body="![](nowhere.svg)")
    yield from looked("publisher", f"{NIGHT}publish/", "/admin/", first=(broken,))
    yield from looked("author", WHY, NIGHT, first=(broken,))


def _copying(world: World) -> Iterator[Asked]:
    """A scene, and what keeps it from being copied."""
    copy = pressed(f"{LIFT}copy/?at=lift-poor", to="posts/case")
    yield Asked("author", copy.path, copy.data)
    yield Asked("author", copy.path, copy.data, first=(copy,))
    yield Asked("author", f"{LIFT}copy/", {"to": "mornings"}, first=(pressed(f"{LIFT}copy/", to="mornings"),))
    yield Asked("author", copy.path, {"to": "nowhere"})
    yield from looked("author", copy.path)
    none = tuple(pressed(f"{module}discard/") for module in (MORNINGS, POSTS))
    yield from looked("author", copy.path, f"{TEST}copy/?at=test-q4", f"{LIFT}copy/", first=none)


def _left_off(world: World) -> Iterator[Asked]:
    """The desk, after something was done."""
    out = pressed(f"{WHY}remove/")
    for first in ((saved(SCENE, title="Mine"),), (saved(EDITION, title="Mine"),), (MINE, out), (MINE, THEIRS)):
        yield from looked("author", "/admin/", first=first)
    yield from looked("publisher", "/admin/", first=(MINE, saved(f"{MORNINGS}edition/", title="Dawn")))
    yield from looked("author", "/admin/", first=(saved(f"{MORNINGS}edition/", title="Dawn"), MINE))
    yield from looked("author", *(f"{NIGHT}?moved={button}" for button in ("up:lift", "up:why", "down:new-page")))


def _looking(world: World) -> Iterator[Asked]:
    """Searches of those who only read, and the log."""
    searches = ("long", "quiet&all=on", "moon", '"the long"', "nights", "page", "B2.1", "2013")
    yield from looked("reviewer", *(f"/admin/write/search/?q={asked}" for asked in searches))
    yield from looked("author", "/admin/write/search/?q=quiet&all=on", "/admin/write/search/?q=wrong")


def _reports(world: World) -> Iterator[Asked]:
    """The list by module, and what others may do with a report."""
    yield from looked("author", *(f"{REPORTS}?module={slug}" for slug in ("night", "posts", "nowhere")))
    for report in world.reports:
        yield from looked("reviewer", f"{REPORTS}{report.pk}/")
    first = f"{REPORTS}{world.reports[0].pk}/"
    answered = Asked("author", first, {"do": "answer", "answer": "We took it out."})
    yield from looked("midway", "/my-learning/", "/something-wrong/night/2/lift/", first=(answered,))
    yield from looked("author", first, NIGHT, SCENE, first=(answered,))
    again = Asked("midway", "/something-wrong/night/2/lift/", {"text": "It is wrong.", "at": "lift-scene-2"})
    yield Asked("midway", again.path, again.data, first=(again,))
    yield from looked("author", first, first=(pressed(f"{LIFT}remove/"),))
    yield from looked("author", first, first=(pressed(f"{NIGHT}discard/"),))


def _visitors(world: World) -> Iterator[Asked]:
    """Something is wrong, says somebody without an account."""
    for page in ("night/2/why/", "night/2/lift/", "night/2/test/", "night/1/lift/", "night/2/", "lockers/1/page/"):
        yield Asked(NOBODY, f"/something-wrong/{page}")
        yield Asked(NOBODY, f"/something-wrong/{page}", {"text": "It is wrong.", "at": "lift-scene-2"})


def _closing(world: World) -> Iterator[Asked]:
    """An account with reports."""
    yield from looked("administrator", f"/admin/accounts/user/{world.people['midway'].pk}/close/")
