"""What a learner decides in a scene."""

from typing import Any

from django import forms

NOT_A_CHOICE = "That choice is not part of this scene. Choose one of those below"
GONE = "What you had chosen waited for two hours, or until you started again, and is gone. This is the beginning."
TOO_LONG = "That is as far as a case goes without an account. Start again, or create an account and keep this"


class ChooseForm(forms.Form):
    """One of the scene's choices; `decision` says which decision of the walk the page was showing.

    A button that leads away sends the form too, with `go`: then nothing is decided.
    """

    is_kept = False  # it holds what was sent after the session had ended

    decision = forms.IntegerField(min_value=1, max_value=1000, widget=forms.HiddenInput)
    choice = forms.CharField(max_length=80, error_messages={"required": "Choose what you do, then press “Do this”"})

    def clean(self) -> dict[str, Any]:
        """A number that is none came from no page of ours: the scene is shown again, with something to read."""
        if "decision" in self.errors and "choice" not in self.errors:
            self.add_error("choice", NOT_A_CHOICE)
        return self.cleaned_data


class GoBackForm(forms.Form):
    """A decision to go back to."""

    decision = forms.IntegerField(min_value=1, max_value=1000)


class GoBackInVisitForm(GoBackForm):
    """A decision of one of a visitor's walks to go back to; of the one they are on, where nothing is said."""

    playthrough = forms.IntegerField(min_value=1, max_value=2, required=False)


class GoBackInPlaythroughForm(GoBackForm):
    """A decision of one of the learner's playthroughs to go back to."""

    playthrough = forms.IntegerField(min_value=1, max_value=100_000)
