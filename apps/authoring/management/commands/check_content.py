"""`manage.py check_content`: what an editor must put right in the published course."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.authoring import checks
from apps.core.words import counted
from apps.modules.models import Edition, Fact


class Command(BaseCommand):
    """Check the current edition of every module; fail when anything is wrong."""

    help = "Check the current edition of every module for what an editor would find."

    def handle(self, *args: Any, **options: Any) -> None:
        editions = Edition.objects.current()
        problems = []
        papers = []
        for edition in editions:
            found = checks.check_edition(edition)
            papers += checks.papers_of(edition)
            self.stdout.write(f"{edition}: {counted(len(found), 'problem', 'problems')}")
            problems += found
        problems += checks.check_positions(papers)
        problems += checks.check_facts(editions)
        for problem in problems:
            self.stderr.write(str(problem))
        facts = Fact.objects.count()
        taught = len(set(checks.facts_taught(editions)) & set(Fact.objects.values_list("key", flat=True)))
        self.stdout.write(f"{taught} of {facts} facts are taught, {len(papers)} questions asked.")
        if problems:
            raise CommandError(f"{counted(len(problems), 'problem', 'problems')}.")
