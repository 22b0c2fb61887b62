"""Words of which nothing can be seen are none, wherever somebody must write some."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

import apps
from apps.core.words import lines_of, normalised
from apps.modules.content import content_models
from apps.modules.document import Head, PageDocument, tidied
from apps.modules.models import Edition, Fact, Source
from apps.modules.written import text_fields

# Zero-width, joining and soft characters, marks of direction, tags, selectors, and letters that are blanks.
UNSEEN = "\u200b\u200d\u2060\ufeff\xad\u061c\u202e\u2066\u2069\U000e0041\ufe0f\u034f\u2800\u3164 \t\u2003"
NO_WORDS = {"choice", "code", "email", "kind", "login", "username"}  # keys, addresses and the like: each is looked up


def all_forms() -> Iterator[type[forms.Form]]:
    """Every form of ours that is no model's."""
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if ".migrations" not in module.name:
            loaded = importlib.import_module(module.name)
            yield from (
                found
                for found in vars(loaded).values()
                if isinstance(found, type) and issubclass(found, forms.Form) and found.__module__ == module.name
            )


def takes(field: Any) -> bool:
    try:
        field.clean(UNSEEN)
    except ValidationError:
        return False
    return True


def test_no_form_takes_them_where_words_are_needed() -> None:
    needed = {
        f"{form.__name__}.{name}": field
        for form in all_forms()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField) and field.required and name not in NO_WORDS and "password" not in name
    }
    assert {"NewModuleForm.title", "WithdrawForm.reason", "ReportForm.text", "RevokeForm.reason"} <= set(needed)
    assert not [name for name, field in needed.items() if takes(field)]


@pytest.mark.parametrize("model", [Edition, Source, Fact, *content_models()], ids=lambda model: model.__name__)
def test_no_row_takes_them_where_words_are_needed(model: Any) -> None:
    for field in text_fields(model):
        others = {other.name for other in model._meta.fields} - {field.name}
        if not field.blank:
            with pytest.raises(ValidationError):
                model(**{field.name: UNSEEN}).clean_fields(exclude=others)


def test_documents_and_lists_have_none() -> None:
    assert tidied(PageDocument(Head("key", UNSEEN, facts=("a", UNSEEN)), UNSEEN)) == PageDocument(
        Head("key", "", facts=("a",)), ""
    )
    assert lines_of(f"Say why\n{UNSEEN}\nSay how") == ["Say why", "Say how"]


@pytest.mark.parametrize("text", ["a", "\u200ba", "é", "\u0301", "٣", "👩‍⚕️", "中", "…", "\U000e0100x"])
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert normalised(f" {text}\r\n") == text
