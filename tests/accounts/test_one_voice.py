"""Every form about an account, left empty or filled in wrongly: summary and field say the same, in our words."""

import html
import re

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.forms import Field
from django.test import Client

from apps.accounts.adapter import AccountAdapter
from apps.accounts.models import User
from tests import make
from tests.accounts.test_addresses import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

SIGN_UP = {"email": "new@example.org", "full_name": "N"}
BAD_PASSWORDS = ["short", "123456789012345", "qwerty123456", "learner@example.org"]

# Where, what is sent, and what is said.
WRONG: list[tuple[str, dict[str, str], list[str]]] = [
    ("login", {}, ["Enter your e-mail address", "Enter your password"]),
    ("login", {"login": "x", "password": "y"}, ["This is not an e-mail address. One looks like name@example.org"]),
    ("signup", {}, ["Enter your e-mail address", "Enter your full name", "Enter a password",
                    "Type the same password once more"]),
    ("signup", SIGN_UP | {"password1": "three-good-words", "password2": "three-bad-words"},
     ["The two passwords are not the same. Type the second one again."]),
    ("password/reset", {}, ["Enter your e-mail address"]),
    ("password/change", {}, ["Enter the password you have now", "Enter a new password",
                             "Type the same password once more"]),
    ("password/change", {"oldpassword": "no", "password1": "three-good-words", "password2": "three-good-words"},
     ["This is not the password you have now."]),
    ("reauthenticate", {}, ["Enter your password"]),
    ("reauthenticate", {"password": "no"}, ["This is not your password."]),
    ("email", {"action_add": ""}, ["Enter the new e-mail address"]),
    ("email", {"action_add": "", "email": "x"}, ["This is not an e-mail address. One looks like name@example.org"]),
    ("email", {"action_add": "", "email": "x" * 250 + "@example.org"},
     ["This is longer than an e-mail address can be."]),
    ("", {"full_name": ""}, ["Enter your full name"]),
    ("", {"full_name": "N", "specialty": "x" * 101}, ["Too long: room for 100 characters, and it has 101"]),
]  # fmt: skip
SIGNED_OUT = ("login", "signup", "password/reset")


# What each form asks, in order, and what a browser or a password manager may fill in.
ASKED = {
    "login": ["E-mail address: email", "Password: current-password"],
    "signup": ["E-mail address: email", "Full name: name", "Password: new-password",
               "The same password again: new-password"],
    "password/reset": ["E-mail address: email"],
    "password/change": ["The password you have now: current-password", "New password: new-password",
                        "The same password again: new-password"],
    "reauthenticate": ["Password: current-password"],
    "email": ["New e-mail address: email"],
    "": ["Full name: name", "Name on certificates: name", "Training grade (optional)", "Specialty (optional)"],
}  # fmt: skip


def summary_of(page: str) -> list[str]:
    found = re.search(r'<div class="sl-error-summary".*?</div>', page, re.DOTALL)
    assert found, page
    return [html.unescape(re.sub(r"<[^>]*>", "", item)).strip() for item in re.findall(r"<li>(.*?)</li>", found[0])]


def at_fields(page: str) -> list[str]:
    found = re.findall(r'<div class="sl-error" id.*?</div>', page, re.DOTALL)
    words = [html.unescape(re.sub(r"<[^>]*>", "", one)) for item in found for one in re.findall(r"<p>(.*?)</p>", item)]
    return [word.removeprefix("Error: ").strip() for word in words]


@pytest.fixture
def browser(learner: User) -> Client:
    client = Client()
    sign_in(learner.email, client=client)
    return client


@pytest.mark.parametrize("page", ASKED)
def test_what_is_asked_and_what_may_be_filled_in(browser: Client, page: str) -> None:
    client = Client() if page in SIGNED_OUT else browser
    shown = client.get(f"/account/{page}/".replace("//", "/")).content.decode()
    asked = []
    for name, label in re.findall(r'<label for="(id_\w+)">([^<]*)</label>', shown):
        field = re.search(rf'<(?:input|select)[^>]* id="{name}">', shown)
        assert field
        filled = re.search('autocomplete="([^"]*)"', field[0])
        asked.append(f"{label}: {filled[1]}" if filled else label)
    assert asked == ASKED[page]


