"""What protects people, as numbers and switches: each stands in the settings and once more here.

Most of them show only after days, or after hundreds of tries, so no test of a page would miss one that was changed
unseen. Who changes one changes both, and what documents and pages say of it.
"""

from typing import Any

import pytest

from config import settings  # the product's own, not those of the tests

DAY, HOUR, MINUTE = 24 * 3600, 3600, 60
EXPECTED = {
    # Sessions
    "SESSION_COOKIE_AGE": 7 * DAY,
    "SESSION_SAVE_EVERY_REQUEST": False,  # it would move the end with each page
    "ACCOUNT_SESSION_REMEMBER": True,
    "ACCOUNT_LOGOUT_ON_GET": False,
    "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": False,  # other sessions end by the password's hash, this one goes on
    "ACCOUNT_LOGIN_ON_PASSWORD_RESET": False,
    # How often, and how long
    "ACCOUNT_RATE_LIMITS": {
        "login": "300/m/ip",
        "login_failed": "5/15m/key",
        "login_failed_here": "60/h/ip",
        "login_failed_last": "1/h/key",
        "alarm": "1/h/ip",
        "signup": "60/h/ip",
        "reset_password": "30/h/ip,3/h/key",
        "report": "5/10m/key,20/d/key",
    },
    "MFA_RATE_LIMITS": {"webauthn_login": "300/m/ip"},
    "PASSWORD_RESET_TIMEOUT": HOUR,
    "ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS": 1,
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS": 3,
    "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND": 3,
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 5 * MINUTE,
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_EMAIL_NOTIFICATIONS": True,
    "MFA_TOTP_TOLERANCE": 1,
    # What comes in
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 4_000_000,
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": 2_000,
    "DATA_UPLOAD_MAX_NUMBER_FILES": 5,
    # Browsers
    "SESSION_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SAMESITE": "Lax",
    "SECURE_SSL_HOST": "secondlook.example",
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECURE_HSTS_SECONDS": 2 * 365 * DAY,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SECURE_REDIRECT_EXEMPT": ["^healthz$", "^readyz$"],
    "WHITENOISE_ALLOW_ALL_ORIGINS": False,
    # What is shown to nobody
    "DEFAULT_EXCEPTION_REPORTER_FILTER": "django.views.debug.SafeExceptionReporterFilter",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_protects_people_is_as_it_was_decided(name: str) -> None:
    assert getattr(settings, name) == EXPECTED[name]


def test_passwords_are_long_and_hashed_slowly() -> None:
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    assert [one["NAME"].rpartition(".")[2] for one in validators] == [
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    ]
    assert validators[0]["OPTIONS"] == {"user_attributes": ("email", "full_name")}
    assert validators[1]["OPTIONS"] == {"min_length": 12}
    hashers = [name.rpartition(".")[2] for name in settings.PASSWORD_HASHERS]
    assert hashers == ["Argon2PasswordHasher", "PBKDF2PasswordHasher"]
