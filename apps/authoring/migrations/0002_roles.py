from typing import Any

from django.db import migrations

from apps.authoring.roles import grant_roles, upgrade_groups


def bring_roles(apps: Any, schema_editor: Any) -> None:
    grant_roles(apps)
    upgrade_groups(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("accounts", "0004_clean_names"),
        ("modules", "0006_rights"),
        ("progress", "0001_initial"),
        ("scenarios", "0004_choices_that_lead_nowhere_yet"),
        ("quizzes", "0004_question_kinds"),
        ("certificates", "0004_clean_names"),
        ("authoring", "0001_revisions"),
    ]

    operations = [migrations.RunPython(bring_roles, migrations.RunPython.noop)]
