"""The questions of a quiz by set, and what is done to them as a whole.

Questions that follow each other are a set where they have the same theme, kind and answers: what is changed of the
answers is changed in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from apps.modules.document import moved
from apps.modules.keys import PROVISIONAL
from apps.quizzes.document import Option, Question, QuizDocument

Set = tuple[Question, ...]  # one question on its own is a set, too


def sets_of(questions: Sequence[Question]) -> list[Set]:
    """The questions by set, in order."""
    numbered = enumerate(questions)
    return [tuple(question for _, question in found) for _, found in groupby(numbered, lambda each: _mark(*each))]


def _mark(number: int, question: Question) -> tuple[object, ...]:
    """The same for the questions of a set, and no other's."""
    answers = tuple(option.text for option in question.options)
    return (question.theme, question.kind, answers) if question.theme and answers else (number,)


def set_with(document: QuizDocument, key: str) -> Set:
    """The set to which the question with this key belongs; nothing where there is none such."""
    return next((found for found in sets_of(document.questions) if any(each.key == key for each in found)), ())


def find(document: QuizDocument, key: str) -> Question | None:
    """The question with this key."""
    return next((question for question in document.questions if question.key == key), None)


def after(document: QuizDocument, key: str) -> str:
    """The key of the first question behind the set of this one; empty where there is none."""
    keys = [question.key for question in document.questions]
    found = set_with(document, key)
    return next(iter(keys[keys.index(found[-1].key) + 1 :]), "") if found else ""


def moved_set(document: QuizDocument, key: str, step: int) -> QuizDocument:
    """The same with the set of this question one set up (-1) or down (1)."""
    sets = sets_of(document.questions)
    place = next((place for place, found in enumerate(sets) if any(each.key == key for each in found)), None)
    return _with(document, (each for found in moved(sets, place, step) for each in found))


def moved_question(document: QuizDocument, key: str, step: int) -> QuizDocument:
    """The same with this question one up (-1) or down (1) among those of its set."""
    found = set_with(document, key)
    place = next((place for place, question in enumerate(found) if question.key == key), None)
    order = iter(moved(found, place, step))
    keys = {question.key for question in found}
    return _with(document, (next(order) if each.key in keys else each for each in document.questions))


def moved_answer(document: QuizDocument, keys: Iterable[str], place: int, step: int) -> QuizDocument:
    """The same with the answer at this place one up (-1) or down (1), in each of these questions."""
    return _changed(document, keys, lambda options: moved(options, place, step))


def without_answer(document: QuizDocument, keys: Iterable[str], place: int) -> QuizDocument:
    """The same without the answer at this place, in each of these questions."""
    return _changed(document, keys, lambda options: [*options[:place], *options[place + 1 :]])


def without(document: QuizDocument, keys: Iterable[str]) -> QuizDocument:
    """The same without these questions."""
    gone = set(keys)
    return _with(document, (question for question in document.questions if question.key not in gone))


def with_new(document: QuizDocument, question: Question, key: str = "") -> QuizDocument:
    """The same with one more question behind the set of the one with this key, or as the last one."""
    return _behind(document, set_with(document, key)[-1:], question)


def with_stem(document: QuizDocument, key: str) -> QuizDocument:
    """The same with one more question in the set of this one: its answers, and nothing said of them yet."""
    found = set_with(document, key)[-1:]
    if not found:
        return document
    (last,) = found
    options = tuple(Option(f"{PROVISIONAL}new-{place}", each.text) for place, each in enumerate(last.options))
    stem = Question(f"{PROVISIONAL}new", last.kind, "", last.theme, select=last.select, options=options)
    return _behind(document, found, stem)


def following(document: QuizDocument, key: str) -> str:
    """The key of the question behind this one; of the last one where there is none, empty in an empty quiz."""
    keys = [question.key for question in document.questions]
    place = keys.index(key) + 1 if key in keys else len(keys)
    return (keys[place : place + 1] or keys[-1:] or [""])[0]


def _behind(document: QuizDocument, found: Sequence[Question], new: Question) -> QuizDocument:
    place = document.questions.index(found[-1]) + 1 if found else len(document.questions)
    return _with(document, (*document.questions[:place], new, *document.questions[place:]))


def _with(document: QuizDocument, questions: Iterable[Question]) -> QuizDocument:
    return replace(document, questions=tuple(questions))


def _changed(
    document: QuizDocument, keys: Iterable[str], how: Callable[[Sequence[Option]], Sequence[Option]]
) -> QuizDocument:
    named = set(keys)
    changed = (
        replace(each, options=tuple(how(each.options))) if each.key in named else each for each in document.questions
    )
    return _with(document, changed)
