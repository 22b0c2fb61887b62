from django.apps import AppConfig

from apps.accounts import keeping
from apps.modules import page_kinds


class ScenariosConfig(AppConfig):
    name = "apps.scenarios"

    def ready(self) -> None:
        from apps.scenarios import problems, queries, tasting

        page_kinds.register(
            page_kinds.PageKind(
                name="scenario",
                label="Case",
                plural="Cases",
                url_name="scenarios:scenario",
                under_way=queries.under_way,
                problems=problems.find_problems,
                empty=queries.empty,
                assessment=queries.assessment,
                tasters=queries.tasters,
                waiting=tasting.waiting,
                citations=queries.citations,
            )
        )
        keeping.register("scenarios:keep", tasting.keep_on_signing_in)
