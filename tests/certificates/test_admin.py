"""Revoking a certificate in the admin, and what nobody can do to one there."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.certificates import actions
from apps.certificates.models import Certificate
from tests import make
from tests.in_admin import act, address, confirm, read

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

LIST = address(Certificate)


@pytest.fixture
def certificate() -> Certificate:
    return make.certificate(make.completed(make.user("learner@example.org"), make.edition("posts")), "Sam Learner")


@pytest.fixture
def administrator() -> User:
    return make.administrator()


def test_whoever_may_see_a_record_is_led_to_it_and_nobody_else(certificate: Certificate) -> None:
    enrolment = certificate.enrolment
    assert enrolment is not None
    way = address(type(enrolment), "change", enrolment)
    for reader, is_led in ((make.educator(), True), (clerk("view"), False)):
        page = read(make.client(reader), address(Certificate, "change", certificate))
        assert (way in page.links, str(enrolment) in page.text) == (is_led, True), reader


def check_page(certificate: Certificate) -> str:
    """What anybody reads who checks it."""
    return Client().get(certificate.get_absolute_url()).content.decode()


def clerk(*verbs: str) -> User:
    """Somebody who may use the admin, and may do this with certificates."""
    made = make.user("clerk@example.org", is_staff=True)
    made.user_permissions.set(Permission.objects.filter(codename__in=[f"{verb}_certificate" for verb in verbs]))
    return made


def test_an_administrator_revokes_with_a_reason_that_everybody_reads(
    certificate: Certificate, administrator: User
) -> None:
    browser = make.client(administrator)
    other = make.certificate(make.completed(make.user(), certificate.enrolment.edition), "Alex Other")
    asking = act(browser, "revoke", certificate)
    assert certificate.pretty_code in asking.text
    assert "Sam Learner" in asking.text
    assert "Alex Other" not in asking.text
    assert "Everybody who checks the certificate will read this." in asking.text
    assert "Revoke certificates - Second Look authoring" in asking.text
    assert "Sign out" in asking.text, "as on every page of the admin"
    certificate.refresh_from_db()
    assert certificate.revoked_at is None

    before = timezone.now()
    page = confirm(browser, asking, Certificate, reason="Issued to the wrong person.")
    assert page.messages == [("success", "Revoked: 1.")]
    certificate.refresh_from_db()
    assert certificate.revoked_at is not None
    assert before <= certificate.revoked_at <= timezone.now()
    assert (certificate.revoked_reason, certificate.revoked_by) == ("Issued to the wrong person.", administrator)
    shown = check_page(certificate)
    assert "Do not rely on it. Reason given: Issued to the wrong person." in shown
    assert "Revoked on" in shown
    other.refresh_from_db()
    assert (other.revoked_at, other.revoked_reason, other.revoked_by) == (None, "", None)
    assert '<h2 id="verdict">Valid</h2>' in check_page(other)


def test_no_reason_is_missed_before_one_was_asked_for(certificate: Certificate, administrator: User) -> None:
    asking = act(make.client(administrator), "revoke", certificate)
    assert "Reason" in asking.text
    assert asking.errors == []


@pytest.mark.parametrize(
    ("reason", "fault"),
    [("", "This field is required."), ("  ", "This field is required."), ("x" * 201, "at most 200")],
)
def test_nothing_is_revoked_without_a_reason_that_fits(
    certificate: Certificate, administrator: User, reason: str, fault: str
) -> None:
    browser = make.client(administrator)
    page = confirm(browser, act(browser, "revoke", certificate), Certificate, reason=reason)
    assert [fault in error for error in page.errors] == [True]
    assert page.messages == []
    certificate.refresh_from_db()
    assert (certificate.revoked_at, certificate.revoked_reason) == (None, "")
    assert '<h2 id="verdict">Valid</h2>' in check_page(certificate)


def test_what_was_revoked_before_is_told_apart_and_not_counted(certificate: Certificate, administrator: User) -> None:
    browser = make.client(administrator)
    other = make.certificate(make.completed(make.user(), certificate.enrolment.edition), "Alex Other")
    asking = act(browser, "revoke", certificate, other)
    actions.revoke(other, "Cheated.", administrator, timezone.now())
    page = confirm(browser, asking, Certificate, reason="The quiz was broken.")
    stands = f"{other} was revoked or withdrawn before. That stands."
    assert sorted(page.messages) == [("info", stands), ("success", "Revoked: 1.")]
    assert "Reason given: Cheated." in check_page(other)


def test_several_are_revoked_together(certificate: Certificate, administrator: User) -> None:
    browser = make.client(administrator)
    other = make.certificate(make.completed(make.user(), certificate.enrolment.edition), "Alex Other")
    asking = act(browser, "revoke", certificate, other)
    page = confirm(browser, asking, Certificate, reason="The quiz was broken.")
    assert page.messages == [("success", "Revoked: 2.")]
    for revoked in (certificate, other):
        assert "Reason given: The quiz was broken." in check_page(revoked)
    assert set(Certificate.objects.values_list("revoked_by", flat=True)) == {administrator.pk}


def test_the_first_revocation_stands_and_nothing_else_is_claimed(certificate: Certificate, administrator: User) -> None:
    browser = make.client(administrator)
    confirm(browser, act(browser, "revoke", certificate), Certificate, reason="The first.")
    page = confirm(browser, act(browser, "revoke", certificate), Certificate, reason="The second.")
    assert page.messages == [("info", f"{certificate} was revoked or withdrawn before. That stands.")]
    assert "Reason given: The first." in check_page(certificate)


def test_who_may_change_certificates_may_revoke_them(certificate: Certificate) -> None:
    person = clerk("view", "change")
    browser = make.client(person)
    assert "revoke" in read(browser, LIST).actions
    confirm(browser, act(browser, "revoke", certificate), Certificate, reason="In error.")
    certificate.refresh_from_db()
    assert (certificate.revoked_reason, certificate.revoked_by) == ("In error.", person)


@pytest.mark.parametrize("role", ["clerk", "educator"])
def test_who_may_only_read_certificates_is_not_offered_it_and_cannot(certificate: Certificate, role: str) -> None:
    browser = make.client(make.educator() if role == "educator" else clerk("view", "add", "delete"))
    page = read(browser, LIST)
    assert certificate.pretty_code in page.text
    assert page.actions == []
    posted = {"action": "revoke", "_selected_action": certificate.pk, "reason": "Because I can."}
    page = act(browser, "revoke", certificate)
    assert "Revoke certificates" not in page.text
    browser.post(LIST, posted)
    certificate.refresh_from_db()
    assert (certificate.revoked_at, certificate.revoked_reason) == (None, "")
    assert '<h2 id="verdict">Valid</h2>' in check_page(certificate)


@pytest.mark.parametrize("role", ["learner", "reviewer", "author", "publisher"])
def test_nobody_else_comes_near_them(certificate: Certificate, role: str) -> None:
    person = certificate.enrolment.learner if role == "learner" else getattr(make, role)()
    browser = make.client(person)
    posted = {"action": "revoke", "_selected_action": certificate.pk, "reason": "Because I can."}
    assert browser.post(LIST, posted, follow=True).status_code == 403
    certificate.refresh_from_db()
    assert certificate.revoked_at is None


def test_a_certificate_is_there_to_be_read(certificate: Certificate, administrator: User) -> None:
    """Its facts cannot be written, not even by who may do everything."""
    browser = make.client(administrator)
    url = address(Certificate, "change", certificate)
    page = read(browser, url)
    assert "Sam Learner" in page.text
    assert not {"_save", "_continue", "_addanother"} & set(page.buttons)
    before = Certificate.objects.values().get()
    written = {name: "Somebody Else" for name in before if name != "id"}
    assert browser.post(url, written | {"_save": "Save"}).status_code == 403
    assert browser.post(address(Certificate, "add"), written).status_code == 403
    assert browser.post(address(Certificate, "delete", certificate), {"post": "yes"}).status_code == 403
    assert read(browser, LIST).actions == ["revoke"]
    act(browser, "delete_selected", certificate)
    browser.post(LIST, {"action": "delete_selected", "_selected_action": certificate.pk, "post": "yes"})
    assert Certificate.objects.values().get() == before
