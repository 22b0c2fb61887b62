"""The name on a certificate, and the code on one."""

import re
import unicodedata

from django import forms

from apps.certificates import codes

# Characters that reorder what follows could make a name look like another one.
REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class NameForm(forms.Form):
    """How the learner's name should appear."""

    name = forms.CharField(
        label="Name on the certificate",
        max_length=150,
        help_text="In any letters. It cannot be changed after the certificate has been issued.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name as it should appear on the certificate"},
    )

    def clean_name(self) -> str:
        """The name in composed letters (NFC), with single spaces and nothing that reorders text."""
        name = " ".join(REORDERING.sub("", unicodedata.normalize("NFC", self.cleaned_data["name"])).split())
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name


class CheckForm(forms.Form):
    """A certificate's code, however it was typed, or a text that it stands in."""

    code = forms.CharField(
        label="Certificate code",
        max_length=codes.LONGEST_INPUT,
        help_text="26 letters and figures, at the foot of the certificate; or the address that stands there. "
        "Spaces, dashes and capitals do not matter.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the code that stands on the certificate"},
    )

    def clean_code(self) -> str:
        reading = codes.read(self.cleaned_data["code"])
        if reading.code is None:
            raise forms.ValidationError(reading.problem)
        return reading.code
