from django.apps import AppConfig

from apps.modules import page_kinds


class ProgressConfig(AppConfig):
    name = "apps.progress"

    def ready(self) -> None:
        from apps.modules import queries  # noqa: PLC0415  # models are ready only now

        page_kinds.register(
            page_kinds.PageKind(
                name="reading",
                label="Reading",
                plural="Readings",
                url_name="progress:reading",
                citations=queries.citations_of_pages,
            )
        )
