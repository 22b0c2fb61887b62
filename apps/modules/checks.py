"""What is to be put right in an edition: in what all content has, and what each kind of page finds in its own.

Documents are judged, be they read from rows or pasted: what is needed beside them is in `Known`.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from apps.core.markdown import MAX_LENGTH, pictures_in, reveals_in, slips_in
from apps.core.readability import reading_age
from apps.core.words import listed
from apps.modules import page_kinds
from apps.modules.document import Document, EditionDocument
from apps.modules.known import Known, read_known
from apps.modules.limits import refusals
from apps.modules.models import Edition, Page
from apps.modules.page_kinds import PageKind
from apps.modules.patients import details_in
from apps.modules.problems import Level, Problem, error, warning
from apps.modules.rows import read_documents, read_edition_document
from apps.modules.said import Said, said_of_edition, said_of_page

ALL = tuple(Level)
OLDEST_READER = 14  # years
LONG_ENOUGH_TO_MEASURE = 60  # words
FEWEST_WORDS = 3  # that tell somebody who cannot see a picture what is in it
SOURCE_LINK = re.compile(r"\]\(#source-(?P<key>[^()\n]{1,100})\)")


@dataclass(frozen=True)
class Judged:
    """A page of a kind, or the edition itself, and what is known beside it."""

    kind: str
    document: Document | EditionDocument
    known: Known

    @property
    def key(self) -> str:
        """The page's; empty for the edition."""
        return self.document.head.key if isinstance(self.document, Document) else ""

    @property
    def page_kind(self) -> PageKind:
        """The kind; of one that is unknown, no more is judged than what all content has."""
        return self.known.kinds.get(self.kind) or PageKind()

    @cached_property
    def said(self) -> Sequence[Said]:
        """What each of its rows says."""
        if isinstance(self.document, EditionDocument):
            return (said_of_edition(self.document),)
        return (said_of_page(self.document), *self.page_kind.said(self.document))

    def find(self, what: str, said: Said, level: Level = Level.WARNING) -> Problem:
        """A problem of one of its rows."""
        return said.problem(self.key, what, level)


Check = Callable[[Judged], Iterable[Problem]]


def find_problems(edition: Edition) -> list[Problem]:
    """What is to be put right in an edition."""
    return _find(edition, Level.ERROR, Level.WARNING)


def find_errors(edition: Edition) -> list[Problem]:
    """What keeps an edition from being published."""
    return _find(edition, Level.ERROR)


def find_warnings(edition: Edition) -> list[Problem]:
    """What an editor would find; it keeps nothing from being published."""
    return _find(edition, Level.WARNING)


def _find(edition: Edition, *levels: Level) -> list[Problem]:
    if strange := find_strange_rows(edition):
        return [problem for problem in strange if problem.level in levels]
    known = read_known()
    pages = [(page.kind, document) for page, document in read_documents([edition])[edition.pk]]
    return find_problems_in(read_edition_document(edition), pages, known, levels)


def find_strange_rows(edition: Edition) -> list[Problem]:
    """What is wrong with rows that no document can say: while anything is, the documents are not judged."""
    return [problem for kind in page_kinds.all_kinds() for problem in kind.problems_of_rows(edition)]


def find_problems_in(
    edition: EditionDocument, pages: Sequence[tuple[str, Document]], known: Known, levels: Collection[Level] = ALL
) -> list[Problem]:
    """What is to be put right in an edition that these documents say: each page with the name of its kind."""
    judged = [Judged("", edition, known), *(Judged(kind, document, known) for kind, document in pages)]
    problems = find_errors_together(edition, pages, known) if Level.ERROR in levels else []
    return problems + _judge(judged, levels)


def find_errors_together(
    edition: EditionDocument, pages: Sequence[tuple[str, Document]], known: Known
) -> list[Problem]:
    """What keeps an edition from being published that shows only when its pages are seen together."""
    return [*_leads_to_a_certificate(edition, pages, known)]


def find_problems_of(
    kind: str, document: Document | EditionDocument, known: Known, levels: Collection[Level] = ALL
) -> list[Problem]:
    """What is to be put right in a page of this kind, or in what an edition says of itself, whatever stands beside."""
    judged = Judged(kind, document, known)
    if any(len(text.text) > MAX_LENGTH for said in judged.said for text in said.texts):
        return find_unstorable(kind, document, known) if Level.ERROR in levels else []  # not read: it could take long
    return _judge([judged], levels)


def find_unstorable(kind: str, document: Document | EditionDocument, known: Known) -> list[Problem]:
    """What not even a draft can hold of this."""
    judged = Judged(kind, document, known)
    refused = ((said, refusal) for said in judged.said for refusal in refusals(said, in_draft=True))
    return [judged.find(refusal, said, Level.ERROR) for said, refusal in refused] + [*_unknown_sources(judged)]


def _judge(judged: Sequence[Judged], levels: Collection[Level]) -> list[Problem]:
    checks = [check for level in Level if level in levels for check in CHECKS[level]]
    return [problem for check in checks for one in judged for problem in check(one)]


def _leads_to_a_certificate(
    edition: EditionDocument, pages: Sequence[tuple[str, Document]], known: Known
) -> Iterator[Problem]:
    """An edition leads to a certificate, by pages of known kinds."""
    if not edition.outcomes:
        yield error("The edition has no learning outcomes.")
    if not any(document.head.is_required for _, document in pages):
        yield error("The edition has no page that is needed for the certificate.")
    for kind, document in pages:
        if kind not in known.kinds:
            yield error(f"Page “{document.head.title}” is of an unknown kind: {kind}.", document.head.key)


