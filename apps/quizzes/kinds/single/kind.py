from apps.quizzes.key_editors import OneRight
from apps.quizzes.kinds.selecting import SelectingKind, SelectOneForm
from apps.quizzes.kinds.single.scoring import SingleBest


class Single(SingleBest, SelectingKind):
    """One option is the best answer."""

    name = "single"
    label = "Single best answer"
    form_class = SelectOneForm
    key_editor = OneRight()
    has_one_key = True
    short = "one best answer"

    def instruction(self, select: int) -> str:
        return "Choose one answer"
