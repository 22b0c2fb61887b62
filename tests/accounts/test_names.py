"""A name is one string: what is typed is cleaned or refused, and stored, shown and printed alike."""

from __future__ import annotations

import sys
import unicodedata
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.forms import modelform_factory
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.accounts.admin import UserCreationForm
from apps.accounts.forms import AccountForm, SignupForm
from apps.accounts.models import User
from apps.accounts.names import MAX_LENGTH, MAX_MARKS, NameField, clean_name
from apps.certificates import actions
from apps.certificates.forms import NameForm
from apps.certificates.models import Certificate
from apps.certificates.pdf import _tidy as printed
from tests import make

pytestmark = pytest.mark.once

REAL = [
    "Sam Learner",
    "Siân Ŵŷn Ó Dónaill-Łukasz",
    "D’Arcy O'Brien-Smith",
    "J. R. R. Ng",
    "Nguyễn Thị Ánh Nguyệt",
    "Þórunn Ægisdóttir",
    "Ọláyẹmí Adébáyọ̀",
    "Ƙasimu Ɗanjuma",
    "ʻIolani Kahoʻohalahala",
    "L·lúcia Gràcia",
    "Ελένη Παπαδοπούλου",
    "Ольга Щёголева",
    "Ґалаґан",
    "Աննա Հակոբյան",
    "ნინო ბერიძე",
    "שָׁלוֹם בֶּן־דָּוִד",
    "مُحَمَّد عبد الله",
    "علی\u200cرضا محمدی\u200cنژاد",
    "ܝܘܚܢܢ",
    "प्रिया शर्मा",
    "क्\u200dष क्\u200cष",
    "র\u200d্যাব রহমান",
    "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "હાર્દિક પટેલ",
    "தமிழ்ச்செல்வி",
    "శ్రీనివాస్",
    "ಲಕ್ಷ್ಮೀ",
    "രാജന്\u200d",
    "ශ්\u200dරී ජයවර්ධන",
    "สมหญิง ใจดี",
    "ສົມສັກ",
    "མཁའ་འགྲོ",
    "မျှော့်ဦး",
    "សុខ ស្រីមុំ",
    "አበበ በቂላ",
    "王小明",
    "葛\U000e0100城 花子",
    "さくら 田中",
    "김영희",
    "ᠮᠣᠩᠭᠣᠯ ᠡᠷᠳᠡᠨᠢ\u180bᠶᠢᠨ",
    "ߒߞߏ",
    "𞤀𞤣𞤤𞤢𞤥",
    "Sam 😀",
    "Henry 8th",
]

INVISIBLE = [
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u061c", "\u180e", "\u2065"),
    *("\u115f", "\u1160", "\u3164", "\uffa0", "\u17b4", "\u17b5", "\u2800", "\U0001d159", "\U00016fe4"),
    *("\u0301", "\u20dd", "\u0e31", "\u093f", "\ufe0f", "\ufe00", "\U000e0100", "\u180b"),
    *("\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\ufff9", "\U000e0041", "\U000e007f", "\U0001d173"),
    *("\x01", "\x7f", "\x85", "\u00a0", "\u3000", "\u2028", "\u1680"),
    *(".", "-", "’", "1", "😀", "·"),
]
FILLS = [one for one in INVISIBLE if one not in ".-’1😀·"]
CATEGORIES: tuple[Any, ...] = (
    "Lu",
    "Ll",
    "Lt",
    "Lm",
    "Lo",
    "Mn",
    "Mc",
    "Me",
    "Nd",
    "Nl",
    "No",
    "Pc",
    "Pd",
    "Ps",
    "Pe",
    "Pi",
    "Pf",
    "Po",
)
CATEGORIES += ("Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cn")
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(st.one_of(*(st.characters(categories=[one]) for one in CATEGORIES)), max_size=40),
    st.text(st.one_of(st.sampled_from("aé़क्ാरاलहᠡ葛" + "".join(FILLS)), st.sampled_from(" .’-")), max_size=40),
)
ALLOWED_FORMATS = "\u200c\u200d"


@pytest.mark.parametrize("name", REAL)
def test_names_of_many_scripts_stay_as_they_are(name: str) -> None:
    assert clean_name(name) == unicodedata.normalize("NFC", name)
    assert clean_name(unicodedata.normalize("NFD", name)) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("fill", INVISIBLE, ids=lambda one: f"U+{ord(one):04X}")
