"""Numbers with their nouns, for code; templates have `pluralize`. Imports no Django."""


def counted(count: int, one: str, many: str) -> str:
    """`1 page`, `2 pages`, `2 quizzes`: both words are given, since no rule makes one from the other."""
    return f"{count} {one if count == 1 else many}"
