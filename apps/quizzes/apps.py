from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "apps.quizzes"

    def ready(self) -> None:
        from apps.accounts import closing
        from apps.modules import page_kinds
        from apps.quizzes import actions
        from apps.quizzes.page_kind import QuizPage

        closing.register(closing.Erasure(erase=actions.erase))
        page_kinds.register(QuizPage())
