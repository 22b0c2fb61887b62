"""The real course in a test's database: loaded by `manage.py seed` once in a process, and copied from then on."""

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction

from apps.modules.content import content_models
from apps.modules.models import Edition, Fact, Module, Seeding, Source
from tests.conftest import uncovered

_rows: list[tuple[type[models.Model], list[models.Model]]] = []


def _models() -> tuple[type[models.Model], ...]:
    return (Module, Source, Fact, Edition, *content_models(), Seeding)


def load() -> Edition:
    """The edition "When posts go wrong"; its rows are the same in every test that has made none before."""
    if not _rows:
        others = [set(models.QuerySet(model).values_list("pk", flat=True)) for model in _models()]
        _seed()
        for model, there_before in zip(_models(), others, strict=True):  # a test may have made rows of its own
            _rows.append((model, list(models.QuerySet(model).exclude(pk__in=there_before).order_by("pk"))))
    else:
        try:
            _copy()
        except IntegrityError:  # SQLite gives each test the same ids: rows of its own may have them
            _seed()
    tell_the_planner()
    return Edition.objects.published().select_related("module").get(module__slug="when-posts-go-wrong", number=4)


def _seed() -> None:
    with uncovered():
        call_command("seed", verbosity=0)


@transaction.atomic
def _copy() -> None:
    """Past the guards of published editions: nothing but what `seed` has stored before comes in here."""
    for model, rows in _rows:
        models.QuerySet(model).bulk_create(rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _ in _rows]):
            cursor.execute(statement)


def tell_the_planner() -> None:
    """PostgreSQL takes the tables for what they held before, else, and joins them badly.

    Only these tables: some of its own are locked for all databases of the server, and other processes test there.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in _models())
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
