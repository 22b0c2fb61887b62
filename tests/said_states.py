"""What is asked for in `test_said.py`: the access table, and the states that it has not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests import access_table, make
from tests.access_table import ADMIN_DOOR, SIGN_IN, Row
from tests.said_world import World

NOBODY = ""
# A PDF, which `certificates/test_pdf.py` reads; what Django wrote; what is drawn by lot; a list without an order.
NO_WORDS = ("certificates:pdf", "admin:jsi18n", "mfa_passkey_options", "admin:modules_module_delete")

REFUSED = (403, 404)  # says the same everywhere

LEARN, OLD = "/learn/night/2", "/learn/night/1"
CASE, OLD_CASE, TRY = f"{LEARN}/scenario/lift/", f"{OLD}/scenario/lift/", "/try/night/lift/"
TEST, OLD_TEST = f"{LEARN}/quiz/test/", f"{OLD}/quiz/test/"
WRITE = "/admin/write/modules"
NIGHT, MORNINGS, POSTS = f"{WRITE}/night/", f"{WRITE}/mornings/", f"{WRITE}/posts/"


@dataclass(frozen=True)
class Asked:
    """One request by one person: a GET, unless something is sent: `data`, in the form that the page `form` has.

    `first` is done before it, and not heard; where it is no request, but happens `meanwhile`, its path says what.
    """

    who: str
    path: str
    data: dict[str, object] | None = None
    form: str | None = None
    first: tuple[Asked, ...] = ()
    name: str = ""
    is_whole: bool = False
    meanwhile: Callable[[], object] | None = None


def everything_asked(world: World) -> Iterator[Asked]:
    """All of it."""
    for row in access_table.rows(world.table):
        who = asker_of(row)
        if row.name not in NO_WORDS and row.outcomes[who or "anonymous"] not in REFUSED:
            yield Asked(who, row.path, row.data if row.method == "POST" else None, name=row.name)
    for states in (public, learning, deciding, answering, certified, accounts, desk, writing, publishing, records):
        yield from states(world)


def asker_of(row: Row) -> str:
    """Who is told most; in the admin its administrator."""
    if row.path.startswith("/admin/"):
        return "administrator"

    def rank(role: str) -> int:
        outcome = row.outcomes[role]
        is_let_in = isinstance(outcome, str) and outcome not in (SIGN_IN, ADMIN_DOOR)
        return [outcome == 200, outcome in (422, 409), is_let_in, True].index(True)

    return min(("learner", NOBODY, "administrator"), key=lambda who: rank(who or "anonymous"))


def looked(who: str, *paths: str) -> Iterator[Asked]:
    return (Asked(who, path) for path in paths)


def public(world: World) -> Iterator[Asked]:
    """What needs no account."""
    yield Asked(NOBODY, "/", is_whole=True)
    yield Asked("learner", "/", is_whole=True)
    yield Asked("administrator", "/admin/", is_whole=True)
    yield from looked("learner", "/admin/", "/account/reauthenticate/code/", "/nowhere/")
    modules = [f"/modules/{slug}/" for slug in ("posts", "night", "wards", "corridors", "pagers", "lockers")]
    searches = [f"/search/{asked}" for asked in ("", "?q=long", "?q=rules", "?q=option", "?q=zebra+crossing", "?q=x")]
    readings = [f"{LEARN}/reading/{key}/" for key in ("why", "more", "nowhere")]
    yield from looked(NOBODY, "/modules/", *modules, *searches, *readings, "/learn/wards/1/reading/page/", TRY)
    yield from looked(
        "newcomer", "/", "/modules/", *modules, f"{LEARN}/reading/why/", "/search/?q=long", "/my-learning/"
    )
    yield from looked("done", "/search/?q=long")


def learning(world: World) -> Iterator[Asked]:
    """How far people are, at each of its places."""
    for who in ("midway", "done", "wrong", "again", "finished", "everything", "revoked", "in-wards", "in-pagers"):
        yield from looked(who, "/", "/modules/", "/modules/night/", "/my-learning/")
    yield from looked("in-wards", "/modules/wards/", "/learn/wards/1/reading/page/")
    yield from looked("in-pagers", "/modules/pagers/", "/learn/pagers/1/reading/page/")
    yield from looked("midway", f"{OLD}/reading/why/", f"{OLD}/reading/more/", f"{LEARN}/reading/why/")
    yield Asked("midway", "/modules/night/start/", {"edition": 2})
    yield Asked("newcomer", "/modules/night/start/", {"edition": 2})
    yield Asked("newcomer", "/modules/wards/start/", {"edition": 1})
    yield Asked("midway", f"{OLD}/reading/more/complete/", {})
    yield Asked("newcomer", f"{LEARN}/reading/why/complete/", {})
    yield Asked("newcomer", "/learn/wards/1/reading/page/complete/", {})
    yield from looked("midway", "/something-wrong/night/1/lift/?at=lift-scene-1", "/something-wrong/night/2/lift/")
    yield Asked(
        "midway", "/something-wrong/night/2/lift/", {"text": "It is wrong.", "is_named": "on", "at": "lift-scene-2"}
    )
    yield Asked("midway", "/modules/night/", first=(Asked("midway", "/something-wrong/night/2/", {"text": "A slip."}),))
    yield Asked("midway", "/something-wrong/night/2/", {"text": ""})
    yield Asked("midway", "/something-wrong/night/2/", {"text": "Mr Smith, born 3 March 1970."})


def deciding(world: World) -> Iterator[Asked]:
    """In a case, and after it."""
    first = {"decision": 1, "choice": "lift-scene-1-poor"}
    yield from looked("midway", OLD_CASE, f"{OLD_CASE}?after=2", f"{OLD_CASE}?after=1")
    yield from looked("newcomer", CASE, f"{CASE}?choice=lift-wait")
    yield from looked("wrong", CASE, f"{CASE}playthrough/1/", f"{CASE}playthrough/2/")
    yield from looked("again", CASE, f"{CASE}playthrough/1/", f"{CASE}playthrough/2/")
    yield from looked("done", OLD_CASE)
    for data in (first, {"decision": 1, "choice": "lift-wait"}, {"decision": 1}, first | {"go": "leave"}):
        yield Asked("newcomer", f"{CASE}choose/", data)
    begun = Asked("newcomer", f"{CASE}choose/", first)
    yield Asked("newcomer", f"{CASE}?after=1", first=(begun,))
    yield Asked("newcomer", f"{CASE}choose/", {"decision": 2, "choice": "lift-scene-2-poor"}, first=(begun,))
    yield Asked("newcomer", f"{CASE}choose/", {"decision": 1, "choice": "lift-scene-1-best"}, first=(begun,))
    yield Asked("again", f"{CASE}go-back/", {"playthrough": 1, "decision": 2})
    yield Asked("wrong", f"{CASE}go-back/", {"playthrough": 1, "decision": 1})
    yield from _trying()


def _trying() -> Iterator[Asked]:
    """The same without an account, and how it is kept."""

    def chosen(number: int, key: str) -> Asked:
        return Asked(NOBODY, f"{TRY}choose/", {"decision": number, "choice": key})

    one = chosen(1, "lift-wait")
    ended = (one, chosen(2, "lift-scene-2-poor"))
    back = Asked(NOBODY, f"{TRY}go-back/", {"decision": 1})
    signed = Asked(NOBODY, "/account/login/", {"login": "newcomer@example.org", "password": make.PASSWORD})
    yield Asked(NOBODY, f"{TRY}choose/", {"decision": 1})
    yield Asked(NOBODY, f"{TRY}?after=1", first=(one,))
    yield Asked(NOBODY, TRY, first=ended)
    yield Asked(NOBODY, back.path, back.data, first=ended)
    yield Asked(NOBODY, TRY, first=(*ended, back))
    yield Asked(NOBODY, f"{TRY}first/", first=(*ended, back))
    yield Asked(NOBODY, TRY, first=(*ended, signed))
    yield Asked(NOBODY, "/my-learning/", first=(*ended, signed))
    yield Asked(NOBODY, f"{TRY}keep/", {}, first=(*ended, back, signed))
    yield Asked(NOBODY, f"{TRY}start-again/", {}, first=ended)


def answering(world: World) -> Iterator[Asked]:
    """In a quiz, and after it."""
    yield from looked(
        "midway", OLD_TEST, *(f"{OLD_TEST}question/{number}/" for number in range(1, 6)), f"{OLD_TEST}check/"
    )
    yield from looked("newcomer", TEST)
    yield from looked("wrong", TEST, f"{TEST}attempt/1/")
    yield from looked("again", TEST, f"{TEST}attempt/1/", f"{TEST}attempt/2/")
    yield from looked("finished", TEST, f"{TEST}attempt/1/")
    yield from looked("done", OLD_TEST, f"{OLD_TEST}attempt/1/")
    asked = f"{OLD_TEST}question"
    for number, data in (
        (1, {"option": "test-q1-wrong"}), (2, {"option": ""}), (3, {"option": "test-q3-right"}),
        (3, {"option": ["test-q3-right", "test-q3-wrong"]}), (5, {"option": ["test-q5-right-1"]}),
        (3, {"option": ["test-q3-right", "test-q3-wrong"], "go": "leave"}), (1, {"option": "nowhere"}),
    ):  # fmt: skip
        yield Asked("midway", f"{asked}/{number}/answer/", {"attempt": 1, **data})
    yield Asked("midway", f"{OLD_TEST}check/submit/", {"attempt": 1})
    yield Asked("midway", f"{OLD_TEST}attempt/1/", first=(Asked("midway", f"{OLD_TEST}check/submit/", {"attempt": 1}),))
    yield Asked("newcomer", f"{TEST}start/", {})
    yield Asked("wrong", f"{TEST}start/", {})
    yield Asked("wrong", f"{TEST}attempt/1/practise/", {})
    practice = f"{TEST}attempt/1/practice/"
    yield from looked("again", practice, f"{practice}?question=2&given=1.1", f"{practice}?question=results&given=1.1")
    yield from looked("wrong", f"{practice}?question=results&given=1.1", f"{practice}?question=3")


def certified(world: World) -> Iterator[Asked]:
    """Before, with and after a certificate."""
    yield from looked("midway", f"{OLD}/finish/", f"{OLD}/certificate/")
    yield from looked("finished", f"{LEARN}/finish/", f"{LEARN}/certificate/")
    yield from looked("everything", f"{LEARN}/finish/", f"{LEARN}/certificate/", "/learn/lockers/1/finish/")
    yield from looked("done", f"{OLD}/finish/", f"{OLD}/certificate/")
    yield from looked("revoked", f"{LEARN}/finish/", f"{LEARN}/certificate/")
    for name in ("Finished C. Reader", "", "\u200b"):
        yield Asked("finished", f"{LEARN}/finish/issue/", {"name": name})
    yield Asked("revoked", f"{LEARN}/finish/issue/", {"name": "Somebody else"})
    codes = [world.revoked.code, world.withdrawn.code, "7" * 26, "12-34"]
    yield from looked(NOBODY, *(f"/verify/{code}/" for code in codes))
    yield from looked(NOBODY, f"/verify/?code={world.revoked.code}", "/verify/?code=", "/verify/?code=12+34")


def accounts(world: World) -> Iterator[Asked]:
    """Signing up, in and out, and one's own account."""
    new = {
        "email": "new@example.org",
        "full_name": "New Person",
        "password1": make.PASSWORD,
        "password2": make.PASSWORD,
    }
    for data in (new, new | {"password2": "other"}, new | {"email": "done@example.org"}, {}):
        yield Asked(NOBODY, "/account/signup/", data)
    for login, password in (("done@example.org", make.PASSWORD), ("done@example.org", "wrong"), ("", "")):
        yield Asked(NOBODY, "/account/login/", {"login": login, "password": password})
    for data in ({"full_name": "Other Name", "certificate_name": "O. Name", "specialty": "GP"}, {"full_name": ""}):
        yield Asked("done", "/account/", data)
    for password in ("another-one-3", "123"):
        changed = {"oldpassword": make.PASSWORD, **dict.fromkeys(NEW, password)}
        yield Asked("done", "/account/password/change/", changed)
    yield Asked("done", "/account/logout/", {})
    yield Asked(NOBODY, "/account/login/?next=/my-learning/")
    yield from looked("author", "/account/", "/account/second-factor/")


