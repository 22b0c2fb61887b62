"""A kind of question needs nothing outside itself: a toy one is asked, marked and leads to a certificate."""

import copy
import html
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import User
from apps.certificates.models import Certificate
from apps.modules.checks import find_problems
from apps.quizzes import question_kinds
from apps.quizzes.forms.answering import AnswerForm
from apps.quizzes.models import Attempt, Option, Question, SelectedOption
from apps.quizzes.question_kinds import QuestionKind
from apps.quizzes.scoring import Given, Key
from tests import make
from tests.quizzes.benches import Writer
from tests.quizzes.conftest import QUIZ

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

TEMPLATES = {
    "answer.html": '<label for="typed">In your words</label>'
    '<input id="typed" name="typed" value="{% for row in form.rows %}{% if row.is_chosen %}{{ row.option }}{% endif %}'
    '{% endfor %}">',
    "result.html": "<p>You typed: {{ review|default:'nothing' }}, question {{ result.answer.position }}</p>",
}
RIGHT, WRONG = "Option right of 1", "Option wrong of 1"


class TypedForm(AnswerForm):
    """The text of an option."""

    answer_fields = ("typed",)
    typed = forms.CharField(required=False)

    def given(self) -> Given:
        return self.sent()

    def sent(self) -> Given:
        return {option.key: None for option in self.options if option.text == self.posted.get("typed")}


class Typed(QuestionKind):
    """The learner types what is right."""

    name = "typed"
    label = "Typed answer"
    form_class = TypedForm
    answer_template = "typed/answer.html"
    result_template = "typed/result.html"
    script = "typed/typed.js"

    def instruction(self, select: int) -> str:
        return "Type the answer"

    def error(self, given: Given, options: int, select: int) -> str:
        return "" if given else "Type one of the answers"

    def max_score(self, key: Key) -> int:
        return 3

    def score(self, given: Given, key: Key) -> int:
        return 3 if set(given) & key.right else 0

    def problem(self, key: Key, options: int, select: int) -> str:
        return "" if key.right else "has nothing to type"

    def review(self, options: Sequence[Option], key: Key, given: Given) -> str:
        return ", ".join(option.text for option in options if option.key in given)


@pytest.fixture
def typed(tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    """The kind is there."""
    for name, text in TEMPLATES.items():
        (tmp_path / "typed").mkdir(exist_ok=True)
        (tmp_path / "typed" / name).write_text(text)
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["DIRS"].append(tmp_path)
    kind = Typed()
    question_kinds.register(kind)
    yield
    question_kinds.unregister(kind)


@pytest.fixture
def question(typed: None) -> Question:
    """A draft whose quiz asks for something typed, and nothing else."""
    return make.question(make.quiz(make.draft("posts"), questions=0), 1, kind="typed")


@pytest.fixture
def typist(question: Question, client_of_learner: Client) -> Client:
    """A learner who has begun the quiz."""
    make.publish(question.edition)
    client_of_learner.post(f"{QUIZ}start/")
    return client_of_learner


def send(client: Client, words: str, **more: Any) -> str:
    data = {"attempt": 1, "typed": words}
    answered = client.post(f"{QUIZ}question/1/answer/", data | more, follow=True)
    return html.unescape(answered.content.decode())


def test_a_learner_takes_it_to_a_certificate(typist: Client) -> None:
    page = typist.get(QUIZ, follow=True).content.decode()
    for said in ("Typed answer", "Type the answer", "In your words", "/static/typed/typed.js"):
        assert said in page
    refused = send(typist, "Something else")
    assert "Type one of the answers" in refused
    assert "Error: Question 1 of 1" in refused
    assert re.findall(r'<a href="(#option-quiz-q1-[\w-]+)">Type one', refused)
    assert RIGHT in send(typist, RIGHT), "on the page to check the answers"
    assert f'value="{RIGHT}"' in typist.get(f"{QUIZ}question/1/").content.decode()
    result = typist.post(f"{QUIZ}check/submit/", {"attempt": 1}, follow=True).content.decode()
    for said in ("3 of 3 marks.", "100%. ", f"You typed: {RIGHT}, question 1", "Because it is."):
        assert said in result
    typist.post("/learn/posts/1/finish/issue/", {"name": "Sam Learner"})
    assert Certificate.objects.get().assessed_by == "a quiz of 1 question, passed"


def test_what_is_wrong_has_no_marks(typist: Client) -> None:
    send(typist, WRONG)
    result = typist.post(f"{QUIZ}check/submit/", {"attempt": 1}, follow=True).content.decode()
    assert "0 of 3 marks." in result
    assert f"You typed: {WRONG}" in result


def test_what_is_sent_signed_out_is_kept(typist: Client, learner: User) -> None:
    typist.logout()
    send(typist, RIGHT, **make.owned_by(learner))
    typist.post("/account/login/", {"login": learner.email, "password": make.PASSWORD})
    page = typist.get(f"{QUIZ}question/1/").content.decode()
    assert "Your answer is still here" in page
    assert f'value="{RIGHT}"' in page
    assert not SelectedOption.objects.exists()


def test_publishing_asks_the_kind_what_is_wrong(question: Question) -> None:
    question.options.update(is_key=False)
    assert "Quiz “Quiz”: question 1 has nothing to type." in map(str, find_problems(question.edition))


def test_authors_can_choose_it_and_no_migration_is_needed(question: Question) -> None:
    question.full_clean()
    url = f"/admin/write/modules/{question.edition.module.slug}/pages/{question.quiz.page.key}/text/"
    assert "? typed {" in make.client(make.author()).get(url).content.decode()
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_authors_write_it_in_forms_of_its_own_or_in_ours(question: Question) -> None:
    writer = Writer(make.client(make.author()), "/admin/write/modules/posts/pages/quiz/")
    writer.open()
    writer.press("add:typed")
    page = writer.press("save", q0_stem="Which?", a0_text="This", a1_text="That", q0_right=["1"])
    assert "Question 2 of 2" in page.words
    new = Question.objects.get(position=2)
    assert (new.kind, [(option.text, option.is_key) for option in new.options.all()]) == (
        "typed",
        [("This", False), ("That", True)],
    )
    assert "Tick what is right." in writer.press("save", q0_right=None).words


def test_without_it_its_questions_are_left_out(client_of_learner: Client) -> None:
    question = make.question(make.quiz(make.draft("posts")), 4)
    make.publish(question.edition)
    make.unguarded(Question).filter(pk=question.pk).update(kind="typed")
    client_of_learner.post(f"{QUIZ}start/")
    assert "Question 1 of 3" in client_of_learner.get(QUIZ, follow=True).content.decode()
    assert Attempt.objects.get().responses.count() == 3


def test_a_name_is_registered_once(typed: None) -> None:
    with pytest.raises(ValueError, match="'typed' is registered twice"):
        question_kinds.register(Typed())
