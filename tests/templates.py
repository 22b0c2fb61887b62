"""The templates of this project, wherever an app keeps them."""

from pathlib import Path

from django.conf import settings
from django.template import Template
from django.template.loader_tags import ExtendsNode


def templates_of_ours() -> dict[str, Path]:
    """Every template by its name."""
    folders = [Path(settings.BASE_DIR, "templates"), *Path(settings.BASE_DIR, "apps").rglob("templates")]
    return {path.relative_to(folder).as_posix(): path for folder in folders for path in folder.rglob("*.html")}


def names_of(template: Template) -> set[str]:
    """A template and all that it extends: only the first and the last of them are told of when they are rendered."""
    names = {str(template.name)}
    for node in template.nodelist.get_nodes_by_type(ExtendsNode):
        parent = node.parent_name.var  # type: ignore[attr-defined]
        if isinstance(parent, str):
            names |= names_of(template.engine.get_template(parent))
    return names
