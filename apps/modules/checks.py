"""What is to be put right in an edition: in what all content has, and what each kind of page finds in its own."""

import re
from collections.abc import Iterable, Iterator

from django.db import models

from apps.core.markdown import pictures_in
from apps.core.pictures import picture_url
from apps.core.readability import reading_age
from apps.modules import page_kinds
from apps.modules.content import Citation, EditionContent, content_links, content_models
from apps.modules.models import Edition, Page, Source
from apps.modules.problems import Level, Problem, error, warning
from apps.modules.texts import pictures_of, texts_of, where_is

OLDEST_READER = 14  # years
LONG_ENOUGH_TO_MEASURE = 60  # words
FEWEST_WORDS = 3  # that tell somebody who cannot see a picture what is in it
SOURCE_LINK = re.compile(r"\]\(#source-(?P<key>[^)]+)\)")


def find_problems(edition: Edition) -> list[Problem]:
    """What is to be put right in an edition."""
    checks = (
        _outline,
        _missing_pictures,
        _kinds,
        _mute_pictures,
        _source_links,
        _replaced_sources,
        _reading_ages,
    )
    return [problem for check in checks for problem in check(edition)]


def find_warnings(edition: Edition) -> list[Problem]:
    """What an editor would find; it keeps nothing from being published."""
    return [problem for problem in find_problems(edition) if problem.level is Level.WARNING]


def problem_of(row: EditionContent, text: str, level: Level = Level.WARNING) -> Problem:
    """A problem of a row, which the text says: `Page “Bare” (bare): cites no source.`"""
    page, block = _page_and_block(row)
    return Problem(level, page, block, f"{where_is(row)}: {text}.")


def _page_and_block(row: EditionContent) -> tuple[str, str]:
    """The key of the page that a row stands on, and its own; empty where it has none, or is that page."""
    block = "" if isinstance(row, Page) else getattr(row, "key", "")
    above: EditionContent | None = row
    while above is not None and not isinstance(above, Page):
        linked = [getattr(above, field.name) for field in content_links(type(above))]
        above = next(filter(None, linked), None)  # what a row belongs to stands first
    return above.key if above else "", block


def _outline(edition: Edition) -> Iterator[Problem]:
    """An edition leads to a certificate, by pages of known kinds."""
    if not edition.outcomes:
        yield error("The edition has no learning outcomes.")
    pages = list(edition.page_set.all())
    if not any(page.is_required for page in pages):
        yield error("The edition has no page that is needed for the certificate.")
    known = {kind.name for kind in page_kinds.all_kinds()}
    for page in pages:
        if page.kind not in known:
            yield error(f"Page “{page}” is of an unknown kind: {page.kind}.", page.key)


def _kinds(edition: Edition) -> Iterable[Problem]:
    return (problem for kind in page_kinds.all_kinds() for problem in kind.problems(edition))


def _missing_pictures(edition: Edition) -> Iterator[Problem]:
    for row, name in pictures_of(edition):
        if picture_url(name) is None:
            what = f"the picture {name} does not exist"
            if isinstance(row, EditionContent):
                yield problem_of(row, what, Level.ERROR)
            else:
                yield error(f"{where_is(row)}: {what}.")


def _mute_pictures(edition: Edition) -> Iterator[Problem]:
    """Pictures that say nothing to somebody who cannot see them."""
    for row, _, text in texts_of(edition):
        for name, alternative in pictures_in(text):
            if len(alternative.split()) < FEWEST_WORDS:
                yield problem_of(row, f"the picture {name} has no alternative text")


def _source_links(edition: Edition) -> Iterator[Problem]:
    """Links that lead nowhere: to a source that there is not, or that is not listed on the page."""
    known, cited = set(Source.objects.values_list("key", flat=True)), _citations(edition)
    for row, field, text in texts_of(edition):
        citations = cited.get((type(row), row.pk), []) if field == row.lists_sources_below else []
        listed = {citation.source.key for citation in citations}
        for link in SOURCE_LINK.finditer(text):
            key = link["key"]
            if key not in known:
                yield problem_of(row, f"the text refers to the source {key}, which does not exist", Level.ERROR)
            elif key not in listed:
                yield problem_of(row, f"the text refers to the source {key}, which it does not cite", Level.ERROR)


def _replaced_sources(edition: Edition) -> Iterator[Problem]:
    """A source that has been replaced stands alone: history is shown beside what replaced it."""
    for citations in _citations(edition).values():
        cited = {citation.source_id for citation in citations}
        for citation in citations:
            if citation.source.superseded_by_id and citation.source.superseded_by_id not in cited:
                what = f"cites {citation.source.key}, which has been replaced, without what replaced it"
                yield problem_of(getattr(citation, citation.owner), what)


def _citations(edition: Edition) -> dict[tuple[type[models.Model], int], list[Citation]]:
    """The citations of each row, by its model and its id."""
    rows: dict[tuple[type[models.Model], int], list[Citation]] = {}
    for model in content_models():
        if issubclass(model, Citation):
            for citation in model._base_manager.filter(edition=edition).select_related("source", model.owner):
                owner = getattr(citation, model.owner)
                rows.setdefault((type(owner), owner.pk), []).append(citation)
    return rows


def _reading_ages(edition: Edition) -> Iterator[Problem]:
    """What a tired reader has to read twice."""
    for text in (text for kind in page_kinds.all_kinds() for text in kind.texts(edition)):
        if len(text.text.split()) >= LONG_ENOUGH_TO_MEASURE and (age := reading_age(text.text)) > OLDEST_READER:
            what = f"its reading age is {age}; the limit is {OLDEST_READER}"
            yield warning(f"{text.where}: {what}.", text.page, text.block)
