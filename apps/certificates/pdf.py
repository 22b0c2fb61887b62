"""The printed certificate: one A4 page made by typst, tagged, declaring PDF/UA-1 and PDF/A-2a.

Data reaches the page only as JSON in typst's `sys.inputs`, never as markup.

Letters without type. typst refuses to make a PDF/UA or PDF/A file in which a glyph is missing ("the text … could
not be displayed"). FiraGO has no Chinese, Japanese or Korean, no Bengali, Gurmukhi, Gujarati, Tamil, Sinhala or
Ethiopic, and no emoji; neither have the fonts built into typst (they lend Armenian and some symbols) or the other
families in pymupdf-fonts. `render_pdf` does not fail on them: it prints ▯ for each such letter and says below the
name that the check page shows it in full; the title in the file's properties is complete. `unprintable` tells a
form beforehand. An operator who needs one of these scripts puts a font (Noto Sans CJK, say) beside FiraGO in the
font directory and restarts: it is then used.
"""

import io
import json
import re
import threading
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import segno
import typst
from django.conf import settings

from apps.certificates.facts import CertificateFacts
from apps.certificates.fonts import FAMILY, font_directory

MISSING = "▯"  # which FiraGO has, unlike □
MISSING_NOTE = f"{MISSING} stands for a letter that this file cannot print. The check page shows it."

# On paper what was done stands before what it counts for.
FIRST_ROWS = ("Revoked", "Completed", "Edition", "Learning time", "Assessed by")

_TYPST = Path(__file__).resolve().parent / "typst"
_TEMPLATE = (_TYPST / "certificate.typ").read_bytes()
_PROBE = f'#set text(font: "{FAMILY}")\n#set document(title: "-")\n#sys.inputs.letter'.encode()

_BLANKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
# Soft hyphens, and the embeddings, overrides and isolates that can make a name look like another one. (Joiners,
# which Persian and Hindi need, and the left-to-right and right-to-left marks stay.)
_DROPPED = re.compile("[\u00ad\u202a-\u202e\u2066-\u2069]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_LAST_SURE_LETTER = "\u017f"  # FiraGO has all of Latin-1 and Latin Extended-A


class _Thread(threading.local):
    compiler: typst.Compiler | None = None
    var_dir: Path | None = None


_thread = _Thread()


def render_pdf(facts: CertificateFacts, var_dir: Path | None = None) -> bytes:
    """Return the certificate as a PDF of one A4 page.

    `var_dir` holds the font directory: by default Django's `VAR_DIR` (outside Django, `var` beside `apps`).
    Long texts wrap and the type shrinks, at most to half its size; only text far beyond what the forms accept
    would go on to a second page. Raises OSError when the fonts are missing and cannot be written.
    """
    compiler = _compiler(var_dir or _default_var_dir())
    try:
        return _compile(compiler, facts, lambda letter: True)
    except typst.TypstError:
        lost = _unprintable(compiler, _all_words(facts))
    try:
        return _compile(compiler, facts, lambda letter: letter not in lost)
    except typst.TypstError:  # letters that fail only in company: keep those that are sure
        return _compile(compiler, facts, lambda letter: max(letter) <= _LAST_SURE_LETTER)


def unprintable(text: str, var_dir: Path | None = None) -> str:
    """Return the letters of `text` that a certificate would print as ▯, each once, in order of appearance."""
    return "".join(_unprintable(_compiler(var_dir or _default_var_dir()), text))


def qr_svg(url: str) -> str:
    """Return a QR code for `url` as SVG, without its quiet zone: leave four modules of white around it."""
    file = io.BytesIO()
    segno.make_qr(url, error="m").save(file, kind="svg", border=0, dark="#2a1f2d", xmldecl=False, omitsize=True)
    return file.getvalue().decode()


def _default_var_dir() -> Path:
    if settings.configured:
        return Path(settings.VAR_DIR)
    return Path(__file__).resolve().parents[2] / "var"


@cache
def _fonts(var_dir: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[font_directory(var_dir)])


def _compiler(var_dir: Path) -> typst.Compiler:
    """Return this thread's own compiler: one that is shared fails with "Already borrowed"."""
    if _thread.compiler is None or _thread.var_dir != var_dir:
        _thread.compiler = typst.Compiler(root=_TYPST, font_paths=_fonts(var_dir), ignore_system_fonts=True)
        _thread.var_dir = var_dir
    return _thread.compiler


def _all_words(facts: CertificateFacts) -> str:
    return " ".join(" ".join(words) if isinstance(words, tuple) else words for words in vars(facts).values())


def _compile(compiler: typst.Compiler, facts: CertificateFacts, has_type: Callable[[str], bool]) -> bytes:
    def plain(text: str) -> str:
        return "".join(letter if has_type(letter) else MISSING for letter in _letters(_tidy(text)))

    def directed(text: str) -> dict[str, str]:
        return {"text": plain(text), "dir": _direction(text)}

    rows = sorted(facts.rows(), key=lambda row: row.label not in FIRST_ROWS)
    kind = "Revoked certificate" if facts.revoked_on else "Certificate"
    content: dict[str, object] = {
        "document_title": _tidy(f"{kind} of completion: {facts.module_title}, {facts.name}"),
        "document_description": _tidy(f"Certificate code {facts.code}. Check it at {facts.check_url}"),
        "name": directed(facts.name),
        "module_title": directed(facts.module_title),
        "rows": [(row.label, plain(row.text)) for row in rows if not row.points],
        "lists": [(row.label, [plain(point) for point in row.points]) for row in rows if row.points],
        "code": plain(facts.code),
        "check_url": facts.check_url,
        "check_address": plain(facts.check_address),
        "qr": qr_svg(facts.check_url),
        "qr_alt": f"QR code that leads to {facts.check_url}",
    }
    content["note"] = MISSING_NOTE if MISSING in json.dumps(content, ensure_ascii=False) else ""
    return _pdf(compiler, _TEMPLATE, {"facts": json.dumps(content)})


def _pdf(compiler: typst.Compiler, source: bytes, inputs: dict[str, str]) -> bytes:
    """Return what typst makes of `source`. Raises TypstError, also where typst itself panics."""
    try:
        pdf = compiler.compile(input=source, format="pdf", sys_inputs=inputs, pdf_standards=["a-2a", "ua-1"])
    except BaseException as error:
        # Rust's panic comes as a BaseException that has no importable name: it would end a server's thread.
        if type(error).__name__ == "PanicException":
            raise typst.TypstError("typst panicked", str(error)) from error
        raise
    if not isinstance(pdf, bytes):
        raise TypeError("typst made something other than one PDF")
    return pdf


def _tidy(text: str) -> str:
    """Compose letters and their marks (NFC), make blanks single spaces, drop what must not or cannot print."""
    text = _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _DROPPED.sub("", text))
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _direction(text: str) -> str:
    """Return "rtl" or "ltr" by the first strong character (Unicode bidirectional algorithm, rules P2 and P3)."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return "rtl" if next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L" else "ltr"


def _letters(text: str) -> list[str]:
    """Split a text into letters, each with the marks and joiners that hang on it."""
    letters: list[str] = []
    for character in text:
        if letters and unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}:
            letters[-1] += character
        else:
            letters.append(character)
    return letters


def _unprintable(compiler: typst.Compiler, text: str) -> list[str]:
    return [letter for letter in dict.fromkeys(_letters(_tidy(text))) if not _prints(compiler, letter)]


def _prints(compiler: typst.Compiler, letter: str) -> bool:
    if letter.isascii():
        return True
    try:
        _pdf(compiler, _PROBE, {"letter": letter})
    except typst.TypstError:
        return False
    return True
