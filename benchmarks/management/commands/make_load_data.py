"""`manage.py make_load_data --settings=benchmarks.settings`: as many learners as a large service has.

It lives in the benchmark and not in an app: it needs the models of all of them, and a product in use must not have it.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.core.words import counted
from benchmarks import load_data
from benchmarks.course import find_contents
from benchmarks.load_data import Amounts


class Command(BaseCommand):
    """Store many learners with what they did, for measuring. Nothing takes them away again but the database's end."""

    help = "Store many learners with what they did, in a database that is only for measuring."

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Amounts()
        parser.add_argument("--learners", type=int, default=usual.learners)
        parser.add_argument("--responses", type=int, default=usual.responses, help="At least; attempts are whole.")
        parser.add_argument("--decisions", type=int, default=usual.decisions, help="At least; walks are whole.")
        parser.add_argument("--into", metavar="NAME", help="The database, where there are people, or in production.")

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_harm(options["into"])
        amounts = Amounts(options["learners"], options["responses"], options["decisions"])
        try:
            load_data.make(find_contents(), amounts, timezone.now())
        except (load_data.WrongAmountsError, LookupError) as error:
            raise CommandError(str(error)) from error
        load_data.analyse()
        self.stdout.write(f"Stored {amounts.learners} learners with what they did.")


def _refuse_harm(into: str | None) -> None:
    """It needs a database without people while DEVELOPMENT is on; any other must be called by its name."""
    name = str(connection.settings_dict["NAME"])
    if into is not None and into != name:
        raise CommandError(f"The database is not called {into}, but {name}.")
    if load_data.exists():
        raise CommandError("The learners are there already.")
    if into is None and not settings.IS_DEVELOPMENT:
        raise CommandError(f"DEVELOPMENT is off. If this database is only for measuring, say --into {name}")
    if into is None and (people := User.objects.count()):
        told = counted(people, "person has an account", "people have accounts")
        raise CommandError(f"{told.capitalize()} here. If all may be lost in the crowd, say --into {name}")
