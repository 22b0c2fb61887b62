"""Messages to the next page wait in a cookie: a small one, so that the headers fit into a proxy's buffer."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class SmallCookieStorage(CookieStorage):
    max_cookie_size = 1_000


class MessageStorage(FallbackStorage):
    """What does not fit into the cookie waits in the session."""

    storage_classes = (SmallCookieStorage, SessionStorage)
