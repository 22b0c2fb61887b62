"""More of what is asked for in `test_said.py`: states of learners' pages that need somebody or something of their own.

Second factors, codes by e-mail, what waits while signed out, errors, practice, and visits that are kept too late. Time
stands still in them, for codes and tries too.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from unittest import mock

from allauth.account.models import EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.middleware.csrf import CsrfViewMiddleware
from django.test import override_settings

from apps.accounts.factors.forms import SetUpAppForm
from apps.accounts.models import FactorRemoval, User
from apps.modules import published
from tests import make, proofs
from tests.said_asked import NOBODY, Asked
from tests.said_states import CASE, LEARN, OLD_TEST, TEST, TRY
from tests.said_world import TODAY, World

FACTORS = "/account/second-factor/"
APP, CODES, ADD, PROVE, STEP = (
    f"{FACTORS}{path}" for path in ("app/", "recovery-codes/", "passkeys/add/", "prove/", "code/")
)
BY_CODE = {
    "ACCOUNT_RATE_LIMITS": {"confirm_email": "1/10s/key"},
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
}
CODE, WRONG = "BCD-FGH", "ZZZ-ZZZ"


def of_learners(world: World) -> Iterator[Asked]:
    """All of it. Each has a file of its own."""
    people = {who: _person(world, who) for who in ("has-app", "has-passkey", "has-both", "has-kept", "has-last")}
    with _time_stands_still(world):
        for states in (setting_up, having, second_step, demanded, removing, by_code, limited, waiting, others, erring,
                       practising, visiting):  # fmt: skip
            for asked in states(world, people):
                world.clock.time = TODAY
                yield replace(asked, is_still=True)
                world.clock.time = TODAY
                published.forget_all()


def _person(world: World, who: str) -> User:
    """Somebody with a second factor of this kind."""
    person = world.person(who)
    if who != "has-passkey":
        proofs.give_app(person)
    if who in ("has-passkey", "has-both"):
        proofs.give_passkey(person, "Phone")
    if who == "has-both":
        proofs.give_passkey(person, "Key")
    if who in ("has-kept", "has-last", "has-both"):
        with mock.patch.object(RecoveryCodes, "generate_seed", return_value="seed"):
            proofs.give_recovery_codes(person)
    if who in ("has-kept", "has-last"):
        codes = RecoveryCodes(person.authenticator_set.get(type="recovery_codes"))
        for used in codes.get_unused_codes()[: 8 if who == "has-last" else 3]:
            codes.validate_code(used)
        codes.mark_as_viewed()
    return person


@contextmanager
def _time_stands_still(world: World) -> Iterator[None]:
    """For codes, tries and secrets; and what is told once all is stored is told at once."""
    with ExitStack() as stack:
        for target, new in (
            ("time.time", lambda: world.clock().timestamp()),
            ("django.core.cache.backends.db.tz_now", world.clock),
            ("secrets.token_bytes", lambda size=32: b"s" * size),
            ("apps.accounts.adapter.AccountAdapter.generate_email_verification_code", lambda self: CODE),
        ):
            stack.enter_context(mock.patch(target, new))
        stack.enter_context(mock.patch.object(transaction, "on_commit", lambda tell, **_: tell()))
        stack.enter_context(mock.patch.object(RecoveryCodes, "generate_seed", return_value="seed"))
        yield


def signed_in(who: str, onward: str = "") -> Asked:
    """The first step."""
    sent = {"login": f"{who}@example.org", "password": make.PASSWORD}
    return Asked(NOBODY, "/account/login/", sent | ({"next": onward} if onward else {}))


def code(steps: int = 0) -> dict[str, object]:
    return {"code": proofs.code_of(steps=steps)}


def steps(who: str) -> tuple[Asked, ...]:
    """Both of them, of somebody who has an app."""
    return signed_in(who), Asked(NOBODY, STEP, code())


# Second factors -------------------------------------------------------------------------------------------------------


def setting_up(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """An app, or a passkey, of somebody who has none."""
    ask = partial(Asked, NOBODY, name="learners.setting_up", first=(signed_in("done"),))
    onward = "?next=/my-learning/"
    yield ask(FACTORS)
    yield ask(f"{FACTORS}{onward}")
    yield ask(f"{APP}{onward}")
    yield ask(APP, {"code": "000000"}, form=APP)
    yield ask(APP, {"code": "", "next": "/my-learning/"}, form=APP)
    yield ask(APP, {"code": "123456", "signed_secret": "stale"})
    secret = "ONZXG43TONZXG43TONZXG43TONZXG43T"
    right = {"code": proofs.code_of(secret)}
    yield ask(APP, right, form=APP)
    yield ask(APP, right | {"next": "/my-learning/"}, form=APP)
    sealed = SetUpAppForm(user=world.people["done"])._signer().sign(secret)
    made = Asked(NOBODY, APP, right | {"signed_secret": sealed})
    for path in (FACTORS, f"{FACTORS}{onward}", CODES, f"{CODES}{onward}", f"{CODES}download/", f"{CODES}new/", APP,
                 f"{APP}remove/", "/account/", "/account/password/change/"):  # fmt: skip
        yield ask(path, first=(signed_in("done"), made))
    yield ask(CODES, {}, first=(signed_in("done"), made))
    yield ask(CODES, {"next": "/my-learning/"}, first=(signed_in("done"), made))
    removed = (signed_in("done"), made, Asked(NOBODY, f"{APP}remove/", {}))
    yield ask(f"{APP}remove/", {}, first=(signed_in("done"), made))
    yield from (ask(path, first=removed) for path in (FACTORS, APP, PROVE))
    yield ask(STEP, right, first=(signed_in("done"), made, Asked(NOBODY, "/account/logout/", {}), signed_in("done")))
    for minutes in (50, 61):
        waited = Asked(NOBODY, f"{minutes} minutes", meanwhile=partial(later, world, minutes=minutes))
        yield ask(APP, {**(made.data or {}), "code": "000000"}, first=(waited, signed_in("done")))
    for path in (ADD, f"{ADD}{onward}", CODES, f"{CODES}download/", f"{CODES}new/", f"{APP}remove/", PROVE):
        yield ask(path)
    for data in ({"credential": ""}, {"credential": "{}", "name": "Phone"}, {"credential": "no", "name": "x" * 61}):
        yield ask(ADD, data)
    yield ask(f"{CODES}new/", {})


def having(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """What somebody sees who has one, and what goes when it is taken away."""
    for who in ("has-app", "has-both", "has-kept", "has-last"):
        ask = partial(Asked, NOBODY, name="learners.having", first=steps(who))
        for path in (FACTORS, "/account/", CODES, f"{CODES}download/", f"{CODES}new/", f"{APP}remove/", PROVE):
            yield ask(path)
        yield ask(f"{APP}remove/", {})
        yield ask(f"{CODES}new/", {})
    ask = partial(Asked, NOBODY, name="learners.having", first=steps("has-both"))
    for passkey in people["has-both"].authenticator_set.filter(type="webauthn").order_by("pk"):
        path = f"{FACTORS}passkeys/{passkey.pk}/remove/"
        yield ask(path)
        yield ask(path, {})
    with mock.patch("apps.accounts.factors.forms.MAX_PASSKEYS", 2):
        yield ask(ADD, {"credential": "{}", "name": "Third"})
    late = (*steps("has-both"), Asked(NOBODY, "six minutes", meanwhile=partial(later, world, minutes=6)))
    ask = partial(ask, first=late)
    yield from (ask(path) for path in (FACTORS, f"{APP}remove/", f"{PROVE}?next=/account/", f"{PROVE}passkey/", ADD))
    yield ask(f"{APP}remove/", {} | make.owned_by(people["has-both"]))
    yield ask("/account/password/change/")
    yield ask(f"{APP}remove/", {}, first=(*late, Asked(NOBODY, PROVE, code(12))))
    for data in ({"code": "000000"}, {"code": ""}, code(12), code(12) | {"next": "/account/"}):
        yield ask(PROVE, data)
    yield ask(f"{PROVE}passkey/", {"credential": "{}", "next": "/account/"})
    yield ask(f"{PROVE}passkey/", {"credential": ""})


def later(world: World, **time: int) -> None:
    world.clock.time += datetime.timedelta(**time)


def second_step(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """Between the password and the pages."""
    for who in ("has-app", "has-passkey", "has-both"):
        ask = partial(Asked, NOBODY, name="learners.second_step", first=(signed_in(who),))
        yield ask(STEP)
        yield ask("/my-learning/")
        for data in ({"code": "000000"}, {"code": ""}, {"credential": "{}"}, {"credential": ""}):
            yield ask(STEP, data)
    yield Asked(NOBODY, "/account/login/", signed_in("has-app").data, name="learners.second_step")
    ask = partial(Asked, NOBODY, name="learners.second_step", first=(signed_in("has-last", "/account/"),))
    last = RecoveryCodes(people["has-last"].authenticator_set.get(type="recovery_codes")).get_unused_codes()[0]
    yield ask(STEP, code())
    yield ask(STEP, code(1))
    yield ask(STEP, code(2))
    yield ask(STEP, {"code": last})
    kept = RecoveryCodes(people["has-kept"].authenticator_set.get(type="recovery_codes")).get_unused_codes()[0]
    yield ask(STEP, {"code": kept}, first=(signed_in("has-kept"),))
    used = (signed_in("has-kept"), Asked(NOBODY, STEP, {"code": kept}), Asked(NOBODY, "/account/logout/", {}))
    yield ask(STEP, {"code": kept}, first=(*used, signed_in("has-kept")))
    used = (signed_in("has-last"), Asked(NOBODY, STEP, {"code": last}))
    yield from (ask(path, first=used) for path in (CODES, FACTORS, f"{APP}remove/"))
    other = Asked(NOBODY, "the password is another", meanwhile=partial(change, people["has-last"], password="other"))
    yield ask(STEP, code(), first=(signed_in("has-last"), other))
    closed = Asked(NOBODY, "the account is closed", meanwhile=partial(change, people["has-last"], is_active=False))
    yield ask(STEP, code(), first=(signed_in("has-last"), closed))
    gone = Asked(NOBODY, "it is removed", meanwhile=lambda: people["has-last"].authenticator_set.all().delete())
    yield ask(STEP, first=(signed_in("has-last"), gone))
    yield Asked(
        NOBODY, f"{FACTORS}passkeys/sign-in/", {"credential": "{}", "next": "/account/"}, name="learners.second_step"
    )
    yield Asked(NOBODY, f"{FACTORS}passkeys/sign-in/?next=/account/", name="learners.second_step")
    wrong = [Asked(NOBODY, STEP, {"code": "000000"})]
    with override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "2/15m/key"}):
        yield ask(STEP, code(), first=(signed_in("has-last"), *wrong * 2))


def change(person: User, **fields: object) -> None:
    User.objects.filter(pk=person.pk).update(**fields)


def demanded(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """Of whom one is demanded."""
    for who in ("publisher", "learner"):
        world.people[who].set_password(make.PASSWORD)
        world.people[who].save()
    with override_settings(IS_SECOND_FACTOR_DEMANDED=True):
        publisher = world.people["publisher"]
        login = Asked(NOBODY, "/account/login/", {"login": publisher.email, "password": make.PASSWORD})
        ask = partial(Asked, NOBODY, name="learners.demanded", first=(login,))
        yield Asked(NOBODY, login.path, login.data, name="learners.demanded")
        yield Asked(NOBODY, login.path, {**(login.data or {}), "next": "/admin/"}, name="learners.demanded")
        yield Asked(NOBODY, signed_in("learner").path, signed_in("learner").data, name="learners.demanded")
        for path in (f"{FACTORS}?next=/admin/write/", FACTORS, "/admin/write/new/", f"{APP}?next=/admin/"):
            yield ask(path)
        yield ask("/admin/write/new/", {"title": "A new one"} | make.owned_by(publisher))
        over = Asked(NOBODY, "seven days", meanwhile=partial(later, world, days=7))
        ends = (login, over)
        for path in ("/admin/write/new/", f"{FACTORS}?next=/admin/write/"):
            yield ask(path, first=ends)
        anew = (login, Asked(NOBODY, "/account/logout/", {}), over, login)
        yield ask(login.path, login.data, first=anew[:3])
        for path in ("/admin/", f"{FACTORS}?next=/admin/write/", FACTORS, "/my-learning/"):
            yield ask(path, first=anew)
        has = Asked(NOBODY, "an app is set up", meanwhile=partial(proofs.give_app, publisher))
        both = (has, login, Asked(NOBODY, STEP, code()))
        for path in ("/admin/write/new/", FACTORS, f"{APP}remove/"):
            yield ask(path, first=both)
        yield ask(f"{APP}remove/", {}, first=both)
        codes = Asked(NOBODY, "there are recovery codes", meanwhile=partial(proofs.give_recovery_codes, publisher))
        yield ask(f"{APP}remove/", {}, first=(*both, codes))
        key = Asked(NOBODY, "only a passkey is left", meanwhile=partial(swap_for_passkey, publisher))
        number = Authenticator.objects.latest("pk").pk + 2
        yield from (ask(f"{FACTORS}passkeys/{number}/remove/", data, first=(*both, key)) for data in (None, {}))
        withdraw = "/admin/write/modules/night/withdraw/"
        reason = {"edition": 2, "reason": "Wrong."} | make.owned_by(publisher)
        yield ask(f"{withdraw}?from=here")
        yield ask(withdraw, reason)
        late = (*both, Asked(NOBODY, "six minutes", meanwhile=partial(later, world, minutes=6)))
        yield ask("/admin/write/new/", first=late)
        yield ask("/admin/write/new/", {"title": "A new one"} | make.owned_by(publisher), first=late)
        yield ask(f"{withdraw}?from=here", first=late)
        yield ask(withdraw, reason, first=late)
        yield ask(withdraw, reason, first=(*late, Asked(NOBODY, PROVE, code(12))))


def swap_for_passkey(person: User) -> None:
    proofs.give_passkey(person)
    person.authenticator_set.filter(type="totp").delete()


def removing(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """Two administrators take a lost one away."""
    first, second = world.people["administrator"], make.superuser()
    for administrator in (first, second):
        administrator.set_password(make.PASSWORD)
        administrator.save()
        proofs.give_app(administrator)
    enters = {
        one: (
            Asked(NOBODY, "/account/login/", {"login": one.email, "password": make.PASSWORD}),
            Asked(NOBODY, STEP, code()),
        )
        for one in (first, second)
    }
    out = Asked(NOBODY, "/account/logout/", {})
    ask = partial(Asked, NOBODY, name="learners.removing")
    lost = people["has-both"]
    at = f"/admin/accounts/user/{lost.pk}/factor/"
    asks = Asked(NOBODY, at, {"ask": "1"})
    asked = (*enters[first], asks, out)
    number = FactorRemoval.objects.latest("pk").pk + 1
    confirms = Asked(NOBODY, at, {"confirm": str(number)})
    again = (enters[first][0], Asked(NOBODY, STEP, code(1)))
    with override_settings(IS_SECOND_FACTOR_DEMANDED=True):
        for person in (lost, first, second, world.people["newcomer"]):
            yield ask(f"/admin/accounts/user/{person.pk}/factor/", first=enters[first])
        yield ask(at, asks.data, first=enters[first])
        log = "/admin/write/log/"
        yield from (ask(path, first=(*enters[first], asks)) for path in (at, log))
        yield ask(at, first=(*asked, *enters[second]))
        yield from (ask(path, first=(*asked, *enters[second], confirms)) for path in (at, log))
        yield ask(at, confirms.data, first=(*enters[first], asks))
        yield ask(at, confirms.data, first=(*asked, *enters[second]))
        yield ask(at, asks.data, first=(*asked, *enters[second]))
        yield ask(at, confirms.data, first=(*asked, *enters[second], confirms))
        yield ask(at, confirms.data, first=(*asked, *enters[second], confirms, out, *again))
        yield ask(at, {"confirm": "x"}, first=enters[first])
        day = Asked(NOBODY, "a day", meanwhile=partial(later, world, days=1))
        entered = (enters[second][0], Asked(NOBODY, STEP, code(2880)))
        yield from (ask(at, data, first=(*asked, day, *entered)) for data in (None, confirms.data))
        may_no_more = Asked(NOBODY, "who asked may not any more", meanwhile=partial(change, first, is_staff=False))
        yield ask(at, confirms.data, first=(*asked, may_no_more, *enters[second]))
        alone = Asked(NOBODY, "there is no other", meanwhile=partial(change, second, is_active=False))
        yield ask(at, first=(*enters[first], alone))


# Addresses, and tries -------------------------------------------------------------------------------------------------


def by_code(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """A new account, or another address, is confirmed by a code; or by a link."""
    mail, confirm = "/account/email/", "/account/confirm-email/"
    new = {
        "email": "new@example.org",
        "full_name": "New Person",
        "password1": make.PASSWORD,
        "password2": make.PASSWORD,
    }
    signs_up = Asked(NOBODY, "/account/signup/", new | {"next": "/account/"})
    changes = Asked(NOBODY, mail, {"action_add": "", "email": "changed@example.org"})
    again = Asked(NOBODY, confirm, {"action": "resend"})
    seconds = Asked(NOBODY, "eleven seconds", meanwhile=partial(later, world, seconds=11))
    minutes = Asked(NOBODY, "sixteen minutes", meanwhile=partial(later, world, minutes=16))
    world.people["done"].emailaddress_set.update_or_create(email="done@example.org", defaults={"verified": True})
    with override_settings(**BY_CODE):
        yield Asked(NOBODY, signs_up.path, signs_up.data, name="learners.by_code")
        yield Asked(NOBODY, signs_up.path, new | {"email": "midway@example.org"}, name="learners.by_code")
        for first in ((signs_up,), (signed_in("done"), changes)):
            yield from _codes(first, seconds, minutes)
        ask = partial(Asked, NOBODY, name="learners.by_code", first=(signed_in("done"),))
        yield ask(mail)
        for email in ("changed@example.org", "midway@example.org", "done@example.org", "nonsense", ""):
            yield ask(mail, {"action_add": "", "email": email})
        taken = Asked(NOBODY, mail, {"action_add": "", "email": "midway@example.org"})
        yield ask(confirm, {"code": CODE}, first=(signed_in("done"), taken))
        for path in (mail, "/account/", confirm):
            yield ask(path, first=(signed_in("done"), changes))
            yield ask(path, first=(signed_in("done"), changes, minutes))
        yield ask("/account/email/keep/", {}, first=(signed_in("done"), changes))
        yield ask("/account/email/keep/", {})
        yield ask(mail, {"action_remove": "", "email": "done@example.org"})
        yield ask(confirm, again.data, first=(signed_in("midway"),))
    ask = partial(Asked, NOBODY, name="learners.by_link", first=(signed_in("done"), changes))
    yield ask(mail, changes.data, first=(signed_in("done"),))
    for path in (mail, "/account/", confirm, f"{confirm}none/"):
        yield ask(path)
    yield ask("/account/email/keep/", {})
    yield ask(mail, {"action_send": "", "email": "changed@example.org"})
    yield ask(f"{confirm}none/", {})
    key = "MQ:1abc:def"
    with mock.patch("allauth.account.models.EmailConfirmationHMAC.from_key", side_effect=lambda key: link_of(world)):
        for data in (None, {}):
            yield ask(f"{confirm}{key}/", data)
    yield Asked(NOBODY, f"{confirm}none/", name="learners.by_link")


def link_of(world: World) -> EmailConfirmationHMAC:
    return EmailConfirmationHMAC(world.people["done"].emailaddress_set.get(verified=False))


def _codes(first: tuple[Asked, ...], seconds: Asked, minutes: Asked) -> Iterator[Asked]:
    """What is typed, asked for again, or waited for too long."""
    confirm = "/account/confirm-email/"
    ask = partial(Asked, NOBODY, name="learners.by_code", first=first)
    wrong, again = Asked(NOBODY, confirm, {"code": WRONG}), Asked(NOBODY, confirm, {"action": "resend"})
    yield ask(confirm)
    for data in ({"code": CODE}, {"code": WRONG}, {"code": ""}, again.data):
        yield ask(confirm, data)
    yield ask(confirm, wrong.data, first=(*first, wrong, wrong))
    yield ask(confirm, again.data, first=(*first, seconds))
    yield ask(confirm, first=(*first, *(seconds, again) * 3))
    yield ask(confirm, {"code": CODE}, first=(*first, minutes))
    yield ask(confirm, first=(*first, minutes))
    yield ask("/account/logout/", {"next": "/account/login/"}, first=first)


def limited(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """Tried too often."""
    limits = {"login": "1/m/ip", "login_failed": "1/15m/key", "reset_password": "1/h/ip", "report": "1/10m/key"}
    name = "learners.limited"
    wrong = Asked(NOBODY, "/account/login/", {"login": "done@example.org", "password": "wrong"})
    reset = Asked(NOBODY, "/account/password/reset/", {"email": "nobody@example.org"})
    report = Asked(NOBODY, "/something-wrong/night/2/", {"text": "A slip."})
    with override_settings(ACCOUNT_RATE_LIMITS=limits):
        for asked in (wrong, reset):
            yield Asked(NOBODY, asked.path, asked.data, first=(asked,), name=name)
        for who in (NOBODY, "midway"):
            yield Asked(who, report.path, {"text": "Another."}, first=(replace(report, who=who),), name=name)
        yield Asked(
            NOBODY,
            wrong.path,
            wrong.data,
            first=(wrong, Asked(NOBODY, "a minute", meanwhile=partial(later, world, minutes=1))),
            name=name,
        )
        proof = Asked("done", "/account/reauthenticate/", {"password": "wrong"}, name=name)
        yield replace(proof, first=(proof,))
    with override_settings(ACCOUNT_RATE_LIMITS={"login_failed_here": "1/h/ip", "login_failed_last": "1/h/key"}):
        yield Asked(NOBODY, wrong.path, wrong.data, first=(wrong, wrong), name=name)


# While signed out, or under another's account -------------------------------------------------------------------------


def waiting(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """An answer that waits, and a text that cannot."""
    newcomer, midway, finished = (make.owned_by(world.people[who]) for who in ("newcomer", "midway", "finished"))
    chosen = Asked(NOBODY, f"{CASE}choose/", {"decision": 1, "choice": "lift-wait"} | newcomer)
    answered = Asked(NOBODY, f"{OLD_TEST}question/3/answer/", {"attempt": 1, "option": ["test-q3-wrong"]} | midway)
    ranked = Asked(NOBODY, f"{OLD_TEST}question/5/answer/", {"attempt": 1, "option": ["test-q5-right-1"]} | midway)
    named = Asked(NOBODY, f"{LEARN}/finish/issue/", {"name": "F. Reader"} | finished)
    name = "learners.waiting"
    for sent, who, page in ((chosen, "newcomer", CASE), (answered, "midway", f"{OLD_TEST}question/3/"),
                            (ranked, "midway", f"{OLD_TEST}question/5/"),
                            (named, "finished", f"{LEARN}/finish/")):  # fmt: skip
        yield Asked(NOBODY, sent.path, sent.data, name=name)
        yield Asked(NOBODY, f"/account/login/?next={page}", first=(sent,), name=name)
        yield Asked(NOBODY, page, first=(sent, signed_in(who, page)), name=name)
        yield Asked(NOBODY, page, first=(sent, signed_in("again", page)), name=name)
        yield Asked(NOBODY, sent.path, sent.data, first=(sent, signed_in(who, page)), name=name)
    yield Asked(NOBODY, f"{OLD_TEST}question/4/", first=(ranked, signed_in("midway")), name=name)
    nothing = {"decision": 1} | newcomer
    for path, data in (
        (chosen.path, nothing), (chosen.path, {"decision": 1, "choice": "x" * 2_000} | newcomer),
        (f"{OLD_TEST}check/submit/", {"attempt": 1} | midway), (f"{LEARN}/reading/why/complete/", newcomer),
        ("/account/", {"full_name": "Other Name"} | newcomer),
        ("/account/password/change/", {"oldpassword": "one", "note": "two"} | newcomer),
        ("/something-wrong/night/2/", {"text": "A slip."} | midway), (f"{TRY}choose/", {"decision": 1} | newcomer),
    ):  # fmt: skip
        yield Asked(NOBODY, path, data, name=name)
    unowned = {"decision": 1, "choice": "lift-wait", "form_owner": "forged"}
    yield Asked("newcomer", chosen.path, unowned, name=name)
    yield Asked("newcomer", CASE, first=(Asked("newcomer", chosen.path, unowned),), name=name)


def others(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """Made for another, or for a visitor."""
    name = "learners.others"
    for owner in (make.owned_by(world.people["midway"]), make.owned_by(None)):
        for path, data in (
            (f"{CASE}choose/", {"decision": 1, "choice": "lift-wait"}), ("/account/", {"full_name": "Other Name"}),
            (f"{LEARN}/finish/issue/", {"name": "F. Reader"}),
        ):  # fmt: skip
            yield Asked("finished", path, data | owner, name=name)


def erring(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """What cannot be done, and whose fault it is not."""
    name, owner = "learners.erring", make.owned_by(world.people["newcomer"])
    choose = partial(Asked, "newcomer", f"{CASE}choose/", {"decision": 1, "choice": "lift-wait"} | owner, name=name)
    for error in (OperationalError("away"), RuntimeError("loose"), PermissionDenied()):
        with mock.patch("apps.scenarios.actions.choose", side_effect=error):
            yield choose()
        with mock.patch("apps.quizzes.views.find_sitting", side_effect=error):
            yield Asked("newcomer", TEST, name=name)
            yield Asked("newcomer", f"{TEST}start/", owner, name=name)
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=1):
        yield choose()
    with mock.patch.object(CsrfViewMiddleware, "_accept", lambda self, request: self._reject(request, "old")):
        yield choose()
        yield Asked("newcomer", f"{LEARN}/reading/why/complete/", {}, name=name)
        yield Asked("newcomer", f"{CASE}choose/", {"choice": "a"} | make.owned_by(world.people["midway"]), name=name)
    yield from (Asked("newcomer", path, name=name) for path in (f"{CASE}choose/", "/learn/night/9/", f"{TEST}start/"))


# Practice, and visits -------------------------------------------------------------------------------------------------


def practising(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """What was missed, once more."""
    practice = f"{TEST}attempt/1/practice/"
    begun = Asked("wrong", f"{TEST}attempt/1/practise/", {})
    ask = partial(Asked, "wrong", name="learners.practising", first=(begun,))
    some = "given=1.1&given=2.2&given=4.1.1&given=4.2.2&given=4.3.3&given=5.1"
    more = "given=3.1&given=3.2&given=5.2&given=9.1&given=1.9&given=x&given=0.1&given=1.0"
    for query in ("", "?question=0", "?question=2", f"?question=3&{some}", "?question=4", "?question=5", "?question=9",
                  "?question=x", "?question=results", f"?question=results&{some}", f"?question=results&{some}&{more}",
                  "?question=1&given=3.1", "?question=1&given=3.1&given=3.4"):  # fmt: skip
        yield ask(f"{practice}{query}")
    sent = f"{practice}?attempt=1&given=1.1"
    for query in ("&question=2&option=test-q2-right", "&question=2&option=test-q2-wrong&go=leave",
                  "&question=2&go=leave",
                  "&question=2&go=home", "&question=2", "&question=2&go=4", "&question=2&option=test-q2-right&go=1",
                  "&question=2&option=nowhere", "&question=3&option=test-q3-right", "&question=1&go=1",
                  "&question=3&option=test-q3-right&go=1", "&question=3&go=3", "&question=3&given=3.1&given=3.4&go=1",
                  "&question=3&option=test-q3-right&was=test-q3-right&go=3",
                  "&question=2&option=test-q2-right&was=test-q2-right&go=1"):  # fmt: skip
        yield ask(f"{sent}{query}")
    yield ask(f"{TEST}attempt/1/")
    yield ask(TEST)
    yield ask(practice, is_whole=True)
    with mock.patch("apps.quizzes.practice.MOST", 2), mock.patch("apps.quizzes.pages.MOST", 2):
        for path in (f"{TEST}attempt/1/", f"{practice}?question=2", f"{practice}?question=results&given=1.1"):
            yield ask(path)
    for attempt in (1, 2):
        began = Asked("again", f"{TEST}attempt/{attempt}/practise/", {})
        for query in ("", "?question=2", "?question=results&given=1.1", "?question=results&given=1.2"):
            yield Asked(
                "again", f"{TEST}attempt/{attempt}/practice/{query}", first=(began,), name="learners.practising"
            )
    yield ask(practice, first=(begun, Asked("wrong", f"{TEST}start/", {})))


def visiting(world: World, people: dict[str, User]) -> Iterator[Asked]:
    """Visits that are kept on signing up and in, that are over, and that come too late."""
    name = "learners.visiting"

    def chosen(number: int, key: str) -> Asked:
        return Asked(NOBODY, f"{TRY}choose/", {"decision": number, "choice": key})

    one = chosen(1, "lift-wait")
    ended = (one, chosen(2, "lift-scene-2-poor"))
    back = Asked(NOBODY, f"{TRY}go-back/", {"decision": 1})
    onward = {"next": f"{TRY}keep/"}
    new = {
        "email": "new@example.org",
        "full_name": "New Person",
        "password1": make.PASSWORD,
        "password2": make.PASSWORD,
    }
    for first in ((one,), ended, (*ended, back), (*ended, back, chosen(1, "lift-scene-1-poor"))):
        yield Asked(NOBODY, TRY, first=first, name=name)
        yield Asked(NOBODY, "/account/signup/", new | onward, first=first, name=name)
        yield Asked(NOBODY, TRY, first=(*first, Asked(NOBODY, "/account/signup/", new | onward)), name=name)
        for who in ("newcomer", "midway", "again", "done", "in-wards"):
            sign = signed_in(who, f"{TRY}keep/")
            yield Asked(NOBODY, sign.path, sign.data, first=first, name=name)
        yield Asked(NOBODY, TRY, first=(*first, signed_in("newcomer")), name=name)
        for who in ("midway", "again"):
            yield Asked(NOBODY, TRY, first=(one, signed_in(who)), name=name)
            yield Asked(NOBODY, f"{TRY}keep/", {}, first=(one, signed_in(who)), name=name)
            yield Asked(
                NOBODY,
                f"{TRY}choose/",
                {"decision": 1, "choice": "lift-scene-1-best"},
                first=(*first, signed_in(who)),
                name=name,
            )
    with override_settings(**BY_CODE):
        up = Asked(NOBODY, "/account/signup/", new | onward)
        yield Asked(NOBODY, "/account/confirm-email/", {"code": CODE}, first=(*ended, up), name=name)
    signed = signed_in("newcomer")
    for first in ((one, signed), (*ended, signed), (*ended, back, signed)):
        yield Asked(NOBODY, f"{TRY}choose/", {"decision": 1, "choice": "lift-scene-1-best"}, first=first, name=name)
        yield Asked(NOBODY, f"{TRY}choose/", {"decision": 2, "choice": "lift-scene-2-poor"}, first=first, name=name)
        yield Asked(NOBODY, f"{TRY}first/", first=first, name=name)
    yield from (Asked(NOBODY, path, first=(one, signed), name=name) for path in ("/my-learning/", "/"))
    for data in ({"decision": 1, "playthrough": 1}, {"decision": 2, "playthrough": 1},
                 {"decision": 2, "playthrough": 2}, {"decision": 3}, {"decision": 2},
                 {"decision": 1, "playthrough": 3}, {"decision": 0}):  # fmt: skip
        yield Asked(NOBODY, back.path, data, first=(*ended, back), name=name)
        yield Asked(NOBODY, back.path, data, first=ended, name=name)
    for data in ({"decision": 1, "go": "leave"}, {"decision": 1, "go": "home"}, {"decision": 3, "choice": "lift-wait"},
                 {"decision": 1, "choice": "nowhere"}, {"decision": 1, "choice": "lift-scene-1-poor"}):  # fmt: skip
        yield Asked(NOBODY, one.path, data, first=(one,), name=name)
        yield Asked(NOBODY, one.path, data, first=ended, name=name)
    with mock.patch("apps.scenarios.tasting.MOST_DECISIONS", 1):
        yield Asked(NOBODY, one.path, ended[1].data, first=(one,), name=name)
    for hours in (1, 2, 3):
        passed = Asked(NOBODY, f"{hours} hours", meanwhile=partial(later, world, hours=hours))
        yield Asked(NOBODY, TRY, first=(*ended, passed), name=name)
        yield Asked(NOBODY, one.path, {"decision": 2, "choice": "lift-scene-2-poor"}, first=(one, passed), name=name)
        yield Asked(NOBODY, back.path, back.data, first=(*ended, passed), name=name)
    archived = Asked(
        NOBODY, "it is archived", meanwhile=partial(make.archiving, world.night.module, world.people["administrator"])
    )
    withdrawn = Asked(
        NOBODY, "it is withdrawn", meanwhile=partial(make.withdrawal, world.night, by=world.people["administrator"])
    )
    for happens in (archived, withdrawn):
        for path in (TRY, CASE, "/modules/night/", "/modules/"):
            yield Asked(NOBODY, path, first=(*ended, happens), name=name)
            yield Asked(NOBODY, path, first=(*ended, happens, signed), name=name)
        sign = signed_in("newcomer", f"{TRY}keep/")
        yield Asked(NOBODY, sign.path, sign.data, first=(*ended, happens), name=name)
        yield Asked(NOBODY, f"{TRY}keep/", {}, first=(*ended, happens, signed), name=name)
        yield Asked(NOBODY, f"{TRY}start-again/", {}, first=(*ended, happens), name=name)
        yield Asked(NOBODY, TRY, first=(happens,), name=name)
