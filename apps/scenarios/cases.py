"""A case under way: all that its pages show hangs on one object, which knows where they stand."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse

from apps.modules.previews import Fields
from apps.progress.places import Place
from apps.progress.previews import PlaceInDraft
from apps.scenarios.models import Playthrough, Scene
from apps.scenarios.walks import Script, Walk, walk_of


@dataclass(frozen=True)
class Way:
    """A walk of somebody's that has come to an ending, and where they can look back at it."""

    number: int
    ending: Scene
    url: str
    ended_at: datetime.datetime | None = None  # of a visitor's nobody knows


@dataclass(frozen=True)
class Case:
    """A learner's: `playthrough` is None before the first decision."""

    templates: ClassVar[str] = "scenarios"

    place: Place
    script: Script
    playthrough: Playthrough | None
    walk: Walk

    @property
    def number(self) -> int:
        """Which playthrough it is."""
        return self.playthrough.number if self.playthrough else 1

    @property
    def is_another_way(self) -> bool:
        """The first playthrough counts; the others try something else."""
        return self.number > 1

    @property
    def first_url(self) -> str:
        """How it went the first time: where who tries another way can always go."""
        return self.url("debrief", 1) if self.is_another_way else self.url()

    def url(self, view: str = "", *args: object) -> str:
        """The address of the case, or of another view of it."""
        return self.place.url(view, *args)


@dataclass(frozen=True)
class Visit:
    """A visitor's, which waits in the session (`tasting.py`): the first walk to an ending, and the one they are on.

    Who is on the second may look back at the first.
    """

    templates: ClassVar[str] = "scenarios/try"

    place: Place
    script: Script
    walks: tuple[Walk, ...]
    is_looking_back: bool = False

    @property
    def walk(self) -> Walk:
        """The one that is shown."""
        return self.walks[self.number - 1] if self.walks else walk_of(self.script, ())

    @property
    def number(self) -> int:
        """Which of the two that is."""
        return 2 if len(self.walks) > 1 and not self.is_looking_back else 1

    @property
    def is_another_way(self) -> bool:
        """Whether it is shown where something else is tried."""
        return self.number > 1

    @property
    def first_url(self) -> str:
        """How it went the first time: where who tries another way can always go."""
        return self.url("first") if self.is_another_way else self.url()

    @property
    def ways(self) -> list[Way]:
        """Those that have come to an ending."""
        urls = [self.url("first"), self.url()][-len(self.walks) :]
        ended = zip(range(1, 3), self.walks, urls, strict=False)
        return [Way(number, walk.here.scene, url) for number, walk, url in ended if walk.is_ended]

    @property
    def waits_at(self) -> int | None:
        """The decision at which the second walk waits, where the first is shown."""
        return self.walks[-1].decision if self.is_looking_back and not self.walks[-1].is_ended else None

    @property
    def to_keep(self) -> list[Walk]:
        """What an account can keep, once something was decided: also a second walk that is back at the start."""
        return list(self.walks) if any(walk.choices for walk in self.walks) else []

    def url(self, view: str = "", *args: object) -> str:
        """The address of the case for somebody without an account, or of another view of it."""
        name = f"scenarios:try_{view}" if view else "scenarios:try"
        return reverse(name, args=[self.place.contents.edition.module.slug, self.place.page.key, *args])


@dataclass(frozen=True)
class Start:
    """A scene from which a rehearsal may begin, and which may have been visited before."""

    number: int
    key: str
    title: str
    is_chosen: bool
    is_visited: bool


@dataclass(frozen=True)
class Rehearsal:
    """An author's, in a draft: from any scene, however everything stands there. All of it is in the address."""

    templates: ClassVar[str] = "scenarios"
    playthrough: ClassVar[None] = None
    number: ClassVar[int] = 1
    is_another_way: ClassVar[bool] = False

    place: PlaceInDraft
    script: Script
    walk: Walk

    def url(self, view: str = "", *args: object) -> str:
        """The address to which every form leads, at what it has come to."""
        anchor = {"choose": "#after", "go_back": "#scene"}.get(view, "")
        return self.place.previewed.url(self.fields) + anchor

    @property
    def before(self) -> str:
        """The address of the rehearsal before its last decision."""
        return self.place.previewed.url([*self._start, *(("way", key) for key in self.walk.keys[:-1])])

    @property
    def fields(self) -> Fields:
        """What a query says of it: how it began, and the way that was taken since."""
        return [*self._start, *(("way", key) for key in self.walk.keys)]

    @property
    def _start(self) -> Fields:
        graph = self.script.graph
        gauges = [(f"gauge-{key}", str(value)) for key, value in graph.gauges.items()]
        return [("scene", graph.start), *gauges, *(("visited", key) for key in sorted(graph.visited))]

    @property
    def gauges(self) -> Sequence[tuple[str, str, int]]:
        """Each gauge with its key and where it began."""
        return [(gauge.key, gauge.name, self.script.graph.gauges[gauge.key]) for gauge in self.script.gauges]

    @property
    def starts(self) -> Sequence[Start]:
        """Every scene of the case, in order."""
        graph = self.script.graph
        scenes = [scene.scene for scene in self.script.scenes.values() if scene.scene.pk]
        return [
            Start(number, scene.key, scene.title, scene.key == graph.start, scene.key in graph.visited)
            for number, scene in enumerate(scenes, start=1)
        ]