NEW = ("password1", "password2")


def desk(world: World) -> Iterator[Asked]:
    """What authors find, and readers say."""
    for who in ("educator", "reviewer", "author", "publisher"):
        yield from looked(who, "/admin/", f"{WRITE}/", NIGHT, MORNINGS, f"{WRITE}/wards/")
    modules = [f"{WRITE}/{slug}/" for slug in ("night", "mornings", "wards", "corridors", "pagers", "lockers", "posts")]
    yield from looked("administrator", f"{WRITE}/", *modules, "/admin/write/log/", "/admin/write/reports/")
    searches = ("long", "long&all=on", "Rules", "zebra", "x", "option")
    yield from looked("administrator", *(f"/admin/write/search/?q={asked}" for asked in searches))
    for report in world.reports:
        yield from looked("author", f"/admin/write/reports/{report.pk}/")
    path = f"/admin/write/reports/{world.reports[0].pk}/"
    for data in ({"do": "answer", "answer": "We took it out."}, {"do": "answer", "answer": ""}, {"do": "close"}):
        yield Asked("author", path, data)
    answered = f"/admin/write/reports/{world.reports[1].pk}/"
    yield Asked("author", answered, {"do": "answer", "answer": "Once more."})


def writing(world: World) -> Iterator[Asked]:
    """Pages of drafts, what was saved of them, and what else can be done with them."""
    pages = [f"{NIGHT}pages/{key}/" for key in ("why", "lift", "test", "new-page")]
    yield from looked("author", *pages, f"{NIGHT}pages/lift/?at=", f"{NIGHT}pages/lift/?at=lift-scene-2",
                      f"{NIGHT}pages/test/?at=", f"{NIGHT}pages/test/?at=test-q4", f"{NIGHT}pages/lift/?at=lift-poor",
                      f"{NIGHT}pages/lift/overview/", f"{NIGHT}edition/", f"{NIGHT}text/", f"{MORNINGS}edition/",
                      f"{MORNINGS}pages/handover/", f"{MORNINGS}pages/not-begun/", f"{MORNINGS}pages/dawn/",
                      f"{NIGHT}pages/lift/copy/", f"{NIGHT}pages/lift/remove/", f"{NIGHT}discard/")  # fmt: skip
    yield from _history(world)
    yield from _saving()
    yield from _arranging()
    preview = f"{NIGHT}pages/lift/preview/"
    yield from looked("reviewer", f"{NIGHT}preview/", preview, f"{preview}?choice=lift-wait",
                      f"{preview}?scene=lift-poor", f"{NIGHT}pages/why/preview/",
                      f"{NIGHT}pages/test/preview/?question=results&given=1.1",
                      f"{NIGHT}pages/test/preview/?question=4", f"{MORNINGS}pages/not-begun/preview/")  # fmt: skip


