"""Headers of static files, which whitenoise sends before our middleware is asked."""


def add_headers(headers: dict[str, str], path: str, url: str) -> None:
    """Static files are ours alone, and nothing in them runs."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'"
    headers["X-Content-Type-Options"] = "nosniff"
