from django.apps import AppConfig


class SingleConfig(AppConfig):
    name = "apps.quizzes.kinds.single"
    label = "quizzes_single"

    def ready(self) -> None:
        from apps.quizzes import question_kinds  # noqa: PLC0415  # models are ready only now
        from apps.quizzes.kinds.single.kind import Single  # noqa: PLC0415

        question_kinds.register(Single())
