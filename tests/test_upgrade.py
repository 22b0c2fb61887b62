"""A database of the release before, with learners under way, is upgraded: nothing is lost, and they go on."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from apps.accounts.models import User
from apps.authoring.roles import ROLES
from apps.certificates.models import Certificate
from apps.modules import published
from apps.modules.actions import start_draft
from apps.modules.management.commands import seed
from apps.modules.models import Edition, Page, Source
from apps.progress.actions import complete_page
from apps.progress.models import Enrolment
from apps.scenarios.models import Choice, Decision, Requirement
from apps.scenarios.queries import published_script
from apps.scenarios.walks import walk_of
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

# Where the migrations of the last release that was handed out, 0.2.0, ended. With a release, its own take their place.
RELEASE_BEFORE = [
    ("contenttypes", "0002_remove_content_type_name"),
    ("auth", "0012_alter_user_first_name_max_length"),
    ("sessions", "0001_initial"),
    ("accounts", "0001_initial"),
    ("account", "0009_emailaddress_unique_primary_email"),
    ("admin", "0003_logentry_add_action_flag_choices"),
    ("modules", "0003_facts_curriculum_seeding"),
    ("progress", "0001_initial"),
    ("scenarios", "0002_gauges_and_debrief"),
    ("quizzes", "0003_judgement"),
    ("certificates", "0002_curriculum_links"),
]
# The editions that it brought, each with a digest of what its fixtures say, however they are laid out
# (`python manage.py shell -c "from tests.test_upgrade import editions_now; print(editions_now())"`).
EDITIONS_BEFORE = {
    "anonymity-abuse-and-wellbeing-1": "3e3ee733f157d6cc",
    "learning-online-1": "f2f6db96a9f21e88",
    "patients-privacy-and-boundaries-1": "546883a1d02ec122",
    "when-posts-go-wrong-2": "504bd418f4274c34",
    "why-social-media-matters-1": "8c0f0e4fbe3bd2f2",
    "your-professional-presence-1": "8b105bcff134200c",
}
NOT_COPIED = ("contenttypes", "auth")  # what migrating makes by itself

COURSE = "why-social-media-matters"
NOTE = "We took a figure for more than it was."
# A source as the release before seeded it. With a release, as that one has it.
SOURCE_BEFORE: dict[str, Any] = {
    "key": "gmc-domain-4",
    "kind": "guidance",
    "authors": "General Medical Council",
    "title": "Good medical practice: domain 4, trust and professionalism",
    "publication": "",
    "year": 2024,
    "date_text": "in effect 30 January 2024",
    "doi": "",
    "url": "https://www.gmc-uk.org/professional-standards/professional-standards-for-doctors/good-medical-practice/domain-4-trust-and-professionalism",
    "read_on": datetime.date(2026, 11, 22),
    "superseded_by": None,
    "superseded_note": "",
    "note": "The standards in force. Paragraph 83 is about your registered name and GMC number.",
}

# Some of the rights that people had, as app, model and verb.
RIGHTS_BEFORE = (
    ("modules", "edition", "change"),
    ("modules", "page", "view"),
    ("certificates", "certificate", "view"),
)

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def old_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database of the release before, with what `learners_under_way` made, in the place of the tests' own."""
    monkeypatch.setattr(seed, "FIXTURES", course_before(tmp_path / "before"))
    rows = learners_under_way()
    monkeypatch.setattr(seed, "FIXTURES", course_now(tmp_path / "now"))
    main = connections["default"]
    options = {name: value for name, value in main.settings_dict["OPTIONS"].items() if name != "pool"}
    name = str(tmp_path / "old.sqlite3") if main.vendor == "sqlite" else f"{main.settings_dict['NAME']}_upgrade"
    if main.vendor == "postgresql":
        with main.creation._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
    connections["default"] = type(main)(main.settings_dict | {"NAME": name, "OPTIONS": options}, "default")
    try:
        published.forget_all()
        migrate_to_the_release_before(rows)
        yield
    finally:
        connections["default"].close()
        connections["default"] = main
        published.forget_all()
        ContentType.objects.clear_cache()
        if main.vendor == "postgresql":
            with main.creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


def read(path: Path) -> list[dict[str, Any]]:
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)  # type: ignore[no-any-return]


