"""What a reader says is wrong, and what an author answers."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.authoring.models import LONGEST_REPORT, Report
from apps.core.fields import WordsField
from apps.core.words import normalised
from apps.modules.patients import details_in

TOO_LONG = f"Say it in {LONGEST_REPORT:,} characters at the most. You have used %(show_value)s."
FOR_ONE = "Only the person who wrote reads it, on the page from which they wrote."
FOR_NOBODY = "Nobody gave a name, so only authors will read it."
STRANGE_SIGNS = "There are signs in this text that cannot be kept. Type it anew, or paste it as plain text."


class SentencesField(WordsField):
    """Some sentences; their lines are counted as a reader would."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_REPORT, **kwargs)
        self.widget.attrs["rows"] = 6
        self.error_messages |= {"max_length": TOO_LONG, "null_characters_not_allowed": STRANGE_SIGNS}


class ReportForm(forms.Form):
    """Something wrong on a page. Who is signed in may send their name with it."""

    text = SentencesField(
        label="What is wrong?",
        help_text="Say what is wrong, and where. No names of patients or colleagues, please; nothing about yourself is "
        "needed.",
        error_messages={"required": "Say what is wrong on the page"},
    )
    is_harmless = forms.BooleanField(label="This is nobody’s: send it as it is", required=False)
    is_named = forms.BooleanField(
        label="Send my name with it",
        help_text="With your name you find the answer on this page. Without it nobody knows who wrote.",
        required=False,
    )
    at = forms.Field(required=False, widget=forms.HiddenInput)  # the spot: what is none is dropped

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.is_authenticated:
            del self.fields["is_named"]
        if not any(details_in(normalised(self.data.get("text", "")))):
            del self.fields["is_harmless"]

    def clean(self) -> dict[str, Any]:
        """What looks like a patient's details is asked about once: it may be an example from the page."""
        found = ", ".join(details_in(self.cleaned_data.get("text", "")))
        if found and not self.cleaned_data.get("is_harmless"):
            self.add_error("text", f"This looks like {found}. Take it out, or tick below that it is nobody’s.")
        return self.cleaned_data


class AnswerForm(forms.Form):
    """An author's answer to a report."""

    answer = SentencesField(
        label="Your answer", error_messages={"required": "Write the answer, or close the report without one"}
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].help_text = FOR_ONE if report.by else FOR_NOBODY
