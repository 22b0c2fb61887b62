"""What is to be put right in a quiz, as its document says it: what cannot be asked, no reason, a key that shows."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from apps.core.markdown import plain_of
from apps.core.words import listed
from apps.modules.page_kinds import Text
from apps.modules.problems import Problem, error, warning
from apps.modules.said import Said, quoted, said_of, where_is
from apps.quizzes import models, question_kinds
from apps.quizzes.document import Option, Question, QuizDocument
from apps.quizzes.key_editors import letter
from apps.quizzes.scoring import Key
from apps.quizzes.sets import Set, sets_of

GIVEAWAY_LENGTH = 1.4  # times the mean length of the other options
QUALIFIERS = re.compile(r"\b(usually|often|may|might|can|sometimes|generally|normally|in most cases|unless)\b", re.I)
ABSOLUTE_ANSWERS = re.compile(r"\b(all|none|both|neither) of (the above|these|them)\b", re.I)
FEWEST_KEYS = 6  # that tell whether they stand in one place too often


def said_in(document: QuizDocument) -> Iterator[Said]:
    """The quiz, and each of its rows."""
    yield Said(models.Quiz, "", _where_is_quiz(document), {"introduction": document.introduction})
    for question in document.questions:
        yield _said_of_question(question)
        for option in question.options:
            yield said_of(option, models.Option, option.text, told=frozenset({"feedback"}))


def texts_of(document: QuizDocument) -> Iterable[Text]:
    """The introduction, and each question with all that is shown of it sooner or later."""
    yield Text("", _where_is_quiz(document), plain_of(document.introduction))
    for question in document.questions:
        options = [text for option in question.options for text in (option.text, option.feedback)]
        yield Text(question.key, _where_is(question), plain_of(question.stem, *options, question.rationale))


def find_errors(document: QuizDocument) -> Iterable[Problem]:
    """What keeps a quiz from being published."""
    page, quiz = document.head.key, f"Quiz {quoted(document.head.title)}"
    if not 0 <= document.pass_percent <= 100:
        yield error(f"{quiz}: its pass mark is {document.pass_percent}% and must lie between 0% and 100%.", page)
    if not document.questions:
        yield error(f"{quiz} has no questions.", page)
    elif not any(_counts(question) for question in document.questions):
        yield error(f"{quiz} has no question that counts towards the pass mark.", page)
    for number, question in enumerate(document.questions, start=1):
        for text in _obstacles(question):
            yield error(f"{quiz}: question {number} {text}.", page, question.key)


def find_warnings(document: QuizDocument) -> Iterable[Problem]:
    """What is to be put right in each question, though it could be asked."""
    for question in document.questions:
        for text in (*_wants(question), *_giveaways(question.options)):
            yield warning(f"{_where_is(question)}: {text}.", document.head.key, question.key)
    for question, first in _called_alike(document.questions):
        what = f"it has the same name as question {first}. Learners tell questions apart by their names"
        yield warning(f"{_where_is(question)}: {what}.", document.head.key, question.key)
    for found in sets_of(document.questions):
        places = _places_of_keys(found)
        if 1 < len(found) == len(places) and len(set(places)) == 1:
            what = f"answer {letter(places[0])} is right in all {len(found)} questions of its set"
            yield warning(f"{_where_is(found[0])}: {what}.", document.head.key, found[0].key)


@dataclass(frozen=True)
class Noticed:
    """What an author may like to know of a set, though nothing is to be put right."""

    text: str
    is_fine: bool = False


def noticed_in(found: Set) -> Iterator[Noticed]:
    """Where the right answers of a set stand, and which answers are nobody's."""
    if len(found) < 2:
        return
    right = {place for question in found for place, option in enumerate(question.options) if option.is_key}
    idle = [letter(place) for place in range(len(found[0].options)) if place not in right]
    if idle:
        are = "s {} are" if len(idle) > 1 else " {} is"
        yield Noticed(f"Answer{are.format(listed(idle))} right in no question of this set. A few may be.")
    places = _places_of_keys(found)
    if len(places) == len(found) and len(set(places)) > 1:
        where = listed([letter(place) for place in places])
        yield Noticed(f"The right answers do not stand in one place: {where}.", is_fine=True)


