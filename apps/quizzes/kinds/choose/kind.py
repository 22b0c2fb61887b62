from apps.quizzes.kinds.choose.scoring import ChooseThree
from apps.quizzes.kinds.selecting import SelectingKind


class Choose(ChooseThree, SelectingKind):
    """Situational judgement: the most appropriate actions."""

    name = "choose"
    label = "Situational judgement: choose three"
    blind_guess = "4.5 of 12 for a choice of three"

    def instruction(self, select: int) -> str:
        return f"Choose the {select} most appropriate actions"
