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
    "the-friend-request": {
        "req-altos": Claims(
            always=[{"req-plan", "req-policy", "req-meet"}],
            never={"req-clear", "req-the-rule"},
            gauges={"req-standing": range(65, 101)},
        ),
        "req-slower": Claims(
            always=[
                {"req-accept", "req-six-words", "req-open-up", "req-closed-111", "req-closed-ask", "req-closed-down"},
                {"req-plan", "req-policy", "req-strictest", "req-meet"},
                {"req-say-so", "req-tell-both", "req-meet"},
            ],
            never={"req-clear"},
        ),
        "req-found": Claims(always=[{"req-strictest"}, {"req-open-999", "req-closed-999"}], never={"req-letter"}),
        "req-sopranos": Claims(always=[{"req-note"}], never={"req-meet"}),
        "req-upheld": Claims(always=[{"req-the-rule"}], never={"req-clear"}),
        "req-gap": Claims(always=[{"req-clear"}, {"req-letter"}], never={"req-the-rule", "req-open-999"}),
    },
    "tagged": {
        "tag-before-tag": Claims(
            always=[{"tag-three-rules", "tag-whole-group"}], gauges={"tag-standing": range(65, 101)}
        ),
        "tag-long-way": Claims(
            always=[
                {"tag-three-rules", "tag-whole-group"},
                {
                    "tag-comment",
                    "tag-guidance",
                    "tag-fake-friends",
                    "tag-show-more",
                    "tag-burn",
                    "tag-did-not-post",
                    "tag-careful",
                },
            ],
            never={"tag-no-pictures"},
        ),
        "tag-without-you": Claims(always=[{"tag-no-pictures"}], never={"tag-three-rules", "tag-year"}),
        "tag-one-sign": Claims(always=[{"tag-sign-down"}, {"tag-year"}], never={"tag-three-rules"}),
        "tag-same-talk": Claims(always=[{"tag-blow-over"}, {"tag-year"}], never={"tag-three-rules", "tag-whole-group"}),
    },
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