def _places_of_keys(found: Set) -> list[int]:
    """Where the key of each question stands, from 0, if it has one alone."""
    keys = [[place for place, option in enumerate(question.options) if option.is_key] for question in found]
    return [places[0] for places in keys if len(places) == 1]


def keys_in_one_place(edition_ids: Collection[int]) -> Iterable[Problem]:
    """Keys of single-best questions that stand too often in the same place of their file."""
    kinds = [kind.name for kind in question_kinds.all_kinds() if kind.has_one_key]
    options = models.Option.objects.filter(edition__in=edition_ids, question__kind__in=kinds).order_by(
        "question", "position"
    )
    last, place, places = None, 0, Counter[int]()
    for question, is_key in options.values_list("question", "is_key"):
        last, place = question, place + 1 if question == last else 1
        places[place] += is_key
    total = places.total()
    for place, count in places.items():
        if total >= FEWEST_KEYS and count > max(3, total / 3):
            yield warning(f"Single-best questions: {count} of {total} keys stand at place {place} of their file.")


def _where_is_quiz(document: QuizDocument) -> str:
    return where_is(models.Quiz, document.head.key)


def _where_is(question: Question) -> str:
    return where_is(models.Question, question.key)


def _said_of_question(question: Question) -> Said:
    said = said_of(question, models.Question, told=frozenset({"rationale"}))
    values = {name: value for name, value in said.values.items() if name != "kind"}  # `_obstacles` tells of that
    return replace(said, values=values)


def _counts(question: Question) -> bool:
    """Whether its marks count towards the pass mark."""
    return question_kinds.is_known(question.kind) and question_kinds.get(question.kind).chance is None


def _obstacles(question: Question) -> Iterator[str]:
    """What keeps a question from being asked."""
    if (question.panel_size is None) != (question.panel_agreed_on is None):
        yield "must name of its panel both the size and the date, or neither"
    elif question.panel_size == 0:
        yield "has a panel of nobody"
    if not question_kinds.is_known(question.kind):
        yield f"is of an unknown kind: {question.kind}"
        return
    key = Key(
        frozenset(option.key for option in question.options if option.is_key),
        {option.key: option.rank for option in question.options if option.rank},
        {option.key: option.also_rank for option in question.options if option.also_rank},
    )
    if question.select < 1:
        yield f"asks for {question.select} options and must ask for 1 at least"
    elif problem := question_kinds.get(question.kind).problem(key, len(question.options), question.select):
        yield problem


def _wants(question: Question) -> Iterator[str]:
    if not question.title:
        yield "has no name for lists and results"
    if not question.rationale:
        yield "has no rationale"
    if not question.sources:
        yield "cites no source"
    for alike in _alike(question.options):
        yield f"{len(alike)} of its options say the same: {quoted(alike[0].text)}"
    for option in question.options:
        if not option.feedback:
            yield f"the option “{option.text}” has no feedback"
        if ABSOLUTE_ANSWERS.search(option.text):
            yield f"the option “{option.text}” answers for the others"


def _called_alike(questions: Sequence[Question]) -> Iterator[tuple[Question, int]]:
    """Questions with the same name as one before them, and the number of that one."""
    numbers: dict[str, int] = {}
    for number, question in enumerate(questions, start=1):
        first = numbers.setdefault(_folded(question.title), number)
        if question.title and first != number:
            yield question, first


def _folded(text: str) -> str:
    """Words without what blanks and capitals make of them."""
    return " ".join(text.lower().split())


def _alike(options: Sequence[Option]) -> Iterator[list[Option]]:
    """Options whose words are the same but for blanks and capitals."""
    by_words: dict[str, list[Option]] = {}
    for option in options:
        by_words.setdefault(_folded(option.text), []).append(option)
    yield from (found for words, found in by_words.items() if words and len(found) > 1)


def _giveaways(options: Sequence[Option]) -> Iterator[str]:
    keyed = [option for option in options if option.is_key]
    others = [option for option in options if not option.is_key]
    if not keyed or not others:
        return
    mean = sum(len(option.text) for option in others) / len(others)
    for option in keyed:
        if len(option.text) > GIVEAWAY_LENGTH * mean:
            yield f"the key “{option.text}” is more than {GIVEAWAY_LENGTH} times as long as the others"
    if all(QUALIFIERS.search(option.text) for option in keyed) and not any(
        QUALIFIERS.search(option.text) for option in others
    ):
        yield "only the key has a qualifier"
