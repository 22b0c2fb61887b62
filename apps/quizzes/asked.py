"""The question at the end of a stem, so that it can stand above the situation as the heading of its page.

A stem “ends with the question itself” (`Question.stem`): its last sentence, as long as that is plain text. With a short
one behind it (“Which 3 risks remain? Select 3.”) it is the sentence before. Where it cannot be told, nothing is taken
apart, and the heading says what is to be done.
"""

import re
from dataclasses import dataclass

from django.utils.safestring import mark_safe

from apps.quizzes.models import Question

LONGEST, SHORTEST = 160, 15  # characters of the question
_SHORT = {"Dr.", "Mr.", "Mrs.", "Ms.", "Prof.", "St.", "No."}
_LAST = re.compile(r"<p>([^<>]*(?:<(?!/?p\b)[^<>]*>[^<>]*)*)</p>\s*\Z")
_END = re.compile(r"(?<=[.?!])(?:[”’)\"]|&quot;)?\s+(?=[A-Z“‘\"])")


@dataclass(frozen=True)
class Asked:
    """A stem in two parts, as HTML; without a question of its own the situation is all of it."""

    situation: str
    question: str = ""


def asked_in(question: Question) -> Asked:
    """What a question asks, and the situation."""
    html = str(question.stem_html)
    last = _LAST.search(html)
    if last is None:
        return Asked(mark_safe(html))  # noqa: S308 - a `RenderedField`, sanitised when it was written
    paragraph = last[1]
    begins = _begins(paragraph)
    asked, before = paragraph[begins:].strip(), paragraph[:begins].strip()
    if "<" in asked or not SHORTEST <= len(asked) <= LONGEST or asked[-1] not in "?.":
        return Asked(mark_safe(html))  # noqa: S308
    situation = html[: last.start()] + (f"<p>{before}</p>" if before else "")
    return Asked(mark_safe(situation), mark_safe(asked))  # noqa: S308 - cut between two sentences, where no tag is open


def _begins(paragraph: str) -> int:
    """Where the last sentence begins that is long enough to ask something."""
    starts = [0]
    for end in _END.finditer(paragraph):
        if paragraph[: end.start()].rsplit(None, 1)[-1] not in _SHORT:
            starts.append(end.end())
    return next((start for start in reversed(starts) if len(paragraph) - start >= SHORTEST), 0)
