"""Settings of Second Look, all in this file, read from the environment (or `.env` beside manage.py).

It fails closed: no SECRET_KEY, no start; DEBUG and DEVELOPMENT are off unless asked for. `docs/deploy.md` lists the
variables.
"""

import warnings
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from apps.core.static_files import add_headers
from config.address import NotAnAddressError, parse_address

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def read(kind: str, name: str, default: Any = environ.Env.NOTSET) -> Any:
    """The environment variable `name` as `kind` (bool, int, list …), or one clear line when it is missing or wrong."""
    try:
        return getattr(env, kind)(name, default=default)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"{name} is not a valid {kind}: {env.str(name, default='')!r}") from error
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(f"{name} is not set. docs/deploy.md says what it is for.") from error


# Duties of this process ---------------------------------------------------------------------------------------------

DEBUG = read("bool", "DEBUG", False)  # tracebacks in the browser
IS_DEVELOPMENT = read("bool", "DEVELOPMENT", DEBUG)  # plain http, e-mail on the console, demo accounts
SECRET_KEY = read("str", "SECRET_KEY")
SECRET_KEY_FALLBACKS = read("list", "SECRET_KEY_FALLBACKS", [])
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters.")

# The address people type: used in e-mail, on certificates and in QR codes, never taken from the request.
try:
    ADDRESS = parse_address(read("str", "BASE_URL", "http://127.0.0.1:8000" if IS_DEVELOPMENT else environ.Env.NOTSET))
except NotAnAddressError as error:
    raise ImproperlyConfigured(f"BASE_URL {error}") from None
IS_HTTPS = ADDRESS.scheme == "https"
if not IS_HTTPS and not IS_DEVELOPMENT:
    raise ImproperlyConfigured("BASE_URL must begin with https:// outside development.")
BASE_URL, HOST = ADDRESS.url, ADDRESS.host

# Whatever else is named, it answers at its own address.
MORE_HOSTS = read("list", "ALLOWED_HOSTS", ["localhost", "127.0.0.1"] if IS_DEVELOPMENT else [])
ALLOWED_HOSTS = list(dict.fromkeys([ADDRESS.domain, *map(str.strip, MORE_HOSTS)]))
CSRF_TRUSTED_ORIGINS = list(dict.fromkeys([BASE_URL, *map(str.strip, read("list", "CSRF_TRUSTED_ORIGINS", []))]))
VAR_DIR = Path(read("str", "VAR_DIR", str(BASE_DIR / "var")))  # what the process may write: database, fonts
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"VAR_DIR cannot be written: {error.strerror}: {str(VAR_DIR)!r}") from error

# Applications -------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "apps.core",
    "apps.accounts",
    "apps.modules",
    "apps.progress",
    "apps.scenarios",
    "apps.quizzes",
    "apps.quizzes.kinds.single",
    "apps.quizzes.kinds.multiple",
    "apps.quizzes.kinds.rank",
    "apps.quizzes.kinds.choose",
    "apps.certificates",
    "apps.authoring",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",  # its template
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
]

MIDDLEWARE = [
    # These give every answer its headers, also a static file, a redirect to https and what was refused.
    "apps.core.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.core.middleware.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.core.middleware.ShortRedirectMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # From here on something may go wrong.
    "apps.core.middleware.OwnAddressMiddleware",
    "apps.core.middleware.ReadableRequestMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.accounts.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "apps.core.middleware.SentAgainMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.core.middleware.FormOwnerMiddleware",
    "apps.accounts.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.SuspendedRequestMiddleware",
    "apps.accounts.middleware.WrongInputMiddleware",
    "apps.progress.middleware.NotOpenMiddleware",
    "apps.core.middleware.OnceMoreMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.unsaid",
            ],
            "builtins": [
                "apps.core.templatetags.addresses",
                "apps.core.templatetags.form_owner",
                "apps.core.templatetags.inheritance",
                "apps.core.templatetags.moments",
                "apps.core.templatetags.shortening",
                "apps.modules.templatetags.components",
            ],
        },
    },
]
MESSAGE_STORAGE = "apps.core.messages.MessageStorage"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["second_look"]
CRISPY_TEMPLATE_PACK = "second_look"

