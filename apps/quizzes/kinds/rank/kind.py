from collections.abc import Sequence
from dataclasses import dataclass

from apps.quizzes.kinds.rank.editor import Places
from apps.quizzes.kinds.rank.forms import RankForm
from apps.quizzes.kinds.rank.scoring import RankFive
from apps.quizzes.kinds.rank.words import distance, order_in_words
from apps.quizzes.models import Option
from apps.quizzes.question_kinds import Line, QuestionKind
from apps.quizzes.scoring import Given, Key


@dataclass(frozen=True)
class RankedOption:
    """An option of a ranking: its rank in the key order, and the rank it was given."""

    option: Option
    key_rank: int
    given_rank: int | None

    @property
    def is_in_place(self) -> bool:
        return self.given_rank == self.key_rank

    @property
    def told(self) -> str:
        """`You put it two places lower`."""
        return distance(self.key_rank, self.given_rank)


class Rank(RankFive, QuestionKind):
    """Situational judgement: actions in their order."""

    name = "rank"
    label = "Situational judgement: rank five"
    form_class = RankForm
    key_editor = Places()
    answer_template = "quizzes/kinds/rank/answer.html"
    result_template = "quizzes/kinds/rank/result.html"
    script = "quizzes/kinds/rank.js"
    blind_guess = "12 of 20 where you rank five"
    short = "rank five"

    def instruction(self, select: int) -> str:
        return "Give each action a place, 1 to 5: 1 is the best thing to do"

    def review(self, options: Sequence[Option], key: Key, given: Given) -> list[RankedOption]:
        """The options in the key order; of two orders, in that which the answer comes closer to."""
        ranks = self.closest_order(given, key)
        in_order = sorted((option for option in options if option.key in ranks), key=lambda option: ranks[option.key])
        return [RankedOption(option, ranks[option.key], given.get(option.key)) for option in in_order]

    def in_short(self, options: Sequence[Option], key: Key, given: Given) -> list[Line]:
        return [Line("", order_in_words(given, self.closest_order(given, key)))]
