"""What a scene or a choice needs, in a form: a gauge, a scene; what goes beyond that is ticked, to be taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django import forms
from django.http import QueryDict

from apps.core.words import shortened
from apps.modules.forms import AuthorForm
from apps.modules.keys import PROVISIONAL
from apps.modules.outline_lines import KEY
from apps.scenarios.document import CaseDocument, Need
from apps.scenarios.forms.fields import LONGEST_OPTION, OneOf, Options

STEPS = range(10, 100, 10)
MOST_MORE = 50
AFTER, NOT_AFTER = "after", "not-after"
_LEVEL = re.compile(r"([-a-zA-Z0-9_]{1,80})(:|:under-)([0-9]{1,5})")
_SCENE = re.compile(r"(after|not-after):([-a-zA-Z0-9_]{1,80})")


def said_as(need: Need) -> str:
    """A need as a select, or a tick, says it."""
    if need.gauge:
        return f"{need.gauge}:{need.at_least}" if need.below is None else f"{need.gauge}:under-{need.below}"
    return f"{AFTER}:{need.visited}" if need.visited else f"{NOT_AFTER}:{need.not_visited}"


def need_of(said: str, key: str) -> Need | None:
    """What it says; None for what makes no sense."""
    if scene := _SCENE.fullmatch(said):
        is_after = scene[1] == AFTER
        return Need(key, visited=scene[2]) if is_after else Need(key, not_visited=scene[2])
    if level := _LEVEL.fullmatch(said):
        number = int(level[3])
        return Need(key, level[1], at_least=number) if level[2] == ":" else Need(key, level[1], below=number)
    return None


class Names:
    """What a case calls its scenes and gauges, in selects and in words."""

    def __init__(self, case: CaseDocument) -> None:
        self.scenes = {
            scene.key: f"{number}. {shortened(scene.title, LONGEST_OPTION)}"
            for number, scene in enumerate(case.scenes, start=1)
        }
        self.gauges = {gauge.key: gauge.title for gauge in case.gauges}
        self.levels = Options({"": "Any"} | dict(self._steps()))
        self.known = Options({"": "Any"} | self.scenes)

    def _steps(self) -> Iterator[tuple[str, str]]:
        for gauge in self.gauges:
            yield from ((f"{gauge}:{step}", self.level(f"{gauge}:{step}")) for step in STEPS)
            yield from ((f"{gauge}:under-{step}", self.level(f"{gauge}:under-{step}")) for step in STEPS)

    def level(self, said: str) -> str:
        """`Public trust 60 or more`."""
        need = need_of(said, "") or Need("")
        gauge = self.gauges.get(need.gauge, "a gauge that is gone")
        return f"{gauge} {need.at_least} or more" if need.below is None else f"{gauge} under {need.below}"

    def told(self, need: Need) -> str:
        """A need in words."""
        if need.gauge:
            return f"Only with {self.level(said_as(need))}"
        scene = self.scenes.get(need.visited or need.not_visited, "a scene that is gone")
        return f"Only after scene {scene}" if need.visited else f"Not after scene {scene}"


@dataclass(frozen=True)
class More:
    """A need beyond those that the selects can say, to tick."""

    value: str
    words: str


class NeedsForm(AuthorForm):
    """A form with what is needed; `stored` is what is needed now."""

    need_gauge = OneOf(label="Only with", gone=_LEVEL)
    need_scene = OneOf(label="Only if this scene…", gone=KEY)
    need_way = forms.ChoiceField(
        label="…was",
        choices=[(AFTER, "seen before"), (NOT_AFTER, "not seen before")],
        required=False,
    )

    def __init__(self, *args: Any, names: Names, stored: Sequence[Need] = (), **kwargs: Any) -> None:
        self.names, self.stored = names, stored
        levels = sorted((need for need in stored if need.gauge), key=lambda need: need.at_least is None)
        self.of_gauge = next(iter(levels), None)
        self.of_scene = next((need for need in stored if not need.gauge), None)
        initial = {**self._initial(), **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        cast(OneOf, self.fields["need_gauge"]).offer(self._levels())
        cast(OneOf, self.fields["need_scene"]).offer(names.known)

    def _initial(self) -> dict[str, str]:
        scene = self.of_scene or Need("")
        return {
            "need_gauge": said_as(self.of_gauge) if self.of_gauge else "",
            "need_scene": scene.visited or scene.not_visited,
            "need_way": NOT_AFTER if scene.not_visited else AFTER,
        }

    def _levels(self) -> Options:
        """The levels to choose from, with the one that is stored."""
        said = said_as(self.of_gauge) if self.of_gauge else ""
        known = self.names.levels
        return known if said in known.names else Options(dict(known.names) | {said: self.names.level(said)})

    @property
    def more_name(self) -> str:
        return self.add_prefix("need_more")

    @property
    def more(self) -> list[More]:
        """What is needed beyond what the selects say."""
        if self.is_bound:
            return [More(said, self.names.told(need)) for said, need in self._ticked()]
        beyond = [need for need in self.stored if need not in (self.of_gauge, self.of_scene)]
        return [More(f"{need.key} {said_as(need)}", self.names.told(need)) for need in beyond]

    def _ticked(self) -> Iterator[tuple[str, Need]]:
        for sent in dict.fromkeys(cast(QueryDict, self.data).getlist(self.more_name)[:MOST_MORE]):
            key, _, said = sent.partition(" ")
            need = need_of(said, key)
            if need and key:
                yield sent, need

    @property
    def has_needs(self) -> bool:
        """Whether anything is needed, so that it is shown open."""
        asked = (self[name] for name in ("need_gauge", "need_scene") if name in self.fields)
        return any(bound.value() for bound in asked) or bool(self.more)

    def needs(self) -> tuple[Need, ...]:
        """What was written. One that says what a stored one says is that one."""
        data = self.cleaned_data
        chosen = (
            data["need_gauge"],
            f"{data['need_way'] or AFTER}:{data['need_scene']}" if data.get("need_scene") else "",
        )
        ticked = [
            need if need in self.stored else replace(need, key=self._new_key(f"more-{place}"))
            for place, (_, need) in enumerate(self._ticked())
        ]
        taken = {need.key for need in ticked}
        keys = map(self._new_key, ("gauge", "scene"))
        made = [need for said, key in zip(chosen, keys, strict=True) if said and (need := need_of(said, key))]
        return (*(self._known(need, taken) for need in made), *ticked)

    def _new_key(self, what: str) -> str:
        return f"{PROVISIONAL}{self.prefix or 'scene'}-{what}"

    def _known(self, need: Need, taken: set[str]) -> Need:
        same = (known for known in self.stored if replace(known, key=need.key) == need and known.key not in taken)
        return next(same, need)
