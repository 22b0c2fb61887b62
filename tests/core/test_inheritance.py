"""Templates that extend others are what Django makes of them."""

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.template import Context, Engine, Origin, TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import Lexer, Token, TokenType
from django.template.loader_tags import ExtendsNode
from django.template.loaders.filesystem import Loader

from apps.core.templatetags import inheritance
from tests.templates import templates_of_ours

OURS = "apps.core.templatetags.inheritance"
BASE = "[{% block a %}base a{% endblock %}|{% block b %}base b{% endblock %}|{% block c %}base c{% endblock %}]"
MIDDLE = '{% extends "base" %}{% block a %}middle a{% block inner %} in it{% endblock %}{% endblock %}'
TOP = '{% extends "middle" %}{% block inner %} of the top{% endblock %}{% block c %}top c{% endblock %}'

# What is rendered, beside the three above; its name is "page".
PAGES = {
    "nothing extended": "{% block a %}alone{% endblock %}",
    "one parent": '{% extends "base" %}{% block b %}page b{% endblock %}',
    "a parent of a parent": TOP,
    "and another above": '{% extends "top" %}{% block a %}page a{% endblock %}{% block inner %}nowhere{% endblock %}',
    "words beside blocks": 'Some words {% extends "base" %} and more {% block a %}page a{% endblock %}',
    "a block that no parent has": '{% extends "base" %}{% block d %}nowhere{% endblock %}',
    "what it overrides": '{% extends "base" %}{% block a %}{{ block.super }} and page a{% endblock %}',
    "two layers of that": '{% extends "asking" %}{% block a %}{{ block.super }} page{% endblock %}',
    "the layer above asks": '{% extends "asking" %}{% block b %}page b{% endblock %}',
    "only the layer above asks": '{% extends "asking" %}{% block a %}page a{% endblock %}',
    "a layer between does not": '{% extends "top" %}{% block inner %}{{ block.super }} of the page{% endblock %}',
    "in a tag": '{% extends "base" %}{% block a %}{% with x=block.super %}{{ x }}{% endwith %}{% endblock %}',
    "in a condition": '{% extends "base" %}{% block a %}{% if yes %}{{ block.super }}{% endif %}{% endblock %}',
    "in another branch": '{% extends "base" %}{% block a %}{% if no %}{% elif block.super %}x{% endif %}{% endblock %}',
    "under another name": '{% extends "base" %}{% block a %}{% with i=block %}{{ i.super }}{% endwith %}{% endblock %}',
    "words beside blocks of the parent": '{% extends "wordy" %}{% block a %}page a{% endblock %}',
    "words beside blocks of its parent, too": '{% extends "wordier" %}{% block a %}page a{% endblock %}',
    "its name": '{% extends "base" %}{% block a %}{{ block.name }}{% endblock %}',
    "a part leads back to its name": '{% extends "crossing" %}{% block a %}page, {{ block.super }}{% endblock %}',
    "words set in a block stay there": '{% extends "saying" %}{% block a %}{% now "Y" as said %}{% endblock %}',
    "words set around a block are known in it": '{% extends "around" %}{% block a %}{{ word }}{% endblock %}',
    "a block in a loop": '{% extends "looping" %}{% block a %}{{ one }}{{ forloop.counter }}{% endblock %}',
    "a parent that the page names": "{% extends given %}{% block b %}page b{% endblock %}",
    "a parent above that the page names": '{% extends "named" %}{% block b %}page b{% endblock %}',
    "a name with a filter": '{% extends "BASE"|lower %}{% block b %}page b{% endblock %}',
    "a filter that the page completes": '{% extends ""|add:given %}{% block b %}page b{% endblock %}',
    "an included template that extends": '{% extends "base" %}{% block a %}{% include "middle" %}{% endblock %}',
    "included where nothing is extended": '{% block a %}mine{% endblock %} {% include "top" %} {% include "top" %}',
    "an included template with a block": '{% extends "base" %}{% block a %}{% include "blocks" %}{% endblock %}',
    "its own name, elsewhere": '{% extends "page" %}{% block a %}page a{% endblock %}',
}
OTHERS = {
    "base": BASE,
    "middle": MIDDLE,
    "top": TOP,
    "asking": '{% extends "base" %}{% block a %}asked, {{ block.super }}{% endblock %}',
    "saying": "{% block a %}{% endblock %}{{ said }}{% block b %}{{ said }}{% endblock %}",
    "around": '{% with word="said around" %}{% block a %}{% endblock %}{% endwith %}',
    "looping": '{% for one in "xyz" %}{% block a %}{% endblock %}{% endfor %}',
    "named": "{% extends given %}{% block a %}named a{% endblock %}",
    "wordy": 'Ahead {% extends "base" %} behind',
    "wordier": 'And\n{% extends "wordy" %}',
    "nested": "{% block a %}outer {% block b %}{% endblock %}{% endblock %}",
    "crossing": '{% extends "nested" %}{% block b %}{% block a %}mine, {{ block.super }}{% endblock %}{% endblock %}',
    "blocks": "{% block a %}of its own{% endblock %}",
}
FURTHER = {
    "page": '{% extends "base" %}{% block a %}hidden{% endblock %}{% block b %}of the one further on{% endblock %}'
}


