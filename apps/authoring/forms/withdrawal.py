"""What publishers say when they withdraw an edition."""

from django import forms

from apps.modules.forms import area, text_of
from apps.modules.models import Withdrawal


class EditionNumberForm(forms.Form):
    """Which edition of a module is meant; the newest, where none is named."""

    edition = forms.IntegerField(min_value=1, max_value=100_000, required=False)


class WithdrawForm(forms.Form):
    """Why an edition is withdrawn."""

    reason = text_of(
        Withdrawal,
        "reason",
        label="Why it is withdrawn",
        widget=area(5),
        help_text="Learners read this, and so does everybody who comes to its pages. Say what is wrong, and what holds "
        "instead. Plain text, at most 600 characters; it cannot be changed later.",
    )
