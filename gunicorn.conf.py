"""Production server: `gunicorn` beside this file. It belongs behind a proxy that buffers requests (docs/deploy.md)."""

import os
from pathlib import Path

wsgi_app = "config.wsgi:application"
bind = "127.0.0.1:8000"  # or --bind

# Two processes of four threads did best on two cores; each process has a database pool of its own.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))  # one for each core
threads = 4
preload_app = True  # a mistake in the configuration is one line, and a new worker is a quick fork

# What a worker may take, and when it is replaced.
timeout = 30
graceful_timeout = 30
max_requests = 20_000  # a new one reads the course and plans its statements anew
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # heartbeats never wait for a disk

# What a request may be. `forwarded_allow_ips` stays 127.0.0.1 and ::1: set FORWARDED_ALLOW_IPS for a proxy elsewhere.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
header_map = "drop"
forwarder_headers = ""  # not even a proxy says SCRIPT_NAME or PATH_INFO: one that did not fit was a 500

control_socket_disable = True
accesslog = None  # the proxy writes it, without codes and query strings

# gunicorn's own messages in the product's form: as they are, they name addresses and headers (decision 16).
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False},
        "gunicorn.access": {"handlers": [], "propagate": False},
    },
}