def write_course(folder: Path, number: int, source: dict[str, Any], edition: dict[str, Any], kinds: set[str]) -> Path:
    """Fixtures of one module of the course, under this number, with these fields of the source and of the edition.

    Requirements of the `kinds` are left out, and so is where a choice leads otherwise.
    """
    (folder / f"{COURSE}-{number}").mkdir(parents=True)
    [now] = (settings.BASE_DIR / "fixtures").glob(f"{COURSE}-*")
    for path in [*(settings.BASE_DIR / "fixtures").glob("*.yaml"), *now.glob("*.yaml")]:
        rows = [row for row in read(path) if not kinds & set(row["fields"])]
        for row in rows:
            fields = row["fields"]
            for name, value in fields.items():
                if isinstance(value, list) and value[0] == COURSE and len(value) > 1:
                    fields[name] = [COURSE, number, *value[2:]]
            if row["model"] == "modules.edition":
                fields |= {"number": number, "change_note": ""} | edition
            if row["model"] == "modules.source" and fields["key"] == source["key"]:
                fields |= source
            if kinds:
                fields.pop("otherwise", None)
        target = folder / f"{COURSE}-{number}" / path.name if path.parent == now else folder / path.name
        target.write_text(yaml.safe_dump(rows, allow_unicode=True))
    return folder


def course_before(folder: Path) -> Path:
    """With nothing that the tables of the release before cannot hold."""
    return write_course(folder, 7, SOURCE_BEFORE, {}, {"below", "not_visited"})


def course_now(folder: Path) -> Path:
    return write_course(folder, 8, SOURCE_BEFORE | {"note": "Corrected."}, {"change_note": NOTE}, set())


def learners_of_the_course() -> None:
    """Somebody half-way in an edition that was seeded, somebody with its certificate; an author, who is at work."""
    call_command("seed", verbosity=0)
    edition = Edition.objects.get(module__slug=COURSE)
    halfway = make.enrolment(make.user("halfway@example.org"), edition)
    complete_page(halfway, edition.page_set.filter(kind="reading").first(), None, make.NOW)
    make.decision(halfway, key=edition.page_set.get(kind="scenario").key)
    make.client(halfway.learner)
    make.certificate(make.completed(make.user("course@example.org"), edition), "Ceri Course")
    Source.objects.filter(key="kar-2022").update(note="An author's note.")
    start_draft(edition)


def learners_under_way() -> Rows:
    """Somebody in the middle of a case and of a quiz, somebody with a certificate, a visitor: as rows of tables."""
    learners_of_the_course()
    edition = make.edition("old-module", is_full=True)
    make.unguarded(Choice).update(otherwise=None)
    make.unguarded(Requirement).filter(at_least=None, visited=None).delete()  # what nothing could need in old days
    learner = make.user("learner@example.org")
    enrolment = make.enrolment(learner, edition)
    make.decision(enrolment)
    make.attempt(enrolment, right=1)
    attempt = make.attempt(enrolment, right=0, is_submitted=False)
    attempt.responses.filter(position=2).update(answered_at=None, score=None)
    attempt.responses.get(position=2).selected.all().delete()
    make.certificate(make.completed(make.user("holder@example.org"), edition), "Siân Holder")
    make.unguarded(User).filter(pk=make.user("mixed.case@nhs.net").pk).update(email="Mixed.Case@NHS.net")
    browser, visitor = make.client(learner), Client()
    session = browser.session
    question = "/learn/old-module/1/quiz/quiz/question/3/answer/"
    session["kept_answer"] = {"path": question, "fields": [["attempt", "2"], ["option", "quiz-q3-right"]]}
    session.save()
    session = visitor.session
    session["tasted"] = {str(edition.page_set.get(key="case").pk): [["case-scene-1-best"]]}
    session.save()
    return {
        model._meta.label: list(make.unguarded(model).order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in NOT_COPIED
    }


def migrate_to_the_release_before(rows: Rows) -> None:
    """Make its tables, and fill them with as much of these rows as they had columns for."""
    executor = MigrationExecutor(connection)
    state = executor.migrate(RELEASE_BEFORE)
    old_models = [model for model in state.apps.get_models(include_auto_created=True) if rows.get(model._meta.label)]
    with transaction.atomic():
        for model in old_models:
            columns = {field.attname for field in model._meta.concrete_fields}
            models.QuerySet(model).bulk_create(
                model(**{name: value for name, value in row.items() if name in columns})
                for row in rows[model._meta.label]
            )
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), old_models):
            cursor.execute(sql)


