from typing import Any

from django.db import migrations

from apps.authoring.roles import grant_roles


def bring_roles(apps: Any, schema_editor: Any) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("authoring", "0003_reports"),
        ("modules", "0007_withdrawn_and_archived"),
    ]

    operations = [migrations.RunPython(bring_roles, migrations.RunPython.noop)]