def _history(world: World) -> Iterator[Asked]:
    histories = f"{NIGHT}edition/history/"
    yield from looked(
        "author", histories, f"{NIGHT}pages/why/history/", *(f"{histories}{number}/" for number in range(1, 5))
    )
    for act in ("undo", "redo"):
        yield Asked("author", f"{NIGHT}edition/{act}/", {}, form=NIGHT)
        yield Asked("author", f"{NIGHT}edition/{act}/", {}, form=histories)
    yield Asked("author", f"{histories}2/restore/", {}, form=f"{histories}2/")


def _saving() -> Iterator[Asked]:
    """What is typed into the forms of a draft, and their buttons."""
    for page, data in (
        (f"{NIGHT}edition/", {"title": "The short night", "do": "save"}),
        (f"{NIGHT}edition/", {"title": "", "do": "save"}),
        (f"{NIGHT}pages/why/", {"title": "Why", "summary": "", "do": "save"}),
        (f"{NIGHT}pages/why/", {"title": "", "minutes": "many", "do": "save"}),
        (f"{NIGHT}pages/why/", {"do": "find", "search": "rules"}),
        (f"{NIGHT}pages/why/", {"do": "new_source", "new-title": "A book", "new-kind": "article", "new-year": "2020"}),
        (f"{NIGHT}pages/lift/?at=lift-scene-2", {"title": "Another scene", "do": "save"}),
        (f"{NIGHT}pages/lift/?at=lift-scene-2", {"do": "add:choice"}),
        (f"{NIGHT}pages/lift/?at=lift-scene-2", {"do": "down:scene"}),
        (f"{NIGHT}pages/lift/?at=lift-scene-2", {"do": "duplicate:scene"}),
        (f"{NIGHT}pages/lift/?at=lift-scene-2", {"seen_by": "many", "choice-0-text": "", "do": "save"}),
        (f"{NIGHT}pages/test/?at=test-q4", {"do": "save", "q0-rationale": "Because."}),
        (f"{NIGHT}pages/test/?at=", {"do": "save", "pass_percent": "900"}),
        (f"{NIGHT}pages/test/?at=", {"do": "add:single"}),
    ):
        yield Asked("author", page.partition("?")[0], data, form=page)


