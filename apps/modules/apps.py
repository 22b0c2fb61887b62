from django.apps import AppConfig
from django.core import checks


class ModulesConfig(AppConfig):
    name = "apps.modules"

    def ready(self) -> None:
        from apps.modules.system_checks import check_page_kinds  # noqa: PLC0415  # models are ready only now

        checks.register(check_page_kinds)
