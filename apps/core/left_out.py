"""What is stored and cannot be shown is left out of pages, and the log says so: no content takes a page down."""

import logging
from functools import lru_cache

from django.http import Http404

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1000)
def note(what: str, why: str) -> None:
    """Log that something was left out, and why, once in the life of the process. Both are words of ours."""
    logger.error("Left out: %s (%s)", what, why)


class NotShownError(Http404):
    """What was asked for has no page: to whoever asks it is not there, and a template prints nothing in its place."""

    silent_variable_failure = True


class BrokenContentError(NotShownError):
    """What was asked for is published and cannot be shown."""

    def __init__(self, what: str, why: str) -> None:
        note(what, why)
        super().__init__(f"{what} ({why})")
