"""`manage.py outline`: pages as text, for whoever keeps a course in files."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.authoring import actions, queries
from apps.authoring.models import Revision
from apps.modules import outline, page_kinds
from apps.modules.actions import OlderEditionError, start_draft
from apps.modules.comparison import Change, Mark, Verb
from apps.modules.content import ForeignLinkError
from apps.modules.models import Edition, Module
from apps.modules.outline_lines import Fault
from apps.modules.problems import Level
from apps.modules.published import PublishedContentError

MARKS = {Mark.KEPT: "{}", Mark.TAKEN_OUT: "[-{}-]", Mark.PUT_IN: "{{+{}+}}"}

TOLD = (  # what an author can put right, or has happened beside them
    *(actions.NoDraftError, actions.OtherKindError, actions.UnstorableError, queries.UnknownKindError),
    *(PublishedContentError, OlderEditionError, ForeignLinkError),
)


class Command(BaseCommand):
    """Print a page or a module as text, check such a text, or write it into the module's draft."""

    help = "Print a page or a module as text, check such a text, or write it into the module's draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("module", nargs="?", help="The module's slug.")
        parser.add_argument("page", nargs="?", help="The page's key; without it the whole module is printed.")
        parser.add_argument("--draft", action="store_true", help="Print the draft instead of the edition in force.")
        parser.add_argument("--history", action="store_true", help="List what was saved of the page, the newest first.")
        parser.add_argument("--revision", type=int, metavar="N", help="Print what was saved under this number.")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--check", metavar="FILE", help="Say what is wrong with a text.")
        way.add_argument("--into", nargs=2, metavar=("MODULE", "FILE"), help="Write a text into the module's draft.")
        parser.add_argument("--by", metavar="E-MAIL", help="Who writes it (with --into).")
        parser.add_argument("--dry-run", action="store_true", help="Only show what would change (with --into).")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._handle(options)
        except TOLD as error:
            raise CommandError(str(error)) from error

    def _handle(self, options: dict[str, Any]) -> None:
        _refuse_what_does_not_go_together(options)
        if options["check"] is not None:
            self._check(_read(options["check"]))
        elif options["into"]:
            slug, file = options["into"]
            self._write(_module(slug), _read(file), options)
        elif options["history"] or options["revision"] is not None:
            self._look_back(_module(options["module"]), options["page"] or "", options["revision"])
        elif options["module"]:
            self.stdout.write(_text(_module(options["module"]), options["page"], is_draft=options["draft"]), ending="")
        else:
            raise CommandError("Name a module, or say --check FILE or --into MODULE FILE.")

    def _look_back(self, module: Module, page: str, number: int | None) -> None:
        """What was saved of a page, or without one of the edition itself: a list, or the text of one."""
        revisions = Revision.objects.filter(module=module, page_key=page).select_related("by").order_by("-pk")
        if number is None:
            for saved in revisions.defer("text"):
                by, at = f", {saved.by}" if saved.by else "", timezone.localtime(saved.at)
                self.stdout.write(f"{saved.pk}: {saved.get_verb_display()}, {at:%-d %B %Y %H:%M}{by}")
            return
        revision = revisions.filter(pk=number).first()
        if revision is None:
            raise CommandError(f"Nothing was saved of this page under the number {number}.")
        self.stdout.write(revision.text_now, ending="")

    def _check(self, text: actions.Text) -> None:
        for remark in (*text.notes, *queries.remarks_of(text)):
            self.stdout.write(remark)
        problems = queries.problems_of(text)
        for problem in problems:
            self.stdout.write(f"{problem.level.value.capitalize()}: {problem}")
        if any(problem.level is Level.ERROR for problem in problems):
            raise CommandError("This could not be published.")
        if not problems:
            self.stdout.write("Nothing is wrong.")

    @transaction.atomic
    def _write(self, module: Module, text: actions.Text, options: dict[str, Any]) -> None:
        if isinstance(text, outline.ParsedModule) and text.slug != module.slug:
            raise CommandError(f"The text is of the module {text.slug}, not of {module.slug}.")
        by = queries.find_author(options["by"]) if options["by"] else None
        if options["by"] and by is None:
            raise CommandError(f"{options['by']} is nobody who may write modules.")
        step = actions.Stamp(by, timezone.now())
        written = actions.write_text(_draft(module), text, step)
        for note in text.notes:
            self.stdout.write(note)
        for sheet in written:
            self.stdout.writelines(_told(sheet))
        if not any(sheet.changes for sheet in written):
            self.stdout.write("Nothing has changed.")
        if options["dry_run"]:
            transaction.set_rollback(True)
            self.stdout.write("Nothing was stored.")


