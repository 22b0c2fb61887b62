from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "apps.scenarios"

    def ready(self) -> None:
        from apps.accounts import keeping  # noqa: PLC0415  # models are ready only now
        from apps.modules import page_kinds  # noqa: PLC0415
        from apps.scenarios import tasting  # noqa: PLC0415
        from apps.scenarios.page_kind import CasePage  # noqa: PLC0415

        page_kinds.register(CasePage())
        keeping.register("scenarios:try_keep", tasting.keep_on_signing_in)
