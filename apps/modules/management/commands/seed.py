"""`manage.py seed`: load the course, and in development the demo accounts."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core import serializers
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.base import DeserializationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from apps.accounts.models import User
from apps.core import markdown
from apps.modules.content import content_models
from apps.modules.models import Edition, Seeding

FIXTURES: Path = settings.BASE_DIR / "fixtures"
DEMO_PASSWORD = "look-twice-2026"  # noqa: S105  # development only; refused elsewhere
DEMO_PEOPLE = (
    ("trainee@example.org", "Sam Trainee", None),
    ("author@example.org", "Ari Author", "Authors"),
    ("educator@example.org", "Edi Educator", "Educators"),
    ("admin@example.org", "Ada Administrator", "administrator"),
)


class Command(BaseCommand):
    """Load every fixture in `fixtures/`, in the order of their names. Running it again changes nothing."""

    help = "Load the course from fixtures/; with --demo also the demo accounts (only while DEVELOPMENT is on)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="Make the demo accounts and print them.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"] and not settings.IS_DEVELOPMENT:
            raise CommandError("Demo accounts are for development: they exist only while DEVELOPMENT is on.")
        try:
            for name, files in _parts():
                self._load(name, [path.read_bytes() for path in files])
        except DeserializationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The course is there: {Edition.objects.published().count()} published editions.")
        if options["demo"]:
            self._make_demo_people()

    def _load(self, name: str, files: list[bytes]) -> None:
        """Load a part of the course, unless these very files have been loaded before.

        Reading and rendering come before the transaction, which keeps everybody else's saves waiting on SQLite.
        """
        digest = hashlib.sha256(b"".join([f"{markdown.VERSION}".encode(), *files])).hexdigest()
        if Seeding.objects.filter(name=name, digest=digest).exists():
            return
        fixtures = [rows for file in files for rows in serializers.deserialize("yaml", file)]
        with transaction.atomic():
            seeding, _ = Seeding.objects.select_for_update().get_or_create(
                name=name, defaults={"seeded_at": timezone.now()}
            )
            if seeding.digest == digest:  # somebody else has just loaded it
                return
            before = _sizes(Edition.objects.published().values_list("pk", flat=True))
            for rows in fixtures:
                rows.save()
            _refuse_new_rows(before)
            seeding.digest, seeding.seeded_at = digest, timezone.now()
            seeding.save()

    def _make_demo_people(self) -> None:
        self.stdout.write(f"Demo accounts, password “{DEMO_PASSWORD}”:")
        for email, name, role in DEMO_PEOPLE:
            user = User.objects.filter(email=email).first()
            if user is None:
                user = User.objects.create_user(
                    email,
                    DEMO_PASSWORD,
                    full_name=name,
                    is_staff=role is not None,
                    is_superuser=role == "administrator",
                )
                user.groups.set(Group.objects.filter(name=role))
            self.stdout.write(f"  {email:24} {role or 'trainee'}")


def _parts() -> list[tuple[str, list[Path]]]:
    """What the course is loaded from: shared fixtures first, then each edition's folder."""
    folders = sorted(path for path in FIXTURES.iterdir() if path.is_dir())
    parts = [("shared", FIXTURES), *((folder.name, folder) for folder in folders)]
    return [(name, files) for name, folder in parts if (files := sorted(folder.glob("*.yaml")))]


def _sizes(editions: Iterable[int]) -> dict[int, int]:
    """How many content rows each of these editions has."""
    sizes = dict.fromkeys(editions, 0)
    for model in content_models():
        rows = model._base_manager.filter(edition__in=sizes).order_by().values_list("edition")
        for edition, count in rows.annotate(Count("pk")):
            sizes[edition] += count
    return sizes


def _refuse_new_rows(before: dict[int, int]) -> None:
    """CommandError when an edition that was published already has more rows than before."""
    for edition, size in _sizes(before).items():
        if before[edition] != size:
            raise CommandError(
                f"The fixtures bring new rows for {Edition.objects.get(pk=edition)}, which is published. "
                "Give their edition the next number."
            )
