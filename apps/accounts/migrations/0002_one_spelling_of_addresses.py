"""Addresses get one spelling, and allauth's rows say what the person's row says."""

import unicodedata
import uuid
from typing import Any

from django.db import migrations

import apps.accounts.fields


def one_spelling(address: str) -> str:
    return unicodedata.normalize("NFC", address.strip().lower())


def mend_people(apps: Any, schema_editor: Any) -> None:
    """Of people whose addresses were one but for the spelling, one keeps it: who could sign in with it until now, or
    did so last. The others keep everything else; an administrator gives them an address of their own.
    """
    User = apps.get_model("accounts", "User")
    holders: dict[str, list[Any]] = {}
    for user in User.objects.only("email", "last_login").order_by("pk"):
        holders.setdefault(one_spelling(user.email), []).append(user)
    moved = []
    for address, people in holders.items():
        people.sort(key=lambda user: (user.email != address, -(user.last_login.timestamp() if user.last_login else 0)))
        moved += [(user, f"same-address-{uuid.uuid4().hex}@second-look.invalid") for user in people[1:]]
        if people[0].email != address:
            moved.append((people[0], address))
    for user, address in moved:
        User.objects.filter(pk=user.pk).update(email=address)


def mend_rows(apps: Any, schema_editor: Any) -> None:
    """Each person has one row, for their own address; it is confirmed if a row for it was, in whatever spelling."""
    User, EmailAddress = apps.get_model("accounts", "User"), apps.get_model("account", "EmailAddress")
    addresses = dict(User.objects.values_list("pk", "email"))
    kept: dict[int, Any] = {}
    gone = []
    for row in EmailAddress.objects.order_by("-verified", "-primary", "pk"):
        if one_spelling(row.email) == addresses[row.user_id] and row.user_id not in kept:
            kept[row.user_id] = row
        else:
            gone.append(row.pk)
    for start in range(0, len(gone), 500):
        EmailAddress.objects.filter(pk__in=gone[start : start + 500]).delete()
    for row in kept.values():
        if row.email != addresses[row.user_id] or not row.primary:
            EmailAddress.objects.filter(pk=row.pk).update(email=addresses[row.user_id], primary=True)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user_id=pk, email=email, primary=True) for pk, email in addresses.items() if email and pk not in kept],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunPython(mend_people, migrations.RunPython.noop),
        migrations.RunPython(mend_rows, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=apps.accounts.fields.AddressField(max_length=254, unique=True, verbose_name="e-mail address"),
        ),
    ]
