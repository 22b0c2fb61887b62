"""The public check page: it repeats the facts, and says valid, revoked or unknown."""

import datetime
import html
import re

import pytest
from django.test import Client

from apps.certificates import actions
from apps.certificates.codes import new_code
from apps.certificates.models import Certificate
from apps.certificates.printing import verdict_on
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


@pytest.fixture
def certificate(db: None) -> Certificate:
    return make.certificate(
        make.completed(make.user("learner@example.org"), make.edition("posts")), "Sam <b> Ó Learner"
    )


def verdict(client: Client, code: str, status: int = 200) -> str:
    response = client.get(f"/verify/{code}/")
    assert response.status_code == status
    return response.content.decode()


def test_a_valid_certificate_repeats_the_facts(client: Client, certificate: Certificate) -> None:
    page = verdict(client, certificate.code)
    assert '<h2 id="verdict">Valid</h2>' in page
    for said in ("Sam &lt;b&gt; Ó Learner", "When posts go wrong", "19 minutes of e-learning", certificate.pretty_code):
        assert said in page
    assert "1 branching case and a quiz of 3 questions, passed" in page
    assert "not approved by any college" in page


def test_it_says_nothing_that_is_not_on_the_certificate(client: Client, certificate: Certificate) -> None:
    page = verdict(client, certificate.code)
    assert "learner@example.org" not in page
    assert "ttempt" not in page


def test_a_revoked_certificate_says_so_with_date_and_reason(client: Client, certificate: Certificate) -> None:
    at = certificate.issued_at + datetime.timedelta(days=1)
    actions.revoke(certificate, "Issued in error <script>", make.administrator(), at)
    page = verdict(client, certificate.code)
    assert "Revoked on " in page
    assert "Do not rely on it. Reason given: Issued in error &lt;script&gt;." in page
    assert "Valid" not in page


def test_what_its_holder_prints_says_so_too(certificate: Certificate) -> None:
    """The page as it is printed: what is not, is taken out. There is nothing to copy for a portfolio any more."""
    enrolment = certificate.enrolment
    assert enrolment
    browser, path = make.client(enrolment.learner), "/learn/posts/1/certificate/"
    assert "Copy for your portfolio" in browser.get(path).content.decode()
    actions.revoke(certificate, "In error", make.administrator(), certificate.issued_at)
    page = browser.get(path).content.decode()
    on_paper = page[page.index("<article") : page.index("</article>")]
    assert re.search(r"<dt>Revoked</dt>\s+<dd>\s+[^<]* 20\d\d\. Do not rely on this certificate.", on_paper)
    assert "Copy for your portfolio" not in page


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("In error", "In error."),
        ("In error.", "In error."),
        ("In error!", "In error!"),
        ("Why?", "Why?"),
        ("And so on…", "And so on…"),
        ("", "not stated."),
    ],
)
def test_a_reason_ends_with_one_sign(certificate: Certificate, reason: str, told: str) -> None:
    certificate.revoked_at, certificate.revoked_reason = make.NOW, reason
    assert verdict_on(certificate).text == f"Do not rely on it. Reason given: {told}"


def test_the_learner_sees_the_revocation_too(certificate: Certificate) -> None:
    actions.revoke(certificate, "Issued in error", make.administrator(), make.timezone.now())
    page = make.client(certificate.enrolment.learner).get("/learn/posts/1/certificate/").content.decode()
    assert "Do not rely on it. Reason given: Issued in error." in page


def test_revoking_twice_keeps_the_first_reason(certificate: Certificate) -> None:
    admin = make.administrator()
    at = certificate.issued_at + datetime.timedelta(days=1)
    actions.revoke(certificate, "First", admin, at)
    actions.revoke(certificate, "Second", admin, at + datetime.timedelta(days=1))
    certificate.refresh_from_db()
    assert (certificate.revoked_reason, certificate.revoked_at, certificate.revoked_by) == ("First", at, admin)


def test_a_revoked_certificate_stays_the_only_one_of_its_enrolment(certificate: Certificate) -> None:
    actions.revoke(certificate, "In error", make.administrator(), make.timezone.now())
    assert actions.issue(certificate.enrolment, "Again", make.timezone.now()) == certificate


