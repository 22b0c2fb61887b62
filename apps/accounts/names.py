"""Names of people: one spelling, which is stored, shown and printed. Every writer comes through `clean_name`."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from apps.core.words import BLANK, SPACES, is_selector

MAX_LENGTH = 150  # characters, composed (NFC)
MAX_MARKS = 6  # on one letter: Burmese and Hebrew need up to so many
_LONGEST_INPUT = 1000  # is looked at; composing takes long where marks are many

_JOINERS = "\u200c\u200d"
_ZERO_WIDTH_JOINER = "\u200d"
_VIRAMA = 9  # the combining class of signs that take a consonant's vowel away
# Scripts whose spelling needs joiners: their letters change shape beside each other.
_JOINING_SCRIPTS = frozenset(
    (
        *("ARABIC", "SYRIAC", "THAANA", "NKO", "MANDAIC", "ADLAM", "HANIFI", "MONGOLIAN", "PHAGS-PA"),
        *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM"),
        *("SINHALA", "KHMER", "MYANMAR", "TIBETAN", "JAVANESE", "BALINESE", "CHAKMA", "NEWA", "GRANTHA"),
    )
)


def clean_name(text: str) -> str:
    """The name as it is kept: composed letters, single spaces, nothing that hides or reorders text.

    Joiners stay inside words of scripts that need them; a mark stays on its letter. ValidationError, with the
    reason, for a name without a letter that can be seen, and for one that cannot be printed.
    """
    if len(text) > _LONGEST_INPUT:
        raise ValidationError(f"A name can have {MAX_LENGTH} characters at the most")
    name = _tidy(text)
    while (again := _tidy(name)) != name:
        name = again
    if not any(map(_is_letter, name)):
        raise ValidationError("Write the name with at least one letter that can be seen")
    if strange := next((letter for letter in name if unicodedata.category(letter) in {"Co", "Cn"}), None):
        raise ValidationError(f"The name has a character that nobody can read: U+{ord(strange):04X}. Take it out")
    if _most_marks(name) > MAX_MARKS:
        raise ValidationError(f"One letter of the name has more than {MAX_MARKS} marks on it. Take some away")
    if len(name) > MAX_LENGTH:
        raise ValidationError(f"A name can have {MAX_LENGTH} characters at the most; this one has {len(name)}")
    return name


def _tidy(text: str) -> str:
    spaced = (" " if character.isspace() or character in SPACES else character for character in text)
    seen = "".join(character for character in spaced if not _is_hidden(character))
    kept = ""
    for place, character in enumerate(seen):
        if _fits(character, kept, seen[place + 1 : place + 2]):
            kept += character
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _is_hidden(character: str) -> bool:
    """Controls, direction, tags, soft hyphens: what has no shape. Joiners and selectors are looked at later."""
    if character in _JOINERS or is_selector(character):
        return False
    return character in BLANK or unicodedata.category(character) in {"Cc", "Cf", "Cs"}


def _fits(character: str, before: str, after: str) -> bool:
    """Whether it may stand between what comes before and after: marks, joiners and selectors need their letter."""
    if is_selector(character):
        return before != "" and _script(before[-1]) == ("MONGOLIAN" if "\u180b" <= character <= "\u180f" else "CJK")
    if character in _JOINERS:
        return _joins(character, before, after)
    if _is_mark(character):
        return before != "" and (_is_letter(before[-1]) or _is_mark(before[-1]) or before[-1] in _JOINERS)
    return True


def _joins(joiner: str, before: str, after: str) -> bool:
    base = next((letter for letter in reversed(before) if not _is_mark(letter)), " ")
    if not _is_letter(base) or _script(base) not in _JOINING_SCRIPTS:
        return False
    if after and (_is_letter(after) or _is_mark(after)):
        return True
    # At the end of a word it makes the old spelling of Malayalam's last letters.
    return joiner == _ZERO_WIDTH_JOINER and unicodedata.combining(before[-1]) == _VIRAMA


def _is_letter(character: str) -> bool:
    return unicodedata.category(character).startswith("L") and character not in BLANK


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def _most_marks(name: str) -> int:
    most = here = 0
    for character in name:
        here = here + 1 if _is_mark(character) else here if character in _JOINERS else 0
        most = max(most, here)
    return most


class NameFormField(forms.CharField):
    """Where a name is typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_LENGTH} | kwargs)

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text or "\x00" in text:  # which nobody types: its validator refuses it
            return text
        return clean_name(text)


class NameField(models.CharField):
    """A person's name, or nothing. It is cleaned on its way to the database, whoever writes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": MAX_LENGTH} | kwargs)

    def deconstruct(self) -> Any:
        """For migrations it is a CharField: what makes a name is no matter of the schema."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": NameFormField} | kwargs)

    def clean(self, value: Any, model_instance: Any) -> Any:
        return super().clean(_cleaned(value), model_instance)

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = _cleaned(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(_cleaned(value), connection)


def _cleaned(value: Any) -> Any:
    """Expressions of the database pass, and so does no name at all."""
    return clean_name(value) if isinstance(value, str) and value else value
