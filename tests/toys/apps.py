from django.apps import AppConfig


class ToysConfig(AppConfig):
    name = "tests.toys"

    def ready(self) -> None:
        from apps.modules import page_kinds  # noqa: PLC0415  # models are ready only now
        from tests.toys.page_kind import Toy  # noqa: PLC0415

        page_kinds.register(Toy())
