"""How many SQL statements a page is made with."""

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.targets import Ask, Asks, Learner, Target, session_of
from benchmarks.world import World

TRANSACTION_WORDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def count_all(world: World) -> dict[str, list[int]]:
    """Of each page, by its name: of its first request, and of one in another state where that is counted too."""
    counts = {}
    for target in [world.bare(), world.stock(), *world.targets()]:
        states = [target.asks, *([target.also[1]] if target.also else [])]
        counts[target.name] = [_count(target, asks, world.learners[0]) for asks in states]
    return counts


def _count(target: Target, asks: Asks, learner: Learner) -> int:
    """SQL statements of one warm request, without those that only begin and end transactions."""
    client = Client(headers={"host": settings.BASE_URL.removeprefix("https://")})
    if not target.is_public:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(target, learner)
    _send(client, next(asks(learner)))
    if target.reset:  # a case or an attempt has a first request only once
        target.reset()
    with CaptureQueriesContext(connection) as captured:
        _send(client, next(asks(learner)))
    if target.reset:
        target.reset()
    statements = [query["sql"] for query in captured.captured_queries]
    return sum(not sql.upper().startswith(TRANSACTION_WORDS) for sql in statements)


def _send(client: Client, ask: Ask) -> None:
    if ask.fields is None:
        response = client.get(ask.path, secure=True)
    else:
        fields: dict[str, list[str]] = {}
        for name, value in ask.fields:
            fields.setdefault(name, []).append(value)
        response = client.post(ask.path, fields, secure=True)
    text = f"Location: {response.get('Location')}\n{response.content.decode()}"
    if ask.marker not in text:
        raise RuntimeError(f"{ask.path}: {response.status_code}, without {ask.marker!r}: {text[:600]}")
