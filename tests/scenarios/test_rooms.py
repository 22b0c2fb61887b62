"""One decision walks through few rooms. A room is a file under `apps/`; going back into one that was left costs a turn
of the head to everybody who reads along.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings

from apps.scenarios.models import Decision
from tests import make

pytestmark = pytest.mark.django_db

APPS = f"{Path(settings.BASE_DIR, 'apps')}/"
CASE = "/learn/posts/1/scenario/case/"
MOST_READINGS, MOST_RETURNS = 2, 5
MORE_TO_ENROL = 4  # whether it may be begun is asked before, and once more under the edition's lock


def _is_room(frame: FrameType) -> bool:
    """Whether its file is one that a reader walks into; what runs prepared statements is as Django's ORM."""
    return frame.f_code.co_filename.startswith(APPS) and not frame.f_code.co_filename.endswith("/core/prepared.py")


class Rooms:
    """Every entry into a room: who was called from which other room."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str, str]] = []

    def watch(self, frame: FrameType, event: str, _: object) -> None:
        """A profile function: a call whose nearest caller under `apps/` stands in another file."""
        if event != "call" or not _is_room(frame):
            return
        caller = frame.f_back
        while caller and not _is_room(caller):
            caller = caller.f_back
        before = caller.f_code.co_filename if caller else ""
        if before != frame.f_code.co_filename:
            room = frame.f_code.co_filename.removeprefix(APPS)
            self.entries.append((before.removeprefix(APPS), room, frame.f_code.co_name))

    @property
    def names(self) -> list[str]:
        return [room for _, room, _ in self.entries]

    @property
    def returns(self) -> int:
        """How often a room is entered that had been left."""
        return len(self.names) - len(set(self.names))

    def __str__(self) -> str:
        lines = [
            f"{'*' if room in self.names[:index] else ' '} {before} → {room}: {name}"
            for index, (before, room, name) in enumerate(self.entries)
        ]
        return "\n".join(["The walk through the rooms (* again):", *lines])


rooms = Rooms()


class Watcher:
    """A middleware that watches the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse:
        rooms.entries.clear()
        others = sys.getprofile()
        sys.setprofile(rooms.watch)
        try:
            return view(request, *args, **kwargs)
        finally:
            sys.setprofile(others)


def decide(client: Client, decision: int) -> None:
    fields = {"decision": decision, "choice": f"case-scene-{decision}-best"}
    assert client.post(f"{CASE}choose/", fields).url == f"{CASE}?after={decision}#after"


@pytest.mark.parametrize(
    ("decision", "more"),
    [(1, MORE_TO_ENROL), (2, 0), (3, 0)],
    ids=["the first, which enrols", "one in the middle", "the last"],
)
def test_a_decision_walks_through_few_rooms(decision: int, more: int) -> None:
    make.edition("posts")
    learner = make.user()
    client = make.client(learner)
    for earlier in range(1, decision):
        decide(client, earlier)
    client.get(CASE)
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, f"{__name__}.Watcher"]):
        decide(make.client(learner), decision)
    assert Decision.objects.count() == decision
    assert 0 < rooms.names.count("scenarios/queries.py") <= MOST_READINGS, str(rooms)
    assert rooms.returns <= MOST_RETURNS + more, str(rooms)
    assert "scenarios/views.py" in rooms.names, str(rooms)


def test_what_happens_under_the_watchers_eye_is_counted() -> None:
    """A room inside itself is not entered; one that was left is entered again, also through files that are no rooms."""
    watched = Rooms()

    def call(room: str, then: Callable[[], object] = lambda: None) -> Callable[[], object]:
        names: dict[str, Any] = {"then": then}
        exec(compile("def inside():\n    then()\ndef door():\n    inside()", f"{APPS}{room}", "exec"), names)  # noqa: S102
        return names["door"]

    second = call("b.py")
    third = call("c.py", second)
    first = call("a.py", lambda: [second(), third(), second()])
    sys.setprofile(watched.watch)
    try:
        first()
    finally:
        sys.setprofile(None)
    assert watched.names == ["a.py", "b.py", "c.py", "b.py", "b.py"]
    assert watched.returns == 2
    assert str(watched).splitlines()[-1] == "* a.py → b.py: door"
