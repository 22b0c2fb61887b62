"""Every e-mail that can be sent: its words, whom it goes to, and that it names this product's own address alone.

`mails.txt` holds them as they were read last. Who changes a word on purpose writes it anew (SAID=anew) and reads it.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings as product
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.accounts.factors.forms import SetUpAppForm
from apps.accounts.models import FactorRemoval, User
from tests import make, proofs
from tests.passkeys import Passkey

pytestmark = [pytest.mark.django_db, pytest.mark.once]

OTHER = "testserver"  # answers too, and is not BASE_URL's
TEMPLATES = Path(product.BASE_DIR / "templates")
SUBJECTS = [*TEMPLATES.glob("account/email/*_subject.txt"), *TEMPLATES.glob("mfa/email/*_subject.txt")]
FACTOR = "/account/second-factor/"
KEPT = Path(__file__).with_name("mails.txt")
CODE = re.compile(r"^[A-Z0-9-]{6,}$", re.MULTILINE)
CHANCE = (  # what is another one each time
    (CODE, "CODE"),
    (re.compile(r"(?<=/key/)[^/\s]+"), "KEY"),
    (re.compile(r"(?<=/confirm-email/)[^/\s]+(?=/$)", re.MULTILINE), "KEY"),
    (re.compile(r"(?<=/user/)[0-9]+(?=/)"), "N"),
    (re.compile(r"(?<=^When: ).+$", re.MULTILINE), "NOW"),
)
NEW_PASSWORD = {"password1": "another-good-one-2026", "password2": "another-good-one-2026"}


@pytest.fixture
def browser() -> Client:
    """At another host that this product answers to."""
    assert OTHER in product.ALLOWED_HOSTS
    return Client(headers={"host": OTHER})


@pytest.fixture
def _by_code(settings: object) -> None:
    """As in production: an address is confirmed by a code."""
    reverse("account_confirm_email", args=["key"])  # addresses are read once, before the settings change
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


@pytest.fixture
def person() -> User:
    person = make.user("learner@example.org")
    EmailAddress.objects.filter(user=person).update(verified=True)
    return person


def sign_up(browser: Client, email: str) -> None:
    new = {"email": email, "full_name": "Sam", "password1": "a-good-long-one-2026", "password2": "a-good-long-one-2026"}
    assert browser.post("/account/signup/", new).status_code == 302


def sign_in(browser: Client, email: str, password: str) -> None:
    response = browser.post("/account/login/", {"login": email, "password": password})
    assert response.status_code == 302, response.content.decode()
    assert response.url == "/my-learning/"


def change_address(browser: Client, email: str, password: str) -> None:
    """The password is asked for in between."""
    proofs.age(browser)
    asked = browser.post("/account/email/", {"action_add": "", "email": email}).url
    assert asked.startswith("/account/reauthenticate/")
    assert browser.post(asked, {"password": password}).status_code == 302


def use_factors(browser: Client, person: User) -> None:
    """An app and a passkey come and go, and two administrators take away what is left."""
    proofs.prove(browser, person, method="password")
    form, passkey = SetUpAppForm(user=person), Passkey()
    browser.post(f"{FACTOR}app/", {"signed_secret": form.sealed, "code": proofs.code_of(form.secret)})
    code = RecoveryCodes(person.authenticator_set.get(type="recovery_codes")).get_unused_codes()[0]
    browser.post(f"{FACTOR}prove/", {"code": code})
    made = passkey.create(browser.post(f"{FACTOR}passkeys/options/", {"add": "1"}).json())
    browser.post(f"{FACTOR}passkeys/add/", {"credential": json.dumps(made)})
    browser.post(f"{FACTOR}recovery-codes/new/")
    browser.post(f"{FACTOR}passkeys/{person.authenticator_set.get(type='webauthn').pk}/remove/")
    browser.post(f"{FACTOR}app/remove/")
    proofs.give_app(person)
    for administrator, act in ((make.superuser(), "ask"), (make.administrator(), "confirm")):
        asked = FactorRemoval.objects.first()
        path = reverse("admin:accounts_user_factor", args=[person.pk])
        make.client(administrator, headers={"host": OTHER}).post(path, {act: asked.pk if asked else "1"})


def link_in(message: mail.EmailMessage) -> str:
    """The path of the one link in it; it leads to this product's own address."""
    links = re.findall(r"https?://\S+", message.body)
    assert len(links) == 1, message.body
    assert links[0].startswith(f"{product.BASE_URL}/"), links
    return links[0].removeprefix(product.BASE_URL)


def in_words(message: mail.EmailMessage) -> str:
    """A mail as it is read: whom it goes to, and each of its words."""
    body = message.body.strip()
    for found, instead in CHANCE:
        body = found.sub(instead, body)
    return f"To {', '.join(message.recipients())}: {message.subject}\n{body}"


def compare(name: str, said: str) -> None:
    """The mails of this part of the file are those that were sent."""
    parts = dict(part.partition("\n")[::2] for part in KEPT.read_text().split("=====\n")) if KEPT.exists() else {}
    if os.environ.get("SAID") == "anew":
        parts[name] = f"{said}\n"
        KEPT.write_text("=====\n".join(f"{one}\n{text}" for one, text in sorted(parts.items())))
    assert f"{said}\n" == parts.get(name), "SAID=anew writes the file anew"


@pytest.mark.usefixtures("_by_code")
def test_no_mail_names_the_host_of_the_request(browser: Client, person: User) -> None:
    sign_up(Client(headers={"host": OTHER}), "new@example.org")
    sign_up(Client(headers={"host": OTHER}), person.email)
    browser.post("/account/password/reset/", {"email": "nobody@example.org"})
    browser.post("/account/password/reset/", {"email": person.email})
    form = browser.get(link_in(mail.outbox[-1])).url
    assert browser.post(form, NEW_PASSWORD).status_code == 302
    sign_in(browser, person.email, NEW_PASSWORD["password1"])
    changed = NEW_PASSWORD | {"oldpassword": NEW_PASSWORD["password1"]}
    assert browser.post("/account/password/change/", changed).status_code == 302
    change_address(browser, "later@example.org", NEW_PASSWORD["password1"])
    code = CODE.search(mail.outbox[-1].body)
    assert code, mail.outbox[-1].body
    assert browser.post("/account/confirm-email/", {"code": code[0]}).status_code == 302
    use_factors(browser, User.objects.get(pk=person.pk))

    sent = {message.subject.removeprefix(product.ACCOUNT_EMAIL_SUBJECT_PREFIX) for message in mail.outbox}
    assert sent == {path.read_text().strip() for path in SUBJECTS}, "every mail there is has been sent"
    for message in mail.outbox:
        assert OTHER not in message.message().as_string(), message.body
    compare("Confirmed by a code", "\n\n---\n\n".join(map(in_words, mail.outbox)))


def test_a_link_that_confirms_an_address_leads_to_our_own(browser: Client, person: User) -> None:
    """Sent where new people need not confirm theirs, when somebody changes it."""
    sign_in(browser, person.email, make.PASSWORD)
    change_address(browser, "later@example.org", make.PASSWORD)
    assert browser.get(link_in(mail.outbox[-1])).status_code == 200
    assert OTHER not in mail.outbox[-1].message().as_string()
    compare("Confirmed by a link", in_words(mail.outbox[-1]))


def test_a_page_at_another_host_leads_on_there(browser: Client) -> None:
    assert browser.get("/my-learning/").url == "/account/login/?next=/my-learning/"
