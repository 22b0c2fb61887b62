"""Authors' addresses of what is not there: a page that says so, never an error of ours."""

import pytest

from tests import access_table

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MODULE = "/admin/write/modules/posts/"
# What stands in an address, and what nobody has.
NAMES = {
    "/modules/posts/": "/modules/nothing/",
    "/pages/case/": "/pages/nothing/",
    "/pages/quiz/": "/pages/nothing/",
    "/pages/reading-1/": "/pages/nothing/",
    "/history/1/": "/history/99/",
    "case-scene-1/": "nothing/",
}


def test_what_is_not_there_is_not_found() -> None:
    world = access_table.make_world(is_full=True)
    browser = world.client("administrator", raise_request_exception=False)
    paths = {
        row.path for row in access_table.rows(world) if row.name.startswith("admin:write:") and row.method == "GET"
    }
    asked = {path.replace(name, other) for path in paths for name, other in NAMES.items() if name in path}
    asked |= {"/admin/write/reports/999999/", f"{MODULE}pages/reading-1/overview/", f"{MODULE}pages/case/delete/x/y/"}
    found = {path: browser.get(path).status_code for path in sorted(asked)}
    assert {path: status for path, status in found.items() if status != 404} == {}
    assert len(found) > 40
