"""What a certificate says, as one list for its page, its PDF and its check page. Needs no Django."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One fact under its label: a text, or points of a list."""

    label: str
    text: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says: plain text, in the words in which it is shown."""

    name: str
    module_title: str
    edition: str  # "1, published 22 November 2026"
    completed_on: str  # "22 November 2026"
    started_on: str  # "8 November 2026"
    learning_time: str  # "30 minutes of e-learning (0.5 hours)"
    learning_outcomes: tuple[str, ...]
    assessed_by: str  # "2 branching cases and a quiz of 9 questions, passed"
    kind: str  # "E-learning; not statutory or mandatory training; not approved by any college"
    code: str  # in groups, as `codes.pretty` gives it
    check_url: str  # full https address of the check page
    check_address: str  # the same, short, for print
    curriculum: str = ""  # curriculum items that it contributes to
    revoked_on: str = ""  # "3 December 2026": since then it says so itself, on paper too

    def rows(self) -> list[Row]:
        """What is said under a label, but for what has a place of its own: the name, the module and the code."""
        return [row for row in self._all_rows() if row.text.strip() or row.points]

    def _all_rows(self) -> Iterator[Row]:
        begun = "" if self.started_on == self.completed_on else f" (begun {self.started_on})"
        yield Row("Revoked", f"{self.revoked_on}. Do not rely on this certificate." if self.revoked_on else "")
        yield Row("Completed", f"{self.completed_on}{begun}")
        yield Row("Edition", self.edition)
        yield Row("Learning time", self.learning_time)
        yield Row("Kind", self.kind)
        yield Row("Learning outcomes", points=self.learning_outcomes)
        yield Row("Contributes to", self.curriculum)
        yield Row("Assessed by", self.assessed_by)
