"""Many learners in one edition, made by the database itself: what `manage.py make_load_data` stores.

Each takes the edition, has read half of its readings, walks cases to their ends by the best choices, and tries the
quiz: the first time all answers are wrong, later all are right. What is right and what it scores is the product's to
say; the rows are multiplied by INSERT … SELECT, alike on both databases. They are what the product would have stored
itself, but for the moments: everything has begun, and has happened, at the same two.
"""

# ruff: noqa: S608  # what is put into a statement are names and placeholders of this file

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from apps.accounts.models import User
from apps.modules.models import Page
from apps.modules.queries import Contents
from apps.progress.models import PageCompletion
from apps.quizzes.models import Attempt
from apps.quizzes.queries import Paper, published_paper
from apps.quizzes.scoring import Given
from apps.scenarios.queries import published_script
from apps.scenarios.walks import Script, Walk
from benchmarks.course import best_walk, right_answer, wrong_answer

ADDRESSES = "load-%@load.example"  # nobody has such an address, and no letter arrives there
PERIOD = datetime.timedelta(days=30)
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < %s)"


class WrongAmountsError(Exception):
    """So much of it cannot be stored; the message says why."""


@dataclass(frozen=True)
class Amounts:
    """How much. Attempts and walks are whole, so there can be a few more responses and decisions."""

    learners: int = 50_000
    responses: int = 1_000_000
    decisions: int = 200_000


@dataclass(frozen=True)
class Sheet:
    """One way to answer the whole quiz: what is given to each question."""

    paper: Paper
    given: list[Given]
    is_first: bool  # answered so at the first attempt, or at all later ones

    @property
    def scores(self) -> list[int]:
        """The marks of each question."""
        return [item.score(given) for item, given in zip(self.paper.items, self.given, strict=True)]

    @property
    def attempt(self) -> Attempt:
        """What an attempt with these answers comes to."""
        marks = zip(self.paper.items, self.scores, strict=True)
        score = sum(score for item, score in marks if item.question.counts)
        return Attempt(quiz=self.paper.quiz, score=score, max_score=self.paper.max_score)


def exists() -> bool:
    """Whether it has been stored here before."""
    return User.objects.filter(email__endswith=ADDRESSES.rpartition("%")[2]).exists()


@transaction.atomic
def make(contents: Contents, amounts: Amounts, at: datetime.datetime) -> None:
    """Store it: all of it, or nothing. ADDRESSES must be free."""
    Making(contents, amounts, at).run()


def analyse() -> None:
    """Let the database count what it has, as it does by itself after a while.

    Only tables of ours: PostgreSQL shares some of its own among all databases of a server, and would lock them.
    """
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


