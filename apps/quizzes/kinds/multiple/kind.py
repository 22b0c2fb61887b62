from apps.quizzes.key_editors import SomeRight
from apps.quizzes.kinds.multiple.scoring import MultipleResponse
from apps.quizzes.kinds.selecting import SelectingKind


class Multiple(MultipleResponse, SelectingKind):
    """So many options are right."""

    name = "multiple"
    label = "Multiple response"
    short = "several answers"
    key_editor = SomeRight()

    def instruction(self, select: int) -> str:
        return f"Select {select}"
