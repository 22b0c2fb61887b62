"""How often the doors may be tried (`ACCOUNT_RATE_LIMITS`), and how long who tried too often has to wait."""

import math
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

APP, MFA_APP = "allauth.account", "allauth.mfa"

# What an address may be refused for with a 429: the limits it counts, by the name of its URL.
LIMITS_AT = {
    "account_login": ("login", "confirm_email"),
    "account_signup": ("signup", "confirm_email"),
    "account_reset_password": ("reset_password",),
    "account_reset_password_from_key": ("reset_password_from_key",),
    "account_change_password": ("change_password",),
    "account_set_password": ("change_password",),
    "account_reauthenticate": ("reauthenticate",),
    "mfa_reauthenticate": ("reauthenticate",),
    "mfa_reauthenticate_webauthn": ("reauthenticate",),
    "mfa_passkey_options": ("webauthn_login",),
    "mfa_login_webauthn": ("webauthn_login",),
    "account_email": ("manage_email", "confirm_email"),
    "account_email_verification_sent": ("confirm_email",),
}


def consume(request: HttpRequest, action: str, key: str = "") -> ratelimit.RateLimitUsage | None:
    """Count one try; None when there is none left."""
    return ratelimit.consume(request, app=APP, action=action, key=key)


def clear(request: HttpRequest, action: str, key: str) -> None:
    """Begin to count anew."""
    ratelimit.clear(request, app=APP, action=action, key=key)


def seconds_to_wait(request: HttpRequest) -> int:
    """After how many seconds what was refused here is possible again.

    Of a limit by network address or by person it is exact. If none of those is used up, it was a limit by e-mail
    address, whose whole time is told.
    """
    name = request.resolver_match.url_name if request.resolver_match else ""
    rates = [(action, rate) for action in LIMITS_AT.get(name or "", ()) for rate in _rates(action)]
    waits = [_seconds_left(request, action, rate) for action, rate in rates if rate.per != "key"]
    longest = max(waits, default=0) or max((rate.duration for _, rate in rates if rate.per == "key"), default=60)
    return math.ceil(longest)


def asker(request: HttpRequest) -> str:
    """Whom a limit by key counts: the person who is signed in, or else the network address."""
    return f"person {request.user.pk}" if request.user.is_authenticated else f"network {ratelimit.get_ip(request)}"


def seconds_until_free(request: HttpRequest, action: str, key: str) -> int:
    """After how many seconds this action, whose limits are all by key, is possible again."""
    return max(1, math.ceil(max((_seconds_left(request, action, rate, key) for rate in _rates(action)), default=0)))


def seconds_of(action: str) -> int:
    """The whole time of this action's limit."""
    return math.ceil(max((rate.duration for rate in _rates(action)), default=0))


def in_words(seconds: int) -> str:
    """Rounded up, so that nobody comes too early."""
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    minutes = math.ceil(seconds / 60)
    if minutes >= 60:
        return "1 hour" if minutes == 60 else f"{math.ceil(minutes / 60)} hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _rates(action: str) -> list[ratelimit.Rate]:
    rates: list[ratelimit.Rate] = ratelimit.get_rates(app=_app_of(action), action=action)
    return rates


def _app_of(action: str) -> str:
    return MFA_APP if action.startswith("webauthn") else APP


def _seconds_left(request: HttpRequest, action: str, rate: ratelimit.Rate, key: str = "") -> float:
    if not rate.amount:
        return float(rate.duration)  # a door that is closed for all
    history = cache.get(ratelimit.get_cache_key(request, app=_app_of(action), action=action, rate=rate, key=key), [])
    used = [at for at in history if at > time.time() - rate.duration]
    return float(used[rate.amount - 1] + rate.duration - time.time()) if len(used) >= rate.amount else 0
