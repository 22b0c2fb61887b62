"""The WSGI application that gunicorn serves."""

import os
import re
import sys
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


# What our forms are sent as. A charset is not handed on: Django would believe any it is told, even for the query.
FORM = re.compile(
    r"(|application/x-www-form-urlencoded|multipart/form-data; *boundary=[\w'()+,./:=?-]{1,70})(; *charset=utf-8)?",
    re.ASCII | re.IGNORECASE,
)


class Request(WSGIRequest):
    """Django's, which some Content-Types would keep from being made: any that is no form's counts as the same."""

    def __init__(self, environ: dict[str, Any]) -> None:
        form = FORM.fullmatch(environ.get("CONTENT_TYPE", ""))
        super().__init__(environ | {"CONTENT_TYPE": form[1] if form else "application/octet-stream"})


class Application(WSGIHandler):
    """Django's, with such requests."""

    request_class = Request


try:
    django.setup(set_prefix=False)
    application = Application()
except ImproperlyConfigured as error:
    sys.exit(f"Configuration: {error}")