def engine(page: str, *builtins: str, debug: bool = False) -> Engine:
    """Templates of two folders, the further one with the same name as the page."""
    near, further = (("django.template.loaders.locmem.Loader", found) for found in ({**OTHERS, "page": page}, FURTHER))
    return Engine(
        loaders=[("django.template.loaders.cached.Loader", [near, further])],
        builtins=[*builtins],
        debug=debug,
    )


def rendered(engine: Engine, **given: Any) -> str:
    return engine.get_template("page").render(Context({"given": "base", "yes": True, **given}))


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_template_is_rendered_as_django_does_it(page: str) -> None:
    ours = engine(page, OURS)
    expected = [rendered(engine(page), given=given) for given in ("base", "top", "base")]
    assert [rendered(ours, given=given) for given in ("base", "top", "base")] == expected
    assert rendered(engine(page, OURS, debug=True)) == expected[0]


def test_what_is_extended_is_looked_for_once() -> None:
    ours = engine(PAGES["and another above"], OURS)
    rendered(ours)
    with mock.patch.object(inheritance, "follow", side_effect=AssertionError), mock.patch.object(ExtendsNode, "render"):
        assert rendered(ours) == "[page a|base b|top c]"


def test_a_rendering_that_fails_leaves_the_next_one_whole() -> None:
    page = engine('{% extends "base" %}{% block a %}{{ fails }}page, {{ block.super }}{% endblock %}', OURS)
    with pytest.raises(ZeroDivisionError):
        rendered(page, fails=lambda: 1 / 0)
    assert rendered(page) == "[page, base a|base b|base c]"


@pytest.mark.parametrize(
    ("page", "error"),
    [
        ('{% extends "nowhere" %}', TemplateDoesNotExist),
        ("{% extends missing %}", TemplateSyntaxError),
        ('{% extends "" %}', TemplateSyntaxError),
        ('{{ x }}{% extends "base" %}', TemplateSyntaxError),
        ("{% block a %}{% endblock %}{% block a %}{% endblock %}", TemplateSyntaxError),
        ("{% block a %}", TemplateSyntaxError),
    ],
)
def test_what_is_wrong_with_a_template_is_told_as_django_does(page: str, error: type[Exception]) -> None:
    told = []
    for builtins in ((), (OURS,)):
        with pytest.raises(error) as raised:
            rendered(engine(page, *builtins))
        told.append(str(raised.value))
    assert told[0] == told[1]


def test_a_template_that_fails_is_shown_where_templates_are_debugged() -> None:
    page = engine('{% extends "failing" %}', OURS, debug=True)
    page.template_loaders[0].loaders[0].templates_dict["failing"] = (
        '{% extends "base" %}\n{% block a %}\n{{ fails }}{% endblock %}'
    )
    with pytest.raises(ZeroDivisionError) as raised:
        rendered(page, fails=lambda: 1 / 0)
    debug = raised.value.template_debug  # type: ignore[attr-defined]
    assert (debug["name"].endswith("failing"), debug["line"]) == (True, 3)


def every_template() -> dict[str, Path]:
    """Those of ours and of packages, by their names; the first one of a name is the one that is used."""
    folders = Engine.get_default().template_loaders[0].get_dirs()
    paths = [(path.relative_to(folder), path) for folder in folders for path in folder.rglob("*.*") if path.is_file()]
    return {name.as_posix(): path for name, path in reversed(paths)}


def test_no_included_template_asks_for_what_a_block_overrides() -> None:
    """Only the block itself may: it would not be given it."""
    texts = [path.read_text() for path in every_template().values()]
    asking = [text for text in texts if "block.super" in text]
    assert asking
    assert not [text for text in asking if "{% extends" not in text]


class Skeletons(Loader):
    """Nothing but blocks, and what they override, is more than words in these templates."""

    def get_contents(self, origin: Origin) -> str:
        return "".join(map(skeleton, Lexer(super().get_contents(origin)).tokenize()))


def skeleton(token: Token) -> str:
    """A tag of inheritance, or words."""
    if token.token_type == TokenType.BLOCK and token.contents.split()[0] in {"block", "endblock", "extends"}:
        return f"{{% {token.contents} %}}"
    return "{{ block.super }}" if token.contents == "block.super" else token.contents


def test_every_template_joins_its_parents_as_django_does_it() -> None:
    """Ours and those of packages, without all tags but those of inheritance."""
    folders = [*Engine.get_default().template_loaders[0].get_dirs()]
    loaders = [("django.template.loaders.cached.Loader", [(f"{__name__}.Skeletons", folders)])]
    engines = Engine(loaders=loaders), Engine(loaders=loaders, builtins=[OURS])
    extending, differing = [], []
    for name, path in every_template().items():
        if "{% extends" in path.read_text():
            extending.append(name)
            django, ours = (engine.get_template(name).render(Context({"skeleton": "base.html"})) for engine in engines)
            differing += [name] if django != ours else []
    assert set(templates_of_ours()) & {*extending}
    assert not differing


def test_pages_are_made_so() -> None:
    ours: Any = settings.TEMPLATES[0]
    assert OURS in ours["OPTIONS"]["builtins"]
