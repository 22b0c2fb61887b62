"""What an editor would find in a published edition before readers do."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from django.db.models import QuerySet
from django.utils.html import strip_tags

from apps.core.markdown import pictures_in
from apps.core.readability import reading_age
from apps.modules.actions import find_problems
from apps.modules.content import Citation, EditionContent, content_models
from apps.modules.models import Edition, Fact, Page
from apps.modules.texts import place_of, texts_of
from apps.quizzes.models import Question, Quiz
from apps.quizzes.queries import QuestionPaper, paper_of
from apps.scenarios.models import Scenario, Scene

OLDEST_READER = 14  # years
LONG_ENOUGH_TO_MEASURE = 60  # words
GIVEAWAY_LENGTH = 1.5  # times the mean length of the other options
QUALIFIERS = re.compile(r"\b(usually|often|may|might|can|sometimes|generally|normally|in most cases|unless)\b", re.I)
ABSOLUTE_ANSWERS = re.compile(r"\b(all|none|both|neither) of (the above|these|them)\b", re.I)
SOURCE_LINK = re.compile(r"\]\(#source-(?P<key>[^)]+)\)")


@dataclass(frozen=True)
class Problem:
    """Something to put right, and where."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def check_edition(edition: Edition) -> list[Problem]:
    """Every problem of one edition."""
    checks: Sequence[Callable[[Edition], Iterable[Problem]]] = (
        _publishable,
        _pictures,
        _source_links,
        _citations,
        _replaced_sources,
        _reading_ages,
        _questions,
    )
    return [problem for check in checks for problem in check(edition)]


def check_facts(editions: QuerySet[Edition]) -> list[Problem]:
    """Facts that nothing in these editions teaches, and rows that name a fact that does not exist."""
    taught = set(facts_taught(editions))
    known = set(Fact.objects.values_list("key", flat=True))
    problems = [Problem(f"Fact {key}", "nothing teaches it") for key in sorted(known - taught, key=_in_order)]
    return problems + [Problem(f"Fact {key}", "is named but does not exist") for key in sorted(taught - known)]


def facts_taught(editions: QuerySet[Edition]) -> Iterator[str]:
    """The keys of the facts that pages, scenes and questions of these editions teach."""
    for model in (Page, Scene, Question):
        for facts in model._base_manager.filter(edition__in=editions).values_list("facts", flat=True):
            yield from facts.split()


def check_positions(papers: Iterable[QuestionPaper]) -> list[Problem]:
    """Keys of single-best questions that stand too often at the same place in the file."""
    places = Counter(
        number
        for paper in papers
        if paper.question.kind == "single"
        for number, option in enumerate(paper.options, start=1)
        if option.is_key
    )
    total = places.total()
    return [
        Problem("Single-best questions", f"{count} of {total} keys stand at place {place} of their file")
        for place, count in places.items()
        if total >= 6 and count > max(3, total / 3)
    ]


def papers_of(edition: Edition) -> list[QuestionPaper]:
    """Every question of an edition, with its options."""
    return [paper for page in edition.page_set.filter(kind="quiz") for paper in paper_of(page).questions]


def _in_order(key: str) -> tuple[str, list[int]]:
    return key[0], [int(number) for number in re.findall(r"\d+", key)]


def _publishable(edition: Edition) -> Iterator[Problem]:
    """What would keep it from being published."""
    for problem in find_problems(edition):
        yield Problem(str(edition), problem.text)


def _pictures(edition: Edition) -> Iterator[Problem]:
    """Pictures that say nothing to somebody who cannot see them. Those that are not there keep it from publication."""
    for row, _, text in texts_of(edition):
        for name, alternative in pictures_in(text):
            if len(alternative.split()) < 3:
                yield Problem(place_of(row), f"the picture {name} has no alternative text")


def _source_links(edition: Edition) -> Iterator[Problem]:
    """Links to a source that is not listed there: only pages and debriefs list what they cite."""
    listed: dict[tuple[EditionContent, str], set[str]] = {
        (page, "body"): {source.key for source in page.sources.all()}
        for page in edition.page_set.filter(kind="reading").prefetch_related("sources")
    } | {
        (scenario, "guidance"): {source.key for source in scenario.sources.all()}
        for scenario in Scenario.objects.filter(edition=edition).prefetch_related("sources")
    }
    for row, field, text in texts_of(edition):
        for link in SOURCE_LINK.finditer(text):
            if link["key"] not in listed.get((row, field), set()):
                yield Problem(place_of(row), f"the text refers to the source {link['key']}, which it does not cite")


