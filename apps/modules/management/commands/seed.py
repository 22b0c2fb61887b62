"""`manage.py seed`: load the course, and in development the demo accounts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.base import DeserializationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from apps.accounts.models import User
from apps.modules.content import content_models
from apps.modules.models import Edition, Fact, Module, Seeding, Source
from apps.modules.parts import Part
from apps.modules.rendering import render_anew

FIXTURES: Path = settings.BASE_DIR / "fixtures"
DEMO_PASSWORD = "look-twice-2026"  # noqa: S105  # development only; refused elsewhere
ADMINISTRATOR = "admin@example.org"  # the first account, whom nothing is refused
DEMO_PEOPLE = (
    ("trainee@example.org", "Sam Trainee", ""),
    ("author@example.org", "Ari Author", "Author"),
    ("reviewer@example.org", "Rae Reviewer", "Reviewer"),
    ("publisher@example.org", "Paz Publisher", "Publisher"),
    ("educator@example.org", "Edi Educator", "Educator"),
    (ADMINISTRATOR, "Ada Administrator", "Administrator"),
)


class Command(BaseCommand):
    """Load what is new in `fixtures/`, beside what authors did. Running it again changes nothing."""

    help = "Load the course from fixtures/; with --demo also the demo accounts (only while DEVELOPMENT is on)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="Make the demo accounts and print them.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"] and not settings.IS_DEVELOPMENT:
            raise CommandError("Demo accounts are for development: they exist only while DEVELOPMENT is on.")
        render_anew(timezone.now())
        try:
            self._load_course()
        except DeserializationError as error:
            raise CommandError(str(error)) from error
        if changed := _changed_rows():
            self.stdout.write(f"Left alone, since somebody changed them: {', '.join(changed)}.")
        self.stdout.write(f"The course is there: {Edition.objects.published().count()} published editions.")
        if options["demo"]:
            self._make_demo_people()

    def _load_course(self) -> None:
        """Load what is new. Where an edition is, what all share is compared before: somebody may have deleted of it."""
        shared, *parts = _parts()
        waiting = [part for part in parts if not self._is_left_alone(part) and not part.is_loaded]
        if waiting or not shared.is_loaded:
            self._load(shared)
        for part in waiting:
            self._load(part)

    def _load(self, part: Part) -> None:
        """Load a part of the course. Reading and rendering come before the transaction, which keeps others waiting."""
        fixtures = part.read()
        with transaction.atomic():
            Module.objects.lock(slug=part.slug)
            if self._is_left_alone(part):  # an author has just published
                return
            seeding, _ = Seeding.objects.select_for_update().get_or_create(
                name=part.name, defaults={"seeded_at": timezone.now()}
            )
            before = _sizes(Edition.objects.published().values_list("pk", flat=True))
            for rows in fixtures:
                rows.save()
            _refuse_new_rows(before)
            seeding.digest, seeding.seeded_at = part.digest, timezone.now()
            seeding.save()

    def _is_left_alone(self, part: Part) -> bool:
        """Whether the database keeps what it has instead; then it is said."""
        why = part.why_left_alone()
        if why:
            self.stdout.write(f"Left alone: {part.name}. {why}")
        return bool(why)

    def _make_demo_people(self) -> None:
        self.stdout.write(f"Demo accounts, password “{DEMO_PASSWORD}”:")
        for email, name, role in DEMO_PEOPLE:
            user = User.objects.filter(email=email).first()
            if user is None:
                user = User.objects.create_user(
                    email,
                    DEMO_PASSWORD,
                    full_name=name,
                    is_staff=bool(role),
                    is_superuser=email == ADMINISTRATOR,
                )
                user.groups.set(Group.objects.filter(name=role))
            self.stdout.write(f"  {email:24} {role.lower() or 'trainee'}")


def _parts() -> list[Part]:
    """What the course is loaded from: shared fixtures first, then each edition's folder."""
    folders = [path for path in FIXTURES.iterdir() if path.is_dir() and any(path.glob("*.yaml"))]
    editions = sorted((Part.of_edition(folder) for folder in folders), key=lambda part: (part.slug, part.number))
    newest = {part.slug: part.number for part in editions}
    for part in editions:
        part.is_newest = part.number == newest[part.slug]
    return [Part("shared", sorted(FIXTURES.glob("*.yaml"))), *editions]


def _changed_rows() -> list[str]:
    """What all editions share and somebody has changed since a fixture brought it: `source gmc-2024`."""
    changed = []
    for model in (Module, Source, Fact):
        rows = model._base_manager.exclude(seeded_digest="").select_related(*(field.name for field in model.links()))
        words = [f"{model._meta.verbose_name} {row.natural_key()[0]}" for row in rows if not row.is_as_seeded]
        changed += sorted(words)
    return changed


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
