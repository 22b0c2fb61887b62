"""The certificate, its PDF and its check page say the same under the same labels."""

import datetime
import re
from dataclasses import fields
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from apps.certificates.facts import CertificateFacts, Row
from apps.certificates.models import Certificate
from apps.certificates.printing import facts_of
from tests import make
from tests.certificates.test_pdf import lines

pytestmark = pytest.mark.django_db

# What has a place of its own on each of them, without a label or with the label of that place.
PLACED = {"name", "module_title", "code", "check_url", "check_address"}
LABELS = [
    "Revoked", "Completed", "Edition", "Learning time", "Kind", "Learning outcomes", "Contributes to", "Assessed by",
]  # fmt: skip


@pytest.fixture
def certificate(db: None) -> Certificate:
    """One that has every fact, each of them another."""
    certificate = make.certificate(make.completed(make.user("learner@example.org"), make.edition("posts")))
    begun = certificate.completed_at - datetime.timedelta(days=14)
    revoked = {"revoked_at": certificate.issued_at, "revoked_reason": "In error", "revoked_by": make.administrator()}
    Certificate.objects.update(started_at=begun, curriculum_links="Professional values\nCommunication", **revoked)
    return Certificate.objects.get()


def said(row: Row) -> list[str]:
    return [row.text, *row.points] if row.text else [*row.points]


def in_list(page: str) -> list[tuple[str, str]]:
    """The labels and the texts of the list of facts on a page."""
    facts = re.search('<dl class="sl-facts">(.*?)</dl>', page, re.DOTALL)
    assert facts
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", facts[1], re.DOTALL)
    return [(label, unescape(" ".join(re.sub("<[^>]*>", " ", text).split()))) for label, text in pairs]


def test_every_fact_has_a_row_or_a_place_of_its_own() -> None:
    """A fact that is added is not forgotten: it is in the one list, which all three show whole."""
    values = {field.name: f"«{field.name}»" for field in fields(CertificateFacts)}
    facts = CertificateFacts(**values | {"learning_outcomes": ("«learning_outcomes»",)})  # type: ignore[arg-type]
    shown = " ".join(text for row in facts.rows() for text in said(row))
    assert set(re.findall("«(.*?)»", shown)) == set(values) - PLACED
    assert [row.label for row in facts.rows()] == LABELS


def test_a_fact_that_is_missing_has_no_row(certificate: Certificate) -> None:
    Certificate.objects.update(curriculum_links="")
    assert "Contributes to" not in [row.label for row in facts_of(Certificate.objects.get()).rows()]


def test_when_it_was_begun_is_said_unless_it_was_on_that_day(certificate: Certificate) -> None:
    day = r"\d+ \w+ \d{4}"
    assert re.fullmatch(rf"{day} \(begun {day}\)", facts_of(certificate).rows()[1].text)
    Certificate.objects.update(started_at=certificate.completed_at)
    assert re.fullmatch(day, facts_of(Certificate.objects.get()).rows()[1].text)


def test_the_page_the_pdf_and_the_check_page_say_all_of_it(certificate: Certificate, tmp_path: Path) -> None:
    holder = make.client(certificate.enrolment.learner)
    page = in_list(holder.get("/learn/posts/1/certificate/").content.decode())
    check_page = in_list(Client().get(f"/verify/{certificate.code}/").content.decode())
    rows = [(row.label, " ".join(said(row))) for row in facts_of(certificate).rows()]
    code = ("Certificate code", certificate.pretty_code)
    assert [label for label, _ in rows] == LABELS
    assert page == [*rows, code]
    assert check_page == [("Name", certificate.name), ("Module", certificate.module_title), *rows, code]

    pdf = tmp_path / "certificate.pdf"
    pdf.write_bytes(holder.get("/learn/posts/1/certificate/pdf/").content)
    printed = " ".join(lines(pdf))
    for row in facts_of(certificate).rows():
        for words in (row.label, *said(row)):
            assert words in printed
    for words in (certificate.name, certificate.module_title, certificate.pretty_code):
        assert words in printed


def test_paper_says_first_what_was_done(certificate: Certificate, tmp_path: Path) -> None:
    pdf = tmp_path / "certificate.pdf"
    holder = make.client(certificate.enrolment.learner)
    pdf.write_bytes(holder.get("/learn/posts/1/certificate/pdf/").content)
    printed = " ".join(lines(pdf))
    order = ["Revoked", "Completed", "Edition", "Learning time", "Assessed by"]
    order += ["Kind", "Contributes to", "Learning outcomes"]
    assert sorted(order, key=printed.index) == order
