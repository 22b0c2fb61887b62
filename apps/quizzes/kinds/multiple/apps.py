from django.apps import AppConfig

from apps.quizzes import question_kinds


class MultipleConfig(AppConfig):
    name = "apps.quizzes.kinds.multiple"
    label = "quizzes_multiple"

    def ready(self) -> None:
        from apps.quizzes.kinds.multiple.kind import Multiple

        question_kinds.register(Multiple())
