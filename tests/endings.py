"""What the words of each ending claim: what must have happened on every way to it, and what can have on none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Claims:
    """What happened on every way to an ending, by the keys of the choices that were taken and the scenes passed.

    Of each set in `always` at least one; none of `never`; each gauge ended within its `gauges`.
    """

    always: Collection[set[str]] = ()
    never: Collection[str] = ()
    gauges: Mapping[str, range] = field(default_factory=dict)

    def broken_by(self, happened: Collection[str], gauges: Mapping[str, int]) -> list[str]:
        """What the words claim and this way denies."""
        return [
            *(f"without {' or '.join(sorted(some))}" for some in self.always if not some & set(happened)),
            *(f"after {key}" for key in happened if key in self.never),
            *(
                f"with {name} not from {allowed[0]} to {allowed[-1]}"
                for name, allowed in self.gauges.items()
                if gauges[name] not in allowed
            ),
        ]

    def keys(self) -> set[str]:
        """The choices and scenes that are named."""
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
