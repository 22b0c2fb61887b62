from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from apps.quizzes.document import Option
from apps.quizzes.key_editors import KeyEditor, Place, in_words, letter, whole_number

ORDERS = (("right", "rank", "Place"), ("also", "also_rank", "In a second order"))
FEWEST_PLACES = 5


@dataclass(frozen=True)
class PlaceField:
    """A list of places beside an answer: in the order that is right, or in a second one that is accepted."""

    name: str  # and the id
    label: str
    chosen: int | None
    places: Sequence[int]


class Places(KeyEditor):
    """Each answer has a place; where a panel would split, a place in a second accepted order, too."""

    template_name = "quizzes/kinds/rank/places.html"
    legend = "The place of each answer, and feedback on it"
    select = 5

    def mark(self, place: Place, options: Sequence[Option]) -> Sequence[PlaceField]:
        option = options[place.number]
        places = range(1, max(len(options), FEWEST_PLACES) + 1)
        fields = []
        for name, column, label in ORDERS:
            chosen = getattr(option, column)
            more = [] if chosen is None or chosen in places else [chosen]
            fields.append(PlaceField(_name(name, place), label, chosen, [*places, *more]))
        return fields

    def read(self, sent: QueryDict, place: Place, option: Option) -> Option:
        said = {column: whole_number(sent.get(_name(name, place), "")) for name, column, _ in ORDERS}
        return replace(option, rank=said["rank"], also_rank=said["also_rank"])

    def wrong(self, sent: QueryDict, place: Place) -> str:
        said = [sent.get(_name(name, place), "") for name, _, _ in ORDERS]
        is_wrong = any(text and whole_number(text) is None for text in said)
        return f"Choose the place of answer {letter(place.number)} from the list." if is_wrong else ""

    def wants(self, options: Sequence[Option], select: int) -> str:
        ranks = [option.rank for option in options]
        also = [option.also_rank for option in options]
        return _wants(ranks, "place {}") or (_wants(also, "place {} in the second order") if any(also) else "")

    def key_in_words(self, options: Sequence[Option]) -> str:
        placed = sorted((option.rank, letter(place)) for place, option in enumerate(options) if option.rank)
        return ", ".join(name for _, name in placed)


def _wants(ranks: Sequence[int | None], said: str) -> str:
    times = Counter(rank for rank in ranks if rank is not None)
    for rank, count in sorted(times.items()):
        if count > 1:
            return f"{in_words(count).capitalize()} answers have {said.format(rank)}."
    for rank in range(1, len(ranks) + 1):
        if rank not in times:
            return f"No answer has {said.format(rank)}."
    return ""


def _name(name: str, place: Place) -> str:
    return f"{place.part}-{name}-{place.number}"
