from django.apps import AppConfig

from apps.modules import page_kinds


class ProgressConfig(AppConfig):
    name = "apps.progress"

    def ready(self) -> None:
        from apps.accounts import closing
        from apps.modules import queries
        from apps.progress import actions
        from apps.progress.queries import counts_of_learner

        closing.register(closing.Erasure(erase=actions.erase, goes=counts_of_learner))
        page_kinds.register(
            page_kinds.PageKind(
                name="reading",
                label="Reading",
                plural="Readings",
                url_name="progress:reading",
                citations=queries.citations_of_pages,
            )
        )
