"""The case in `docs/authoring.md` is one that can be published."""

import re

import pytest
from django.conf import settings

from apps.authoring.queries import problems_of
from apps.modules import outline, page_kinds
from tests import course


@pytest.mark.django_db
def test_nothing_is_wrong_with_the_case_in_the_docs():
    text = re.findall(r"```\n(case: .*?)```", (settings.BASE_DIR / "docs/authoring.md").read_text("utf-8"), re.DOTALL)
    read = outline.read(text[0], page_kinds.all_kinds())
    assert read.faults == ()
    course.load()
    assert problems_of(read) == []
    assert outline.to_text(read.kind, read.document) == text[0]
