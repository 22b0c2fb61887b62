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


# Unmasked: what you sent that was not true or not yours to send, what wronged somebody, the honest answers to work.
UNMASKED_UNTRUE = {"unmasked-is-this-you-do-no", "unmasked-is-this-you-do-kind", "unmasked-fact-find-do-password"}
UNMASKED_WRONGS = UNMASKED_UNTRUE | {"unmasked-colleague-do-changed", "unmasked-replies-do-in-kind"}
UNMASKED_ANSWERS = {"unmasked-fact-find-do-tonight", "unmasked-fact-find-do-rep", "unmasked-fact-find-do-and-you"}

# Each case with its endings.
ENDINGS: dict[str, dict[str, Claims]] = {
    "live-from-the-conference": {},
    "the-trolley-photo": {},
    "the-open-letter": {},
    "the-friend-request": {},
    "tagged": {},
    "wrong-chat": {},
    "going-viral": {},
    "unmasked": {
        # “It ended in a talk” (when you came back), and nobody is left lied to.
        "unmasked-named": Claims(always=[{"unmasked-coming-back-do-name"}, UNMASKED_ANSWERS], never=UNMASKED_UNTRUE),
        "unmasked-unnamed": Claims(always=[{"unmasked-coming-back-do-rules"}, UNMASKED_ANSWERS], never=UNMASKED_UNTRUE),
        "unmasked-asleep": Claims(
            always=[{"unmasked-coming-back-do-sleep", "unmasked-ten-past-three-do-look"}, UNMASKED_ANSWERS],
            never=UNMASKED_UNTRUE,
        ),
        # “A story about a patient on it again”: a new account, after a talk that was over.
        "unmasked-found-again": Claims(always=[{"unmasked-coming-back-do-fresh"}], never=UNMASKED_UNTRUE),
        # “What you wrote to other people in those days”, said or not said.
        "unmasked-put-right": Claims(
            always=[{"unmasked-second-meeting-do-mine"}, UNMASKED_WRONGS], never={"unmasked-second-meeting-do-tired"}
        ),
        "unmasked-still-open": Claims(
            always=[{"unmasked-second-meeting-do-tired"}, UNMASKED_WRONGS], never={"unmasked-second-meeting-do-mine"}
        ),
    },
    "one-star": {},
}
