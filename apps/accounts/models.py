"""People: learners, authors, educators, administrators."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from apps.accounts.fields import AddressField
from apps.accounts.names import NameField

CLOSED = "a closed account"  # instead of the name of somebody who has gone


class UserQuerySet(models.QuerySet["User"]):
    """People, many at once: allauth's rows of addresses follow here too."""

    def update(self, **values: Any) -> int:
        if "email" not in values:
            return super().update(**values)
        with transaction.atomic():
            people = list(self.values_list("pk", flat=True))
            changed = super().update(**values)
            for person in self.model._base_manager.filter(pk__in=people):
                person.hold_one_address()
        return changed

    def bulk_create(self, objs: Iterable["User"], *args: Any, **kwargs: Any) -> list["User"]:
        with transaction.atomic():
            made = super().bulk_create(objs, *args, **kwargs)
            for person in self.model._base_manager.filter(email__in=[person.email for person in made]):
                person.hold_one_address()
        return made


class UserManager(BaseUserManager["User"]):
    """Makes people; the e-mail address is the login."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with this e-mail address; without a password they must reset it before they can sign in."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=email or "")


class ClosedAccountError(PermissionDenied):
    """The account has been closed, perhaps while its owner was at work: nothing more is stored for it."""

    def __init__(self) -> None:
        super().__init__("This account has been closed, so nothing more is stored in it.")


def refuse_closed(user_id: int) -> None:
    """Raise ClosedAccountError if the account has been closed. Until this transaction ends it stays open."""
    row = User.objects.order_by("pk").select_for_update(no_key=True).filter(pk=user_id).values_list("closed_at").first()
    if row and row[0] is not None:
        raise ClosedAccountError


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account; signs in with an e-mail address."""

    class TrainingGrade(models.TextChoices):
        STUDENT = "student", "Medical student"
        F1 = "f1", "Foundation year 1"
        F2 = "f2", "Foundation year 2"
        CORE = "core", "Core training"
        SPECIALTY = "specialty", "Specialty training"
        GP = "gp", "GP training"
        LOCALLY_EMPLOYED = "locally_employed", "Locally employed doctor"
        SAS = "sas", "Specialist, associate specialist or specialty doctor"
        CONSULTANT_GP = "consultant_gp", "Consultant or GP"
        OTHER = "other", "Other"

    email = AddressField("e-mail address", max_length=254, unique=True)
    full_name = NameField("full name")
    certificate_name = NameField(
        "name on certificates",
        blank=True,
        help_text="As it should appear on your certificates. It is asked before your first one.",
    )
    training_grade = models.CharField(max_length=20, choices=TrainingGrade, blank=True)
    specialty = models.CharField(max_length=100, blank=True)
    is_staff = models.BooleanField("may use the admin", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    is_superuser = models.BooleanField(
        "may do everything", default=False, help_text="Every right there is, whatever the groups."
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField("account closed", null=True, blank=True, editable=False)
    factor_demanded_at = models.DateTimeField(
        "second factor demanded since", null=True, blank=True, editable=False
    )  # the first sign-in under the demand

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ("email",)
        constraints = (
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_unique_any_case"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(
                    full_name="",
                    certificate_name="",
                    training_grade="",
                    specialty="",
                    is_active=False,
                    is_staff=False,
                    is_superuser=False,
                ),
                name="accounts_user_closed_is_empty",
            ),
        )

    def __str__(self) -> str:
        return display_name(self)

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """A closed account stays closed, also when somebody saves a copy of the row from before.

        Nobody is without an address: allauth empties one that is not confirmed as soon as another is named.
        """
        if not self._state.adding:
            refuse_closed(self.pk)
        if not self.email and kwargs.get("update_fields") == ["email"]:
            self.refresh_from_db(fields=["email"])
            self.hold_one_address()
        else:
            super().save(*args, **kwargs)

    def _save_table(self, *args: Any) -> bool:
        """The one place through which `save` and fixtures pass."""
        raw, *_, update_fields = args
        save: Callable[..., bool] = super()._save_table  # type: ignore[misc]  # not in the stubs
        if update_fields is not None and "email" not in update_fields:
            return save(*args)
        with transaction.atomic():
            updated = save(*args)
            self.hold_one_address(is_raw=raw)
        return updated

    def hold_one_address(self, *, is_raw: bool = False) -> None:
        """allauth's rows say what this row says; any other address of theirs has lost its power, and is free.

        A fixture (`is_raw`) brings those rows itself; a closed account has none.
        """
        ours, same = EmailAddress.objects.filter(user_id=self.pk), EmailAddress.objects.filter(email=self.email)
        if (ours & same).filter(primary=True).exists():
            return
        (ours | same).exclude(user_id=self.pk, email=self.email).delete()
        if not is_raw and not self.closed_at and not (ours & same).update(primary=True):
            EmailAddress.objects.create(user_id=self.pk, email=self.email, primary=True)

    def natural_key(self) -> tuple[str]:
        return (self.email,)

    def get_full_name(self) -> str:
        return str(self.full_name)


class RightsChange(models.Model):
    """The fact that somebody was given rights, or that they were taken, or a group's: in the words of that day."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.CharField(max_length=150, blank=True, help_text="The name of the group, where it is about one.")
    given = models.TextField(blank=True, help_text="One right a line.")
    taken = models.TextField(blank=True, help_text="One right a line.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, group="") | Q(person__isnull=True) & ~Q(group=""),
                name="accounts_rightschange_about_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person or self.group}, {timezone.localdate(self.at)}"


class FactorRemoval(models.Model):
    """The fact that somebody's second factor was to be removed: who asked, and who confirmed it.

    On the server, by `remove_second_factor`, nobody is named.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, confirmed_by__isnull=True, asked_by__isnull=False)
                | Q(removed_at__isnull=False, confirmed_by__isnull=True, asked_by__isnull=True)
                | Q(removed_at__isnull=False, confirmed_by__isnull=False, asked_by__isnull=False)
                & ~Q(confirmed_by=models.F("asked_by")),
                name="accounts_factorremoval_by_two",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {timezone.localdate(self.asked_at)}"


def display_name(user: User) -> str:
    """How pages, e-mails and the admin call a person."""
    return CLOSED if user.closed_at else user.full_name or user.email
