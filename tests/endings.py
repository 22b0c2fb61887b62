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
    "going-viral": {},
    "unmasked": {},
    "one-star": {},
}