def _arranging() -> Iterator[Asked]:
    """What becomes of whole pages, drafts and modules."""
    for data in ({"do": "up:lift"}, {"do": "down:why"}):
        yield Asked("author", f"{NIGHT}order/", data, form=NIGHT)
    for kind, title in (("reading", "Read this"), ("scenario", "A case"), ("quiz", ""), ("quiz", "The test")):
        yield Asked("author", f"{NIGHT}add/", {"kind": kind, "title": title}, form=NIGHT)
    yield Asked("author", f"{NIGHT}pages/lift/remove/", {}, form=f"{NIGHT}pages/lift/remove/")
    delete = f"{NIGHT}pages/lift/delete/scene/lift-scene-2/"
    yield Asked("author", delete)
    yield Asked("author", delete, {}, form=delete)
    yield Asked("author", f"{NIGHT}discard/", {}, form=f"{NIGHT}discard/")
    yield Asked("author", f"{WRITE}/wards/start/", {})
    yield Asked("author", "/admin/write/new/", {"title": "The night"})
    yield Asked("author", "/admin/write/new/", {"title": ""})
    yield Asked("author", f"{NIGHT}pages/lift/copy/", {"to": "mornings"}, form=f"{NIGHT}pages/lift/copy/")


def publishing(world: World) -> Iterator[Asked]:
    """What opens and closes modules to learners."""
    yield from looked("publisher", f"{NIGHT}publish/", f"{MORNINGS}publish/")
    for slug in ("night", "wards", "pagers", "lockers"):
        yield from looked("publisher", f"{WRITE}/{slug}/withdraw/", f"{WRITE}/{slug}/archive/")
        yield Asked("publisher", f"{WRITE}/{slug}/withdraw/end/", {"edition": 1})
        yield Asked("publisher", f"{WRITE}/{slug}/archive/end/", {})
        yield Asked("publisher", f"{WRITE}/{slug}/archive/", {})
        yield Asked(
            "publisher", f"{WRITE}/{slug}/withdraw/", {"edition": 2 if slug == "night" else 1, "reason": "Wrong."}
        )
    yield Asked("publisher", f"{NIGHT}withdraw/", {"edition": 2, "reason": ""})
    for page in (f"{NIGHT}publish/", f"{MORNINGS}publish/"):
        note = {"change_note": "A page is new.", "confirm": world.marks}
        yield Asked("publisher", page, note | {"do": "publish"}, form=page)
        yield Asked("publisher", page, {"do": "publish"}, form=page)
        yield Asked("publisher", page, {"do": "keep", "change_note": "Half a note"}, form=page)


