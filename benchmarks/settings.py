"""The product's settings with what the benchmark needs beside it: bare views, and `manage.py make_load_data`."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as APPS
from config.settings import MIDDLEWARE as CHAIN

ROOT_URLCONF = "benchmarks.urls"
INSTALLED_APPS = [*APPS, "benchmarks"]
MIDDLEWARE = [*CHAIN]
MIDDLEWARE[CHAIN.index("apps.accounts.middleware.SessionMiddleware")] = "benchmarks.middleware.SessionMiddleware"
