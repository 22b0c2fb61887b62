"""Every page of Second Look in every state that looks different, and one world in which all of them can be visited."""

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from unittest import mock

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from apps.accounts.models import User
from apps.authoring import actions as authoring_actions
from apps.authoring import reporting
from apps.certificates import actions as certificates_actions
from apps.core import kept_answer
from apps.modules import actions as modules_actions
from apps.modules.models import Edition, Module, Source
from apps.modules.rows import read_edition_document
from apps.progress import actions as progress_actions
from apps.progress.models import Enrolment
from apps.quizzes import actions as quizzes_actions
from apps.quizzes.models import Attempt, Question
from apps.quizzes.queries import paper_of
from apps.scenarios import actions as scenarios_actions
from apps.scenarios.models import Choice, Scene
from apps.scenarios.queries import find_walk, script_of
from apps.scenarios.walks import Script
from tests import make, proofs
from tests.browser.watch import Watch

NOBODY = "nobody"
MODULE = "/modules/when-posts-go-wrong/"
LEARN = "/learn/when-posts-go-wrong/4/"
TROLLEY = f"{LEARN}scenario/the-trolley-photo/"
TRY = "/try/when-posts-go-wrong/the-trolley-photo/"
LETTER = f"{LEARN}scenario/the-open-letter/"
QUIZ = f"{LEARN}quiz/quiz/"

Act = Callable[[Page], None]


@dataclass(frozen=True)
class State:
    """A page as one person finds it: open `path`, then do `act`; `during` sets what must go wrong meanwhile."""

    name: str
    who: str
    path: str
    act: Act | None = None
    status: int = 200
    during: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext

    @property
    def is_admin(self) -> bool:
        """Django's own admin, with its own style sheet."""
        return self.who == "administrator"


def press(name: str) -> Act:
    """Press the button with this name."""
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def fill(*answers: tuple[str, str], then: str) -> Act:
    """Fill fields by their labels, then press the button `then`."""

    def act(page: Page) -> None:
        for label, text in answers:
            page.get_by_label(label, exact=True).fill(text)
        press(then)(page)

    return act


def after(first: Act, then: Act) -> Act:
    """What is done on the page that `first` leads to."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            first(page)
        then(page)

    return act


def unfold(page: Page) -> None:
    """Open whatever can be opened, one after the other."""
    for summary in page.locator("summary").all():
        summary.click()


def change_email(address: str) -> Act:
    return fill(("New e-mail address", address), then="Change address")


def tick(count: int, *, then: str) -> Act:
    """Tick the first `count` options, then press the button `then`."""

    def act(page: Page) -> None:
        for label in page.locator(".sl-choice label").all()[:count]:
            label.click()
        press(then)(page)

    return act


def tie(page: Page) -> None:
    """Give two actions of a ranking the same place. Its field is put away where a script moves actions."""
    first, second = page.locator(".sl-rank select").all()[:2]
    first.evaluate("(field, place) => { field.value = place; }", second.input_value())
    press("Save and go on")(page)


def play_to_the_end(page: Page) -> None:
    """Take the first choice of every scene."""
    while page.locator("input[name=choice]").count():
        with page.expect_navigation():
            tick(1, then="Do this")(page)


def try_again(page: Page) -> None:
    """Go back to the first decision that stands open in a debrief."""
    page.get_by_role("button", name=re.compile("^Try another way from here")).first.click()


def begin_to_revoke(page: Page) -> None:
    """In the admin's list of certificates: the confirmation page."""
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("revoke")
    page.locator("button[name=index]").click()


def lose_session(then: Act) -> Act:
    def act(page: Page) -> None:
        page.context.clear_cookies(name="sessionid")
        then(page)

    return act


def stay(page: Page) -> None:
    """Nothing more is done."""


def lose_proof(then: Act) -> Act:
    """While the page was open, five minutes have passed."""

    def act(page: Page) -> None:
        proofs.lose_all()
        then(page)

    return act


def lose_csrf_token(then: Act) -> Act:
    def act(page: Page) -> None:
        page.context.clear_cookies(name="csrftoken")
        then(page)

    return act


def of_another(then: Act, owner: dict[str, str]) -> Act:
    """As when somebody else has signed in since the page was opened."""

    def act(page: Page) -> None:
        for name, value in owner.items():
            fields = page.locator(f"main input[name={name}]")
            fields.evaluate_all("(fields, value) => fields.forEach((field) => { field.value = value; })", value)
        then(page)

    return act


def send_too_much(then: Act) -> Act:
    """More than we take in one go."""
    return changing("main input[type=hidden]", "field => { field.value = 'x'.repeat(4100000); }", then)


def send_what_is_no_form(then: Act) -> Act:
    """As a broken browser might."""
    return changing("main form", "form => { form.enctype = 'text/plain'; }", then)


def send_stale(then: Act) -> Act:
    """As from a page that was opened before somebody else saved."""
    return changing("main form:has(label) input[name=seen]", "field => { field.value = 'stale'; }", then)


def send_about(key: str, then: Act) -> Act:
    """As from a page that has been taken out since."""
    return changing("main form:has(label)", f"form => {{ form.action = form.action.replace('{key}', 'gone'); }}", then)