def staff_of_before() -> None:
    """People in the groups of the release before, to one of which its owner has added a right, and beside them."""
    known = MigrationExecutor(connection).loader.project_state(RELEASE_BEFORE).apps
    group, user = known.get_model("auth", "Group"), known.get_model("accounts", "User")
    rights = {}
    for app, model, verb in RIGHTS_BEFORE:
        kind, _ = known.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
        rights[verb, model] = known.get_model("auth", "Permission").objects.create(
            content_type=kind, codename=f"{verb}_{model}", name="As it was"
        )
    people = {}
    for name in ("author", "educator", "clerk", "editor"):
        people[name] = user.objects.create(email=f"{name}@example.org", full_name=name, is_staff=True)
    for name, member, given in (
        ("Authors", "author", [rights["change", "edition"], rights["view", "certificate"]]),
        ("Educators", "educator", [rights["view", "page"]]),
        ("Own", "clerk", [rights["change", "edition"]]),
    ):
        made = group.objects.create(name=name)
        made.permissions.set(given)
        people[member].groups.add(made)
    people["editor"].user_permissions.add(rights["change", "edition"])


def stored() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of every table of the old release, column by column, read past all models of today."""
    state = MigrationExecutor(connection).loader.project_state(RELEASE_BEFORE)
    told: dict[str, dict[Any, dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        for model in state.apps.get_models(include_auto_created=True):
            if model._meta.app_label in NOT_COPIED:
                continue
            names = [field.column for field in model._meta.concrete_fields]
            columns = ", ".join(connection.ops.quote_name(name) for name in names)
            cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            told[model._meta.label] = {row[model._meta.pk.column]: row for row in rows}
    return told


def browser_of(user: User | None) -> Client:
    """The browser in which this person, or nobody, had a session before the upgrade."""
    from django.contrib.sessions.models import Session  # noqa: PLC0415  # its rows belong to the database of now

    wanted = None if user is None else str(user.pk)
    key = next(one.pk for one in Session.objects.all() if one.get_decoded().get("_auth_user_id") == wanted)
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = key
    return browser


def send(browser: Client, page: str, action: str, fields: dict[str, Any]) -> str:
    """Open the page, fill in the form that goes to `action`, send it; the text of the page that comes."""
    text = browser.get(page).content.decode()
    form = next(part for part in re.findall(r"<form.*?</form>", text, re.DOTALL) if f'{action}"' in part)
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in re.findall(r"<input[^>]*>", form)]
    hidden = {one["name"]: one["value"] for one in inputs if one.get("type") == "hidden"}
    response = browser.post(f"{page}{action}", hidden | fields, follow=True)
    assert response.status_code == 200, (page, response.status_code)
    return response.content.decode()


def editions_now() -> dict[str, str]:
    """Each edition that the fixtures bring, with a digest of what they say."""
    now = {}
    for folder in sorted(path for path in (settings.BASE_DIR / "fixtures").iterdir() if path.is_dir()):
        rows = [row for path in sorted(folder.glob("*.yaml")) for row in read(path)]
        said = json.dumps(rows, default=str, sort_keys=True)
        now[folder.name] = hashlib.sha256(said.encode()).hexdigest()[:16]
    return now


@pytest.mark.once
def test_no_edition_of_the_release_before_is_rewritten_or_given_up() -> None:
    """`seed` would stop where it was loaded, or leave the module alone: what is corrected takes the next number."""
    now = editions_now()
    newest: dict[str, int] = {}
    for name in now:
        slug, _, number = name.rpartition("-")
        newest[slug] = max(newest.get(slug, 0), int(number))
    wrong = []
    for name, digest in EDITIONS_BEFORE.items():
        slug, _, number = name.rpartition("-")
        if now.get(name, digest) != digest or newest.get(slug, 0) < int(number):
            wrong.append(name)
    assert wrong == []


@pytest.mark.no_cover
def test_learners_under_way_go_on_after_the_upgrade(old_database: None) -> None:
    before, out = stored(), io.StringIO()
    assert sum(map(len, before.values())) > 100
    staff_of_before()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("seed", stdout=out)
    assert_nothing_is_lost(before, stored())
    assert "source kar-2022" in out.getvalue()
    assert_the_learner_goes_on()
    assert_others_find_what_was_theirs()
    assert_rules_are_what_they_were()
    assert_the_correction_is_offered()
    assert_nobody_lost_a_right()


def assert_nothing_is_lost(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Rows may come, none goes, and none changes but the source that the fixtures correct; `seed` keeps its own.

    And an address may have been put into small letters.
    """
    changed = []
    for label, rows in before.items():
        for pk, row in rows.items():
            now = after[label].get(pk)
            if label == "modules.Source" and row["key"] == SOURCE_BEFORE["key"]:
                assert (row.pop("note"), now.pop("note")) == (SOURCE_BEFORE["note"], "Corrected.")
            if label == "accounts.User" and now:
                row, now = (one | {"email": one["email"].lower()} for one in (row, now))
            if now != row and label != "modules.Seeding":
                changed.append(f"{label} {pk}: {row} -> {now}")
    assert not changed, "\n".join(changed)


