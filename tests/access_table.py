"""The access table: every address of Second Look, and what each role gets there.

`test_access.py` keeps it complete and true; other sweeping tests walk through it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.models import User
from apps.authoring.models import Report, Revision
from apps.certificates.models import Certificate
from apps.modules import actions as modules_actions
from apps.modules.models import Archiving, Edition, Fact, Seeding, Source, Withdrawal
from apps.modules.withdrawals import AnyAct
from apps.progress import actions as progress_actions
from apps.progress.models import Enrolment
from apps.quizzes.models import Attempt
from apps.scenarios.models import Playthrough, Scenario
from tests import make

STAFF = ("educator", "reviewer", "author", "publisher", "administrator")
ROLES = ("anonymous", "learner", "other_learner", *STAFF)

# What somebody gets: a status, or the address that a redirect leads to.
Outcome = int | str
SIGN_IN = "/account/login/"
ADMIN_DOOR = "/admin/login/"  # which leads anonymous people to sign-in and sends learners away (403)
HOME = "/"
MODULE = "/modules/posts/"
MY_LEARNING = "/my-learning/"

# Addresses that take a POST, and why no page has a form that sends it.
NO_FORM = {
    "scenarios:moved_keep": "leads on what a page of before sends",
    "scenarios:moved_start_again": "leads on what a page of before sends",
    "account_request_reauthentication_code": "nobody signs in by code",
    "mfa_passkey_options": "a script asks",
    "mfa_add_webauthn": "a passkey's form, which a script sends: `browser/test_second_factor.py`",
    "mfa_login_webauthn": "a passkey's form",
    "mfa_reauthenticate_webauthn": "a passkey's form",
    "account_confirm_reauthentication_code": "nobody signs in by code",
}


@dataclass(frozen=True)
class World:
    """A learner who owns one of everything, others who own nothing, and a module with an edition and a draft."""

    users: dict[str, User]
    draft: Edition
    edition: Edition
    enrolment: Enrolment
    playthrough: Playthrough
    attempt: Attempt
    certificate: Certificate
    group: Group
    fact: Fact
    seeding: Seeding
    revision: Revision
    withdrawal: Withdrawal
    archiving: Archiving
    report: Report

    def client(self, role: str, **options: bool) -> Client:
        """A browser of somebody in this role."""
        return make.client(self.users.get(role), **options)


def make_world(*, is_full: bool = False) -> World:
    """The learner has completed the module (its case is open to all), has the certificate, is in a second attempt."""
    edition = make.edition("posts", is_full=is_full)
    make.unguarded(Scenario).filter(edition=edition).update(is_taster=True)
    users = {
        "learner": make.user("learner@example.org"),
        "other_learner": make.user("other@example.org"),
        **{role: getattr(make, role)() for role in STAFF},
    }
    enrolment = progress_actions.enrol(users["learner"], edition, make.NOW)
    playthrough = make.playthrough(enrolment)
    make.attempt(enrolment)
    draft = modules_actions.start_draft(edition)
    return World(
        users=users,
        draft=draft,
        edition=edition,
        enrolment=make.completed(users["learner"], edition),
        playthrough=playthrough,
        attempt=make.attempt(enrolment, is_submitted=False),
        certificate=make.certificate(enrolment),
        group=make.role("Author"),
        fact=make.fact(),
        seeding=Seeding.objects.create(name="posts-1", digest="0" * 64, seeded_at=make.NOW),
        revision=make.revision(draft),
        withdrawal=_ended(make.withdrawal(edition, by=users["administrator"])),
        archiving=_ended(make.archiving(edition.module, by=users["administrator"])),
        report=make.report(edition, "case", spot="case-scene-1", by=users["learner"]),
    )


def _ended(act: AnyAct) -> AnyAct:
    """Taken back: the module can be begun."""
    act.ended_at, act.ended_by = make.NOW, User.objects.get(email="admin@example.org")
    act.save()
    return act


@dataclass(frozen=True, eq=False)
class Row:
    """One address and method, and what each role gets."""

    name: str
    path: str
    outcomes: dict[str, Outcome]
    method: str = "GET"
    data: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.name} ({self.path})"

    def request(self, client: Client) -> HttpResponse:
        """Ask for it as somebody would."""
        return client.get(self.path) if self.method == "GET" else client.post(self.path, self.data)


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Afterwards everything is as before, in the database and in the browser's cookies."""
    cookies = client.cookies
    client.cookies = copy.deepcopy(cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def _row(
    name: str,
    path: str,
    anonymous: Outcome,
    learner: Outcome,
    others: Outcome,
    data: dict[str, object] | None = None,
    **roles: Outcome,
) -> Row:
    """`others` is what the other learner and the staff get, unless their role is named. With `data` it is a POST."""
    outcomes = dict.fromkeys(ROLES, others) | {"anonymous": anonymous, "learner": learner} | roles
    return Row(name, path, outcomes, *([] if data is None else ["POST", data]))


def _everybody(name: str, path: str, outcome: Outcome = 200, data: dict[str, object] | None = None) -> Row:
    return _row(name, path, outcome, outcome, outcome, data)


def _signed_in(name: str, path: str, outcome: Outcome = 200, data: dict[str, object] | None = None) -> Row:
    return _row(name, path, SIGN_IN, outcome, outcome, data)


def _reads_drafts(name: str, path: str) -> Row:
    """A page for those who read drafts; for others there is none."""
    readers = {"author", "reviewer", "publisher", "administrator"} & {*ROLES}
    return _row(name, path, SIGN_IN, 404, 404, **dict.fromkeys(readers, 200))


def with_forms(world: World) -> set[str]:
    """The names of the addresses outside the admin that the form of some page posts to."""
    names = {row.name for row in rows(world) if row.method == "POST" and not row.name.startswith("admin")}
    assert set(NO_FORM) <= names
    return names - set(NO_FORM)


def rows(world: World) -> list[Row]:
    """The table."""
    code = world.certificate.code
    return [
        # Open to all
        _everybody("home", "/"),
        _everybody("modules:catalogue", "/modules/"),
        _everybody("modules:sources", "/sources/"),
        _everybody("progress:search", "/search/?q=some"),
        _everybody("core:who_to_ring", "/who-to-ring/"),
        _everybody("progress:module", MODULE),
        _everybody("progress:reading", f"{LEARN}/reading/reading-1/"),
        _everybody("certificates:check", "/verify/"),
        _everybody("certificates:verify", f"/verify/{code}/"),
        _everybody("core:about", "/about/"),
        _everybody("core:accessibility", "/accessibility/"),
        _everybody("core:privacy", "/privacy/"),
        _everybody("core:favicon", "/favicon.ico", "/static/images/icon.svg"),
        _everybody("core:robots", "/robots.txt"),
        _everybody("core:manifest", "/site.webmanifest"),
        _everybody("core:security", "/.well-known/security.txt"),
        _everybody("sitemap", "/sitemap.xml"),
        _everybody("core:healthz", "/healthz"),
        _everybody("core:readyz", "/readyz"),
        # Learning
        _signed_in("progress:my_learning", MY_LEARNING),
        _row(
            "progress:start",
            f"{MODULE}start/",
            SIGN_IN,
            MODULE,
            f"{LEARN}/reading/reading-1/",
            {"edition": 1},
        ),
        _row(
            "progress:complete",
            f"{LEARN}/reading/reading-1/complete/",
            SIGN_IN,
            f"{MY_LEARNING}#completed",
            f"{LEARN}/reading/reading-2/",
            {},
        ),
        _row("scenarios:scenario", CASE, TRY, 200, 200),
        _signed_in(
            "scenarios:choose",
            f"{CASE}choose/",
            f"{CASE}?after=1#after",
            {"decision": 1, "choice": "case-scene-1-best"},
        ),
        _row(
            "scenarios:choose",
            f"{CASE}choose/",
            SIGN_IN,
            MODULE,
            MODULE,
            {"decision": 1, "choice": "case-scene-1-best", "go": "leave"},
        ),
        _row("scenarios:go_back", f"{CASE}go-back/", SIGN_IN, f"{CASE}#scene", 404, {"playthrough": 1, "decision": 1}),
        _row("scenarios:debrief", f"{CASE}playthrough/1/", SIGN_IN, 200, 404),
        _row("scenarios:moved_keep", f"{CASE}keep/", CASE, CASE, CASE, {}),
        _row("scenarios:moved_start_again", f"{CASE}start-again/", CASE, CASE, CASE, {}),
        _row("scenarios:try", TRY, 200, CASE, CASE),
        _row("scenarios:try_first", f"{TRY}first/", TRY, CASE, CASE),  # before another way is tried
        _row(
            "scenarios:try_choose",
            f"{TRY}choose/",
            f"{TRY}?after=1#after",
            CASE,
            CASE,
            {"decision": 1, "choice": "case-scene-1-best"},
        ),
        _row(
            "scenarios:try_choose",
            f"{TRY}choose/",
            MODULE,
            MODULE,
            MODULE,
            {"decision": 1, "choice": "case-scene-1-best", "go": "leave"},
        ),
        _row("scenarios:try_go_back", f"{TRY}go-back/", TRY, TRY, TRY, {"decision": 1}),  # before the first choice
        _signed_in("scenarios:try_keep", f"{TRY}keep/", CASE, {}),
        _row("scenarios:try_start_again", f"{TRY}start-again/", TRY, TRY, TRY, {}),
        _row("quizzes:quiz", QUIZ, SIGN_IN, f"{QUIZ}check/", 200),
        _signed_in("quizzes:start", f"{QUIZ}start/", QUIZ, {}),
        _row("quizzes:question", f"{QUIZ}question/1/", SIGN_IN, 200, QUIZ),
        _row(
            "quizzes:answer",
            f"{QUIZ}question/1/answer/",
            SIGN_IN,
            f"{QUIZ}question/2/",
            QUIZ,
            {"attempt": 2, "option": "quiz-q1-wrong"},
        ),
        _row(
            "quizzes:answer",
            f"{QUIZ}question/1/answer/",
            SIGN_IN,
            MODULE,
            QUIZ,
            {"attempt": 2, "option": "quiz-q1-wrong", "go": "leave"},
        ),
        _row("quizzes:check", f"{QUIZ}check/", SIGN_IN, 200, QUIZ),
        _row("quizzes:submit", f"{QUIZ}check/submit/", SIGN_IN, f"{QUIZ}attempt/2/", 404, {"attempt": 2}),
        _row("quizzes:result", f"{QUIZ}attempt/1/", SIGN_IN, 200, 404),
        _row("quizzes:practise", f"{QUIZ}attempt/1/practise/", SIGN_IN, QUIZ, 404, {}),  # another attempt is open
        _row("quizzes:practice", f"{QUIZ}attempt/1/practice/", SIGN_IN, QUIZ, 404),
        # Certificates
        _row("certificates:finish", f"{LEARN}/finish/", SIGN_IN, 200, 404),
        _row("certificates:issue", f"{LEARN}/finish/issue/", SIGN_IN, f"{LEARN}/finish/", 404, {"name": "Sam"}),
        _row("certificates:certificate", f"{LEARN}/certificate/", SIGN_IN, 200, 404),
        _row("certificates:pdf", f"{LEARN}/certificate/pdf/", SIGN_IN, 200, 404),
        # What is wrong on a page
        _everybody("reports:module", WRONG),
        _everybody("reports:module", WRONG, MODULE, {"text": "A slip."}),
        _everybody("reports:page", f"{WRONG}reading-1/", 200),
        _everybody("reports:page", f"{WRONG}reading-1/", f"{LEARN}/reading/reading-1/", {"text": "A slip."}),
        _row("reports:page", f"{WRONG}case/", TRY, CASE, CASE, {"text": "A slip.", "at": "case-scene-1"}),
        _row("reports:page", f"{WRONG}quiz/", MODULE, QUIZ, QUIZ, {"text": "A slip.", "at": "quiz-q1"}),
        *_account_rows(),
        *_factor_rows(),
        *_preview_rows(),
        *_publishers_rows(),
        *_authors_rows(world),
        *_admin_rows(world),
        *_text_rows(),
    ]


def for_sweep(rows: list[Row], role: str) -> list[Row]:
    """What one role asks for where all do: the administrator everything.

    In the admin the others go only to the first of the models for each action and outcome: its pages are made alike.
    """
    met: dict[object, Row] = {}
    for row in rows:
        outcome = row.outcomes[role]
        kind = (row.name.rpartition("_")[2], row.method, outcome if isinstance(outcome, int) else "leads on")
        is_asked = role == "administrator" or "admin" not in row.name
        met.setdefault(row if is_asked else kind, row)
    return list(met.values())


LEARN = "/learn/posts/1"
CASE = f"{LEARN}/scenario/case/"
TRY = "/try/posts/case/"
QUIZ = f"{LEARN}/quiz/quiz/"
WRONG = "/something-wrong/posts/1/"


def _account_rows() -> list[Row]:
    """Our account page, and allauth's pages."""
    a = "/account"
    again = f"{a}/reauthenticate/"  # for what is delicate, the password once more
    sign_in = {"login": "nobody@example.org", "password": "wrong"}
    new = {"email": "new@example.org", "full_name": "N", "password1": "a-good-long-one", "password2": "a-good-long-one"}
    return [
        _signed_in("accounts:account", f"{a}/"),
        _signed_in("accounts:account", f"{a}/", f"{a}/", {"full_name": "Sam"}),
        _row("account_login", f"{a}/login/", 200, MY_LEARNING, MY_LEARNING),
        _row("account_login", f"{a}/login/", 422, MY_LEARNING, MY_LEARNING, sign_in),
        _row("account_signup", f"{a}/signup/", 200, MY_LEARNING, MY_LEARNING),
        _row("account_signup", f"{a}/signup/", MY_LEARNING, MY_LEARNING, MY_LEARNING, new),
        _row("account_logout", f"{a}/logout/", HOME, 200, 200),
        _row("account_logout", f"{a}/logout/", HOME, HOME, HOME, {}),
        _everybody("account_inactive", f"{a}/inactive/"),
        _signed_in("account_reauthenticate", again),
        _signed_in("account_reauthenticate", again, 422, {"password": "wrong"}),
        # The way back by a code is off: the password is the one door.
        _signed_in("account_request_reauthentication_code", f"{again}code/", 403),
        _signed_in("account_request_reauthentication_code", f"{again}code/", 403, {"recipient": "learner@example.org"}),
        _signed_in("account_confirm_reauthentication_code", f"{again}code/confirm/", 403),
        _signed_in("account_confirm_reauthentication_code", f"{again}code/confirm/", 403, {"code": "ABC-DEF"}),
        _signed_in("accounts:keep_email", f"{a}/email/keep/", f"{a}/", {}),
        _signed_in("account_email", f"{a}/email/"),
        _signed_in("account_email", f"{a}/email/", 422, {"action_add": "", "email": "not an address"}),
        _everybody("account_email_verification_sent", f"{a}/confirm-email/"),
        _everybody("account_confirm_email", f"{a}/confirm-email/no-such-key/"),
        _signed_in("account_change_password", f"{a}/password/change/"),
        _signed_in("account_change_password", f"{a}/password/change/", 422, {"oldpassword": "wrong"}),
        _signed_in("account_set_password", f"{a}/password/set/", f"{a}/password/change/"),
        _everybody("account_reset_password", f"{a}/password/reset/"),
        _row(
            "account_reset_password",
            f"{a}/password/reset/",
            f"{a}/password/reset/done/",
            f"{a}/password/reset/done/",
            f"{a}/password/reset/done/",
            {"email": "nobody@example.org"},
        ),
        _everybody("account_reset_password_done", f"{a}/password/reset/done/"),
        _everybody("account_reset_password_from_key", f"{a}/password/reset/key/1-no-such-key/"),
        _everybody("account_reset_password_from_key_done", f"{a}/password/reset/key/done/"),
        _row("account_confirm_login_code", f"{a}/login/code/confirm/", SIGN_IN, MY_LEARNING, MY_LEARNING),
    ]


def _factor_rows() -> Iterator[Row]:
    """The second factor. Nobody here has one, and it is long ago that they showed who they are."""
    at, again = "/account/second-factor/", "/account/reauthenticate/"
    yield _signed_in("mfa_index", at)
    for name, path in (("mfa_authenticate", "code/"), ("mfa_login_webauthn", "passkeys/sign-in/")):
        yield _row(name, f"{at}{path}", SIGN_IN, MY_LEARNING, MY_LEARNING)
        yield _row(name, f"{at}{path}", SIGN_IN, MY_LEARNING, MY_LEARNING, {"credential": "{}"})
    for name, path in (("mfa_reauthenticate", "prove/"), ("mfa_reauthenticate_webauthn", "prove/passkey/")):
        yield _signed_in(name, f"{at}{path}", again)
        yield _signed_in(name, f"{at}{path}", again, {"code": "123456"})
    for name, path in (
        ("mfa_activate_totp", "app/"),
        ("mfa_view_recovery_codes", "recovery-codes/"),
        ("mfa_generate_recovery_codes", "recovery-codes/new/"),
        ("mfa_add_webauthn", "passkeys/add/"),
        ("mfa_remove_webauthn", "passkeys/1/remove/"),
    ):
        yield _signed_in(name, f"{at}{path}", _leading_to(f"{at}{path}"))
        yield _signed_in(name, f"{at}{path}", 403, {"code": "123456"})
    download = f"{at}recovery-codes/download/"
    yield _signed_in("mfa_download_recovery_codes", download, _leading_to(download))
    for data in (None, {}):
        yield _signed_in("mfa_deactivate_totp", f"{at}app/remove/", 404, data)
    yield _everybody("mfa_passkey_options", f"{at}passkeys/options/", 200, {"get": "1"})


def _leading_to(path: str) -> str:
    """Where the password is asked for first."""
    return f"/account/reauthenticate/?next={quote(path, safe='')}"


# Authors' pages -----------------------------------------------------------------------------------------------------


def _authors_rows(world: World) -> Iterator[Row]:
    """For whoever neither writes nor reads drafts there are no such pages; some are not for those who only read."""
    yield from _desk_rows()
    yield from _history_rows()
    for asked in ("", "?q=quiet", "?q=quiet&all=on"):
        yield _reads_drafts("admin:write:search", f"/admin/write/search/{asked}")
    all_reports, report = "/admin/write/reports/", f"/admin/write/reports/{world.report.pk}/"
    yield _authors("admin:write:reports", all_reports, 200, reviewer=200)
    yield _authors("admin:write:report", report, 200, reviewer=200)
    yield _authors("admin:write:report", report, all_reports, {"do": "answer", "answer": "Mended."})
    yield _authors("admin:write:report", report, all_reports, {"do": "close"})


def _desk_rows() -> Iterator[Row]:
    """A module with its draft."""
    begun, module = "/admin/write/modules/new/", "/admin/write/modules/posts/"
    edition = {"title": "Posts", "summary": "What it is about.", "outcomes": "Say why", "seen": "stale"}
    yield _authors("admin:write:modules", "/admin/write/modules/", 200, reviewer=200)
    yield _authors("admin:write:new_module", "/admin/write/new/", 200)
    yield _authors("admin:write:new_module", "/admin/write/new/", begun, {"title": "New"})
    yield _authors("admin:write:module", module, 200, reviewer=200)
    yield _authors("admin:write:start_draft", f"{module}start/", module, {})
    yield _authors("admin:write:discard", f"{module}discard/", 200)
    yield _authors("admin:write:discard", f"{module}discard/", 409, {})
    yield _authors("admin:write:add_page", f"{module}add/", f"{module}pages/new/", {"title": "New", "kind": "quiz"})
    yield _authors("admin:write:move_page", f"{module}order/", module, {"do": "up:no-such-page"})
    yield _authors("admin:write:edition", f"{module}edition/", 200)
    yield _authors("admin:write:edition", f"{module}edition/", 409, edition)
    yield _authors("admin:write:copy", f"{module}pages/case/copy/", 200)
    yield _authors("admin:write:copy", f"{module}pages/case/copy/?at=case-scene-1", 422, {"to": "nowhere"})
    yield _authors("admin:write:remove", f"{module}pages/case/remove/", 200)
    yield _authors("admin:write:remove", f"{module}pages/case/remove/", 409, {})
    yield _row("admin:write:publish", f"{module}publish/", SIGN_IN, 404, 404, publisher=200, administrator=200)
    yield _row("admin:write:publish", f"{module}publish/", SIGN_IN, 404, 404, {}, publisher=409, administrator=409)
    kept = {"do": "keep", "change_note": ""}
    publishers = dict.fromkeys(("publisher", "administrator"), f"{module}publish/")
    yield _row("admin:write:publish", f"{module}publish/", SIGN_IN, 404, 404, kept, **publishers)


def _history_rows() -> Iterator[Row]:
    """What was saved of a page of the draft, and of what the draft says of itself."""
    for base in ("/admin/write/modules/posts/pages/case/", "/admin/write/modules/posts/edition/"):
        history = f"{base}history/"
        yield _authors("admin:write:history", history, 200, reviewer=200)
        for act in ("undo", "redo"):
            yield _authors(f"admin:write:{act}", f"{base}{act}/", history, {})
        yield _authors("admin:write:conflict", f"{base}conflict/", 422, {})
    case = "/admin/write/modules/posts/pages/case/history/1/"
    yield _authors("admin:write:revision", case, 200, reviewer=200)
    yield _authors("admin:write:restore", f"{case}restore/", case, {"block": ""})


def _preview_rows() -> list[Row]:
    """The draft as learners will see it."""
    write = "/admin/write/modules/posts"
    return [
        _reads_drafts("admin:write:preview_module", f"{write}/preview/"),
        _reads_drafts("admin:write:preview_module_phone", f"{write}/preview/phone/"),
        *(
            _reads_drafts(f"admin:write:{name}", f"{write}/pages/{key}/preview/{end}")
            for key in ("reading-1", "case", "quiz")
            for name, end in (("preview", ""), ("preview_phone", "phone/"))
        ),
        _reads_drafts("admin:write:preview", f"{write}/pages/case/preview/?choice=case-scene-1-best"),
        _reads_drafts("admin:write:preview", f"{write}/pages/case/preview/?scene=case-good"),
        _reads_drafts("admin:write:preview", f"{write}/pages/quiz/preview/?question=1&given=1.1"),
        _reads_drafts("admin:write:preview", f"{write}/pages/quiz/preview/?question=check"),
        _reads_drafts("admin:write:preview", f"{write}/pages/quiz/preview/?question=results"),
    ]


def _authors(
    name: str, path: str, outcome: Outcome, data: dict[str, object] | None = None, reviewer: Outcome = 404
) -> Row:
    writers = dict.fromkeys(("author", "publisher", "administrator"), outcome)
    return _row(name, path, SIGN_IN, 404, 404, data, reviewer=reviewer, **writers)


# The admin ----------------------------------------------------------------------------------------------------------

CONTENT = ("modules_edition", "modules_page", "scenarios_scenario", "scenarios_scene", "scenarios_choice",
           "quizzes_quiz", "quizzes_question")  # which is written at the desk  # fmt: skip
RECORDS = ("progress_enrolment", "progress_pagecompletion", "certificates_certificate")
PRIVATE = ("scenarios_playthrough", "quizzes_attempt", "modules_seeding", "authoring_revision",
           "modules_withdrawal", "modules_archiving")  # fmt: skip
PEOPLE = ("accounts_user", "auth_group")

# What educator, reviewer, author, publisher and administrator get. The others stop at the admin's door.
ALL, NOBODY, LAST = (200,) * 5, (403,) * 5, (403, 403, 403, 403, 200)
WRITERS, WATCHED = (403, 403, 200, 200, 200), (200, 403, 403, 403, 200)

# By kind of model, action: what they get.
ADMIN: dict[str, dict[str, tuple[Outcome, ...]]] = {
    "content": {
        "changelist": LAST, "add": NOBODY, "history": LAST, "change": LAST, "delete": NOBODY,
        "POST add": NOBODY, "POST change": NOBODY, "POST delete": NOBODY,
    },
    "source": {
        "changelist": ALL, "add": WRITERS, "history": ALL, "change": ALL, "delete": WRITERS, "POST change": WRITERS,
    },
    "module": {
        "changelist": ALL, "add": WRITERS, "history": ALL, "change": ALL, "delete": LAST, "POST change": WRITERS,
    },
    "record": {
        "changelist": WATCHED, "add": NOBODY, "history": WATCHED, "change": WATCHED, "delete": NOBODY,
        "POST change": NOBODY, "POST add": NOBODY, "POST delete": NOBODY,
    },
    "private": {
        "changelist": LAST, "add": NOBODY, "history": LAST, "change": LAST, "delete": NOBODY,
        "POST change": NOBODY, "POST add": NOBODY, "POST delete": NOBODY,
    },
    "people": {
        "changelist": LAST, "add": LAST, "history": LAST, "change": LAST, "delete": LAST, "POST change": LAST,
    },
    "person": {  # whose account can be closed, and who is never deleted
        "changelist": LAST, "add": LAST, "history": LAST, "change": LAST, "delete": NOBODY, "POST change": LAST,
        "POST delete": NOBODY, "close": LAST, "POST close": (403, 403, 403, 403, "/admin/accounts/user/"),
        "factor": LAST, "POST factor": (403, 403, 403, 403, 409),  # there is none to be removed
    },
}  # fmt: skip


def _publishers_rows() -> Iterator[Row]:
    """Where a module is closed to new learners: for others than publishers there is nothing."""
    closing = "/admin/write/modules/posts"
    back = f"{closing}/"
    for name, place, data, outcome in (
        ("withdraw", "withdraw/", None, 200),
        ("withdraw", "withdraw/", {"edition": 1, "reason": "It is wrong."}, back),
        ("end_withdrawal", "withdraw/end/", {"edition": 1}, back),
        ("archive", "archive/", None, 200),
        ("archive", "archive/", {}, back),
        ("end_archiving", "archive/end/", {}, back),
    ):
        yield _row(
            f"admin:write:{name}",
            f"{closing}/{place}",
            SIGN_IN,
            404,
            404,
            data,
            publisher=outcome,
            administrator=outcome,
        )


def _kinds_of_models(world: World) -> Iterator[tuple[str, str, models.Model]]:
    """Every model in the admin, the kind of thing it is there, and a row of it."""
    edition, draft = world.edition, world.draft
    for name in CONTENT:
        yield name, "content", _content(name, draft)
        yield name, "content", _content(name, edition)
    yield "modules_source", "source", Source.objects.order_by("pk")[0]
    yield "modules_fact", "source", world.fact
    yield "modules_module", "module", edition.module
    records = (world.enrolment, world.enrolment.completions.all()[0], world.certificate)
    private = (world.playthrough, world.attempt, world.seeding, world.revision, world.withdrawal,
               world.archiving)  # fmt: skip
    for kind, names, rows_ in (("record", RECORDS, records), ("private", PRIVATE, private)):
        for name, record in zip(names, rows_, strict=True):
            yield name, kind, record
    for name, person in zip(PEOPLE, (world.users["learner"], world.group), strict=True):
        yield name, "person" if name == "accounts_user" else "people", person


def _content(name: str, edition: Edition) -> models.Model:
    from django.apps import apps  # noqa: PLC0415  # models are ready only now

    model = apps.get_model(*name.split("_"))
    return edition if model is Edition else model._base_manager.filter(edition=edition)[0]


def _admin_row(
    name: str,
    path: str,
    staff: tuple[Outcome, ...],
    data: dict[str, object] | None = None,
    anonymous: Outcome = ADMIN_DOOR,
) -> Row:
    return _row(name, path, anonymous, ADMIN_DOOR, ADMIN_DOOR, data, **dict(zip(STAFF, staff, strict=True)))


def _admin_rows(world: World) -> Iterator[Row]:
    yield _admin_row("admin:index", "/admin/", ALL)
    yield _row("admin:write:log", "/admin/write/log/", SIGN_IN, 404, 404, publisher=200, administrator=200)
    who = {"username": "admin@example.org", "password": make.PASSWORD}
    yield _row("admin:login", "/admin/login/", SIGN_IN, 403, 403, **dict.fromkeys(STAFF, "/admin/"))
    yield _row("admin:login", "/admin/login/", SIGN_IN, 403, 403, who, **dict.fromkeys(STAFF, "/admin/"))
    yield _row("admin:logout", "/admin/logout/", ADMIN_DOOR, "/admin/", "/admin/", {}, **dict.fromkeys(STAFF, HOME))
    change = ("/account/password/change/",) * 5
    yield _admin_row("admin:password_change", "/admin/password_change/", change)
    yield _admin_row("admin:password_change", "/admin/password_change/", change, {"old_password": make.PASSWORD})
    yield _admin_row("admin:password_change_done", "/admin/password_change/done/", change)
    offer = "/admin/autocomplete/?app_label=modules&model_name=pagecitation&field_name=source"
    yield _admin_row("admin:autocomplete", offer, ALL)
    yield _admin_row("admin:jsi18n", "/admin/jsi18n/", ALL)
    yield _admin_row("admin:view_on_site", "/admin/r/999999/1/", (404,) * 5)
    yield _admin_row("admin:app_list", "/admin/modules/", ALL)
    yield _admin_row("admin:app_list", "/admin/progress/", (200, 404, 404, 404, 200))
    yield _admin_row("admin/(?P<url>.*)$", "/admin/no-such-page/", (404,) * 5)
    for name, kind, row in _kinds_of_models(world):
        base = f"/admin/{name.replace('_', '/')}/"
        yield _admin_row(
            f"{base[1:]}<path:object_id>/", f"{base}{row.pk}/", (f"{base}{row.pk}/change/",) * 5, None, SIGN_IN
        )
        for action, staff in ADMIN[kind].items():
            method, _, verb = action.rpartition(" ")
            place = {"changelist": "", "add": "add/"}.get(verb, f"{row.pk}/{verb}/")
            yield _admin_row(f"admin:{name}_{verb}", base + place, staff, {"post": "yes"} if method else None, SIGN_IN)


def _text_rows() -> Iterator[Row]:
    """What authors write as text, or in the form of a reading page."""
    write = "/admin/write/modules/posts/"
    case, reading = f"{write}pages/case/", f"{write}pages/reading-1/"
    title = {"title": "New", "minutes": 3, "do": "save"}
    for name, path, outcome, data in (
        ("how", "/admin/write/how/", 200, None),
        ("module_text", f"{write}text/", 200, None),
        ("module_text", f"{write}text/", 422, {"text": "case: A"}),
        ("module_download", f"{write}text/download/", 200, None),
        ("page", case, 200, None),
        ("overview", f"{case}overview/", 200, None),
        ("page", case, 422, {"do": "save", "at": "case-scene-1"}),
        ("delete", f"{case}delete/scene/case-scene-1/", 200, None),
        ("delete", f"{case}delete/scene/case-scene-1/", 303, {"seen": "stale"}),  # whoever sends it is asked once more
        ("page", reading, 200, None),
        ("page", reading, 409, title),  # whoever sends it saw nothing of what stands there
        ("text", f"{case}text/", 200, None),
        ("text", f"{case}text/", 200, {"text": "case: Case {case}"}),
        ("text", f"{case}text/", 422, {"text": "quiz: Case {case}"}),
        ("download", f"{case}text/download/", 200, None),
    ):
        yield _authors(f"admin:write:{name}", path, outcome, data)


# The resolver -------------------------------------------------------------------------------------------------------


def every_url_name() -> set[str]:
    """The name of every URL pattern, or its route where it has no name."""

    def walk(patterns: list[URLPattern | URLResolver], route: str, namespace: str) -> Iterator[str]:
        for pattern in patterns:
            where = route + str(pattern.pattern).removeprefix("^")
            if isinstance(pattern, URLResolver):
                inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, where, inside)
            else:
                yield f"{namespace}{pattern.name}" if pattern.name else where

    return set(walk(get_resolver().url_patterns, "", ""))
