"""What a check must know beside what is written: the sources, the facts, the pictures and the kinds of page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from apps.core.pictures import picture_url
from apps.modules import page_kinds
from apps.modules.models import Source
from apps.modules.page_kinds import PageKind


def has_picture(name: str) -> bool:
    """Whether there is a drawing of this name."""
    return picture_url(name) is not None


@dataclass(frozen=True)
class Known:
    """What there is."""

    sources: Mapping[str, str] = field(default_factory=dict)  # the key of each, and of what replaced it: empty for none
    facts: frozenset[str] = frozenset()
    has_picture: Callable[[str], bool] = has_picture
    kinds: Mapping[str, PageKind] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((frozenset(self.sources.items()), self.facts, frozenset(self.kinds)))


def read_known() -> Known:
    """What there is now; one query, since each fact has its source."""
    found = list(Source.objects.order_by().values_list("key", "superseded_by__key", "facts__key"))
    return Known(
        {key: newer or "" for key, newer, _ in found},
        frozenset(fact for _, _, fact in found if fact),
        kinds={kind.name: kind for kind in page_kinds.all_kinds()},
    )
