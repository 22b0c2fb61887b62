"""What is measured: pages, what a learner asks of them, and how that is put into bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from apps.accounts.models import User
from benchmarks.load import Call

CSRF = "b" * 32
BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n"
)


@dataclass(frozen=True)
class Learner:
    """Somebody with two sessions: the product's, and one as a stock Django project has them."""

    user: User
    session_key: str
    stock_session_key: str


@dataclass(frozen=True)
class Ask:
    """One request before it is put into bytes, so that the test client can send it too."""

    path: str
    marker: str
    fields: tuple[tuple[str, str], ...] | None = None  # posted; None for a GET


Asks = Callable[[Learner], Iterator[Ask]]


@dataclass(frozen=True)
class Aim:
    """What a page may cost: as a part of it the stock bare view's processor time, and its statements.

    Statements are those beside session and person, without those that begin and end transactions.
    """

    part: float
    statements: int | None = None


@dataclass(frozen=True)
class Target:
    """A measured page: what each learner asks of it in turn, and how the state it uses up is restored and counted."""

    name: str
    asks: Asks
    aim: Aim | None = None
    is_public: bool = False  # asked without a session
    is_stock: bool = False  # asked with the session of a stock project
    also: tuple[str, Asks] | None = None  # the page in another state, in which its statements are counted too
    reset: Callable[[], None] | None = None
    count_stored: Callable[[], int] | None = None  # rows that right answers have left since the reset


def session_of(target: Target, learner: Learner) -> str:
    """The key of the session with which a learner asks for a page."""
    return learner.stock_session_key if target.is_stock else learner.session_key


def calls(target: Target, learner: Learner) -> Iterator[Call]:
    """What a learner asks of a page, as bytes."""
    host = settings.BASE_URL.removeprefix("https://")
    common = f"Host: {host}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: close\r\n{BROWSER}"
    if not target.is_public:
        session = session_of(target, learner)
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        common += f"Cookie: {cookies}\r\n"
    for ask in target.asks(learner):
        if ask.fields is None:
            request = f"GET {ask.path} HTTP/1.1\r\n{common}\r\n"
            yield Call(request.encode(), 200, ask.marker.encode())
        else:
            body = urlencode(ask.fields)
            head = (
                f"POST {ask.path} HTTP/1.1\r\n{common}Origin: {settings.BASE_URL}\r\nX-CSRFToken: {CSRF}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            yield Call((head + body).encode(), 302, f"{ask.marker}\r\n".encode())


def in_turn(iterators: list[Iterator[Call]]) -> Iterator[Call]:
    """One of each, again and again; what has run out is left."""
    waiting = list(iterators)
    while waiting:
        still = []
        for iterator in waiting:
            call = next(iterator, None)
            if call is not None:
                still.append(iterator)
                yield call
        waiting = still
