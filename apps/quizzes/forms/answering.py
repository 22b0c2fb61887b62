"""What a learner sends from a quiz."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.http import QueryDict

from apps.quizzes.models import Option
from apps.quizzes.scoring import Given

FOREIGN_OPTION = "That answer does not belong to this question. Choose from those below"
HOME, LEAVE, CHECK = "home", "leave", "check"


@dataclass(frozen=True)
class Row:
    """An option as it stands in the form."""

    option: Option
    is_chosen: bool
    rank: int | None
    is_wrong: bool

    @property
    def id(self) -> str:
        """The id of its field. Keys are anybody's words, so ids on a page begin with their kind."""
        return f"option-{self.option.key}"


class AttemptForm(forms.Form):
    """Which attempt the page was showing."""

    attempt = forms.IntegerField(min_value=1, max_value=100_000)


class AnswerForm(AttemptForm):
    """An answer to a question; whether it is complete is the question's own rule.

    Unbound it holds what is stored; bound, what was sent, or kept of somebody who was signed out: that is not checked
    until it is sent again. `go` is what a button that leads away says: the position of a question, or one of the places
    above. Without it, what was pressed is “Save and go on”. `was` is the answer that the page was made with.
    """

    answer_fields: ClassVar[tuple[str, ...]] = ()  # how the names of the fields begin that hold the answer
    is_checked = False

    def __init__(
        self, options: Sequence[Option], stored: Given, positions: Iterable[int], data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        self.options, self.stored = options, stored
        self.posted = data if data is not None else QueryDict()
        self.fields["go"] = forms.ChoiceField(
            choices=[(place, place) for place in (HOME, LEAVE, CHECK, *map(str, positions))],
            required=False,
            error_messages={"invalid_choice": "There is no such place in this quiz"},
        )

    def full_clean(self) -> None:
        super().full_clean()
        self.is_checked = True

    def given(self) -> Given:
        """The answer, when the form is valid."""
        raise NotImplementedError

    def sent(self) -> Given:
        """What was sent, as far as it can be shown again."""
        raise NotImplementedError

    def wrong(self, given: Given) -> Collection[str]:
        """The keys of the options that are to be put right in an answer that was refused."""
        return ()

    @property
    def instruction(self) -> str:
        """What is to be done with the options as they stand; empty where the question's own words will do."""
        return ""

    @property
    def shown(self) -> Given:
        """The answer that the page shows before anything is sent: the one that is stored."""
        return self.stored

    @property
    def was(self) -> str:
        """That answer as the page carries it, to know afterwards whether it was changed there."""
        return as_text(self.shown)

    @property
    def is_changed(self) -> bool:
        """Whether the answer is another than the page was shown with."""
        return as_text(self.given()) != self.posted.get("was", self.was)

    @property
    def is_refused(self) -> bool:
        """Whether it was checked and something is wrong."""
        return self.is_checked and bool(self.errors)

    @property
    def is_kept(self) -> bool:
        """Whether it holds an answer that was sent while signed out and is still to be sent."""
        return self.is_bound and not self.is_checked and bool(self.sent())

    @property
    def rows(self) -> list[Row]:
        """The options with what was given."""
        given = self.sent() if self.is_bound else self.shown
        wrong = self.wrong(given) if self.is_refused else ()
        return [Row(option, option.key in given, given.get(option.key), option.key in wrong) for option in self.options]

    @property
    def problems(self) -> list[dict[str, str]]:
        """Each thing that is wrong with an answer that was refused, once, and the field where it can be put right."""
        if not self.is_refused:
            return []
        in_turn = sorted(self.rows, key=lambda row: not row.is_wrong)
        texts = dict.fromkeys(str(text) for errors in self.errors.values() for text in errors)
        return [{"href": f"#{in_turn[0].id}" if in_turn else "", "text": text} for text in texts]


def as_text(given: Given) -> str:
    """An answer in one line, the same whatever the order of its options."""
    return " ".join(sorted(f"{key}={rank or ''}" for key, rank in given.items()))