def assert_the_correction_is_offered() -> None:
    """In the edition that was begun all goes on; the next one is offered, with its note, also to whoever checks."""
    learner = User.objects.get(email="halfway@example.org")
    browser = browser_of(learner)
    for url in (f"/modules/{COURSE}/", "/my-learning/"):
        page = browser.get(url).content.decode()
        assert "dition 8 came out on" in page, url
        assert NOTE in page, url
    case = Edition.objects.get(module__slug=COURSE, number=7).page_set.get(kind="scenario")
    assert 'name="decision" value="2"' in browser.get(case.get_absolute_url()).content.decode()
    send(browser, f"/modules/{COURSE}/", "start/", {})
    numbers = Enrolment.objects.filter(learner=learner).order_by("pk").values_list("edition__number", flat=True)
    assert list(numbers) == [7, 8]
    certificate = Certificate.objects.get(name="Ceri Course")
    page = Client().get(f"/verify/{certificate.code}/").content.decode()
    assert "Ceri Course" in page
    assert "A newer edition says:" in page
    assert NOTE in page
    draft = Edition.objects.drafts().get(module__slug=COURSE)
    assert draft.based_on is not None
    assert draft.based_on.number == 7


def assert_the_learner_goes_on() -> None:
    """With the session of before the upgrade: the case at the second decision, the quiz at what is not answered yet."""
    learner = User.objects.get(email="learner@example.org")
    browser = browser_of(learner)
    assert "When posts go wrong" in browser.get("/my-learning/").content.decode()
    base = "/learn/old-module/1"
    send(browser, f"{base}/scenario/case/", "choose/", {"choice": "case-scene-2-poor"})
    assert list(Decision.objects.values_list("playthrough__enrolment__learner", "number")).count((learner.pk, 2)) == 1
    assert browser.get(f"{base}/quiz/quiz/question/3/").status_code == 200  # an answer was kept for it in old days
    send(browser, f"{base}/quiz/quiz/question/2/", "answer/", {"option": "quiz-q2-right"})
    page = send(browser, f"{base}/quiz/quiz/check/", "submit/", {})
    assert "%" in page
    enrolment = Enrolment.objects.get(learner=learner)
    assert [attempt.submitted_at is None for attempt in enrolment.attempts.all()] == [False, False]


def assert_others_find_what_was_theirs() -> None:
    certificate = Certificate.objects.get(name="Siân Holder")
    assert "Siân Holder" in Client().get(f"/verify/{certificate.code}/").content.decode()
    assert browser_of(None).get("/learn/old-module/1/scenario/case/").status_code in {200, 302}
    assert User.objects.filter(email__iexact="mixed.case@nhs.net").count() == 1


def assert_rules_are_what_they_were() -> None:
    """What a scene needs keeps the choice that leads there from being offered, as it always did."""
    script = published_script(Page.objects.get(edition__module__slug="old-module", kind="scenario").pk)
    for first, offered in (("best", ["poor", "best"]), ("poor", ["poor"])):
        walk = walk_of(script, [f"case-scene-1-{first}", "case-scene-2-best"])
        assert [choice.rating for choice in walk.offered] == offered


def assert_nobody_lost_a_right() -> None:
    """Authors could publish; what an owner had added is kept; the groups of before are gone."""
    assert set(Group.objects.values_list("name", flat=True)) == {*ROLES, "Own"}
    roles = {"author": ["Author", "Publisher"], "educator": ["Educator"], "clerk": ["Own"], "editor": []}
    for name, groups in roles.items():
        person = User.objects.get(email=f"{name}@example.org")
        assert list(person.groups.order_by("name").values_list("name", flat=True)) == groups
        may_publish = all(person.has_perm(f"modules.{right}") for right in ("publish_edition", "read_draft"))
        assert may_publish == (name != "educator")
    author = User.objects.get(email="author@example.org")
    assert author.has_perm("certificates.view_certificate")
    assert author.has_perm("scenarios.delete_choice")
    assert not Group.objects.filter(name="Publisher", permissions__codename="view_certificate").exists()
