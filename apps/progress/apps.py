from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "apps.progress"

    def ready(self) -> None:
        from apps.accounts import closing
        from apps.modules import page_kinds, tiles
        from apps.progress import actions, course
        from apps.progress.page_kind import Reading
        from apps.progress.queries import counts_of_learner

        closing.register(closing.Erasure(erase=actions.erase, goes=counts_of_learner))
        page_kinds.register(Reading())
        tiles.register(course.standings_of)
