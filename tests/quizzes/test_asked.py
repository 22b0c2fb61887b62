"""The question at the end of a stem stands above its situation; nothing is lost of either."""

import pytest

from apps.core.markdown import render_markdown
from apps.quizzes.asked import asked_in
from apps.quizzes.models import Question

pytestmark = pytest.mark.once


def split(stem: str) -> tuple[str, str]:
    asked = asked_in(Question(stem=stem, stem_html=render_markdown(stem)))
    return asked.situation.strip(), asked.question


@pytest.mark.parametrize(
    ("stem", "situation", "question"),
    [
        ("A post. What now, if anything?", "<p>A post.</p>", "What now, if anything?"),
        ("What is best in case 1?", "", "What is best in case 1?"),
        ("One.\n\nTwo. Which do you choose?", "<p>One.</p>\n<p>Two.</p>", "Which do you choose?"),
        ("One.\n\nWhich do you choose?", "<p>One.</p>", "Which do you choose?"),
        ("A post. Which 3 risks remain? Select 3.", "<p>A post.</p>", "Which 3 risks remain? Select 3."),
        ("He says “Wait.” Rank these five actions.", "<p>He says “Wait.”</p>", "Rank these five actions."),
        ("A post. What does Dr. Smith do?", "<p>A post.</p>", "What does Dr. Smith do?"),
        ("A *fine* post. What do you do, R&D?", "<p>A <em>fine</em> post.</p>", "What do you do, R&amp;D?"),
    ],
)
def test_the_last_sentence_is_the_question(stem: str, situation: str, question: str) -> None:
    assert split(stem) == (situation, question)


@pytest.mark.parametrize(
    "stem",
    [
        "Why?",
        "A post. What is *best* to do?",
        "A post. *What is it? Which is best to do?*",
        "She asks: “What is best to do?”",
        "What is best to do?\n\n- a list\n- of two",
        f"A post. {'What is it that you do, ' * 10}and when?",
        "",
    ],
)
def test_what_cannot_be_told_apart_stays_together(stem: str) -> None:
    assert split(stem) == (render_markdown(stem).strip(), "")


@pytest.mark.parametrize(("length", "is_asked"), [(14, False), (15, True), (160, True), (161, False)])
def test_a_question_is_neither_short_nor_long(length: int, is_asked: bool) -> None:
    stem = f"A post.\n\nW{'x' * (length - 2)}?"
    assert split(stem)[1] == (stem.splitlines()[-1] if is_asked else "")


@pytest.mark.parametrize("title", ["Dr.", "Mr.", "Mrs.", "Ms.", "Prof.", "St.", "No."])
def test_a_title_ends_no_sentence(title: str) -> None:
    asked = f"What now, says {title} Smith to you and all of the others?"
    assert split(f"A post. {asked}")[1] == asked
