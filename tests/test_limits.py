"""What protects people, as numbers and switches: each stands in the settings, or in its module, and once more here.

Most of them show only after days, or after hundreds of tries, so no test of a page would miss one that was changed
unseen. Who changes one changes both, and what documents and pages say of it.
"""

import datetime
import pkgutil
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


# Where the number of a module is: how long something lasts, how much is taken, and how much is looked at or kept.
DECIDED = {
    # How long
    "accounts.factors.demand.GRACE": datetime.timedelta(days=7),
    "accounts.factors.demand.FRESH": datetime.timedelta(minutes=5),
    "accounts.factors.removal.LASTS": datetime.timedelta(days=1),
    "accounts.factors.forms.SetUpAppForm.LASTS": HOUR,
    "authoring.queries.SAME_AGAIN": datetime.timedelta(minutes=10),
    "authoring.queries.IS_NEW": datetime.timedelta(days=14),
    "core.machines.VALID_FOR": datetime.timedelta(days=180),
    "core.sent_again.LASTS": datetime.timedelta(hours=1),
    "scenarios.tasting.LIFETIME": datetime.timedelta(hours=2),
    # What people may send, and keep
    "accounts.factors.forms.MAX_CODE": 32,
    "accounts.factors.forms.MAX_CREDENTIAL": 20_000,
    "accounts.factors.forms.MAX_PASSKEYS": 10,
    "accounts.names.MAX_LENGTH": 150,
    "accounts.names.MAX_MARKS": 6,
    "authoring.models.LONGEST_REPORT": 1000,
    "authoring.reporting.MOST_OPEN": 100,
    "certificates.codes.LONGEST_INPUT": 4000,
    "core.kept_answer.MAX_LENGTH": 2000,
    "core.middleware.MAX_LOCATION": 1000,
    "quizzes.trials.MOST_GIVEN": 1000,
    "quizzes.practice.MOST": 40,
    "scenarios.rehearsals.MOST_DECISIONS": 200,
    "scenarios.tasting.MOST_CASES": 5,
    "scenarios.tasting.MOST_DECISIONS": 100,
    # What authors may write
    "core.markdown.MAX_LENGTH": 64_000,
    "modules.outline.PAGE_LIMIT": 256_000,
    "modules.outline.MODULE_LIMIT": 1_000_000,
    "modules.outline.PAGES": 200,
    "quizzes.outline.QUESTIONS": 200,
    "quizzes.outline.OPTIONS_OF_A_QUESTION": 30,
    "scenarios.outline.SCENES": 500,
    "scenarios.outline.CHOICES_OF_A_SCENE": 50,
    "scenarios.outline.PARTS_OF_A_SCENE": 50,
    "scenarios.outline.GAUGES": 20,
    # What an editor is warned of
    "modules.checks.OLDEST_READER": 14,
    "modules.checks.LONG_ENOUGH_TO_MEASURE": 60,
    "modules.checks.FEWEST_WORDS": 3,
    "quizzes.checks.GIVEAWAY_LENGTH": 1.4,
    "quizzes.checks.FEWEST_KEYS": 6,
    "scenarios.problems.MOST_GAUGES": 4,
    "scenarios.problems.FEWEST_ENDINGS": 2,
    "scenarios.problems.FARTHEST_APART": 40,
    # How much is looked at before somebody waits too long
    "authoring.history.BASES": 20,
    "authoring.history.MOST_SEARCHED": 3_000_000,
    "modules.comparison.MOST_COMPARED": 2000,
    "scenarios.graph.MOST_STATES": 20_000,
    "scenarios.graph.MOST_COUNTED": 2000,
    "scenarios.graph.LONGEST_COUNTED": 100,
}


@pytest.mark.parametrize("name", DECIDED)
def test_what_modules_set_is_as_it_was_decided(name: str) -> None:
    holder, _, constant = name.rpartition(".")
    assert getattr(pkgutil.resolve_name(f"apps.{holder}"), constant) == DECIDED[name]
