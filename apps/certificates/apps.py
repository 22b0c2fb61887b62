from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "apps.certificates"

    def ready(self) -> None:
        from apps.accounts import closing, log
        from apps.certificates import actions, queries
        from apps.progress import finishing

        closing.register(closing.Erasure(erase=actions.withdraw, stays=queries.codes_of_learner))
        log.register(queries.revoked)
        finishing.register(finishing.Finish(url=queries.finish_url, issued=queries.issued))
