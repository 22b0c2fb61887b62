"""What is wrong with a field, in words that name it."""

from django import template
from django.core.exceptions import ValidationError
from django.forms import Field

register = template.Library()

UNNAMED = Field.default_error_messages["required"]


@register.filter
def naming(error: ValidationError, label: str) -> str:
    """The words of one error of a field. Django's own for an empty one do not say which it is; ours, if any, do."""
    if error.code == "required" and error.message == UNNAMED:
        return f"{label} is missing"
    return str(error.messages[0])
