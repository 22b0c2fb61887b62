"""Who may do what: the roles, as groups of the admin. Whoever is in one has its rights; an owner may add more to it.

A migration makes the groups, and permissions do not exist yet in one on a fresh database: they are made here. A new
model needs a line below, and a migration that calls `grant_roles` once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

ALL = ("view", "add", "change", "delete")

# What is written as documents, which asks for the rights on editions: those to add, change and delete rows open nothing
# by themselves. They stay granted, since groups of before hold them, and nobody can give a group that may do more.
CONTENT = (
    *("modules.page", "modules.pagecitation"),
    *("scenarios.scenario", "scenarios.scenariocitation", "scenarios.gauge", "scenarios.scene", "scenarios.scenepart"),
    *("scenarios.scenecitation", "scenarios.choice", "scenarios.effect", "scenarios.requirement"),
    *("quizzes.quiz", "quizzes.question", "quizzes.option", "quizzes.questioncitation"),
)
COURSE = ("modules.module", "modules.edition", "modules.source", "modules.fact", *CONTENT)
PROGRESS = ("progress.enrolment", "progress.pagecompletion", "certificates.certificate")
# What somebody answered and decided is between them and the course: educators see that a page is done, not how.
PRIVATE = (
    *("scenarios.playthrough", "scenarios.decision"),
    *("quizzes.attempt", "quizzes.response", "quizzes.selectedoption"),
)
KEPT = ("modules.seeding", "modules.withdrawal", "modules.archiving", "authoring.revision")


def _each(verbs: Iterable[str], models: Iterable[str]) -> Iterator[str]:
    """`modules.view_page` of `view` and `modules.page`."""
    for model in models:
        app, _, name = model.partition(".")
        yield from (f"{app}.{verb}_{name}" for verb in verbs)


_READS = frozenset(_each(["view"], COURSE))
_WRITES = frozenset(
    (
        *_each(["view", "add", "change"], ["modules.module"]),
        *_each(ALL, ["modules.edition", "modules.source", "modules.fact", *CONTENT]),
        "modules.read_draft",
    )
)
_PUBLISHES = _WRITES | {"modules.publish_edition"}

# What can change what hundreds learn, or shows who learned it: whoever has one of these needs a second factor.
HARMFUL = frozenset(
    (
        "modules.publish_edition",
        "certificates.change_certificate",
        *_each(ALL, ["accounts.user", "auth.group"]),
        *_each(["view"], [*PROGRESS, *PRIVATE]),
    )
)

ROLES: dict[str, frozenset[str]] = {
    "Author": _WRITES,
    "Reviewer": _READS | {"modules.read_draft"},
    "Publisher": _PUBLISHES,
    "Educator": _READS | frozenset(_each(["view"], PROGRESS)),
    "Administrator": _PUBLISHES
    | frozenset(
        (
            "modules.delete_module",
            *_each(["view"], [*PROGRESS, *PRIVATE, *KEPT]),
            "certificates.change_certificate",  # to revoke one
            *_each(ALL, ["accounts.user", "auth.group"]),  # who may delete people closes their accounts
        )
    ),
}


def roles_with(rights: Collection[str]) -> list[str]:
    """The roles of somebody who has these rights; of one that holds all of another's, that alone."""
    held = [name for name, needed in ROLES.items() if needed.issubset(rights)]
    return [name for name in held if not any(ROLES[name] < ROLES[other] for other in held)]


def grant_roles(apps: Any) -> None:
    """Make the groups, and give each what it lacks of its rights; nothing is taken away. Harmless when repeated.

    In a migration `apps` knows the models of that time: rights on later ones come with a later call.
    """
    groups = apps.get_model("auth", "Group").objects
    found = _permissions(apps, frozenset[str]().union(*ROLES.values()))
    for name, rights in ROLES.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(*(found[right] for right in rights if right in found))


def _permissions(apps: Any, rights: frozenset[str]) -> dict[str, Any]:
    """These permissions, by `app.codename`, made where they are missing; without those on models that are not known."""
    permissions = apps.get_model("auth", "Permission").objects
    wanted = {right: named for right, named in _named(apps) if right in rights}
    types = _content_types(apps, {model for model, _ in wanted.values()})
    stored = {
        (row.content_type_id, row.codename): row for row in permissions.filter(content_type__in=list(types.values()))
    }
    found = {}
    for right, (model, words) in wanted.items():
        codename = right.partition(".")[2]
        found[right] = stored.get((types[model].pk, codename)) or permissions.create(
            content_type=types[model], codename=codename, name=words
        )
    return found


def _named(apps: Any) -> Iterator[tuple[str, tuple[tuple[str, str], str]]]:
    """Each right that the models give, with its model and its name in words: as Django names them."""
    for model in apps.get_models():
        meta, key = model._meta, (model._meta.app_label, model._meta.model_name)
        for verb in meta.default_permissions:
            yield f"{key[0]}.{verb}_{key[1]}", (key, f"Can {verb} {meta.verbose_name_raw}")
        for codename, words in meta.permissions:
            yield f"{key[0]}.{codename}", (key, words)


def _content_types(apps: Any, models: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    rows = apps.get_model("contenttypes", "ContentType").objects
    found = {(row.app_label, row.model): row for row in rows.all()}
    return {key: found.get(key) or rows.create(app_label=key[0], model=key[1]) for key in models}


def upgrade_groups(apps: Any) -> None:
    """Whoever could write could publish: nobody loses a right. The groups of before go, with all they had."""
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for old_name, names in (("Authors", ("Author", "Publisher")), ("Educators", ("Educator",))):
        old = group_model.objects.filter(name=old_name).first()
        if old is None:
            continue
        for new in group_model.objects.filter(name__in=names):
            new.user_set.add(*old.user_set.all())
        group_model.objects.get(name=names[0]).permissions.add(*old.permissions.all())
        old.delete()
    _go_on_publishing(permission_model)


def _go_on_publishing(permission_model: Any) -> None:
    """People and groups of an owner's own that could change editions, and so publish them, still can."""
    of_editions = permission_model.objects.filter(content_type__app_label="modules", content_type__model="edition")
    right = of_editions.filter(codename="change_edition").first()
    new = list(of_editions.filter(codename__in=["read_draft", "publish_edition"]))
    if right is None:
        return
    for group in right.group_set.exclude(name__in=ROLES):
        group.permissions.add(*new)
    for person in right.user_set.all():
        person.user_permissions.add(*new)
