"""The name on a certificate, and the code on one."""

from django import forms

from apps.accounts.names import NameFormField
from apps.certificates import codes


class NameForm(forms.Form):
    """How the learner's name should appear."""

    name = NameFormField(
        label="Name on the certificate",
        help_text="In any letters. It cannot be changed after the certificate has been issued.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name as it should appear on the certificate"},
    )


class CheckForm(forms.Form):
    """A certificate's code, however it was typed, or a text that it stands in."""

    code = forms.CharField(
        label="Certificate code",
        max_length=codes.LONGEST_INPUT,
        help_text="26 letters and figures, at the foot of the certificate; or the address that stands there. "
        "Spaces, dashes and capitals do not matter.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter the code that stands on the certificate",
            "max_length": codes.TOO_LONG,
            "null_characters_not_allowed": "There are signs in this text that no code has. Enter only the code",
        },
    )

    always_begins_alike = True  # for `{% component %}`

    def clean_code(self) -> str:
        reading = codes.read(self.cleaned_data["code"])
        if reading.code is None:
            raise forms.ValidationError(reading.problem)
        return reading.code
