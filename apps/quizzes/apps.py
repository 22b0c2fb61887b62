from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "apps.quizzes"

    def ready(self) -> None:
        from apps.accounts import closing  # noqa: PLC0415  # models are ready only now
        from apps.modules import page_kinds  # noqa: PLC0415
        from apps.quizzes import actions  # noqa: PLC0415
        from apps.quizzes.page_kind import QuizPage  # noqa: PLC0415

        closing.register(closing.Erasure(erase=actions.erase))
        page_kinds.register(QuizPage())