def send_for(module: str, then: Act) -> Act:
    """As from the page of a module whose draft is gone by now."""
    how = f"form => {{ form.action = form.action.replace(/modules\\/[^/]*/, 'modules/{module}'); }}"
    return changing("main form:has(label)", how, then)


def send_stale_note(then: Act) -> Act:
    """As from a page that was opened before somebody else kept another note."""
    return changing("main form input[name=note_seen]", "field => { field.value = 'stale'; }", then)


def past_the_browser(then: Act) -> Act:
    """As from a browser that does not look whether fields are empty."""
    return changing("main form:has(label)", "form => { form.noValidate = true; }", then)


def changing(selector: str, how: str, then: Act) -> Act:
    def act(page: Page) -> None:
        page.locator(selector).first.evaluate(how)
        then(page)

    return act


def walk(enrolment: Enrolment, script: Script, decisions: int | None = None, *, place: int = 0) -> None:
    """Take the choice at `place`, else the last, in this many scenes (None: until an ending)."""
    while decisions is None or decisions:
        _, here = find_walk(enrolment, script)
        if here.is_ended:
            break
        choice = here.offered[min(place, len(here.offered) - 1)]
        scenarios_actions.choose(enrolment, script, here.decision, choice.key, timezone.now())
        decisions = decisions and decisions - 1


