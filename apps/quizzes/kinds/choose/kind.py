from apps.quizzes.key_editors import SomeRight
from apps.quizzes.kinds.choose.scoring import ChooseThree
from apps.quizzes.kinds.selecting import SelectingKind


class ThreeOfEight(SomeRight):
    """Three of eight are right, always."""

    ready = 8
    select = 3
    asks_how_many = False


class Choose(ChooseThree, SelectingKind):
    """Situational judgement: the most appropriate actions."""

    name = "choose"
    label = "Situational judgement: choose three"
    key_editor = ThreeOfEight()
    blind_guess = "4 or 5 of 12 where you choose three"
    short = "choose three"

    def instruction(self, select: int) -> str:
        return f"Choose the {select} most appropriate actions"
