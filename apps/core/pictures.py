"""Drawings of ours, which authors name as `illustrations/trolley.svg`: whether there is one, and its address."""

import re
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import models

FOLDER = "illustrations/"
NAME = re.compile(rf"{FOLDER}([\w-]+/)*[\w-]+(\.[\w-]+)+", re.ASCII)
DARK = "-dark"  # `trolley-dark.svg` is the twin of `trolley.svg` for screens in the dark


class PictureField(models.CharField):
    """The name of a drawing of ours; empty for none. Publishing refuses a name that there is not."""

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def picture_url(name: str) -> str | None:
    """The address of a drawing; None when there is none of this name, as the storage of static files has it."""
    if not NAME.fullmatch(name):
        return None
    manifest = getattr(staticfiles_storage, "hashed_files", None)
    is_there = finders.find(name) is not None if manifest is None else name in manifest
    return staticfiles_storage.url(name) if is_there else None


def dark_twin(name: str) -> str:
    """What the twin of a drawing would be called."""
    stem, dot, kind = name.rpartition(".")
    return f"{stem}{DARK}{dot}{kind}"


def drawings() -> list[str]:
    """The names of all drawings that authors can choose, in order; twins come by themselves."""
    names = _all_names()
    return sorted(names - {dark_twin(name) for name in names})


def _all_names() -> set[str]:
    manifest = getattr(staticfiles_storage, "hashed_files", None)
    if manifest is not None:
        return {name for name in manifest if NAME.fullmatch(name)}
    folders = finders.find(FOLDER.rstrip("/"), find_all=True) or []
    files = (file for folder in folders for file in Path(folder).rglob("*") if file.is_file())
    names = {f"{FOLDER}{file.name}" for file in files}
    return {name for name in names if NAME.fullmatch(name)}
