"""A case under way: all that its pages show hangs on one object, which knows where they stand."""

from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse

from apps.progress.places import Place
from apps.scenarios.models import Playthrough
from apps.scenarios.walks import Script, Walk, walk_of


@dataclass(frozen=True)
class Case:
    """A learner's: `playthrough` is None before the first decision."""

    templates: ClassVar[str] = "scenarios"

    place: Place
    script: Script
    playthrough: Playthrough | None
    walk: Walk

    @property
    def is_another_way(self) -> bool:
        """The first playthrough counts; the others try something else."""
        return self.playthrough is not None and self.playthrough.number > 1

    def url(self, view: str = "", *args: object) -> str:
        """The address of the case, or of another view of it."""
        return self.place.url(view, *args)


@dataclass(frozen=True)
class Visit:
    """A visitor's, which waits in the session (`tasting.py`): the first walk to an ending, and the one they are on."""

    templates: ClassVar[str] = "scenarios/try"

    place: Place
    script: Script
    walks: tuple[Walk, ...]

    @property
    def walk(self) -> Walk:
        """The one they are on."""
        return self.walks[-1] if self.walks else walk_of(self.script, ())

    @property
    def to_keep(self) -> list[Walk]:
        """What an account can keep, once something was decided: also a second walk that is back at the start."""
        return list(self.walks) if any(walk.choices for walk in self.walks) else []

    def url(self, view: str = "", *args: object) -> str:
        """The address of the case for somebody without an account, or of another view of it."""
        name = f"scenarios:try_{view}" if view else "scenarios:try"
        return reverse(name, args=[self.place.contents.edition.module.slug, self.place.page.key, *args])