@dataclass
class World:
    """People who are at different places of the real course, and what they have."""

    course: Edition
    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.script = script_of(self.course.page_set.get(key="the-trolley-photo"))
        self.letter = script_of(self.course.page_set.get(key="the-open-letter"))
        self.paper = paper_of(self.course.page_set.get(key="quiz"))
        self.question = {
            item.question.kind: f"{QUIZ}question/{place}/" for place, item in enumerate(self.paper.items, start=1)
        }
        self._learners()
        self._certificates()
        self._two_editions()
        self._all_done()
        self._staff()

    # What people have done

    def _person(self, who: str, **fields: object) -> User:
        self.people[who] = make.user(f"{who}@example.org", full_name=f"{who.capitalize()} Łukasz", **fields)
        return self.people[who]

    def _enrolled(self, who: str) -> Enrolment:
        return make.enrolment(self._person(who), self.course)

    def _attempt(
        self, enrolment: Enrolment, *, rightly: bool, answers: int | None = None, is_submitted: bool = True
    ) -> Attempt:
        attempt = quizzes_actions.start_attempt(enrolment, self.paper, timezone.now())
        for item, response in zip(self.paper.items[:answers], attempt.responses.order_by("position"), strict=False):
            given = make.given(item, is_right=rightly)
            quizzes_actions.answer(response, self.paper, given, timezone.now())
        return quizzes_actions.submit_attempt(attempt, self.paper, timezone.now()) if is_submitted else attempt

    def _learners(self) -> None:
        for who in ("newcomer", "returning", "trying", "stepped-out"):
            person = self._person(who)
            EmailAddress.objects.filter(user=person).update(verified=True)
        self._person("gone", is_active=False)
        for who in ("guarded", "stepping", "bound", "unguarded"):
            person = self._person(who, is_staff=who == "bound", is_superuser=who == "bound")
            EmailAddress.objects.filter(user=person).update(verified=True)
        for who in ("guarded", "stepping", "bound"):
            proofs.give_app(self.people[who])
        proofs.give_passkey(self.people["guarded"], "My phone")
        proofs.give_recovery_codes(self.people["guarded"])
        proofs.give_recovery_codes(self.people["stepping"])
        Authenticator.objects.get(user=self.people["stepping"], type="recovery_codes").wrap().mark_as_viewed()
        self._person("forgetful")

        midway = self._enrolled("midway")
        for page in self.course.page_set.filter(kind="reading").order_by("position")[:2]:
            progress_actions.complete_page(midway, page, None, timezone.now())
        walk(midway, self.script, 2)
        self._attempt(midway, rightly=True, answers=3, is_submitted=False)

        ended = self._enrolled("ended")
        walk(ended, self.script, place=0)
        walk(ended, self.letter, place=1)
        scenarios_actions.go_back(ended.playthroughs.get(scenario=self.letter.scenario), self.letter, 2, timezone.now())
        self._attempt(ended, rightly=False)

        practising = self._enrolled("practising")
        quizzes_actions.practise(self._attempt(practising, rightly=True, answers=6), timezone.now())

        again = self._enrolled("again")
        walk(again, self.script, place=0)
        scenarios_actions.go_back(again.playthroughs.get(), self.script, 1, timezone.now())
        walk(again, self.script, place=1)
        self._attempt(again, rightly=False)
        self._attempt(again, rightly=False, answers=2, is_submitted=False)

        for who in ("kept", "leaving"):
            self._attempt(self._enrolled(who), rightly=True, answers=1, is_submitted=False)

    def _certificates(self) -> None:
        finished = make.completed(self._person("finished"), self.course)
        self._attempt(finished, rightly=True)

        holder = make.completed(self._person("holder"), self.course)
        walk(holder, self.script, place=0)
        self.certificate = certificates_actions.issue(holder, "Siân Ŵŷn Ó Dónaill-Łukasz", timezone.now())

        unlucky = make.completed(self._person("unlucky"), self.course)
        self.revoked = certificates_actions.issue(unlucky, "عائشة بنت محمد الفاسي", timezone.now())

    def _all_done(self) -> None:
        graduate = self._person("graduate")
        for edition in Edition.objects.offered():
            make.certificate(make.completed(graduate, edition), graduate.full_name)

    def _two_editions(self) -> None:
        Module.objects.create(slug="other-module", position=9)  # after the real one
        other = make.draft("other-module", title="A second module")
        make.reading(other)
        make.enrolment(self._person("behind"), make.publish(other))
        make.publish(modules_actions.start_draft(other))

    def _staff(self) -> None:
        administrator = self._person("administrator", is_staff=True, is_superuser=True)
        certificates_actions.revoke(self.revoked, "Issued to the wrong person", administrator, timezone.now())
        self.draft = modules_actions.start_draft(self.course)
        make.page(self.draft, "not-begun", kind="scenario", body="")
        hole = Choice.objects.filter(edition=self.draft, scene__key=self.script.start.scene.key).order_by("position")[0]
        Choice.objects.filter(pk=hole.pk).update(target=None)
        self.hole = hole.key
        scene = self.script.start.scene.key
        self.report = make.report(self.course, "the-trolley-photo", spot=scene, by=self.people["midway"])
        said = read_edition_document(self.draft)
        edit = authoring_actions.Edit("", replace(said, title="When posts go very wrong"), said.digest(""), ("",))
        stamp = authoring_actions.Stamp(administrator, timezone.now())
        authoring_actions.save_document(self.draft, edit, stamp)
        closed = make.edition("closed-module", scenes=2, questions=2)
        make.enrolment(self.people["behind"], closed)
        make.withdrawal(closed, by=administrator)
        make.archiving(closed.module, by=administrator)
        self.answered = make.report(self.course, "the-trolley-photo", by=self.people["midway"])
        reporting.answer_report(self.answered, administrator, timezone.now(), "Mended.")

    # What must be so while a page is visited

    @contextlib.contextmanager
    def _kept(self, who: str, path: str, *fields: tuple[str, str]) -> Iterator[None]:
        """An answer waits in the session of this person, as after signing in again."""
        sessions = [SessionStore(session.session_key) for session in Session.objects.all()]
        own = [session for session in sessions if session.get("_auth_user_id") == str(self.people[who].pk)]
        for session in own:
            owner = str(self.people[who].pk)
            session[kept_answer.SESSION_KEY] = {"owner": owner, "path": path, "fields": fields}
            session.save()
        yield
        for session in own:
            del session[kept_answer.SESSION_KEY]
            session.save()

    @contextlib.contextmanager
    def _proven(self, who: str, method: str = "mfa", *, is_demanded: bool = False) -> Iterator[None]:
        """This person showed just now that it is them; where it is demanded, by a second factor."""
        person = self.people[who]
        for session in Session.objects.all():
            store = SessionStore(session.session_key)
            if store.get("_auth_user_id") == str(person.pk):
                store.update(proofs.records_of(person, method=method))
                store.save()
        with override_settings(IS_SECOND_FACTOR_DEMANDED=is_demanded):
            yield

    @staticmethod
    def _demanded():
        return override_settings(IS_SECOND_FACTOR_DEMANDED=True)

    @staticmethod
    def _too_often():
        return override_settings(ACCOUNT_RATE_LIMITS={"reset_password": "0/m/ip"})

    @staticmethod
    def _broken(action: str, error: type[Exception]):
        return lambda: mock.patch(action, side_effect=error("broken on purpose"))

    # Everything there is

    def states(self) -> list[State]:
        return [
            *self._public(),
            *self._accounts(),
            *self._factors(),
            *self._learning(),
            *self._errors(),
            *self._admin(),
        ]

    def _public(self) -> list[State]:
        readings = self.course.page_set.filter(kind="reading").order_by("position")
        people = "apps.core.views.render"  # the header asks who is signed in
        return [
            State("home", NOBODY, "/"),
            State("catalogue", NOBODY, "/modules/"),
            State("module, signed out", NOBODY, MODULE),
            *(State(f"reading {page.key}", NOBODY, page.get_absolute_url()) for page in readings),
            State("about", NOBODY, "/about/"),
            State("accessibility", NOBODY, "/accessibility/"),
            State("privacy", NOBODY, "/privacy/"),
            State("sources", NOBODY, "/sources/"),
            State("search", NOBODY, "/search/"),
            State("search, found", NOBODY, "/search/?q=trust"),
            State("search, nothing", "midway", "/search/?q=zebra+crossing"),
            State("search, refused", NOBODY, "/search/?q=x", status=422),
            State("who to ring", NOBODY, "/who-to-ring/"),
            State("who to ring, signed in", "midway", "/who-to-ring/"),
            State("who to ring, no records", NOBODY, "/who-to-ring/", during=self._broken(people, OperationalError)),
            State("check form", NOBODY, "/verify/"),
            State("check form, empty", NOBODY, "/verify/", press("Check"), 422),
            State("check form, wrong", NOBODY, "/verify/", fill(("Certificate code", "12 34"), then="Check"), 422),
            State("check page, valid", NOBODY, self.certificate.get_absolute_url()),
            State("check page, revoked", NOBODY, self.revoked.get_absolute_url()),
            State("check page, unknown", NOBODY, f"/verify/{'0' * 26}/", status=404),
        ]

    def _accounts(self) -> list[State]:
        forgetful = self.people["forgetful"]
        token = f"{user_pk_to_url_str(forgetful)}-{default_token_generator.make_token(forgetful)}"
        new_password = reverse("account_reset_password_from_key", args=["1", "old-token"]).replace("1-old-token", token)
        wrong = fill(("E-mail address", "nobody@example.org"), ("Password", "wrong"), then="Sign in")
        sign_up = fill(
            ("E-mail address", "new@example.org"),
            ("Full name", "New Person"),
            ("Password", make.PASSWORD),
            ("The same password again", make.PASSWORD),
            then="Create account",
        )
        wrong_code = fill(("Code", "AAA-BBB"), then="Confirm")
        return [
            State("sign in", NOBODY, "/account/login/"),
            State("sign in, wrong", NOBODY, "/account/login/", wrong, 422),
            State("sign in, empty", NOBODY, "/account/login/", press("Sign in"), 422),
            State(
                "sign in, closed account",
                NOBODY,
                "/account/login/",
                fill(("E-mail address", "gone@example.org"), ("Password", make.PASSWORD), then="Sign in"),
            ),
            State("sign up", NOBODY, "/account/signup/"),
            State("sign up, empty", NOBODY, "/account/signup/", press("Create account"), 422),
            State("code from the e-mail", "signing up", "/account/signup/", sign_up),
            State("code from the e-mail, wrong", "signing up", "/account/confirm-email/", wrong_code, 422),
            State("password reset", NOBODY, "/account/password/reset/"),
            State("password reset, empty", NOBODY, "/account/password/reset/", press("Send me the link"), 422),
            State(
                "password reset, sent",
                NOBODY,
                "/account/password/reset/",
                fill(("E-mail address", "forgetful@example.org"), then="Send me the link"),
            ),
            State("new password", "resetting", new_password),
            State("new password, empty", "resetting", new_password, press("Save new password"), 422),
            State(
                "new password, set",
                "resetting",
                new_password,
                fill(
                    ("New password", f"{make.PASSWORD}-2"),
                    ("The same password again", f"{make.PASSWORD}-2"),
                    then="Save new password",
                ),
            ),
            State("new password, used link", "resetting", new_password),
            State("account", "newcomer", "/account/"),
            State("account, empty name", "newcomer", "/account/", fill(("Full name", ""), then="Save"), 422),
            State("account, saved", "newcomer", "/account/", press("Save")),
            State("sign out", "newcomer", "/account/logout/"),
            State("change e-mail", "newcomer", "/account/email/"),
            State("change e-mail, wrong", "newcomer", "/account/email/", change_email("not an address"), 422),
            State("password once more", "newcomer", "/account/email/", change_email("newer@example.org")),
            State(
                "password once more, wrong",
                "newcomer",
                "/account/email/",
                after(change_email("newer@example.org"), fill(("Password", "no"), then="Go on")),
                422,
            ),
            State("change password", "newcomer", "/account/password/change/"),
            State("change password, empty", "newcomer", "/account/password/change/", press("Save new password"), 422),
            State(
                "change e-mail, once more in",
                "newcomer",
                "/account/email/",
                after(change_email("newer@example.org"), fill(("Password", make.PASSWORD), then="Go on")),
            ),
            State("change e-mail, code", "newcomer", "/account/email/", change_email("newer@example.org")),
            State("change e-mail, waiting", "newcomer", "/account/email/"),
            State("account, change waiting", "newcomer", "/account/"),
            State("change e-mail, back to the code", "newcomer", "/account/confirm-email/"),
            State("account, address kept", "newcomer", "/account/email/", press("Keep the old address")),
        ]

    def _factors(self) -> list[State]:
        at, own = "/account/second-factor/", partial(self._proven, "guarded")
        first_step = fill(("E-mail address", "stepping@example.org"), ("Password", make.PASSWORD), then="Sign in")
        code = "Code from your app, or a recovery code"
        wrong = fill((code, "12 34"), then="Sign in")
        no_passkey = changing(
            "[data-passkey]", "form => { form.elements.credential.value = '{}'; form.submit(); }", stay
        )
        passkey = Authenticator.objects.get(user=self.people["guarded"], type="webauthn").pk
        newcomer = partial(self._proven, "unguarded", "password")
        demanded = partial(self._proven, "bound", is_demanded=True)
        return [
            State("second factor, none", "unguarded", at),
            State("second factor, demanded", "administrator", f"{at}?next=/admin/", during=self._demanded),
            State("second factor, app and passkey", "guarded", at),
            State("set up an app", "unguarded", f"{at}app/?next=/account/", during=newcomer),
            State(
                "set up an app, wrong", "unguarded", f"{at}app/", fill(("Code from the app", "1"), then="Set up"), 422
            ),
            State("remove the app", "guarded", f"{at}app/remove/", during=own),
            State("remove the app, refused", "bound", f"{at}app/remove/", during=demanded),
            State("recovery codes", "guarded", f"{at}recovery-codes/"),
            State("recovery codes, kept", "stepping", f"{at}recovery-codes/", during=partial(self._proven, "stepping")),
            State("new recovery codes", "guarded", f"{at}recovery-codes/new/"),
            State("add a passkey", "guarded", f"{at}passkeys/add/"),
            State("add a passkey, wrong", "guarded", f"{at}passkeys/add/", no_passkey, 422),
            State("remove a passkey", "guarded", f"{at}passkeys/{passkey}/remove/"),
            State("is it still you", "guarded", f"{at}prove/?next=/account/"),
            State("is it still you, wrong", "guarded", f"{at}prove/", fill((code, "12 34"), then="Go on"), 422),
            State("second step", NOBODY, "/account/login/", first_step),
            State("second step, wrong", NOBODY, f"{at}code/", wrong, 422),
            State("proof too old", "bound", "/admin/accounts/user/add/", lose_proof(press("Save")), 403, demanded),
        ]

    def _learning(self) -> list[State]:
        first_reading = self.course.page_set.get(position=1).get_absolute_url()
        sign_in = fill(("E-mail address", "returning@example.org"), ("Password", make.PASSWORD), then="Sign in")
        sign_in_third = fill(("E-mail address", "trying@example.org"), ("Password", make.PASSWORD), then="Sign in")
        first_choice = self.script.start.choices[0].key
        second_option = self.paper.items[1].options[1].key
        return [
            State("home, signed in", "midway", "/"),
            State("home, nothing begun", "newcomer", "/"),
            State("home, between modules", "holder", "/"),
            State("home, before the certificate", "finished", "/"),
            State("home, all done", "graduate", "/"),
            State("catalogue, signed in", "midway", "/modules/"),
            State("my learning, all done", "graduate", "/my-learning/"),
            State("my learning, empty", "newcomer", "/my-learning/"),
            State("my learning, under way", "midway", "/my-learning/"),
            State("my learning, complete", "holder", "/my-learning/"),
            State("module, not begun", "newcomer", MODULE),
            State("module, under way", "midway", MODULE),
            State("module, complete", "holder", MODULE),
            State("module, newer edition", "behind", "/modules/other-module/"),
            State("reading, signed in", "newcomer", first_reading),
            State("reading, read", "midway", first_reading),
            State("scene, first", "newcomer", TROLLEY),
            State("scene, nothing chosen", "newcomer", TROLLEY, press("Do this"), 422),
            State("scene, consequence", "midway", f"{TROLLEY}?after=2#after"),
            State("scene, come back to", "midway", TROLLEY),
            State("scene, consequence, nothing chosen", "midway", f"{TROLLEY}?after=2", press("Do this"), 422),
            State("scene, chosen on the front page", "newcomer", f"{TROLLEY}?choice={first_choice}#choices"),
            State("scene, another way", "ended", LETTER),
            State("debrief, another way waits", "ended", LETTER, press("Stop, and back to how it went")),
            State("scene, no account", "visitor", TRY),
            State("scene, no account, nothing chosen", "visitor", TRY, press("Do this"), 422),
            State("scene, no account, consequence", "visitor", TRY, tick(1, then="Do this")),
            State("debrief, no account", "visitor", TRY, play_to_the_end),
            State("debrief, to be kept", "visitor", f"/account/login/?next={TRY}", sign_in),
            State("debrief, kept", "visitor", TRY, press("Keep this")),
            State("debrief, started again", "third visitor", TRY, after(play_to_the_end, press("Start again"))),
            State("scene, third visitor", "third visitor", TRY, tick(1, then="Do this")),
            State("scene, to be kept", "third visitor", f"/account/login/?next={TRY}", sign_in_third),
            State("my learning, not kept yet", "third visitor", "/my-learning/"),
            State("scene, no account, another way", "fourth visitor", TRY, after(play_to_the_end, try_again)),
            State("debrief, no account, first way", "fourth visitor", f"{TRY}first/"),
            State("scene, another visitor", "other visitor", TRY, tick(1, then="Do this")),
            State("debrief, visit let go", "other visitor", f"/account/login/?next={TRY}", sign_in),
            State(
                "scene, kept choice",
                "kept",
                TROLLEY,
                during=lambda: self._kept("kept", f"{TROLLEY}choose/", ("choice", first_choice)),
            ),
            State("debrief", "ended", TROLLEY),
            State("debrief, two ways", "again", TROLLEY),
            State("debrief, first way", "again", f"{TROLLEY}playthrough/1/"),
            State("quiz", "newcomer", QUIZ),
            State("quiz, earlier attempts", "ended", QUIZ),
            State("question, single", "midway", f"{QUIZ}question/5/"),
            State("question, single, saved", "midway", f"{QUIZ}question/1/"),
            State("question, single, nothing chosen", "again", f"{QUIZ}question/3/", press("Save and go on"), 422),
            State("question, multiple", "midway", self.question["multiple"]),
            State(
                "question, multiple, too few",
                "midway",
                self.question["multiple"],
                tick(2, then="Save and go on"),
                422,
            ),
            State("question, rank", "midway", self.question["rank"]),
            State("question, rank, tie", "midway", self.question["rank"], tie, 422),
            State("question, choose", "midway", self.question["choose"]),
            State("question, choose, too many", "midway", self.question["choose"], tick(4, then="Save and go on"), 422),
            State(
                "question, kept answer",
                "kept",
                f"{QUIZ}question/2/",
                during=lambda: self._kept("kept", f"{QUIZ}question/2/answer/", ("option", second_option)),
            ),
            State("check your answers", "midway", f"{QUIZ}check/"),
            State("result, failed", "ended", f"{QUIZ}attempt/1/"),
            State("result, passed", "finished", f"{QUIZ}attempt/1/"),
            State("result, another attempt open", "again", f"{QUIZ}attempt/1/"),
            State("practice, a question", "practising", f"{QUIZ}attempt/1/practice/?question=2&given=1.1"),
            State("practice, nothing chosen", "practising", f"{QUIZ}attempt/1/practice/", press("Go on"), 422),
            State("practice, results", "practising", f"{QUIZ}attempt/1/practice/?question=results&given=1.1"),
            State("result, marks short", "practising", f"{QUIZ}attempt/1/"),
            State("finish, not yet", "midway", f"{LEARN}finish/"),
            State("finish", "finished", f"{LEARN}finish/"),
            State(
                "finish, no name",
                "finished",
                f"{LEARN}finish/",
                fill(("Name on the certificate", ""), then="Issue my certificate"),
                422,
            ),
            State("finish, done", "holder", f"{LEARN}finish/"),
            State("finish, all done", "graduate", f"{LEARN}finish/"),
            State("certificate", "holder", f"{LEARN}certificate/"),
            State("certificate, revoked", "unlucky", f"{LEARN}certificate/"),
            *self._wrong(),
        ]

    def _wrong(self) -> list[State]:
        """Where readers say that something is wrong."""
        about_module = f"/something-wrong{LEARN.removeprefix('/learn')}"
        about_case = f"{about_module}the-trolley-photo/"
        say = fill(("What is wrong?", "A slip."), then="Send")
        detail = fill(("What is wrong?", "Born on 3 March 1970."), then="Send")
        return [
            State("something wrong, visitor", NOBODY, about_case),
            State("something wrong, empty", NOBODY, about_case, press("Send"), 422),
            State("something wrong, a detail", "midway", about_case, detail, 422),
            State("something wrong, module", "midway", about_module),
            State("something wrong, answered", "midway", about_case),
            State("something wrong, thanks", "midway", about_module, say),
            State("404, words", "midway", about_case, send_about("the-trolley-photo", say), 404),
        ]

    def _errors(self) -> list[State]:
        save = tick(1, then="Save and go on")
        reset = fill(("E-mail address", "forgetful@example.org"), then="Send me the link")
        question = f"{QUIZ}question/5/"
        sources = "apps.modules.queries.cited_sources"
        answer = "apps.quizzes.actions.answer"
        return [
            State("404", NOBODY, "/nothing-here/", status=404),
            State("410", NOBODY, "/modules/closed-module/", status=410),
            State("withdrawn, under way", "behind", "/modules/closed-module/"),
            State("404, signed in", "midway", f"{LEARN}reading/nothing-here/", status=404),
            State("403", "newcomer", "/admin/", status=403),
            State("403 CSRF", "midway", question, lose_csrf_token(save), 403),
            State("403 CSRF, nothing sent", "finished", QUIZ, lose_csrf_token(press("Take the whole quiz again")), 403),
            State("409", "midway", question, of_another(save, make.owned_by(self.people["newcomer"])), 409),
            State("409, visitor's", "midway", question, of_another(save, make.owned_by(None)), 409),
            State("signed out, account", "stepped-out", "/account/", lose_session(press("Save")), 403),
            State("429", NOBODY, "/account/password/reset/", reset, 429, self._too_often),
            State("400", "midway", question, send_what_is_no_form(save), 400),
            State("413", "midway", question, send_too_much(save), 413),
            State("500", NOBODY, "/sources/", status=500, during=self._broken(sources, RuntimeError)),
            State("500, answer", "midway", question, save, 500, self._broken(answer, RuntimeError)),
            State("503", NOBODY, "/sources/", status=503, during=self._broken(sources, OperationalError)),
            State("503, answer", "midway", question, save, 503, self._broken(answer, OperationalError)),
            State("sign in, kept answer", "leaving", question, lose_session(save)),
        ]

    def _previews(self, who: str) -> list[State]:
        write = f"/admin/write/modules/{self.draft.module.slug}"
        case, quiz = f"{write}/pages/the-trolley-photo/preview/", f"{write}/pages/quiz/preview/"
        reading = self.draft.page_set.filter(kind="reading")[0].key
        ending = self.script.scenes[
            max(self.script.scenes, key=lambda key: self.script.scenes[key].is_ending)
        ].scene.key
        return [
            State("preview, module", who, f"{write}/preview/"),
            State("preview, reading", who, f"{write}/pages/{reading}/preview/"),
            State("preview, nothing yet", who, f"{write}/pages/not-begun/preview/"),
            State("preview, scene", who, f"{case}?visited={ending}"),
            State("preview, scene on a phone", who, f"{case}phone/"),
            State("preview, nowhere yet", who, f"{case}?choice={self.hole}"),
            State("preview, ending", who, f"{case}?scene={ending}"),
            State("preview, question", who, f"{quiz}?question=2&given=1.1"),
            State("preview, results", who, f"{quiz}?question=results&given=1.1"),
        ]

    def _written(self, who: str) -> list[State]:
        write, closed = f"/admin/write/modules/{self.draft.module.slug}", "/admin/write/modules/closed-module"
        case, reading = f"{write}/pages/the-trolley-photo/", f"{write}/pages/why-doctors-are-exposed/"
        unread = fill(("The whole case", "case: A\n* Nothing -> Nowhere | fine"), then="Check")
        changed = fill(("The whole case", "case: A\n\n# One\n\nTwo.\n\n* Go on -> Three | best\n"), then="Check")
        title = fill(("Title", "Another title"), then="Save")
        quiz, no_number = f"{write}/pages/quiz/", fill(("How many to choose", "none"), then="Save")
        a_page = fill(("Title of the new page", "Night crew"), then="Add a quiz")
        note = fill(("What is new, for learners", "Much."), then="Keep the note and check again")
        scene, wrong_scene = self.script.start.scene.key, fill(("Title", ""), ("Seen by", "many"), then="Save")
        return [
            State("authors, modules", who, "/admin/write/modules/"),
            State("authors, new module", who, "/admin/write/new/"),
            State(
                "authors, new module, empty", who, "/admin/write/new/", past_the_browser(press("Start the module")), 422
            ),
            State("authors, module", who, f"{write}/"),
            State("authors, module without a title", who, f"{write}/", past_the_browser(press("Add a quiz")), 422),
            State("authors, closed module", who, f"{closed}/"),
            State("authors, edition", who, f"{write}/edition/"),
            State(
                "authors, edition, empty",
                who,
                f"{write}/edition/",
                past_the_browser(fill(("Title", ""), then="Save")),
                422,
            ),
            State("authors, two of them", who, f"{write}/edition/", send_stale(title), 409),
            State("authors, quiz, a set", who, f"{quiz}?at=q-night-owl-standard"),
            State("authors, quiz, a ranking", who, f"{quiz}?at=q-whiteboard"),
            State("authors, quiz, itself", who, f"{quiz}?at="),
            State("authors, quiz, no number", who, f"{quiz}?at=q-clinic-draft", no_number, 422),
            State("authors, quiz, delete", who, f"{quiz}delete/question/q-officer/"),
            State("authors, quiz, an empty question", who, quiz, press("Multiple response")),
            State("authors, copy", who, f"{case}copy/"),
            State("authors, text", who, f"{case}text/"),
            State("authors, text, a line", who, f"{case}text/", unread, 422),
            State("authors, text, to store", who, f"{case}text/", changed),
            State("authors, text without a draft", who, f"{case}text/", send_about("the-trolley-photo", changed), 409),
            State("authors, a case without scenes", who, f"{write}/pages/not-begun/"),
            State("authors, map of a case", who, f"{case}overview/"),
            State("authors, about a case", who, f"{case}?at="),
            State("authors, a scene", who, f"{case}?at={scene}&add=choice"),
            State("authors, a scene, wrong", who, f"{case}?at={scene}", wrong_scene, 422),
            State("authors, delete a scene", who, f"{case}delete/scene/{scene}/"),
            State("authors, module as text", who, f"{write}/text/"),
            State("authors, reading", who, reading),
            State(
                "authors, reading, a source", who, reading, after(fill(("Find a source", "GMC"), then="Find"), unfold)
            ),
            State(
                "authors, reading, no minutes", who, reading, past_the_browser(fill(("Minutes", ""), then="Save")), 422
            ),
            State("authors, how", who, "/admin/write/how/"),
            State("authors, history", who, f"{write}/edition/history/"),
            State("authors, one save", who, f"{write}/edition/history/1/?with=before"),
            State("authors, remove", who, f"{case}remove/"),
            State("authors, discard", who, f"{write}/discard/"),
            State("authors, search", who, "/admin/write/search/?q=night+crew"),
            State("authors, search, sources", who, "/admin/write/search/?q=GMC&all=on"),
            State("authors, search, nothing", who, "/admin/write/search/?q=nowhere+to+be+found"),
            State("authors, search, one letter", who, "/admin/write/search/?q=n", status=422),
            State("authors, title without a draft", who, f"{write}/", send_for("closed-module", a_page), 409),
            State("publisher", who, f"{write}/publish/"),
            State("publisher, another note", who, f"{write}/publish/", send_stale_note(note), 409),
            State("publisher, closed module", who, f"{closed}/withdraw/"),
            State("publisher, withdraw", who, f"{write}/withdraw/"),
            State("publisher, archive", who, f"{write}/archive/"),
            State("publisher, log", who, "/admin/write/log/"),
        ]

    def _admin(self) -> list[State]:
        def change(row: object) -> str:
            meta = row._meta  # type: ignore[attr-defined]
            return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])  # type: ignore[attr-defined]

        def of_draft(model: type) -> object:
            return model.objects.filter(edition=self.draft).order_by("pk").first()  # type: ignore[attr-defined]

        me = "administrator"
        return [
            State("admin, signed out", NOBODY, "/admin/"),
            State("admin", me, "/admin/"),
            State("admin, editions", me, "/admin/modules/edition/"),
            State("admin, draft edition", me, change(self.draft)),
            State("admin, draft scene", me, change(of_draft(Scene))),
            State("admin, published scene", me, change(self.script.start.scene)),
            State("admin, draft question", me, change(of_draft(Question))),
            State("admin, new source", me, "/admin/modules/source/add/"),
            State("admin, new source, empty", me, "/admin/modules/source/add/", press("Save")),
            State("admin, people", me, "/admin/accounts/user/"),
            State("admin, person", me, change(self.people["midway"])),
            State("admin, close account", me, change(self.people["midway"]).replace("/change/", "/close/")),
            State("admin, remove a factor", me, change(self.people["guarded"]).replace("/change/", "/factor/")),
            State("admin, no factor to remove", me, change(self.people["midway"]).replace("/change/", "/factor/")),
            State("admin, attempt", me, change(Attempt.objects.first())),
            State("admin, certificates", me, "/admin/certificates/certificate/"),
            State("admin, revoke", me, "/admin/certificates/certificate/", begin_to_revoke),
            State("admin, delete source", me, change(Source.objects.first()).replace("/change/", "/delete/")),
            State("admin, history", me, change(of_draft(Scene)).replace("/change/", "/history/")),
            *self._previews(me),
            *self._written(me),
            State("reports", me, "/admin/write/reports/"),
            State("report", me, f"/admin/write/reports/{self.report.pk}/"),
            State("report, no answer", me, f"/admin/write/reports/{self.report.pk}/", press("Answer and close"), 422),
            State("report, answered", me, f"/admin/write/reports/{self.answered.pk}/"),
        ]


