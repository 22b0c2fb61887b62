"""What somebody made before they had an account, kept in the POST that signs them in.

An app that has such a thing registers the address that keeps it. Sign-in and sign-up forms that were reached from a
button "Keep this" carry that address as `next`, and so does a sign-up that waits for its code; what leads on there
after signing in has kept it on the way.
"""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve

# Takes the request, in which the person is signed in, and what the address names; stores all or nothing.
Keeper = Callable[..., None]

_keepers: dict[str, Keeper] = {}


def register(url_name: str, keeper: Keeper) -> None:
    """Let `keeper` be called when somebody is led to the address of this name by signing in."""
    if url_name in _keepers:
        raise ValueError(f"{url_name!r} is registered twice.")
    _keepers[url_name] = keeper


def keep_on_signing_in(request: HttpRequest, onward: str) -> None:
    """Keep what the address says that signing in leads on to. If that fails, it still waits where it was."""
    try:
        match = resolve(urlsplit(onward).path)
    except (Resolver404, ValueError):  # no page of ours, or no address at all
        return
    if match.view_name not in _keepers:
        return
    try:
        _keepers[match.view_name](request, **match.kwargs)
    except Exception as error:  # nobody is kept out because of it
        logging.getLogger(__name__).error("%s kept nothing: %s", match.view_name, type(error).__name__)
