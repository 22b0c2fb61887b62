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

# One star: a denial, or a second word about somebody's care; every poor choice before the plan.
ONE_STAR_WORSE = {"star-discuss-reply", "star-nine-deny", "star-source-late", "star-day-answer"}
ONE_STAR_POOR = {
    "star-sunday-times",
    "star-sunday-friend",
    "star-drafts-times",
    "star-letter-explain",
    "star-reporter-talk",
}

# Each case with its endings.
ENDINGS: dict[str, dict[str, Claims]] = {
    "live-from-the-conference": {
        "conf-posts": Claims(
            always=[{"conf-two-times", "conf-off-the-phone"}],
            never={
                "conf-harsh-but-fair",
                "conf-delete",
                "conf-worth-asking",
                "conf-private-message",
                "conf-several-people",
                "conf-alerts-on",
            },
        ),
        "conf-two-names": Claims(
            always=[{"conf-just-listen"}, {"conf-read-along", "conf-keep-to-no"}, {"conf-two-lines", "conf-ask-first"}],
            never={"conf-the-f1", "conf-save-all"},
        ),
        "conf-tired": Claims(
            always=[{"conf-alerts-on", "conf-save-all"}],
            never={"conf-delete", "conf-several-people", "conf-two-times"},
        ),
        "conf-paused": Claims(
            always=[{"conf-several-people"}, {"conf-worth-asking", "conf-private-message", "conf-delete"}],
            never={"conf-all-of-it", "conf-in-the-morning"},
        ),
        "conf-second-reader": Claims(
            always=[
                {"conf-all-of-it", "conf-in-the-morning"},
                {"conf-worth-asking", "conf-private-message", "conf-delete"},
            ],
            never={"conf-harsh-but-fair", "conf-several-people", "conf-delete", "conf-headline"},
        ),
        "conf-in-pencil": Claims(
            always=[{"conf-two-times", "conf-off-the-phone", "conf-all-of-it", "conf-in-the-morning"}],
            never={"conf-several-people", "conf-alerts-on"},
        ),
    },
    "the-trolley-photo": {
        "trolley-stayed-out": Claims(
            always=[
                {"trolley-speak-up", "trolley-kettle"},
                {"trolley-wipe", "trolley-wipe-tell"},
                {"trolley-saw-and-did", "trolley-informal"},
            ],
            never={"trolley-join-in", "trolley-hold-phone", "trolley-bloods", "trolley-laugh-too", "trolley-missed-it"},
        ),
        "trolley-six-minutes": Claims(
            always=[{"trolley-bloods"}, {"trolley-saw-and-did", "trolley-informal"}],
            never={"trolley-join-in", "trolley-hold-phone", "trolley-wipe", "trolley-wipe-tell", "trolley-missed-it"},
        ),
        "trolley-owned-it": Claims(
            always=[
                {"trolley-join-in", "trolley-hold-phone"},
                {"trolley-ring-him"},
                {"trolley-all-of-it", "trolley-advice-first"},
                {"trolley-same-for-all", "trolley-looked-careless"},
            ],
            never={
                "trolley-missed-it",
                "trolley-not-my-idea",
                "trolley-laugh",
                "trolley-let-it-go",
                "trolley-your-side",
                "trolley-no-patient",
            },
        ),
        "trolley-late-truth": Claims(
            always=[{"trolley-missed-it"}, {"trolley-ring-back", "trolley-ask-how"}],
            never={"trolley-join-in", "trolley-hold-phone", "trolley-leave-it"},
        ),
        "trolley-long-month": Claims(
            always=[{"trolley-same-for-all", "trolley-looked-careless", "trolley-private-note", "trolley-two-friends"}],
            never={"trolley-missed-it", "trolley-post-it"},
        ),
        "trolley-second-post": Claims(
            always=[{"trolley-post-it"}],
            never={"trolley-missed-it", "trolley-private-note", "trolley-two-friends"},
        ),
        "trolley-caught-up": Claims(
            always=[{"trolley-missed-it"}, {"trolley-leave-it"}],
            never={"trolley-join-in", "trolley-hold-phone", "trolley-ring-back", "trolley-ask-how"},
        ),
    },
    "the-open-letter": {
        "letter-committee": Claims(
            always=[
                {"letter-sleep", "letter-one-line"},
                {"letter-evidence", "letter-check-two"},
                {"letter-press-office", "letter-speaks", "letter-correction", "letter-check-two"},
            ],
            never={"letter-post-it", "letter-cat", "letter-dishonest", "letter-name-her", "letter-sign-now"},
        ),
        "letter-back-at-work": Claims(
            always=[
                {"letter-post-it", "letter-cat", "letter-dishonest"},
                {"letter-policy", "letter-drawer", "letter-wrong-about", "letter-rep-first"},
            ],
            never={"letter-evidence", "letter-someone-ask", "letter-private-forum"},
        ),
        "letter-quiet": Claims(
            always=[
                {"letter-sleep", "letter-one-line"},
                {"letter-head-down", "letter-sign-now", "letter-not-this-one"},
            ],
            never={"letter-post-it", "letter-cat", "letter-dishonest", "letter-name-her"},
        ),
        "letter-two-problems": Claims(
            always=[{"letter-name-her", "letter-someone-ask", "letter-private-forum"}],
            never={"letter-policy", "letter-drawer", "letter-wrong-about", "letter-rep-first", "letter-correction"},
        ),
    },
    "the-friend-request": {
        "req-altos": Claims(
            always=[{"req-plan", "req-policy", "req-meet"}, {"req-open-999", "req-closed-999"}],
            never={"req-clear", "req-the-rule", "req-half-true", "req-letter"},
            gauges={"req-standing": range(70, 101)},
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
    "going-viral": {
        # The plain numbers went round, and nothing was told to a stranger that undid it.
        "viral-six-calls": Claims(
            always=[{"viral-two-lists"}],
            never=["viral-just-delete", "viral-close-account", "viral-letters", "viral-work-it-out"],
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
    "unmasked": {
        # It ended in a talk: answered honestly, nobody lied to, no patient talked about, no harm left standing.
        "unmasked-named": Claims(
            always=[{"unmasked-coming-back-do-name"}, UNMASKED_ANSWERS],
            never=UNMASKED_UNTRUE,
            gauges={"unmasked-standing": range(50, 101)},
        ),
        "unmasked-unnamed": Claims(
            always=[{"unmasked-coming-back-do-rules"}, UNMASKED_ANSWERS],
            never=UNMASKED_UNTRUE,
            gauges={"unmasked-standing": range(50, 101)},
        ),
        "unmasked-asleep": Claims(
            always=[{"unmasked-coming-back-do-sleep", "unmasked-ten-past-three-do-look"}, UNMASKED_ANSWERS],
            never=UNMASKED_UNTRUE,
            gauges={"unmasked-standing": range(50, 101)},
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
    "one-star": {
        # “A consultant here now”, “They rang”: sorry was said, nothing was denied, no second word about a patient.
        "star-they-rang": Claims(
            always=[{"star-months-weekly", "star-day-weekly"}, {"star-letter-meet", "star-letter-write"}],
            never=ONE_STAR_WORSE | {"star-letter-explain", "star-nine-remove"},
            gauges={"star-trust": range(75, 101), "star-standing": range(50, 101)},
        ),
        # “The plan is on the fridge”, and people remember what was done about the post.
        "star-a-line-a-month": Claims(
            always=[{"star-months-weekly", "star-day-weekly"}, ONE_STAR_POOR],
            never={"star-source-late", "star-day-answer"},
        ),
        # “The local group has moved on”: no plan, and no second story that people ask about.
        "star-bin-days": Claims(
            always=[{"star-search-month", "star-months-read", "star-day-close"}],
            never={"star-source-late", "star-day-answer"},
            gauges={"star-trust": range(40, 101), "star-standing": range(40, 101)},
        ),
        # “One story still, and not two”: nothing about anybody's care was said in public, to a friend or to the paper.
        "star-one-line": Claims(
            always=[{"star-day-answer"}, {"star-sunday-save"}],
            never={"star-discuss", "star-nine-posts", "star-source"},
        ),
        # “Both come up under your name”: there is something that came after the post.
        "star-two-stories": Claims(
            always=[{"star-discuss", "star-nine-posts", "star-source"}, ONE_STAR_POOR], never={"star-months-weekly"}
        ),
    },
}