@dataclass
class CourseWorld:
    """Somebody who has begun every module of the real course, and somebody who has been through all of them."""

    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = {who: make.user(f"{who}@example.org") for who in ("beginner", "leaver")}
        self.editions = list(Edition.objects.current())
        for edition in self.editions:
            for page in edition.page_set.filter(kind="scenario"):
                walk(make.enrolment(self.people["beginner"], edition), script_of(page), 1)
                walk(make.enrolment(self.people["leaver"], edition), script_of(page), place=9)
            make.attempt(make.enrolment(self.people["beginner"], edition), 2, is_submitted=False)
            make.attempt(make.enrolment(self.people["leaver"], edition), 2)

    def states(self) -> list[State]:
        return [state for edition in self.editions for state in self._of(edition)]

    def _of(self, edition: Edition) -> Iterator[State]:
        yield State(f"module {edition}", NOBODY, edition.module.get_absolute_url())
        for page in edition.page_set.order_by("position"):
            url, name = page.get_absolute_url(), f"{page.key} of {edition}"
            match page.kind:
                case "reading":
                    yield State(f"reading {name}", NOBODY, url)
                case "scenario":
                    yield State(f"second scene of {name}", "beginner", url)
                    yield State(f"debrief of {name}", "leaver", url)
                case "quiz":
                    kinds = {item.question.kind: item.question.position for item in paper_of(page).items}
                    for kind, position in kinds.items():
                        yield State(f"question {kind} of {name}", "beginner", f"{url}question/{position}/")
                    yield State(f"result of {name}", "leaver", f"{url}attempt/1/")


