"""What the words of each ending claim: what somebody who reads them must have chosen, and never can have chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Claims:
    """What was chosen on every way to an ending, by the keys of choices.

    Of each set in `always` at least one; none of `never`.
    """

    always: Collection[set[str]] = ()
    never: Collection[str] = ()

    def broken_by(self, way: Collection[str]) -> list[str]:
        """What the words claim and this way denies."""
        missing = [" or ".join(sorted(some)) for some in self.always if not some & set(way)]
        return [f"without {one}" for one in missing] + [f"after {key}" for key in way if key in self.never]

    def keys(self) -> set[str]:
        return set().union(*self.always, self.never)


# Each case with its endings.
ENDINGS: dict[str, dict[str, Claims]] = {
    "live-from-the-conference": {},
    "the-trolley-photo": {},
    "the-open-letter": {},
    "the-friend-request": {},
    "tagged": {},
    "wrong-chat": {},
    "going-viral": {
        # The plain numbers went round, and nothing was told to a stranger that undid it.
        "viral-six-calls": Claims(
            always=[{"viral-two-lists"}], never=["viral-just-delete", "viral-close-account", "viral-letters"]
        ),
        "viral-on-paper": Claims(
            always=[{"viral-two-lists"}], never=["viral-close-account", "viral-letters", "viral-never-again"]
        ),
        # Nothing was written down.
        "viral-quiet-month": Claims(
            always=[{"viral-never-again", "viral-letters"}], never=["viral-two-lists", "viral-close-account"]
        ),
        # The account has gone.
        "viral-picture-stays": Claims(always=[{"viral-close-account"}]),
    },
    "unmasked": {},
    "one-star": {
        # A consultant whom the unit trusts, with a profile that comes first.
        "star-they-rang": Claims(
            always=[{"star-months-weekly", "star-day-weekly"}], never=["star-source-late", "star-day-answer"]
        ),
        # It fades; no plan was broken, and nothing was denied.
        "star-bin-days": Claims(never=["star-source-late", "star-day-answer"]),
        # One line too many, after an apology where it was due.
        "star-one-line": Claims(
            always=[{"star-day-answer"}, {"star-letter-meet", "star-letter-write"}], never=["star-source-late"]
        ),
        # What came after the post is what people ask about.
        "star-two-stories": Claims(always=[{"star-source-late", "star-day-answer"}]),
    },
}
