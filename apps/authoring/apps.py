from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "apps.authoring"

    def ready(self) -> None:
        from apps.accounts import closing  # models are ready only now
        from apps.accounts.factors import demand
        from apps.authoring import queries, reporting, roles
        from apps.progress import notices

        closing.register(
            closing.Erasure(
                erase=reporting.take_name_off_reports, goes=queries.names_on_reports, stays=queries.words_of_reports
            )
        )
        demand.register(*roles.HARMFUL)
        notices.register(queries.new_answers)
