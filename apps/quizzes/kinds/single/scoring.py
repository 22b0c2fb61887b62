"""One option is the best answer: 1 mark."""

from apps.quizzes.scoring import Given, Key, Scoring


class SingleBest(Scoring):
    """One option is the best answer: 1 mark."""

    def error(self, given: Given, options: int, select: int) -> str:
        return "" if len(given) == 1 else "Choose one answer, or skip this question for now"

    def max_score(self, key: Key) -> int:
        return 1

    def score(self, given: Given, key: Key) -> int:
        return int(len(given) == 1 and set(given) <= key.right)

    def problem(self, key: Key, options: int, select: int) -> str:
        if options < 3:
            return "has fewer than 3 options"
        return "" if len(key.right) == 1 else f"has {key.right_in_words} and needs 1"