def _refuse_what_does_not_go_together(options: dict[str, Any]) -> None:
    for name in ("module", "page", "by"):
        value = options[name]
        if value is not None and (not value or not value.isprintable()):
            raise CommandError(f"This is no {name}: “{value!a}”.")
    looks, has_file = options["history"] or options["revision"] is not None, options["check"] is not None
    if looks and not options["module"]:
        raise CommandError("Name the module.")
    if (has_file or options["into"]) and (options["module"] or looks or options["draft"]):
        raise CommandError("With --check or --into nothing is printed: name no page beside them.")
    if not options["into"] and (options["by"] or options["dry_run"]):
        raise CommandError("--by and --dry-run go with --into.")


def _read(name: str) -> actions.Text:
    """What a file says, or standard input for `-`. CommandError with everything that cannot be read."""
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else open(name, "rb") as file:
            data = file.read(outline.MODULE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise CommandError(f"“{name}” cannot be read: {error}.") from error
    decoded = outline.decode(data)
    if isinstance(decoded, Fault):
        raise CommandError(str(decoded))
    text = outline.read(decoded, page_kinds.all_kinds())
    if text.faults:
        raise CommandError("\n".join(map(str, text.faults)))
    return text


def _module(slug: str | None) -> Module:
    try:
        return Module.objects.get(slug=slug)
    except Module.DoesNotExist:
        raise CommandError(f"There is no module {slug}.") from None


def _draft(module: Module) -> Edition:
    """The draft of a module, started from its newest edition if need be."""
    newest = Edition.objects.filter(module=module).order_by(F("number").desc(nulls_first=True)).first()
    if newest is None:
        raise CommandError(f"The module {module} has no edition yet: make its first draft in the admin.")
    return start_draft(newest)


def _text(module: Module, page: str | None, *, is_draft: bool) -> str:
    """The text of a page, or of the whole module."""
    editions = Edition.objects.drafts() if is_draft else Edition.objects.current()
    edition = editions.filter(module=module).select_related("module").first()
    if edition is None:
        raise CommandError(f"The module {module} has no {'draft' if is_draft else 'published edition'}.")
    if not page:
        return queries.text_of_module(edition)
    sheet = queries.find_sheet(edition, page)
    if sheet.document is None:
        raise CommandError(f"{edition} has no page {page}.")
    return sheet.text_of(sheet.document)


def _told(sheet: actions.Saved) -> Iterator[str]:
    """What writing a text changed on a sheet, and what there is to know."""
    if sheet.changes or sheet.notes:
        yield f"{sheet.key or 'The edition'}\n"
    yield from (f"  {note}\n" for note in sheet.notes)
    for change in sheet.changes:
        yield f"  {change.name}: {change.verb.value}\n"
        yield from (f"    {line}\n" for line in _lines(change))


def _lines(change: Change) -> Iterable[str]:
    """The lines of a reworded block that changed: `role: You are [-an-]{+a tired+} F1.`"""
    for line in change.lines if change.verb is Verb.REWORDED else ():
        told = "".join(MARKS[run.mark].format(run.text) for run in line.runs)
        yield from f"{line.where}: {told}".split("\n")
