"""`manage.py seed`: load the course, and in development the demo accounts."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.base import DeserializationError
from django.db import transaction
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
        with transaction.atomic():
            before = _sizes_of_published_editions()
            try:
                for name, files in _parts():
                    self._load(name, files)
            except DeserializationError as error:
                raise CommandError(str(error)) from error
            after = _sizes_of_published_editions()
            for edition, size in before.items():
                if after[edition] != size:
                    raise CommandError(
                        f"The fixtures bring new rows for {Edition.objects.get(pk=edition)}, which is published. "
                        "Give their edition the next number."
                    )
        self.stdout.write(f"The course is there: {len(after)} published editions.")
        if options["demo"]:
            self._make_demo_people()

    def _load(self, name: str, files: list[Path]) -> None:
        """Load a part of the course, unless these very files have been loaded before."""
        digest = hashlib.sha256(f"{markdown.VERSION}".encode())
        for path in files:
            digest.update(path.read_bytes())
        if Seeding.objects.filter(name=name, digest=digest.hexdigest()).exists():
            return
        call_command("loaddata", *map(str, files), verbosity=0)
        told = {"digest": digest.hexdigest(), "seeded_at": timezone.now()}
        Seeding.objects.update_or_create(name=name, defaults=told)

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


def _sizes_of_published_editions() -> dict[int, int]:
    """How many content rows each published edition has."""
    sizes = dict.fromkeys(Edition.objects.published().values_list("pk", flat=True), 0)
    for model in content_models():
        for edition in model._base_manager.filter(edition__in=sizes).values_list("edition", flat=True):
            sizes[edition] += 1
    return sizes
