from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from apps.accounts import closing, log, rights
        from apps.accounts.factors import actions, queries, removal

        closing.register(closing.Erasure(erase=actions.erase, goes=queries.words_of))
        log.register(rights.changes)
        log.register(removal.removals)
