"""The typeface of certificates: FiraGO (SIL Open Font License 1.1), from the package pymupdf-fonts.

FiraGO has Latin with every Welsh, Irish, Polish, Yoruba, Hausa and Vietnamese letter, Greek, Cyrillic, Arabic
(with the Persian, Urdu, Pashto and Sindhi letters), Hebrew, Devanagari, Thai and Georgian.
"""

import os
import tempfile
from pathlib import Path

import pymupdf_fonts

FAMILY = "FiraGO"
_FILES = {"figo": "FiraGO-Regular.ttf", "figbo": "FiraGO-Bold.ttf"}


def font_directory(base: Path) -> Path:
    """Return `base`/fonts with FiraGO Regular and Bold in it, writing the files that are missing or cut short.

    Each file appears whole or not at all, so processes that start together do not disturb each other.
    Other font files put there by an operator are used too, for letters that FiraGO lacks.
    Raises OSError when a file is missing and the directory cannot be written.
    """
    directory = base / "fonts"
    for key, name in _FILES.items():
        path = directory / name
        if not (path.is_file() and path.stat().st_size == pymupdf_fonts.fontdescriptors[key]["size"]):
            directory.mkdir(parents=True, exist_ok=True)
            _write_whole(path, pymupdf_fonts.fontbuffers[key]())
    return directory


def _write_whole(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)  # mkstemp's 0600 would lock out a second system user
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
