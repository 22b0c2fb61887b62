"""Hears all that the product would log, as it would log it, and finds what must never stand there."""

import logging
import re

from apps.core.logs import JsonFormatter
from tests import make

SECRETS = {
    "e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}"),
    "key, token or code": re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{26,}"),
    "password": re.compile(f"{re.escape(make.PASSWORD)}|a-good-long-one"),
    "name": re.compile(r"Sam Learner|Ada Administrator"),
    "address with a query": re.compile(r"\?\w+="),
}


class Listener(logging.Handler):
    """Keeps every line; `leaks` are those that hold a secret."""

    def __init__(self, formatter: logging.Formatter | None = None) -> None:
        super().__init__(logging.INFO)  # the product's level
        self.setFormatter(formatter or JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def leaks(self) -> list[str]:
        return [
            f"{kind}: {line[:2000]}" for line in self.lines for kind, secret in SECRETS.items() if secret.search(line)
        ]
