"""The case of a draft, as the tests of its history and of two authors write it (`conftest.py` has the draft)."""

from apps.authoring.actions import Edit, Saved, Stamp, save_document
from apps.authoring.queries import find_sheet
from tests import make

PAGE = "/admin/write/modules/posts/pages/case/"


def said(draft, key="case"):
    return find_sheet(draft, key).document


def save(draft, document, by=None, key="case"):
    """Save it over whatever stands there."""
    stands = said(draft, key)
    saved = save_document(draft, Edit(key, document, stands.digest() if stands else ""), Stamp(by, make.NOW))
    assert isinstance(saved, Saved)
