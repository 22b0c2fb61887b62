"""What a learner sends from a module's page."""

from django import forms


class StartForm(forms.Form):
    """The number of the edition that the page was showing."""

    edition = forms.IntegerField(min_value=1, max_value=100_000)