def records(world: World) -> Iterator[Asked]:
    """The admin's lists, as they are filtered, searched and changed."""
    lists = (
        "accounts/user/?q=reader", "accounts/user/?is_staff__exact=1", "modules/source/?kind__exact=guidance",
        "modules/source/?superseded_by__isempty=0", "modules/source/?q=study", "certificates/certificate/?q=done",
        "certificates/certificate/?revoked_at__isempty=0", "progress/enrolment/?completed_at__isempty=1",
        "progress/enrolment/?q=midway", "progress/pagecompletion/?page__kind=quiz", "quizzes/attempt/?q=again",
        "quizzes/attempt/?submitted_at__isempty=1", "quizzes/question/?kind=rank",
        "scenarios/scene/?outcome__exact=mixed",
        "scenarios/choice/?rating__exact=acceptable", "modules/withdrawal/?ended_at__isempty=1",
        "modules/archiving/?ended_at__isempty=0", "modules/page/?q=why", "modules/edition/?q=night",
        "authoring/revision/?verb__exact=saved", "modules/module/?q=night", "modules/fact/?q=nights",
    )  # fmt: skip
    yield from looked("administrator", *(f"/admin/{asked}" for asked in lists))
    yield from _changes(world)


def _changes(world: World) -> Iterator[Asked]:
    """What administrators change."""
    certificates, person = "/admin/certificates/certificate/", f"/admin/accounts/user/{world.people['done'].pk}/"
    chosen = {"action": "revoke", "_selected_action": [str(world.revoked.pk), str(world.done.pk)]}
    yield Asked("administrator", certificates, chosen)
    yield Asked("administrator", certificates, chosen | {"confirm": "yes", "reason": "In error.", "revoke": "Revoke"})
    yield Asked(
        "administrator", f"{person}change/", {"full_name": "New Name", "_save": "Save"}, form=f"{person}change/"
    )
    author = {"groups": [str(world.table.group.pk)], "is_staff": "on", "_save": "Save"}
    yield Asked("administrator", f"{person}change/", author, form=f"{person}change/")
    yield from looked("administrator", f"{person}close/", f"{person}history/")
    new = {"email": "made@example.org", "full_name": "Made Here", "_save": "Save"}
    yield Asked("administrator", "/admin/accounts/user/add/", new, form="/admin/accounts/user/add/")
    source = f"/admin/modules/source/{world.source.pk}/change/"
    yield Asked("administrator", source, {"title": "Rules of long ago", "_save": "Save"}, form=source)
    module = f"/admin/modules/module/{world.night.module_id}/change/"
    yield Asked("administrator", module, {"position": "7", "_save": "Save"}, form=module)