class Making:
    """The statements, and what they have in common."""

    def __init__(self, contents: Contents, amounts: Amounts, at: datetime.datetime) -> None:
        if min(amounts.learners, amounts.responses, amounts.decisions) < 1:
            raise WrongAmountsError("There must be at least one learner, response and decision.")
        self.edition, self.pages = contents.edition, contents.pages
        self.amounts = amounts
        self.begun_at, self.at = map(connection.ops.adapt_datetimefield_value, (at - PERIOD, at))
        self.paper = published_paper(self._of_kind("quiz")[0].pk)
        self.walks = self._share_out([published_script(page.pk) for page in self._of_kind("scenario")])

    def run(self) -> None:
        """Everything, in the order in which it builds on each other."""
        with connection.cursor() as self.cursor:
            if connection.vendor == "postgresql":
                self.cursor.execute("SET LOCAL statement_timeout = 0")
            self._make_learners()
            self._make_walks()
            self._make_attempts()
            self.cursor.execute("DROP TABLE load_enrolment")

    def _of_kind(self, kind: str) -> list[Page]:
        return [page for page in self.pages if page.kind == kind]

    def _share_out(self, scripts: Sequence[Script]) -> list[tuple[Walk, int]]:
        """Which walk is taken by how many learners: one case after the other."""
        shared, left = [], self.amounts.decisions
        for walk in map(best_walk, scripts):
            many = min(self.amounts.learners, -(-left // len(walk.choices)))
            shared.append((walk, many))
            left -= many * len(walk.choices)
        if left > 0:
            raise WrongAmountsError("So few learners cannot take so many decisions: each walks each case once.")
        return shared

    def _make_learners(self) -> None:
        """People with their addresses, enrolled; `load_enrolment` numbers them from 0."""
        self.cursor.execute(
            f"""
            INSERT INTO accounts_user (password, is_superuser, email, full_name, certificate_name, training_grade,
                specialty, is_staff, is_active, joined_at)
            {NUMBERS}
            SELECT %s, %s, 'load-' || n || '@load.example', 'Learner ' || n, '', '', '', %s, %s, %s FROM numbers
            """,
            [self.amounts.learners, make_password(None), False, False, True, self.begun_at],
        )
        self.cursor.execute(
            """
            INSERT INTO account_emailaddress (user_id, email, verified, "primary")
            SELECT id, email, %s, %s FROM accounts_user WHERE email LIKE %s
            """,
            [False, True, ADDRESSES],
        )
        self.cursor.execute(
            """
            INSERT INTO progress_enrolment (learner_id, edition_id, started_at)
            SELECT id, %s, %s FROM accounts_user WHERE email LIKE %s ORDER BY id
            """,
            [self.edition.pk, self.begun_at, ADDRESSES],
        )
        self.cursor.execute(
            """
            CREATE TEMPORARY TABLE load_enrolment AS
            SELECT enrolment.id, ROW_NUMBER() OVER (ORDER BY enrolment.id) - 1 AS n
            FROM progress_enrolment enrolment JOIN accounts_user person ON person.id = enrolment.learner_id
            WHERE person.email LIKE %s
            """,
            [ADDRESSES],
        )
        readings = self._of_kind("reading")
        for page in readings[: len(readings) // 2]:
            self._complete(page, "SELECT id FROM load_enrolment", [])

    def _make_walks(self) -> None:
        for walk, many in self.walks:
            scenario = walk.script.scenario
            self.cursor.execute(
                """
                INSERT INTO scenarios_playthrough (enrolment_id, scenario_id, number, scene_id, started_at, ended_at)
                SELECT id, %s, 1, %s, %s, %s FROM load_enrolment WHERE n < %s
                """,
                [scenario.pk, walk.here.scene.pk, self.begun_at, self.at, many],
            )
            taken = [(number, choice.pk) for number, choice in enumerate(walk.choices, start=1)]
            self.cursor.execute(
                f"""
                INSERT INTO scenarios_decision (playthrough_id, number, choice_id, is_repeated, decided_at)
                WITH taken(number, choice_id) AS ({_values(taken)})
                SELECT playthrough.id, taken.number, taken.choice_id, %s, %s
                FROM scenarios_playthrough playthrough CROSS JOIN taken
                WHERE playthrough.scenario_id = %s AND playthrough.enrolment_id IN (SELECT id FROM load_enrolment)
                """,
                [*_flat(taken), False, self.at, scenario.pk],
            )
            self._complete(scenario.page, "SELECT id FROM load_enrolment WHERE n < %s", [many])

    def _make_attempts(self) -> None:
        wrong = Sheet(self.paper, [wrong_answer(item) for item in self.paper.items], is_first=True)
        right = Sheet(self.paper, [right_answer(item) for item in self.paper.items], is_first=False)
        first, later = wrong.attempt, right.attempt
        self.cursor.execute(
            f"""
            INSERT INTO quizzes_attempt (enrolment_id, quiz_id, number, seed, started_at, submitted_at, score,
                max_score)
            {NUMBERS}
            SELECT load_enrolment.id, %s, numbers.n / %s + 1, 'load-' || numbers.n, %s, %s,
                CASE WHEN numbers.n < %s THEN %s ELSE %s END, %s
            FROM numbers JOIN load_enrolment ON load_enrolment.n = numbers.n %% %s
            """,
            [
                *(-(-self.amounts.responses // len(self.paper.items)), self.paper.quiz.pk, self.amounts.learners),
                *(self.begun_at, self.at, self.amounts.learners, first.score, later.score, later.max_score),
                self.amounts.learners,
            ],
        )
        for sheet in (wrong, right):
            self._answer(sheet)
        passed = 1 if first.scaled >= self.paper.quiz.pass_mark else 2
        attempts = "SELECT enrolment_id FROM quizzes_attempt WHERE seed LIKE 'load-%%' AND number = %s"
        self._complete(self.paper.quiz.page, attempts, [passed], later.scaled.quantize(Decimal("0.0001")))

    def _answer(self, sheet: Sheet) -> None:
        """The responses of all attempts that are answered so, and the options that were selected in them."""
        attempts = f"seed LIKE 'load-%%' AND number {'=' if sheet.is_first else '>'} 1"
        marks = zip(self.paper.items, sheet.scores, strict=True)
        asked = [(item.question.pk, position, score) for position, (item, score) in enumerate(marks, start=1)]
        self.cursor.execute(
            f"""
            INSERT INTO quizzes_response (attempt_id, question_id, position, answered_at, score)
            WITH asked(question_id, position, score) AS ({_values(asked)})
            SELECT attempt.id, asked.question_id, asked.position, %s, asked.score
            FROM quizzes_attempt attempt CROSS JOIN asked WHERE {attempts}
            """,
            [*_flat(asked), self.at],
        )
        selected = [
            (item.question.pk, option.pk, given[option.key])
            for item, given in zip(self.paper.items, sheet.given, strict=True)
            for option in item.options
            if option.key in given
        ]
        self.cursor.execute(
            f"""
            INSERT INTO quizzes_selectedoption (response_id, option_id, rank)
            WITH selected(question_id, option_id, rank) AS ({_values(selected)})
            SELECT response.id, selected.option_id, CAST(selected.rank AS integer)
            FROM quizzes_attempt attempt JOIN quizzes_response response ON response.attempt_id = attempt.id
            JOIN selected ON selected.question_id = response.question_id WHERE {attempts}
            """,
            _flat(selected),
        )

    def _complete(self, page: Page, enrolments: str, values: list[Any], scaled: Decimal | None = None) -> None:
        """The page is completed in the enrolments whose ids this statement finds."""
        score = PageCompletion._meta.get_field("scaled_score").get_db_prep_save(scaled, connection)
        self.cursor.execute(
            f"""
            INSERT INTO progress_pagecompletion (enrolment_id, page_id, completed_at, scaled_score)
            WITH done(id) AS ({enrolments})
            SELECT done.id, %s, %s, {"NULL" if score is None else "%s"} FROM done
            """,
            [*values, page.pk, self.at, *([] if score is None else [score])],
        )


def _values(rows: list[tuple[Any, ...]]) -> str:
    """The placeholders of these rows."""
    row = f"({', '.join('%s' for _ in rows[0])})"
    return f"VALUES {', '.join(row for _ in rows)}"


def _flat(rows: list[tuple[Any, ...]]) -> list[Any]:
    return [value for row in rows for value in row]
