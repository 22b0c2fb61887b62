"""Numbers in authors' forms: what is none reaches us, and is answered at its field by how to write it."""

import re

import pytest

from apps.modules.actions import start_draft
from tests import make
from tests.quizzes.benches import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/"
CASE, QUIZ, READING = (f"{MODULE}pages/{key}/" for key in ("case", "quiz", "reading-1"))
FORMS = [(READING, None), (CASE, ""), (CASE, "case-scene-1"), (QUIZ, ""), (QUIZ, "quiz-q1"), (QUIZ, "quiz-q3")]

MINUTES = {
    "four": "Write the minutes as a whole number, such as 4.",
    "4.5": "Write the minutes as a whole number, such as 4.",
    "": "Say how many minutes the page takes, such as 4.",
    "0": "A page takes 1 minute at the least.",
    "601": "A page takes 600 minutes at the most.",
}
FROM_0_TO_100 = {"sixty": "Write this as a whole number, such as 60.", "-1": "from 0 to 100", "101": "from 0 to 100"}
PASS_MARK = "Write the pass mark as a whole number"
TOLD = {
    (CASE, "", "minutes"): MINUTES,
    (QUIZ, "", "minutes"): MINUTES,
    (QUIZ, "", "pass_percent"): {
        "most": f"{PASS_MARK}, such as 70.",
        "": f"{PASS_MARK}, such as 70.",
        "-1": f"{PASS_MARK} from 0 to 100.",
        "101": f"{PASS_MARK} from 0 to 100.",
    },
    (CASE, "", "gauge-0-start"): FROM_0_TO_100,
    (CASE, "case-scene-1", "choice-0-moves-case-trust"): {
        "up": "Write this as a whole number, such as −5.",
        "-101": "from −100 to 100",
        "101": "from −100 to 100",
    },
    (CASE, "case-scene-1", "seen_by"): {"9k": "Write this as a whole number", "-1": "Write a number from 0 to"},
    (QUIZ, "quiz-q1", "q0-panel_size"): {
        "seven": "Write how many they were as a whole number, such as 7.",
        "0": "Write how many they were as a whole number from 1 to",
    },
    (QUIZ, "quiz-q3", "q0-select"): {
        "two": "Write how many learners are to choose as a whole number, such as 3.",
        "0": "Write how many learners are to choose as a whole number from 1 to",
        "99": "Write how many learners are to choose as a whole number from 1 to",
    },
}


@pytest.fixture
def client():
    start_draft(make.edition("posts", is_full=True))
    return make.client(make.author())


def test_what_may_be_left_out_is_no_number_to_the_browser(client):
    """A browser sends nothing of a number that is none: as if it had been left out, and nobody would be told."""
    bodies = [client.get(path, {} if at is None else {"at": at}).content.decode() for path, at in FORMS]
    numbers = {name for body in bodies for name in re.findall(r'<input type="number" name="([^"]+)"', body)}
    assert numbers == {"minutes", "pass_percent", "new-year"}, "all of which are asked for"


@pytest.mark.parametrize(("path", "at", "name"), TOLD)
def test_what_is_no_number_is_told_at_its_field(client, path, at, name):
    writer = Writer(client, path)
    opened = writer.open(at)
    for typed, told in TOLD[path, at, name].items():
        writer.page = opened
        page = writer.press("save", **{name: typed})
        assert (page.status, told in page.words) == (422, True), typed
        assert f'href="#id_{name}"' in page.body
