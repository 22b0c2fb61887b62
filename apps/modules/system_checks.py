"""What is wrong with a kind of page itself, said before anybody writes one."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.urls import NoReverseMatch, reverse

from apps.modules import page_kinds
from apps.modules.page_kinds import PageKind


def check_page_kinds(**options: Any) -> list[CheckMessage]:
    """Each kind has words for people and a view that pages can be led to: publishing asks for neither."""
    return [problem for kind in page_kinds.all_kinds() for problem in _problems_of(kind)]


def _problems_of(kind: PageKind) -> Iterator[CheckMessage]:
    for name in ("label", "plural"):
        if not getattr(kind, name, ""):
            yield Error(f"Page kind {kind.name!r} has no {name}.", obj=kind, id="modules.E001")
    view = getattr(kind, "view_name", "")
    try:
        namespace, name = view.split(":")
        reverse(f"{namespace}:{name}", args=["module", 1, "page"])
    except (ValueError, NoReverseMatch):
        what = f"Page kind {kind.name!r} has no view that takes a slug, a number and a key: {view!r}."
        yield Error(what, obj=kind, id="modules.E002")