def test_an_unknown_code_is_a_404_that_says_so_and_lets_one_try_again(client: Client) -> None:
    page = verdict(client, new_code(), status=404)
    assert "No such certificate" in page
    assert "We never issued this code." in page
    assert 'name="code"' in page


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("x", "A code has 26 letters and figures, yours 1."),
        ("0" * 25, "A code has 26 letters and figures, yours 25."),
        ("0" * 27, "A code has 26 letters and figures, yours 27."),
        ("8" + "0" * 25, "A code begins with a figure from 0 to 7, yours with 8."),
        ("U" * 26, "No code has U in it."),
        ("ŵ" * 26, "No code has ŵ in it."),
        ("%00", "There are signs in this text that no code has"),
        ("0/1", "A code has 26 letters and figures, yours 2."),
        ("a" * 3000, "There is no code in this text."),
        ("a" * 4500, "This text is too long. Enter only the code"),
        ("%22%3E%3Cscript%3E", "A code has 26 letters and figures, yours 6."),
    ],
)
def test_what_is_no_code_gets_the_form_back_with_what_is_wrong(client: Client, code: str, told: str) -> None:
    page = verdict(client, code, status=404)
    assert "There is a problem" in page
    assert told in page
    assert 'name="code"' in page
    assert "<script>" not in page


def test_the_form_holds_what_stood_in_the_address(client: Client) -> None:
    assert 'value="7KQM4-TZ9WH"' in verdict(client, "7KQM4-TZ9WH", status=404)


def test_a_whole_address_after_the_address_is_understood(client: Client, certificate: Certificate) -> None:
    response = client.get(f"/verify/{certificate.check_url}")
    assert (response.status_code, response.url) == (302, f"/verify/{certificate.code}/")


def test_what_the_certificates_page_offers_to_copy_is_understood(client: Client, certificate: Certificate) -> None:
    page = make.client(certificate.enrolment.learner).get("/learn/posts/1/certificate/").content.decode()
    copied = html.unescape(page.partition("<pre>")[2].partition("</pre>")[0])
    assert certificate.check_url in copied
    for pasted in (copied, copied.replace("\n", " "), copied.replace("\n", ""), certificate.check_url):
        response = client.get("/verify/", {"code": pasted})
        assert (response.status_code, response.url) == (302, f"/verify/{certificate.code}/")


def test_a_code_is_understood_in_lower_case_and_with_dashes(client: Client, certificate: Certificate) -> None:
    for typed in (certificate.code.lower(), certificate.pretty_code, certificate.pretty_code.lower()):
        response = client.get(f"/verify/{typed}/")
        assert (response.status_code, response.url) == (302, f"/verify/{certificate.code}/")


def test_the_form_leads_to_the_check_page(client: Client, certificate: Certificate) -> None:
    response = client.get("/verify/", {"code": f"  {certificate.pretty_code.lower()} "})
    assert (response.status_code, response.url) == (302, f"/verify/{certificate.code}/")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Enter the code that stands on the certificate"),
        ("nonsense", "A code has 26 letters and figures, yours 8."),
        ("0" * 25, "A code has 26 letters and figures, yours 25."),
        ("0" * 4001, "This text is too long. Enter only the code"),
        ("0" * 25 + "\x00", "There are signs in this text that no code has"),
    ],
)
def test_what_is_no_code_is_told_plainly(client: Client, typed: str, told: str) -> None:
    response = client.get("/verify/", {"code": typed})
    assert response.status_code == 422
    assert told in response.content.decode()


def test_neither_search_engines_nor_caches_keep_it(client: Client, certificate: Certificate) -> None:
    for url in (f"/verify/{certificate.code}/", f"/verify/{new_code()}/", "/verify/", "/verify/?code=x"):
        response = client.get(url)
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


def test_the_certificate_names_its_check_address(certificate: Certificate) -> None:
    assert certificate.check_url == f"https://secondlook.example/verify/{certificate.code}/"
    page = make.client(certificate.enrolment.learner).get("/learn/posts/1/certificate/").content.decode()
    assert certificate.check_url in page


@pytest.mark.django_db
@pytest.mark.parametrize("behind", ["%0A", "AB%0ACD", "/", "a/b//c"])
def test_whatever_stands_behind_the_address_gets_the_check_pages_own_answer(client: Client, behind: str) -> None:
    page = client.get(f"/verify/{behind}/")
    assert page.status_code == 404
    assert "Check a certificate" in page.content.decode()


@pytest.mark.django_db
def test_a_line_break_behind_the_code_does_no_harm(client: Client) -> None:
    code = make.certificate().code
    assert client.get(f"/verify/{code}%0A/").url == f"/verify/{code}/"
    assert client.get(f"/verify/{code}%0D%0ASet-Cookie:x/").url == f"/verify/{code}/"
