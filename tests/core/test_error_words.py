"""What is wrong with a field is said so that it names the field."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation


class Details(forms.Form):
    name = forms.CharField(label="Full <name>", max_length=3)
    code = forms.CharField(error_messages={"required": "Enter the code"})


def said(**data: str) -> list[str]:
    form = Details(data)
    pages = [render_to_string("components/error_summary.html", {"form": form})]
    pages += [render_to_string("second_look/field_errors.html", {"field": form[name]}) for name in form.fields]
    assert not form.is_valid()
    return pages


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_djangos_own_words_for_an_empty_field_name_it_in_any_language(language: str) -> None:
    with translation.override(language):
        summary, name, code = said()
    for page in (summary, name):
        assert "Full &lt;name&gt; is missing" in page
    for page in (summary, code):
        assert "Enter the code" in page
        assert "code is missing" not in page.lower()


def test_a_field_has_one_name_whatever_the_page_around_it_calls_it() -> None:
    field = Details({})["name"]
    shown = render_to_string("second_look/field.html", {"field": field, "label": "Another"})
    assert ">Full &lt;name&gt;</label>" in shown
    assert "Full &lt;name&gt; is missing" in shown


def test_what_is_too_long_is_said_in_our_words() -> None:
    summary, name, _ = said(name="long", code="1")
    for page in (summary, name):
        assert "Too long: room for 3 characters, and it has 4" in page
        assert "missing" not in page
        assert "Ensure" not in page


def test_other_words_stand_as_they_are() -> None:
    summary, _, code = said(name="abc", code="\x00")
    for page in (summary, code):
        assert "Null characters are not allowed." in page
