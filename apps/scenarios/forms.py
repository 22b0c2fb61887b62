"""What a learner decides in a scene."""

from django import forms


class ChooseForm(forms.Form):
    """One of the scene's choices; `decision` says which decision of the playthrough the page was showing."""

    decision = forms.IntegerField(min_value=1, max_value=1000, widget=forms.HiddenInput)
    choice = forms.CharField(max_length=80, error_messages={"required": "Choose what you do, then press “Do this”"})


class GoBackForm(forms.Form):
    """A decision to go back to; without a playthrough, of the way that a visitor went."""

    playthrough = forms.IntegerField(min_value=1, max_value=100_000, required=False)
    decision = forms.IntegerField(min_value=1, max_value=1000)
