"""Staff accounts: whose they are, for whom she works, and that she is bound to confidentiality."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.disclosures import DisclosedPerson, Disclosure, Recipient
from accounts.processors import Processor, SubProcessor
from accounts.transfers import AdequacyDecision

__all__ = [
    "SECOND_FACTOR",
    "AdequacyDecision",
    "AttemptCount",
    "DisclosedPerson",
    "Disclosure",
    "Processor",
    "Recipient",
    "SubProcessor",
    "User",
]

SECOND_FACTOR = "second_factor"
"""The name under which the log has the changes of a second factor, which is no field here."""


class UserQuerySet(models.QuerySet["User"]):
    """Staff accounts."""

    def with_role(self, *roles: str) -> "UserQuerySet":
        """The accounts that have one of these roles."""
        return self.filter(groups__name__in=roles).distinct()

    def with_role_names(self) -> Any:
        """The accounts, each with its roles' names as `role_names`."""
        of_account = Group.objects.filter(user=models.OuterRef("pk")).order_by()
        return self.annotate(role_names=ArraySubquery(of_account.values("name")))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Accounts are made by `create_staff` or by an admin; there is no superuser to make."""


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works with the register, at Praecom Oy or for it (S7, S30, S31).

    Rights come from roles alone: no account is a superuser and none has rights of its own. The
    account is active once its holder's confidentiality acknowledgement is dated, until disabled;
    the database derives that, so nobody can set it.
    """

    class Employer(models.TextChoices):
        PRAECOM = "praecom", _("Praecom Oy")
        GROUP = "group", _("Group company")
        SUBCONTRACTOR = "subcontractor", _("Subcontractor")

    class Language(models.TextChoices):
        FINNISH = "fi", _("Finnish")
        SWEDISH = "sv", _("Swedish")
        ENGLISH = "en", _("English")

    is_superuser = False
    user_permissions = None  # type: ignore[assignment]

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        help_text=_("What the holder signs in with; nobody else uses the account."),
        error_messages={"unique": _("This user name is taken.")},
    )
    given_name = models.CharField(
        _("given name"), max_length=100, blank=True, help_text=_("Of the holder.")
    )
    family_name = models.CharField(_("family name"), max_length=100, help_text=_("Of the holder."))
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("The work address; for a forgotten password.")
    )
    employer = models.CharField(
        _("employer"),
        max_length=15,
        choices=Employer.choices,
        default=Employer.PRAECOM,
        help_text=_("For whom the holder works; sharing outside Praecom Oy is a disclosure."),
    )
    employer_name = models.CharField(
        _("name of the employer"),
        max_length=100,
        blank=True,
        help_text=_("Of a group company or a subcontractor."),
    )
    unit = models.CharField(
        _("unit"), max_length=100, blank=True, help_text=_("Shown to a person in place of a name.")
    )
    language = models.CharField(
        pgettext_lazy("of the pages", "language"),
        max_length=2,
        choices=Language.choices,
        default=Language.FINNISH,
        help_text=_("The language of the pages."),
    )
    key_shortcuts = models.BooleanField(
        _("single-key shortcuts"),
        default=True,
        help_text=_("Whether a key alone does something, such as / going to the search field."),
    )
    confidentiality_acknowledged_on = models.DateField(
        _("confidentiality acknowledged"),
        null=True,
        blank=True,
        help_text=_("The day the holder acknowledged confidentiality; inactive until then."),
    )
    disabled_at = models.DateTimeField(
        _("disabled"), null=True, blank=True, help_text=_("When the account was closed.")
    )
    is_active = models.GeneratedField(
        expression=models.ExpressionWrapper(
            models.Q(confidentiality_acknowledged_on__isnull=False, disabled_at__isnull=True),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("active"),
    )
    created_at = models.DateTimeField(
        _("created"),
        default=timezone.now,
        editable=False,
        help_text=_("When the account was made."),
    )

    logged_besides = {SECOND_FACTOR: _("second factor")}

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("staff account")
        verbose_name_plural = _("staff accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_in_any_case_once",
                violation_error_message=_("This user name is taken."),
            ),
            models.CheckConstraint(
                name="user_has_a_name",
                condition=~models.Q(username="") & ~models.Q(family_name=""),
                violation_error_message=_("An account has a user name and its holder a name."),
            ),
            models.CheckConstraint(
                name="user_employer_is_known",
                condition=models.Q(employer="praecom", employer_name="")
                | models.Q(employer__in=["group", "subcontractor"]) & ~models.Q(employer_name=""),
                violation_error_message=_(
                    "Name the group company or the subcontractor, and nothing for Praecom Oy."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of the account's roles, looked up once per request."""
        return frozenset(self.groups.values_list("name", flat=True))

    def clean(self) -> None:
        """Refuse an acknowledgement that is still to come: the account would be active today."""
        super().clean()
        acknowledged_on = self.confidentiality_acknowledged_on
        if acknowledged_on is not None and acknowledged_on > timezone.localdate():
            raise ValidationError(
                {"confidentiality_acknowledged_on": _("Nobody has acknowledged it in the future.")}
            )

    @property
    def display_name(self) -> str:
        """The holder's name as screens show it."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def is_staff(self) -> bool:
        """Whether she may enter the admin; what she finds there her roles decide."""
        return bool(self.is_active)

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.given_name


class AttemptCount(models.Model):
    """What sign-in counts against its limits, over all processes and machines.

    The table of Django's database cache, which allauth counts in (settings, `CACHES`). Its keys
    are keyed hashes: no address, no user name and no e-mail address stands in them.
    """

    cache_key = models.CharField(_("key"), max_length=255, primary_key=True)
    value = models.TextField(_("count"))
    expires = models.DateTimeField(_("ends"), db_index=True)

    class Meta:
        verbose_name = _("count of attempts")
        verbose_name_plural = _("counts of attempts")
        default_permissions = ()

    def __str__(self) -> str:
        return self.cache_key
