"""What is wrong with a field, in words that name it."""

from django import template
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms import Field

register = template.Library()

UNNAMED = Field.default_error_messages["required"]
TOO_LONG = MaxLengthValidator.message


@register.filter
def naming(error: ValidationError, label: str) -> str:
    """The words of one error of a field. Django's own for an empty one do not say which it is, and those for one that
    is too long are stiff; ours, if any, stand as they are.
    """
    if error.code == "required" and error.message == UNNAMED:
        return f"{label} is missing"
    if error.message is TOO_LONG and error.params:
        return f"Too long: room for {error.params['limit_value']} characters, and it has {error.params['show_value']}"
    return str(error.messages[0])
