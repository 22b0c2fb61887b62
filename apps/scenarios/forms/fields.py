"""What the forms of a case are made of: texts as they are kept, and selects that share their options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.fields import WordsField
from apps.modules.forms import AuthorForm, area, rows_of, text_of

TOO_LONG = "Shorten this: it may have %(limit_value)s characters, and has %(show_value)s."
NONE_OF_LIST = "Choose one of the list."
LONGEST_OPTION = 60  # characters of a title in a select


def words(model: type[models.Model], field: str, **more: Any) -> forms.CharField:
    """A field for a text of a model, which may be empty."""
    return text_of(model, field, **{"required": False, "error_messages": {"max_length": TOO_LONG}} | more)


class WholeNumber(forms.IntegerField):
    """A whole number; its minus may be the one that we write ourselves, as in texts."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.strip().replace("−", "-", 1) if isinstance(value, str) else value)


def whole_number(lowest: int, highest: int, such_as: str, **more: Any) -> forms.IntegerField:
    """A field for a whole number within bounds, or nothing."""
    bounds = f"Write a number from {lowest:,} to {highest:,}.".replace("-", "−")
    return WholeNumber(
        min_value=lowest,
        max_value=highest,
        required=False,
        error_messages={
            "invalid": f"Write this as a whole number, such as {such_as}.".replace("-", "−"),
            "min_value": bounds,
            "max_value": bounds,
        },
        **more,
    )


class Options:
    """The options of selects, by their values; written once, however many selects have them."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    @cached_property
    def _written(self) -> dict[str, SafeString]:
        return {value: format_html('<option value="{}">{}', value, name) for value, name in self.names.items()}

    def html(self, chosen: str) -> SafeString:
        """All of them, this one chosen. An option ends where the next begins."""
        written = self._written
        if chosen in self.names:
            selected = format_html('<option value="{}" selected>{}', chosen, self.names[chosen])
            written = written | {chosen: selected}
        return format_html_join("", "{}", ((option,) for option in written.values()))


class Select(forms.Widget):
    """A drop-down list."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = flatatt(self.build_attrs(self.attrs | {"name": name}, attrs))
        return format_html("<select{}>{}</select>", given, self.options.html(str(value or "")))


class OneOf(forms.CharField):
    """One of the options of a select; `gone` is what those look like that may have been there before."""

    def __init__(self, options: Options | None = None, *, gone: re.Pattern[str] | None = None, **more: Any) -> None:
        super().__init__(required=False, **more)
        self.gone = gone
        self.offer(options or Options({}))

    def offer(self, options: Options) -> None:
        """Let these be its options."""
        self.options, self.widget = options, Select(options)

    def clean(self, value: Any) -> str:
        chosen: str = super().clean(value)
        if chosen and chosen not in self.options.names and not (self.gone and self.gone.fullmatch(chosen)):
            raise ValidationError(NONE_OF_LIST)
        return chosen


def fit_to_texts(form: AuthorForm, most: int = 40) -> None:
    """Let text areas have as many rows as their texts; a text of several lines is never put into one line."""
    for name, field in form.fields.items():
        if not isinstance(field, WordsField):
            continue
        said = str(field.get_bound_field(form, name).value() or "")  # `form[name]` would keep its help text
        if "\n" in said.strip() and not isinstance(field.widget, forms.Textarea):
            field.widget = area(2)
        if isinstance(field.widget, forms.Textarea):
            attrs = field.widget.attrs
            attrs["rows"] = rows_of(said, int(attrs["rows"]), most)
