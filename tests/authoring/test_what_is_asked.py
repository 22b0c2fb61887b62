"""What the forms of authors ask: label by label, with what is said beside, how much room there is, what is offered."""

import re
from html import unescape
from pathlib import Path

import pytest

from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/"


# A part for each page: its address, then a line for each label.
ASKED = {
    path: lines.splitlines()
    for path, _, lines in (
        part.partition("\n") for part in (Path(__file__).parent / "what_is_asked.txt").read_text().strip().split("\n\n")
    )
}
MOST = 10  # of what is offered


def words(text):
    return " ".join(unescape(re.sub("<[^>]*>", "", text)).split())


def asked(page):
    """A line for each label: its field's sizes, what is offered, what helps. Of several rows the first alone."""
    lines = {}
    for name, label in re.findall(r'<label[^>]* for="([^"]*)"[^>]*>(.*?)</label>', page, re.DOTALL):
        field = re.search(rf'<(?:input|select|textarea)[^>]* id="{re.escape(name)}"[^>]*>', page)
        if not field or "sources-" in name:
            continue
        sizes = re.findall(r'(rows|size|min|max|maxlength|inputmode|type)="([^"]*)"', field[0])
        shown = [f"{key} {value}" for key, value in sorted(sizes) if (key, value) != ("type", "text")]
        if field[0].startswith("<select"):
            offered = re.findall(r"<option[^>]*>([^<]*)", page[field.end() :].split("</select>")[0])
            shown = ["/".join([*map(words, offered[:MOST]), *([f"{len(offered)} in all"] if offered[MOST:] else [])])]
        help_ = re.search(rf'id="{re.escape(name)}_helptext"[^>]*>(.*?)</', page, re.DOTALL)
        key = re.sub(r"\d+", "0", name)
        lines.setdefault(
            key, ": ".join(filter(None, [words(label), ", ".join(shown), words(help_[1]) if help_ else ""]))
        )
    return list(lines.values())


@pytest.mark.parametrize("path", ASKED)
def test_what_is_asked(path):
    make.started("posts", is_full=True)
    page = make.client(make.author()).get(f"{MODULE}{path}").content.decode()
    assert asked(page) == ASKED[path]
