from django.apps import AppConfig

from apps.modules import page_kinds


class QuizzesConfig(AppConfig):
    name = "apps.quizzes"

    def ready(self) -> None:
        from apps.accounts import closing
        from apps.quizzes import actions, queries

        closing.register(closing.Erasure(erase=actions.erase))
        page_kinds.register(
            page_kinds.PageKind(
                name="quiz",
                label="Quiz",
                plural="Quizzes",
                url_name="quizzes:quiz",
                under_way=queries.under_way,
                problems=queries.find_problems,
                empty=queries.empty,
                assessment=queries.assessment,
                citations=queries.citations,
            )
        )
