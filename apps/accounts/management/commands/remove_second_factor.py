"""`manage.py remove_second_factor`: for a lost device, where no second administrator can confirm it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.accounts.factors import removal
from apps.accounts.fields import one_spelling
from apps.accounts.models import User


class Command(BaseCommand):
    """Remove somebody's second factor and end their sessions; they are told by e-mail, and the log says so."""

    help = "Remove somebody's second factor and end their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="E-MAIL", help="Whose it is.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=one_spelling(options["email"]), closed_at=None).first()
        if person is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        if not removal.remove_on_server(person, timezone.now()):
            raise CommandError(f"{person.email} has no second factor.")
        self.stdout.write(f"Removed. {person.email} signs in with the password and is told by e-mail.")
