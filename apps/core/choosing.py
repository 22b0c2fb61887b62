"""A list from which something is chosen says so while nothing is."""

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH

CHOOSE = "Choose…"


def ask_to_choose(field: Any) -> Any:
    """The field, with “Choose…” where Django writes a row of dashes."""
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = CHOOSE if field.empty_label == BLANK_CHOICE_DASH[0][1] else field.empty_label
    elif isinstance(field, forms.ChoiceField):
        choices: list[Any] = list(field.widget.choices)
        field.choices = [("", CHOOSE) if choice == BLANK_CHOICE_DASH[0] else choice for choice in choices]
    return field


class AskingAdmin:
    """A page of the admin that asks so. Must stand before the admin's own class."""

    def formfield_for_dbfield(self, *args: Any, **more: Any) -> Any:
        return ask_to_choose(super().formfield_for_dbfield(*args, **more))  # type: ignore[misc]