def test_a_name_without_a_letter_that_can_be_seen_is_refused_with_the_reason(fill: str) -> None:
    for name in (fill, fill * 5, f" {fill} ", f"{fill}\u0301", f"\u200d{fill}", f"{fill}."):
        with pytest.raises(ValidationError, match="at least one letter that can be seen"):
            clean_name(name)


@pytest.mark.parametrize("fill", FILLS, ids=lambda one: f"U+{ord(one):04X}")
def test_what_cannot_be_seen_is_taken_out_of_a_name(fill: str) -> None:
    assert clean_name(f"{fill}Ada{fill * 2} {fill}Lee{fill}") in {
        "Ada Lee",
        unicodedata.normalize("NFC", f"Ada{fill * 2} Lee{fill}"),  # marks stay on their letters
    }
    assert not clean_name(f"{fill}Ada").startswith(fill)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Sam \t\r\n Learner ", "Sam Learner"),
        ("Sam\u202eLee", "SamLee"),
        ("Sam\u3164Lee", "Sam Lee"),
        ("Sa\u200dm", "Sam"),  # Latin letters need no joiner
        ("علی\u200c\u200c رضا\u200c", "علی رضا"),  # nothing to join
        ("e\u200d\u0301", "é"),
        ("A\ufe0f", "A"),
        ("Ada 1\u0301", "Ada 1"),
    ],
)
def test_what_has_no_place_goes(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Sam\ue000", "nobody can read: U\\+E000"),
        ("Sam\U000e0fff", "nobody can read|letter"),
        ("S" + "\u0301\u0302" * 4 + "am", f"more than {MAX_MARKS} marks"),
        ("\u0e01" + "\u0e47" * 60, f"more than {MAX_MARKS} marks"),
        ("\u0915" + "\u0941\u200d" * 7 + "\u0915", f"more than {MAX_MARKS} marks"),  # joiners part no marks
        ("x" * 151, "150 characters at the most; this one has 151"),
        ("\u0958" * 100, "150 characters at the most; this one has 200"),  # composed it is longer
        ("x" * 100_000, "150 characters at the most"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(typed: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        clean_name(typed)


def test_a_name_is_measured_as_it_is_kept() -> None:
    assert len(clean_name("e\u0301" * MAX_LENGTH)) == MAX_LENGTH


@settings(max_examples=600, deadline=None)
@given(TEXTS)
@example("\u0915\u200d\ufe00a")
@example("a\u0300\u0316")
def test_whatever_is_typed_is_a_name_that_can_be_seen_or_is_refused(text: str) -> None:
    try:
        name = clean_name(text)
    except ValidationError:
        return
    assert clean_name(name) == name == unicodedata.normalize("NFC", name) == " ".join(name.split())
    assert 0 < len(name) <= MAX_LENGTH
    kinds = [unicodedata.category(one) for one in name]
    assert any(kind.startswith("L") for kind in kinds)
    assert not {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} & set(kinds)
    assert all(one in ALLOWED_FORMATS or one == "\u180e" for one, kind in zip(name, kinds, strict=True) if kind == "Cf")
    assert not set(name) & set("\u115f\u1160\u3164\uffa0\u2800\u00ad\u202e\u034f")
    assert not kinds[0].startswith("M")
    assert printed(name) == name


def test_a_letter_of_every_script_is_a_name() -> None:
    """Every letter that there is, alone: taken as it is, but for those of which nothing can be seen."""
    refused = set()
    for number in range(sys.maxunicode + 1):
        letter = chr(number)
        if unicodedata.category(letter).startswith("L"):
            try:
                assert clean_name(letter) == unicodedata.normalize("NFC", letter)
            except ValidationError:
                refused.add(letter)
    assert refused <= set("\u115f\u1160\u3164\uffa0\U00013441\U00013442")


# Every writer -------------------------------------------------------------------------------------------------------

PersonForm = modelform_factory(User, fields=("full_name", "certificate_name"))  # as the admin makes it
HIDING, SHOWN = "\u202eDr\u200b Sam \u3164 Learne\u0301r\u00ad", "Dr Sam Learnér"


def forms_with_a_name() -> list[tuple[Any, str]]:
    return [
        (SignupForm, "full_name"),
        (AccountForm, "full_name"),
        (AccountForm, "certificate_name"),
        (UserCreationForm, "full_name"),
        (PersonForm, "full_name"),
        (PersonForm, "certificate_name"),
        (NameForm, "name"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("form", "field"), forms_with_a_name())
def test_every_form_cleans_and_refuses_alike(form: Any, field: str) -> None:
    filled = form({field: HIDING})
    filled.is_valid()
    assert filled.cleaned_data[field] == SHOWN
    for fill in FILLS:
        refused = form({field: fill})
        refused.is_valid()
        assert refused.errors.get(field) or refused.cleaned_data[field] == "", f"U+{ord(fill):04X}"


def name_fields() -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.name)
        for model in (User, Certificate)
        for field in model._meta.concrete_fields
        if isinstance(field, NameField)
    ]


def write(by: str, row: Any, field: str, name: str) -> None:
    """Store the name in this field of the row, by one of the ways to the database."""
    rows = models.QuerySet(type(row)).filter(pk=row.pk)
    setattr(row, field, name)
    if by == "save":
        row.save()
        assert getattr(row, field) == rows.values_list(field, flat=True).get()
    elif by == "update":
        rows.update(**{field: name})
    elif by == "bulk":
        models.QuerySet(type(row)).bulk_update([row], [field])
    elif by == "fixture":
        for loaded in serializers.deserialize("json", serializers.serialize("json", [row])):
            loaded.save()
    else:
        row.full_clean()
        row.save()


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), name_fields())
def test_every_writer_stores_the_one_spelling(model: Any, field: str) -> None:
    make.certificate()
    row = model.objects.get()
    rows = models.QuerySet(model).filter(pk=row.pk)

    def stored() -> str:
        return rows.values_list(field, flat=True).get()

    for by in ("save", "update", "bulk", "fixture", "form"):
        rows.update(**{field: "Before"})
        row.refresh_from_db()
        write(by, row, field, HIDING)
        assert stored() == SHOWN, by
        with pytest.raises(ValidationError), transaction.atomic():
            write(by, row, field, "\u3164")
        assert stored() == SHOWN, by


