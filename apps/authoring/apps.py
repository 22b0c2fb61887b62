from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "apps.authoring"

    def ready(self) -> None:
        from apps.authoring.raw_saves import keep  # models are ready only now
        from apps.modules import raw_saves

        raw_saves.register(keep)
