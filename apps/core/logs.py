"""Logging: one JSON object a line that holds nothing a person typed or is known by (decision 16)."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from http import HTTPMethod, HTTPStatus
from traceback import extract_tb
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

request_id: ContextVar[str] = ContextVar("request_id", default="")

FRAMES = 40  # of one exception, the innermost; an endless recursion has a thousand


class JsonFormatter(logging.Formatter):
    """A log record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
        }
        try:
            entry |= _what_happened(record)
        except Exception as error:  # logging itself would print the record to say that it cannot
            entry["message"] = f"A message that cannot be written: {type(error).__name__}"
        return json.dumps(entry, ensure_ascii=False)


def _what_happened(record: logging.LogRecord) -> dict[str, Any]:
    request = getattr(record, "request", None)
    entry: dict[str, Any] = {"message": _message(record)}
    if isinstance(request, HttpRequest):
        entry = _answer(record, request)
    if record.exc_info and record.exc_info[1]:
        entry["exception"] = [
            {"type": _name(type(error)), "frames": _frames(error)} for error in _chain(record.exc_info[1])
        ]
    return entry


def _answer(record: logging.LogRecord, request: HttpRequest) -> dict[str, Any]:
    """What Django says about an answer, without the address, which may be a code, and without the exception's words."""
    status = getattr(record, "status_code", 500)
    message = HTTPStatus(status).phrase
    if record.name == "django.security.csrf" and isinstance(record.args, tuple):
        message += f": {str(record.args[0]).partition(' - ')[0]}"  # behind it stands where the form came from
    return {
        "message": message,
        "status": status,
        "method": request.method if request.method in HTTPMethod.__members__ else "other",
        "route": route_of(request),
        "request": getattr(request, "number", ""),
    }


def route_of(request: HttpRequest) -> str:
    """The pattern that the address fits, such as `verify/<pasted:code>/`; nothing where there is no such page."""
    try:
        return (request.resolver_match or resolve(request.path_info)).route
    except Resolver404:
        return ""


def _message(record: logging.LogRecord) -> str:
    """Ours as it is. In others' words, numbers stay; text, and what follows a colon or a quote, may be anybody's."""
    is_ours = record.name.startswith("apps.")
    if not record.args:
        return str(record.msg) if is_ours else re.split("[:='\"?]", str(record.msg), maxsplit=1)[0]
    if isinstance(record.args, Mapping):
        return str(record.msg) % {key: _plain(value, is_ours) for key, value in record.args.items()}
    return str(record.msg) % tuple(_plain(value, is_ours) for value in record.args)


def _plain(value: object, is_ours: bool) -> object:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return value if is_ours else "…"
    return _name(type(value))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and those it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames(error: BaseException) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)[-FRAMES:]]


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
