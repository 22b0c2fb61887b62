from django.apps import AppConfig

from apps.quizzes import question_kinds


class SingleConfig(AppConfig):
    name = "apps.quizzes.kinds.single"
    label = "quizzes_single"

    def ready(self) -> None:
        from apps.quizzes.kinds.single.kind import Single

        question_kinds.register(Single())
