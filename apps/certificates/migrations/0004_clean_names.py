from django.core.exceptions import ValidationError
from django.db import migrations

from apps.accounts.names import clean_name


def clean_names(apps, schema_editor):
    """What hides or reorders text goes. A name of which nothing would be left stays: it can be revoked."""
    Certificate = apps.get_model("certificates", "Certificate")
    for certificate in Certificate.objects.exclude(name="").only("name").iterator():
        try:
            name = clean_name(certificate.name)
        except ValidationError:
            continue
        if name != certificate.name:
            Certificate.objects.filter(pk=certificate.pk).update(name=name)


class Migration(migrations.Migration):

    dependencies = [
        ("certificates", "0003_withdrawn_certificates"),
    ]

    operations = [
        migrations.RunPython(clean_names, migrations.RunPython.noop, elidable=True),
    ]