def test_these_are_the_fields_with_names() -> None:
    assert [field for _, field in name_fields()] == ["full_name", "certificate_name", "name"]


@pytest.mark.django_db
def test_the_action_itself_issues_no_certificate_without_a_name() -> None:
    enrolment = make.completed()
    with pytest.raises(ValidationError):
        actions.issue(enrolment, "\u200b", make.NOW)
    assert not Certificate.objects.exists()
    assert actions.issue(enrolment, HIDING, enrolment.completed_at).name == SHOWN


@pytest.mark.django_db
def test_stored_and_shown_are_one(learner: User, client_of_learner: Client) -> None:
    make.completed(learner, make.edition("posts"))
    client_of_learner.post("/learn/posts/1/finish/issue/", {"name": HIDING})
    certificate = Certificate.objects.get()
    assert certificate.name == SHOWN
    for url in ("/learn/posts/1/certificate/", certificate.get_absolute_url()):
        assert SHOWN in client_of_learner.get(url).content.decode()


@pytest.mark.django_db
def test_names_of_the_release_before_are_mended() -> None:
    """By the migrations: what hides goes, what cannot be seen is asked for again; issued certificates stay."""
    users = [make.user() for _ in range(3)]
    certificate = make.certificate()
    raw = {"full_name": HIDING, "certificate_name": "\u3164"}
    _store_raw(User, users[0].pk, **raw)
    _store_raw(User, users[1].pk, full_name="\u200b", certificate_name=HIDING)
    _store_raw(Certificate, certificate.pk, name=HIDING)
    clean_names("accounts")
    clean_names("certificates")
    found = dict(User.objects.values_list("pk", "full_name"))
    assert [found[user.pk] for user in users] == [SHOWN, "", "Sam Learner"]
    assert User.objects.get(pk=users[0].pk).certificate_name == ""
    assert User.objects.get(pk=users[1].pk).certificate_name == SHOWN
    assert Certificate.objects.get().name == SHOWN
    _store_raw(Certificate, certificate.pk, name="\u3164")
    clean_names("certificates")
    assert Certificate.objects.get().name == "\u3164"


def clean_names(app: str) -> None:
    """Run the app's migration of this name, whatever its number."""
    names = (name for label, name in MigrationLoader(None).disk_migrations if label == app)
    (name,) = (name for name in names if name.endswith("_clean_names"))
    import_module(f"apps.{app}.migrations.{name}").clean_names(apps, None)


def _store_raw(model: type[models.Model], pk: int, **values: str) -> None:
    """Past the field, as the release before stored it."""
    with connection.cursor() as cursor:
        for column, value in values.items():
            cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", [value, pk])  # noqa: S608
