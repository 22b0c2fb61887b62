from collections import Counter
from typing import Any

from django import forms

from apps.quizzes.forms.answering import AnswerForm, Row
from apps.quizzes.scoring import Given

BEST = "1 is the best thing to do."


class RankForm(AnswerForm):
    """A place for each option, in fields named `rank-<key>`.

    The page shows an order from the start: the one in which the options come, until another is stored. It is no answer
    before it has been sent: a button that leads away leaves it where it is.
    """

    answer_fields = ("rank-",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for option in self.options:
            strange = f"There is no such place. Choose one from 1 to {len(self.options)}"
            told = dict.fromkeys(("invalid", "min_value", "max_value"), strange)
            field = forms.IntegerField(required=False, min_value=1, max_value=len(self.options), error_messages=told)
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

    @property
    def shown(self) -> Given:
        return self.stored or {option.key: place for place, option in enumerate(self.options, start=1)}

    @property
    def rows(self) -> list[Row]:
        """As they are ranked; those without a place come last."""
        return sorted(super().rows, key=lambda row: row.rank or len(self.options) + 1)

    @property
    def problems(self) -> list[dict[str, str]]:
        """What is wrong; whoever placed some of them is told that nothing else is lost."""
        kept = ". Everything else is kept." if self.sent() else ""
        return [problem | {"text": f"{problem['text']}{kept}"} for problem in super().problems]

    @property
    def instruction(self) -> str:
        return f"{self._order} Give each its place, 1 to {len(self.options)}: {BEST}"

    @property
    def how_to_move(self) -> str:
        """What is to be done where a script moves them."""
        return f"{self._order} Move them until it is yours: {BEST}"

    @property
    def _order(self) -> str:
        is_theirs = self.is_bound or self.stored
        return "This is how you placed them." if is_theirs else "This is the order they came in."

    @staticmethod
    def _ranked(ranks: Given) -> Given:
        return {key: rank for key, rank in ranks.items() if rank is not None}
