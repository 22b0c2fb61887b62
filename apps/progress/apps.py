from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "apps.progress"

    def ready(self) -> None:
        from apps.accounts import closing  # noqa: PLC0415  # models are ready only now
        from apps.modules import page_kinds  # noqa: PLC0415
        from apps.progress import actions  # noqa: PLC0415
        from apps.progress.page_kind import Reading  # noqa: PLC0415
        from apps.progress.queries import counts_of_learner  # noqa: PLC0415

        closing.register(closing.Erasure(erase=actions.erase, goes=counts_of_learner))
        page_kinds.register(Reading())