class Visits:
    """Walks through states: one page a person, used again and again, as a browser's tab is."""

    def __init__(
        self, world: World | CourseWorld, open_context: Callable[..., BrowserContext], sign_in, watch: Watch
    ) -> None:
        self.world = world
        self.open_context = open_context
        self.sign_in = sign_in
        self.watch = watch
        self.pages: dict[str, Page] = {}
        self.wrong: list[str] = []

    def _page_of(self, who: str) -> Page:
        if who not in self.pages:
            context = self.open_context()
            if who in self.world.people:
                self.sign_in(context, self.world.people[who])
            context.add_init_script(f"if (self === top) {{ {AXE_SCRIPT} }}")  # to send it to each page costs more
            self.pages[who] = context.new_page()
        return self.pages[who]

    def __iter__(self) -> Iterator[tuple[State, Page]]:
        """Every state that can be reached, and the page in it."""
        for state in self.world.states():
            page = self._page_of(state.who)
            try:
                with state.during():
                    page.goto(state.path)
                    if state.act:
                        with page.expect_navigation():
                            state.act(page)
            except PlaywrightError as error:
                self.wrong.append(f"{state.name}: not reached, but {page.url}: {error}")
                continue
            status = self.watch.document_of(page).status
            if status != state.status:
                self.wrong.append(f"{state.name}: {status} instead of {state.status} at {page.url}")
                continue
            yield state, page
