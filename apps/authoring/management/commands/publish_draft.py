"""`manage.py publish_draft`: publish the draft of a module, for whoever keeps a course in files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.authoring.queries import find_publisher
from apps.core.words import normalised
from apps.modules.actions import NotPublishableError, publish
from apps.modules.checks import find_warnings
from apps.modules.models import Edition

LONGEST_NOTE = Edition._meta.get_field("change_note").max_length or 0


class Command(BaseCommand):
    """Publish the draft of a module; fail with what keeps it from being published."""

    help = "Publish the draft of a module."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("module", help="The module's slug.")
        parser.add_argument("--note", default="", help="What has changed, in learners' words.")
        parser.add_argument("--by", required=True, metavar="E-MAIL", help="Who publishes it.")

    def handle(self, *args: Any, **options: Any) -> None:
        note = normalised(options["note"])
        if len(note) > LONGEST_NOTE:
            raise CommandError(f"The note has {len(note):,} characters and may have {LONGEST_NOTE:,} at most.")
        draft = Edition.objects.drafts().filter(module__slug=options["module"]).first()
        if draft is None:
            raise CommandError(f"The module {options['module']} has no draft.")
        by = find_publisher(options["by"])
        if by is None:
            raise CommandError(f"{options['by']} is nobody who may publish modules.")
        try:
            published = publish(draft, by, timezone.now(), note)
        except NotPublishableError as error:
            raise CommandError("\n".join(["Not published:", *error.problems])) from error
        if (published.published_by, published.change_note) != (by, note):
            raise CommandError(f"Somebody else has published it meanwhile, without your note: {published}.")
        for warning in find_warnings(published):
            self.stderr.write(f"Warning: {warning}")
        self.stdout.write(f"Published: {published}.")
