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
    "wrong-chat": {
        "chat-cake": Claims(
            always=[{"chat-run-move"}],
            never={"chat-other-family", "chat-clear-jokes"},
            gauges={"chat-standing": range(70, 101)},
        ),
        "chat-note": Claims(
            always=[
                {
                    "chat-answer",
                    "chat-someone-will",
                    "chat-in-group",
                    "chat-hope",
                    "chat-ignore-that",
                    "chat-different",
                    "chat-other-family",
                    "chat-who-did-this",
                    "chat-leave-group",
                },
                {"chat-keep-tell", "chat-keep-quiet"},
            ],
            never={"chat-clear-jokes", "chat-my-phone"},
        ),
        "chat-three-chats": Claims(
            always=[{"chat-close-all", "chat-promise"}], never={"chat-other-family", "chat-clear-jokes"}
        ),
        "chat-gaps": Claims(always=[{"chat-clear-jokes"}], never={"chat-my-phone"}),
        "chat-not-believed": Claims(always=[{"chat-other-family"}, {"chat-my-phone"}], never={"chat-clear-jokes"}),
    },
    "going-viral": {},
    "unmasked": {},
    "one-star": {},
}