# Database -----------------------------------------------------------------------------------------------------------

# manage.py sets this for all it does but serving: migrating and seeding may take longer than a page.
IS_MAINTENANCE = read("bool", "MAINTENANCE", False)
WRONG_DATABASE_URL = "DATABASE_URL must look like postgres://user:password@host:5432/name, special characters as %XX."
DATABASES: dict[str, dict[str, Any]]
if "DATABASE_URL" not in env:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "second-look.sqlite3")}}
elif "#" in env.str("DATABASE_URL"):  # the rest would be cut off
    raise ImproperlyConfigured(WRONG_DATABASE_URL)
else:
    try:
        with warnings.catch_warnings(action="error"):  # an engine that is not known is only a warning there
            DATABASES = {"default": env.db("DATABASE_URL")}
        DATABASES["default"]["ENGINE"]
    except (ImproperlyConfigured, ValueError, KeyError, UserWarning):
        # Without the cause: it would show the password.
        raise ImproperlyConfigured(WRONG_DATABASE_URL) from None
ENGINE = DATABASES["default"]["ENGINE"]

if ENGINE == "django.db.backends.sqlite3":
    # WAL and IMMEDIATE let several writers wait for each other; FULL keeps an acknowledged answer across a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;"
        ),
    }
elif ENGINE == "django.db.backends.postgresql":
    IS_PREPARING = read("bool", "DATABASE_PREPARES", True)
    longest = 900_000 if IS_MAINTENANCE else 5_000  # milliseconds; a lock is waited for three seconds by all
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        # The server plans what a connection asks often once, not every time. A pooler that hands out connections for
        # single transactions would lose that.
        "server_side_binding": IS_PREPARING,
        "prepare_threshold": 2 if IS_PREPARING else None,
        # Away, the server is given up after three seconds; back, it is found with the next request.
        "pool": {
            "min_size": 2,
            "max_size": read("int", "DATABASE_POOL_SIZE", 8),
            "timeout": 3,
            "reconnect_timeout": 2,
        },
        "connect_timeout": 3,
        "options": (
            f"-c statement_timeout={longest} -c lock_timeout=3000 "
            f"-c idle_in_transaction_session_timeout={max(longest, 10_000)}"
        ),
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must name PostgreSQL (postgres://…) or SQLite (sqlite:///…).")

# One cache for every worker process: sign-in limits are counted in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# People -------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "apps.accounts.backends.AddressBackend",
    "django.contrib.auth.backends.ModelBackend",  # never asked; sessions begun with 0.2 name it
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "progress:my_learning"
LOGOUT_REDIRECT_URL = "home"

IS_EMAIL_VERIFIED = read("bool", "EMAIL_VERIFICATION", not IS_DEVELOPMENT)
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "apps.accounts.models.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "signup": "apps.accounts.forms.SignupForm",
    "login": "apps.accounts.forms.LoginForm",
    "change_password": "apps.accounts.forms.ChangePasswordForm",
    "reset_password": "apps.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "apps.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "apps.accounts.forms.ReauthenticateForm",
    "add_email": "apps.accounts.forms.AddEmailForm",
    "confirm_email_verification_code": "apps.accounts.forms.CodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if IS_EMAIL_VERIFIED else "none"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = IS_EMAIL_VERIFIED
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3  # times
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Second Look: "
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")  # who has a second factor is asked for that (the adapter)
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
# A hospital shares one network address: limits by that are wide, limits by account are narrow. What is not named here
# has allauth's limit.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "5/15m/key",  # an account, at all doors together
    "login_failed_here": "60/h/ip",  # beyond that: one try an hour for each account from this network address
    "login_failed_last": "1/h/key",
    "alarm": "1/h/ip",
    "signup": "60/h/ip",
    "reset_password": "30/h/ip,3/h/key",
    "report": "5/10m/key,20/d/key",  # a person, or a network address: something wrong on a page
}
# A second factor is offered to everybody, and demanded of those who can do harm (`accounts/factors/demand.py`).
IS_SECOND_FACTOR_DEMANDED = read("bool", "SECOND_FACTOR", not IS_DEVELOPMENT)
MFA_ADAPTER = "apps.accounts.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Second Look"
MFA_TOTP_TOLERANCE = 1  # a code that is one step old, or one early, is taken
MFA_PASSKEY_LOGIN_ENABLED = True
PASSKEY_DOMAIN = ADDRESS.domain if IS_HTTPS else "localhost"  # browsers know passkeys only by https, or there
MFA_ALLOW_UNVERIFIED_EMAIL = not IS_EMAIL_VERIFIED
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}  # nothing can be guessed there; a hospital shares one address
MFA_FORMS = {
    "authenticate": "apps.accounts.factors.forms.AuthenticateForm",
    "authenticate_webauthn": "apps.accounts.factors.forms.AuthenticatePasskeyForm",
    "reauthenticate": "apps.accounts.factors.forms.ProveForm",
    "reauthenticate_webauthn": "apps.accounts.factors.forms.ProvePasskeyForm",
    "login_webauthn": "apps.accounts.factors.forms.SignInPasskeyForm",
    "activate_totp": "apps.accounts.factors.forms.SetUpAppForm",
    "add_webauthn": "apps.accounts.factors.forms.AddPasskeyForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = read("int", "TRUSTED_PROXY_COUNT", 0 if IS_DEVELOPMENT else 1)

SESSION_ENGINE = "apps.accounts.session_engine"
# Seven days at the most, whatever happens in between: the expiry is set at sign-in and not moved.
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_SAVE_EVERY_REQUEST = False

# E-mail -------------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = read("str", "DEFAULT_FROM_EMAIL", f"Second Look <no-reply@{ADDRESS.mail_domain}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = read("str", "CONTACT_EMAIL", f"help@{ADDRESS.mail_domain}")  # stands on the page About
if read("str", "EMAIL_URL", ""):
    try:
        vars().update(env.email("EMAIL_URL"))
    except (ImproperlyConfigured, ValueError, KeyError):
        raise ImproperlyConfigured("EMAIL_URL must look like smtp+tls://user:password@host:587.") from None
elif IS_DEVELOPMENT:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
elif IS_EMAIL_VERIFIED:
    raise ImproperlyConfigured("EMAIL_URL is not set: new people could not confirm their address. See docs/deploy.md.")

# Limits on what comes in --------------------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000  # the text of a module has 1 MB, in a form up to three times as much
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # authors' forms; those of learners have a dozen
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Browser security ---------------------------------------------------------------------------------------------------

SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "apps.core.errors.csrf_failure"

SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_SSL_HOST = HOST  # never the request's: it may be no name of ours
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        **({"upgrade-insecure-requests": True} if IS_HTTPS else {}),
    }
}

# Static files -------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(read("str", "STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = IS_DEVELOPMENT
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers

# Language and time --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Fixtures: YAML that renders Markdown and never overwrites a published edition ---------------------------------------

SERIALIZATION_MODULES = {"yaml": "apps.modules.yaml_fixtures"}

# Logging: one JSON object a line, no bodies, no names ---------------------------------------------------------------

LOG_LEVEL = read("str", "LOG_LEVEL", "WARNING" if IS_DEVELOPMENT else "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(f"LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL: {LOG_LEVEL!r}")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "apps.core.logs.JsonFormatter"},
        "plain": {"format": "{levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain" if IS_DEVELOPMENT else "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"
