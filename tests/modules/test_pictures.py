"""Pictures that authors name: publishing refuses one that is not there, and no page falls over it."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Context, Template

from apps.core import left_out
from apps.core.markdown import MarkdownField
from apps.core.pictures import PictureField, dark_twin, drawings, picture_url
from apps.modules import actions
from apps.modules.content import content_models
from apps.modules.models import Edition
from apps.scenarios.models import ScenePart
from tests import access_table, make
from tests.conftest import forget_published_content

pytestmark = [pytest.mark.django_db, pytest.mark.once]

THERE = "illustrations/trolley.svg"
NOT_THERE = [
    "illustrations/no-such.svg",
    "illustrations/",
    "illustrations",
    "trolley.svg",
    "css/base.css",
    "images/icon.svg",
    "/static/illustrations/trolley.svg",
    "illustrations/../images/icon.svg",
    "../../config/settings.py",
    "illustrations//trolley.svg",
    "illustrations/./trolley.svg",
    "illustrations/trolley.svg ",
    "illustrations/trolley.svg?x",
    "illustrations/trolley.svg#x",
    "illustrations/%74rolley.svg",
    "illustrations\\trolley.svg",
    "ILLUSTRATIONS/trolley.svg",
    "https://example.org/illustrations/trolley.svg",
    "//example.org/x.svg",
    "data:image/svg+xml,x",
    "illustrations/x\x00.svg",
    "illustrations/" + "x" * 5000 + ".svg",
]


@pytest.fixture(params=["files as they are", "files of a manifest"])
def storage(request: pytest.FixtureRequest) -> None:
    if request.param == "files of a manifest":
        request.getfixturevalue("product_storage")


def test_every_drawing_has_a_twin_for_the_dark_of_the_same_shape(storage: None) -> None:
    names = drawings()
    assert len(names) > 30
    for name in names:
        shapes = []
        for one in (name, dark_twin(name)):
            assert picture_url(one), one
            svg = (settings.BASE_DIR / "static" / one).read_text()
            shapes.append(re.findall(r'viewBox="[^"]*"', svg))
            assert not re.search(r"<style|<script|currentColor|href=\"(?!#)", svg), one
        assert shapes[0] == shapes[1]


def test_twins_are_shown_but_not_offered(storage: None) -> None:
    assert not any(name.endswith("-dark.svg") for name in drawings())
    shown = Template("{% load pictures %}{% picture name %}{% picture other instead=name %}{% picture other %}").render(
        Context({"name": THERE, "other": "illustrations/no-such.svg"})
    )
    assert shown.count("<picture>") == 2
    assert shown.count(f'srcset="{picture_url(dark_twin(THERE))}"') == 2


def test_a_picture_is_one_of_ours_by_its_plain_name(storage: None) -> None:
    assert [name for name in NOT_THERE if picture_url(name) is not None] == []


def test_the_address_of_a_picture_is_what_its_storage_says(storage: None) -> None:
    assert picture_url(THERE) == staticfiles_storage.url(THERE)


def test_under_the_product_a_picture_has_the_name_with_its_hash(product_storage: None) -> None:
    assert "illustrations/trolley." in (picture_url(THERE) or "")
    assert not (picture_url(THERE) or "").endswith("/trolley.svg")


def test_a_file_that_was_not_collected_is_not_there(product_storage: None) -> None:
    """The page asks the manifest, so publishing does."""
    del staticfiles_storage.hashed_files[THERE]
    try:
        assert picture_url(THERE) is None
    finally:
        staticfiles_storage.hashed_files, _ = staticfiles_storage.load_manifest()


def places() -> Iterator[Any]:
    """Every field of every content model that names a picture or shows pictures."""
    for model in [Edition, *content_models()]:
        for field in model._meta.concrete_fields:
            if isinstance(field, PictureField | MarkdownField):
                yield model, field


def test_every_field_for_a_picture_is_found() -> None:
    told = {f"{model.__name__}.{field.name}" for model, field in places()}
    assert told >= {"Edition.illustration", "ScenePart.image", "Page.body", "Choice.consequence"}
    named = {
        f"{model.__name__}.{field.name}"
        for model in [Edition, *content_models()]
        for field in model._meta.concrete_fields
        if field.name in ("image", "illustration", "picture") and not isinstance(field, PictureField)
    }
    assert named == set()


def show_pictures(draft: Edition, names: dict[Any, str]) -> None:
    """Let each of these fields, in one row of its model, name a picture or show it."""
    for (model, field), name in names.items():
        row = draft if model is Edition else model._base_manager.filter(edition=draft)[0]
        words = f"Before.\n\n- ![A trolley alone]({name}) after" if isinstance(field, MarkdownField) else name
        setattr(row, field.name, words)
        if hasattr(row, "image_alt"):
            row.image_alt = "A trolley"
        row.save()


def test_publishing_refuses_a_picture_that_is_not_there(storage: None) -> None:
    draft = make.started("posts", is_full=True)
    lost = {place: f"illustrations/no-such-{number}.svg" for number, place in enumerate(places())}
    show_pictures(draft, lost)
    found = actions.find_obstacles(draft)
    for place, name in lost.items():
        told = [problem for problem in found if problem.endswith(f"the picture {name} does not exist.")]
        assert len(told) == 1, place
    assert len(found) == len(lost)
    show_pictures(draft, dict.fromkeys(lost, THERE))
    assert actions.find_obstacles(draft) == []
    make.unguarded(Edition).filter(pk=draft.pk).update(illustration="illustrations/no-such.svg")
    with pytest.raises(actions.NotPublishableError):
        actions.publish(draft, None, make.NOW)


# Each page with a picture, and somebody who sees it.
PAGES = {
    "/": "anonymous",
    "/modules/": "anonymous",
    "/modules/posts/": "learner",
    "/my-learning/": "learner",
    access_table.CASE: "other_learner",
    f"{access_table.CASE}playthrough/1/": "learner",
}


def test_no_page_falls_over_a_missing_picture(product_storage: None, caplog: pytest.LogCaptureFixture) -> None:
    """The first name is met by everybody on every page, each other name on each page by one who sees it."""
    caplog.set_level(logging.ERROR, "apps.core.left_out")
    world = access_table.make_world()
    browsers = {role: world.client(role) for role in ("anonymous", "learner", "other_learner")}
    for name in [name for name in NOT_THERE if "\x00" not in name and len(name) < 100]:
        make.unguarded(Edition).update(illustration=name)
        make.unguarded(ScenePart).update(image=name, image_alt="A trolley")
        forget_published_content()
        left_out.note.cache_clear()
        caplog.clear()
        seen = PAGES.items() if name != NOT_THERE[0] else itertools.product(PAGES, browsers)
        for url, role in seen:
            answer = browsers[role].get(url)
            expected = {200} if PAGES[url] == role else {200, 302, 404}
            assert answer.status_code in expected, (name, url, role)
            assert f'"{name}"' not in answer.content.decode()
        told = [record.getMessage() for record in caplog.records if record.name == "apps.core.left_out"]
        assert len(told) == 1, "once, however many pages"
        assert told[0].startswith("Left out: picture")


def test_the_log_has_no_words_that_an_author_took_for_a_picture(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "apps.core.left_out")
    left_out.note.cache_clear()
    shown = Template("{% load pictures %}{% picture name %}").render(Context({"name": "Mrs Jones in bay 6"}))
    assert "Mrs Jones" not in shown + caplog.text
    assert "picture" in caplog.text


def test_a_missing_picture_of_a_module_has_another_in_its_place(product_storage: None) -> None:
    world = access_table.make_world()
    make.unguarded(Edition).update(illustration="illustrations/gone-away.svg")
    forget_published_content()
    page = world.client("anonymous").get("/modules/").content.decode()
    assert picture_url("illustrations/paper.svg") in page


def test_without_strictness_the_storage_raises_all_the_same(
    product_storage: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why pages ask us and not the storage: its setting for lost files still needs the file."""
    with monkeypatch.context() as lenient:
        lenient.setattr(staticfiles_storage, "manifest_strict", False)
        with pytest.raises(ValueError, match="could not be found"):
            staticfiles_storage.url("illustrations/no-such.svg")
    assert picture_url("illustrations/no-such.svg") is None
