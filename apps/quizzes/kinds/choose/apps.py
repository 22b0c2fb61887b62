from django.apps import AppConfig

from apps.quizzes import question_kinds


class ChooseConfig(AppConfig):
    name = "apps.quizzes.kinds.choose"
    label = "quizzes_choose"

    def ready(self) -> None:
        from apps.quizzes.kinds.choose.kind import Choose

        question_kinds.register(Choose())
