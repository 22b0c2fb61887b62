"""One request of `test_said.py`, and the addresses of its world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

NOBODY = ""
WRITE = "/admin/write/modules"
NIGHT, MORNINGS, POSTS = f"{WRITE}/night/", f"{WRITE}/mornings/", f"{WRITE}/posts/"


@dataclass(frozen=True)
class Asked:
    """One request by one person: a GET, unless something is sent: `data`, in the form that the page `form` has.

    `first` is done before it, and not heard: requests, between which a minute passes unless time `is_still`, or what
    happens `meanwhile`, of which the path says what. `is_open` says that the form was opened before that.
    """

    who: str
    path: str
    data: dict[str, object] | None = None
    form: str | None = None
    first: tuple[Asked, ...] = ()
    name: str = ""
    is_whole: bool = False
    is_open: bool = False
    is_still: bool = False
    meanwhile: Callable[[], object] | None = None


def looked(who: str, *paths: str, first: tuple[Asked, ...] = ()) -> Iterator[Asked]:
    return (Asked(who, path, first=first) for path in paths)
