from django.apps import AppConfig
from django.core import checks


class ModulesConfig(AppConfig):
    name = "apps.modules"

    def ready(self) -> None:
        from apps.accounts import log
        from apps.modules.log import published
        from apps.modules.system_checks import check_page_kinds

        checks.register(check_page_kinds)
        log.register(published)
