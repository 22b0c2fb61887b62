"""Settings of the tests: the product's own, with a database of its own and quick passwords."""

import os
import tempfile
import zlib

os.environ.update(
    {
        "DEBUG": "0",
        "DEVELOPMENT": "0",
        "SECRET_KEY": "tests-only-" + "x" * 50,
        "BASE_URL": "https://secondlook.example",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1,secondlook.example",
        "EMAIL_VERIFICATION": "0",
        "EMAIL_URL": "memorymail://",
        "SECOND_FACTOR": "0",  # on in the tests of it
        "TRUSTED_PROXY_COUNT": "0",
        "LOG_LEVEL": "INFO",
        "DATABASE_POOL_SIZE": "40",  # thirty at once; PostgreSQL itself has room for a hundred
    }
)
# Two checkouts share neither a folder nor, below, a database.
os.environ.setdefault(
    "VAR_DIR", f"{tempfile.gettempdir()}/second-look-tests{os.path.dirname(__file__).replace('/', '-')}"
)

from config.settings import *  # noqa: F403
from config.settings import CONTENT_SECURITY_POLICY, DATABASES, STORAGES, VAR_DIR

# Plain http, as the test client and the live server speak it.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
CONTENT_SECURITY_POLICY["DIRECTIVES"].pop("upgrade-insecure-requests")
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]

# The live server cannot serve hashed names.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file and not memory: threads of the live server use it as the product would.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:  # on a machine that may be busy with tests
    DATABASES["default"]["TEST"] = {"NAME": f"test_second_look_{zlib.crc32(__file__.encode()):08x}"}
    DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=60000"
