from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "apps.certificates"

    def ready(self) -> None:
        from apps.accounts import closing  # noqa: PLC0415  # models are ready only now
        from apps.certificates import actions, queries  # noqa: PLC0415

        closing.register(closing.Erasure(erase=actions.withdraw, stays=queries.codes_of_learner))
