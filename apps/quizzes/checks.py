"""What an editor would find in the questions of an edition: no reason, no source, a key that shows."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from django.db.models import QuerySet

from apps.core.markdown import plain_text
from apps.modules.checks import problem_of
from apps.modules.models import Edition
from apps.modules.page_kinds import Text
from apps.modules.problems import Problem, warning
from apps.modules.texts import where_is
from apps.quizzes import question_kinds
from apps.quizzes.models import Option, Question, Quiz

GIVEAWAY_LENGTH = 1.5  # times the mean length of the other options
QUALIFIERS = re.compile(r"\b(usually|often|may|might|can|sometimes|generally|normally|in most cases|unless)\b", re.I)
ABSOLUTE_ANSWERS = re.compile(r"\b(all|none|both|neither) of (the above|these|them)\b", re.I)
FEWEST_KEYS = 6  # that tell whether they stand in one place too often


def find_warnings(edition: Edition) -> Iterable[Problem]:
    """What is to be put right in each question, though it could be asked."""
    for question in _questions(edition).prefetch_related("sources"):
        options = list(question.options.all())
        for text in _problems_of(question, options):
            yield problem_of(question, text)


def texts_of(edition: Edition) -> Iterable[Text]:
    """Each introduction, and each question with all that is shown of it sooner or later."""
    for quiz in Quiz.objects.filter(edition=edition).select_related("page"):
        yield Text(quiz.page.key, quiz.key, where_is(quiz), plain_text(quiz.introduction_html))
    for question in _questions(edition):
        options = [f"<p>{option.text}</p><p>{option.feedback}</p>" for option in question.options.all()]
        html = "".join([question.stem_html, *options, question.rationale_html])
        yield Text(question.quiz.page.key, question.key, where_is(question), plain_text(html))


def keys_in_one_place(edition_ids: Collection[int]) -> Iterable[Problem]:
    """Keys of single-best questions that stand too often in the same place of their file."""
    kinds = [kind.name for kind in question_kinds.all_kinds() if kind.has_one_key]
    options = Option.objects.filter(edition__in=edition_ids, question__kind__in=kinds).order_by("question", "position")
    last, place, places = None, 0, Counter[int]()
    for question, is_key in options.values_list("question", "is_key"):
        last, place = question, place + 1 if question == last else 1
        places[place] += is_key
    total = places.total()
    for place, count in places.items():
        if total >= FEWEST_KEYS and count > max(3, total / 3):
            yield warning(f"Single-best questions: {count} of {total} keys stand at place {place} of their file.")


def _questions(edition: Edition) -> QuerySet[Question]:
    questions = Question.objects.filter(edition=edition).select_related("quiz__page").prefetch_related("options")
    return questions.order_by("quiz__page__position", "position")


def _problems_of(question: Question, options: Sequence[Option]) -> Iterable[str]:
    if not question.rationale.strip():
        yield "has no rationale"
    if not question.sources.all():
        yield "cites no source"
    for option in options:
        if not option.feedback.strip():
            yield f"the option “{option}” has no feedback"
        if ABSOLUTE_ANSWERS.search(option.text):
            yield f"the option “{option}” answers for the others"
    yield from _giveaways(options)


def _giveaways(options: Sequence[Option]) -> Iterable[str]:
    keyed = [option for option in options if option.is_key]
    others = [option for option in options if not option.is_key]
    if not keyed or not others:
        return
    mean = sum(len(option.text) for option in others) / len(others)
    for option in keyed:
        if len(option.text) > GIVEAWAY_LENGTH * mean:
            yield f"the key “{option}” is more than {GIVEAWAY_LENGTH} times as long as the others"
    if all(QUALIFIERS.search(option.text) for option in keyed) and not any(
        QUALIFIERS.search(option.text) for option in others
    ):
        yield "only the key has a qualifier"
