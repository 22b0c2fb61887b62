"""The templates of this project, wherever an app keeps them."""

from pathlib import Path

from django.conf import settings


def templates_of_ours() -> dict[str, Path]:
    """Every template by its name."""
    folders = [Path(settings.BASE_DIR, "templates"), *Path(settings.BASE_DIR, "apps").rglob("templates")]
    return {path.relative_to(folder).as_posix(): path for folder in folders for path in folder.rglob("*.html")}
