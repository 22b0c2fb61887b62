from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "apps.scenarios"

    def ready(self) -> None:
        from apps.accounts import keeping
        from apps.modules import page_kinds
        from apps.scenarios import tasting
        from apps.scenarios.page_kind import CasePage

        page_kinds.register(CasePage())
        keeping.register("scenarios:try_keep", tasting.keep_on_signing_in)
        keeping.register("scenarios:moved_keep", tasting.keep_on_signing_in)