def _citations(edition: Edition) -> Iterator[Problem]:
    """What rests on nothing."""
    for page in edition.page_set.filter(kind="reading", sources=None):
        yield Problem(place_of(page), "cites no source")
    for scenario in Scenario.objects.filter(edition=edition, sources=None).exclude(guidance=""):
        yield Problem(place_of(scenario), "its guidance cites no source")
    for scene in Scene.objects.filter(edition=edition, choices__isnull=False).distinct().prefetch_related("sources"):
        if not scene.teaching_point:
            yield Problem(place_of(scene), "has no teaching point")
        elif not scene.sources.all():
            yield Problem(place_of(scene), "its teaching point cites no source")


def _replaced_sources(edition: Edition) -> Iterator[Problem]:
    """A source that has been replaced stands alone: history is shown beside what replaced it."""
    for model in content_models():
        if not issubclass(model, Citation):
            continue
        rows: dict[int, list[Citation]] = {}
        for citation in model._base_manager.filter(edition=edition).select_related("source", model.owner):
            rows.setdefault(getattr(citation, f"{model.owner}_id"), []).append(citation)
        for citations in rows.values():
            cited = {citation.source_id for citation in citations}
            for citation in citations:
                if citation.source.superseded_by_id and citation.source.superseded_by_id not in cited:
                    owner = getattr(citation, model.owner)
                    yield Problem(
                        place_of(owner),
                        f"cites {citation.source.key}, which has been replaced, without what replaced it",
                    )


def _reading_ages(edition: Edition) -> Iterator[Problem]:
    """What a tired reader has to read twice."""
    for where, text in _what_is_read(edition):
        age = reading_age(text)
        if len(text.split()) >= LONG_ENOUGH_TO_MEASURE and age > OLDEST_READER:
            yield Problem(where, f"its reading age is {age}; the limit is {OLDEST_READER}")


def _what_is_read(edition: Edition) -> Iterator[tuple[str, str]]:
    """Each page, case, scene and question as plain text, with all that is shown of it sooner or later."""
    for page in edition.page_set.filter(kind="reading"):
        yield place_of(page), _plain(page.body_html)
    for scenario in Scenario.objects.filter(edition=edition):
        yield place_of(scenario), _plain(scenario.role_html + scenario.guidance_html)
    for quiz in Quiz.objects.filter(edition=edition):
        yield place_of(quiz), _plain(quiz.introduction_html)
    for scene in Scene.objects.filter(edition=edition).prefetch_related("parts", "choices"):
        told = [f"{choice.text}<p>{choice.consequence_html}</p>" for choice in scene.choices.all()]
        parts = [f"<p>{part.text}</p>" for part in scene.parts.all()]
        yield place_of(scene), _plain("".join([scene.body_html, *parts, *told, scene.teaching_point_html]))
    for paper in papers_of(edition):
        options = [f"<p>{option.text}</p><p>{option.feedback}</p>" for option in paper.options]
        text = "".join([paper.question.stem_html, *options, paper.question.rationale_html])
        yield place_of(paper.question), _plain(text)


def _plain(html: str) -> str:
    return unescape(strip_tags(re.sub(r"</(p|li|h\d|td|th|div|figcaption)>", ".\n", html)))


def _questions(edition: Edition) -> Iterator[Problem]:
    """Questions without a reason, without a source, or with a key that shows."""
    for paper in papers_of(edition):
        question, where = paper.question, place_of(paper.question)
        if not question.rationale.strip():
            yield Problem(where, "has no rationale")
        if not question.sources.exists():
            yield Problem(where, "cites no source")
        for option in paper.options:
            if not option.feedback.strip():
                yield Problem(where, f"the option “{option}” has no feedback")
            if ABSOLUTE_ANSWERS.search(option.text):
                yield Problem(where, f"the option “{option}” answers for the others")
        yield from _giveaways(where, paper)


def _giveaways(where: str, paper: QuestionPaper) -> Iterator[Problem]:
    keyed = [option for option in paper.options if option.is_key]
    others = [option for option in paper.options if not option.is_key]
    if not keyed or not others:
        return
    mean = sum(len(option.text) for option in others) / len(others)
    for option in keyed:
        if len(option.text) > GIVEAWAY_LENGTH * mean:
            yield Problem(where, f"the key “{option}” is more than {GIVEAWAY_LENGTH} times as long as the others")
    if all(QUALIFIERS.search(option.text) for option in keyed) and not any(
        QUALIFIERS.search(option.text) for option in others
    ):
        yield Problem(where, "only the key has a qualifier")