def _kinds_errors(judged: Judged) -> Iterable[Problem]:
    return judged.page_kind.errors(judged.document) if isinstance(judged.document, Document) else ()


def _kinds_warnings(judged: Judged) -> Iterable[Problem]:
    return judged.page_kind.warnings(judged.document) if isinstance(judged.document, Document) else ()


def _refused_by_models(judged: Judged) -> Iterator[Problem]:
    """What cannot be stored as it is, or would show where something should stand."""
    for said in judged.said:
        yield from (judged.find(refusal, said, Level.ERROR) for refusal in refusals(said))


def _minutes(judged: Judged) -> Iterator[Problem]:
    """A page takes a minute: learners see the sum."""
    if isinstance(judged.document, Document) and judged.document.head.minutes == 0:
        yield judged.find("takes 0 minutes and must take 1 at least", judged.said[0], Level.ERROR)


def _missing_pictures(judged: Judged) -> Iterator[Problem]:
    for said in judged.said:
        for name in [*(name for name, _ in _shown(said)), *said.pictures]:
            if not judged.known.has_picture(name):
                yield judged.find(f"the picture {name} does not exist", said, Level.ERROR)


def _mute_pictures(judged: Judged) -> Iterator[Problem]:
    """Pictures that say nothing to somebody who cannot see them."""
    for said in judged.said:
        for name, alternative in _shown(said):
            if len(alternative.split()) < FEWEST_WORDS:
                yield judged.find(f"the picture {name} has no alternative text", said)


def _shown(said: Said) -> Iterator[tuple[str, str]]:
    """The name and the alternative text of each picture in its texts."""
    for text in said.texts:
        if text.is_markdown and "![" in text.text:  # most texts have none, and need not be parsed
            yield from pictures_in(text.text)


def _reveals(judged: Judged) -> Iterator[Problem]:
    """Questions to the reader that have no answer, or that stand where something else is asked."""
    for said in judged.said:
        for text in said.texts:
            found = [*reveals_in(text.text)] if text.is_markdown and ":::" in text.text else []
            if found and said.model is not Page:
                yield judged.find(f"its {text.field} has a reveal, which belongs on a reading page", said)
            elif not all(found):
                yield judged.find("has a reveal without an answer, or an answer outside of a reveal", said)


def _slips(judged: Judged) -> Iterator[Problem]:
    """Colons by which an author meant something else: what should be closed is not, or they show."""
    for said in judged.said:
        for text in said.texts:
            if text.is_markdown and ":::" in text.text:
                for slip in dict.fromkeys(slips_in(text.text)):
                    yield judged.find(f"its {text.field} has {slip}", said)


def _source_links(judged: Judged) -> Iterator[Problem]:
    """Links that lead nowhere: to a source that there is not, or that is not listed on the page."""
    for said in judged.said:
        for text in said.texts:
            for link in SOURCE_LINK.finditer(text.text) if text.is_markdown else ():
                if (key := link["key"]) not in judged.known.sources:
                    what = f"the text refers to the source {key}, which does not exist"
                    yield judged.find(what, said, Level.ERROR)
                elif key not in text.sources:
                    yield judged.find(f"the text refers to the source {key}, which it does not cite", said, Level.ERROR)


def _unknown_sources(judged: Judged) -> Iterator[Problem]:
    for said in judged.said:
        for key, times in Counter(said.sources).items():
            if key not in judged.known.sources:
                yield judged.find(f"cites the source {key}, which does not exist", said, Level.ERROR)
            if times > 1:
                yield judged.find(f"cites the source {key} {times} times", said, Level.ERROR)


def _replaced_sources(judged: Judged) -> Iterator[Problem]:
    """A source that has been replaced stands alone: history is shown beside what replaced it."""
    for said in judged.said:
        for key in said.sources:
            newer = judged.known.sources.get(key)
            if newer and newer not in said.sources:
                yield judged.find(f"cites {key}, which has been replaced, without what replaced it", said)


def _unknown_facts(judged: Judged) -> Iterator[Problem]:
    for said in judged.said:
        for key in said.facts:
            if key not in judged.known.facts:
                yield judged.find(f"names the fact {key}, which does not exist", said)


def _details_of_patients(judged: Judged) -> Iterator[Problem]:
    """What could tell who a patient is: a course is read by everybody."""
    for said in judged.said:
        for text in said.texts:
            if found := [*details_in(text.text)]:
                yield judged.find(f"its {text.field} has what looks like {listed(found)}", said)


def _reading_ages(judged: Judged) -> Iterator[Problem]:
    """What a tired reader has to read twice."""
    texts = judged.page_kind.texts(judged.document) if isinstance(judged.document, Document) else ()
    for text in texts:
        if len(text.text.split()) >= LONG_ENOUGH_TO_MEASURE and (age := reading_age(text.text)) > OLDEST_READER:
            what = f"its reading age is {age}; the limit is {OLDEST_READER}"
            yield warning(f"{text.where}: {what}.", judged.key, text.block)


CHECKS: dict[Level, Sequence[Check]] = {
    Level.ERROR: (
        _refused_by_models,
        _minutes,
        _kinds_errors,
        _missing_pictures,
        _source_links,
        _unknown_sources,
    ),
    Level.WARNING: (
        _kinds_warnings,
        _mute_pictures,
        _reveals,
        _slips,
        _replaced_sources,
        _unknown_facts,
        _details_of_patients,
        _reading_ages,
    ),
}
