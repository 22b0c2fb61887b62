from django.apps import AppConfig

from apps.quizzes import question_kinds


class RankConfig(AppConfig):
    name = "apps.quizzes.kinds.rank"
    label = "quizzes_rank"

    def ready(self) -> None:
        from apps.quizzes.kinds.rank.kind import Rank

        question_kinds.register(Rank())
