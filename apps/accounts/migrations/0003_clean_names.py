from django.core.exceptions import ValidationError
from django.db import migrations

from apps.accounts.names import clean_name


def clean_names(apps, schema_editor):
    """Names as they would be stored now. One of which nothing can be seen goes: its owner is asked again."""
    User = apps.get_model("accounts", "User")
    for user in User.objects.only("full_name", "certificate_name").iterator():
        names = {"full_name": _cleaned(user.full_name), "certificate_name": _cleaned(user.certificate_name)}
        if names != {"full_name": user.full_name, "certificate_name": user.certificate_name}:
            User.objects.filter(pk=user.pk).update(**names)


def _cleaned(name):
    try:
        return clean_name(name) if name else ""
    except ValidationError:
        return ""


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_closed_accounts"),
    ]

    operations = [
        migrations.RunPython(clean_names, migrations.RunPython.noop, elidable=True),
    ]
