from collections import Counter
from typing import Any

from django import forms

from apps.quizzes.forms.answering import AnswerForm
from apps.quizzes.scoring import Given


class RankForm(AnswerForm):
    """A position for each option, in fields named `rank-<key>`."""

    answer_fields = ("rank-",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for option in self.options:
            field = forms.IntegerField(required=False, min_value=1, max_value=len(self.options))
            self.fields[f"rank-{option.key}"] = field

    def given(self) -> Given:
        return self._ranked({option.key: self.cleaned_data[f"rank-{option.key}"] for option in self.options})

    def sent(self) -> Given:
        ranks = {str(rank): rank for rank in range(1, len(self.options) + 1)}
        sent = {option.key: self.posted.get(f"rank-{option.key}", "") for option in self.options}
        return self._ranked({key: ranks.get(text) for key, text in sent.items()})

    def wrong(self, given: Given) -> set[str]:
        """Options without a position, and those that share one."""
        times = Counter(given.values())
        return {option.key for option in self.options if times[given.get(option.key)] != 1}

    @staticmethod
    def _ranked(ranks: Given) -> Given:
        return {key: rank for key, rank in ranks.items() if rank is not None}
