"""The header that static files have of their own; the others come from our middleware, as for every answer."""


def add_headers(headers: dict[str, str], path: str, url: str) -> None:
    """Nothing in a static file runs."""
    headers["Content-Security-Policy"] = "default-src 'none'"
