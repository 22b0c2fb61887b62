from django.apps import AppConfig


class ChooseConfig(AppConfig):
    name = "apps.quizzes.kinds.choose"
    label = "quizzes_choose"

    def ready(self) -> None:
        from apps.quizzes import question_kinds  # noqa: PLC0415  # models are ready only now
        from apps.quizzes.kinds.choose.kind import Choose  # noqa: PLC0415

        question_kinds.register(Choose())