@pytest.mark.parametrize(("page", "sent", "said"), WRONG)
def test_summary_and_field_say_the_same(browser: Client, page: str, sent: dict[str, str], said: list[str]) -> None:
    client = Client() if page in SIGNED_OUT else browser
    told = client.post(f"/account/{page}/".replace("//", "/"), sent)
    assert told.status_code == 422
    shown = told.content.decode()
    assert (summary_of(shown), at_fields(shown)) == (said, said)


@pytest.mark.usefixtures("_by_code")
def test_a_code_that_is_missing_or_wrong(browser: Client, learner: User) -> None:
    EmailAddress.objects.filter(user=learner).update(verified=True)
    browser.post("/account/email/", {"action_add": "", "email": "third@example.org"})
    for sent, said in (("", "Enter the code from the e-mail"), ("x", "This is not the code that we sent last.")):
        shown = browser.post("/account/confirm-email/", {"code": sent}).content.decode()
        assert summary_of(shown) == at_fields(shown) == [said]


def test_a_password_from_the_link(learner: User) -> None:
    client, key = Client(), default_token_generator.make_token(learner)
    form = client.get(f"/account/password/reset/key/{user_pk_to_url_str(learner)}-{key}/").url
    shown = client.post(form, {}).content.decode()
    assert summary_of(shown) == at_fields(shown) == ["Enter a new password", "Type the same password once more"]


def test_a_wrong_address_or_password_is_said_without_saying_which(learner: User) -> None:
    for login in (learner.email, "nobody@example.org"):
        told = sign_in(login, "wrong").content.decode()
        assert summary_of(told) == ["The e-mail address or the password is not right."]


@pytest.mark.parametrize("password", BAD_PASSWORDS)
def test_what_a_password_lacks_is_said_in_our_words(browser: Client, learner: User, password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, learner)
    sent = {"oldpassword": make.PASSWORD, "password1": password, "password2": password}
    said = summary_of(browser.post("/account/password/change/", sent).content.decode())
    assert len(said) == len(refused.value.messages)
    assert not set(said) & set(refused.value.messages)


def test_no_form_speaks_the_librarys_english(browser: Client) -> None:
    """What it says itself of what people can do here is replaced, however it is asked."""
    kept = {
        key
        for key, words in DefaultAccountAdapter.error_messages.items()
        if AccountAdapter.error_messages[key] == words
    }
    reachable = {
        key for key in kept if not re.search("username|phone|primary|unknown|max_|select|same_as|invalid", key)
    }
    assert reachable == set()
    library = {str(Field.default_error_messages["required"]), str(EmailValidator.message)}
    library |= {str(words) for words in DefaultAccountAdapter.error_messages.values()}
    for page, sent, _ in WRONG:
        client = Client() if page in SIGNED_OUT else browser
        shown = client.post(f"/account/{page}/".replace("//", "/"), sent).content.decode()
        assert not [words for words in library if words in html.unescape(shown)], page
        assert "placeholder" not in shown


def test_one_word_for_the_address_in_every_form(browser: Client) -> None:
    for page in ("login", "signup", "password/reset"):
        shown = Client().get(f"/account/{page}/").content.decode()
        assert re.search(r"<label[^>]*>E-mail address</label>", shown), page
    assert re.search(r"<label[^>]*>New e-mail address</label>", browser.get("/account/email/").content.decode())
    assert "<dt>E-mail address</dt>" in browser.get("/account/").content.decode()


def test_an_empty_list_asks_to_choose(browser: Client) -> None:
    assert '<option value="" selected>Choose…</option>' in browser.get("/account/").content.decode()
    admin = make.client(make.superuser())
    for url in ("/admin/modules/source/add/", "/admin/modules/fact/add/"):
        page = admin.get(url).content.decode()
        assert "Choose…" in page
        assert "---------" not in page
