"""How an order stands beside the key, in words. Imports no Django."""

from collections.abc import Mapping

from apps.core.words import in_words, nth
from apps.quizzes.scoring import Given


def distance(key_rank: int, given_rank: int | None) -> str:
    """How far an action stands from its place: `You put it two places lower`; 1 is the highest."""
    if given_rank is None:
        return "You gave it no place"
    if given_rank == key_rank:
        return "Same place"
    step = abs(given_rank - key_rank)
    places = "place" if step == 1 else "places"
    return f"You put it {in_words(step)} {places} {'lower' if given_rank > key_rank else 'higher'}"


def order_in_words(given: Given, ranks: Mapping[str, int]) -> str:
    """How a whole order stands: `3 of 5 where the key has them; you swapped the second and the fourth.`

    Actions are spoken of by their places in the key, since those are what is to be learnt.
    """
    placed = {ranks[key]: rank for key, rank in given.items() if rank is not None and key in ranks}
    if not placed:
        return "Not answered."
    moved = {key_rank: rank for key_rank, rank in sorted(placed.items()) if rank != key_rank}
    if not moved and len(placed) == len(ranks):
        return "Your order is the key."
    where = f"{len(placed) - len(moved) or 'None'} of {len(ranks)} where the key has them"
    if len(moved) == 2 and {*moved} == {*moved.values()}:
        first, second = moved
        return f"{where}; you swapped the {nth(first)} and the {nth(second)}."
    if not moved:
        return f"{where}."
    furthest = max(moved, key=lambda key_rank: abs(moved[key_rank] - key_rank))
    return f"{where}; furthest off is the {nth(furthest)}, which you put {nth(moved[furthest])}."
