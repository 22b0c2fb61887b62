"""What a learner sends from a quiz."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from apps.quizzes.scoring import Given

FOREIGN_OPTION = "That answer does not belong to this question. Choose from those below"
HOME, LEAVE, CHECK = "home", "leave", "check"


def as_text(given: Given) -> str:
    """An answer as the page carries it, to know afterwards whether it was changed there."""
    return " ".join(sorted(f"{key}={rank or ''}" for key, rank in given.items()))


class AttemptForm(forms.Form):
    """Which attempt the page was showing."""

    attempt = forms.IntegerField(min_value=1, max_value=100_000)


class AnswerForm(AttemptForm):
    """An answer to a question; whether it is complete is the question's own rule.

    `go` is what a button that leads away says: the number of a question, or one of the places above. Without it, what
    was pressed is “Save and go on”. `was` is the answer that was stored when the page was shown.
    """

    go = forms.ChoiceField(required=False, error_messages={"invalid_choice": "There is no such place in this quiz"})

    def __init__(self, keys: Sequence[str], positions: Iterable[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = keys
        places = [HOME, LEAVE, CHECK, *map(str, positions)]
        self.fields["go"].choices = [(place, place) for place in places]  # type: ignore[attr-defined]

    def given(self) -> Given:
        """The answer, when the form is valid."""
        raise NotImplementedError

    def shown(self) -> Given:
        """What was sent, as far as it can be shown again."""
        raise NotImplementedError


class SelectForm(AnswerForm):
    """The options that were chosen."""

    option = forms.MultipleChoiceField(required=False, error_messages={"invalid_choice": FOREIGN_OPTION})

    def __init__(self, keys: Sequence[str], positions: Iterable[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(keys, positions, *args, **kwargs)
        self.fields["option"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]

    def given(self) -> Given:
        return dict.fromkeys(self.cleaned_data["option"])

    def shown(self) -> Given:
        sent = self.data.getlist("option")  # type: ignore[attr-defined]
        return dict.fromkeys(key for key in self.keys if key in sent)


class RankForm(AnswerForm):
    """A position for each option, in fields named `rank-<key>`."""

    def __init__(self, keys: Sequence[str], positions: Iterable[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(keys, positions, *args, **kwargs)
        for key in keys:
            self.fields[f"rank-{key}"] = forms.IntegerField(required=False, min_value=1, max_value=len(keys))

    def given(self) -> Given:
        ranks = {key: self.cleaned_data[f"rank-{key}"] for key in self.keys}
        return {key: rank for key, rank in ranks.items() if rank is not None}

    def shown(self) -> Given:
        ranks = {str(rank): rank for rank in range(1, len(self.keys) + 1)}
        sent = {key: ranks.get(self.data.get(f"rank-{key}", "")) for key in self.keys}
        return {key: rank for key, rank in sent.items() if rank is not None}


ANSWER_FORMS: dict[str, type[AnswerForm]] = {
    "single": SelectForm,
    "multiple": SelectForm,
    "choose": SelectForm,
    "rank": RankForm,
}
