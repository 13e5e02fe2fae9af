"""A person, the one data subject, and the phones and e-mails at which she is reached."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models.base import Language, SourcedModel, source_is_known
from customers.querysets import ContactPointQuerySet, PersonQuerySet


class Person(SourcedModel):
    """A natural person: user, contact person or customer are her roles (architecture, "The data
    subject"). No date of birth and no personal identity code: the description lists neither.
    """

    first_name = models.CharField(
        _("first name"), max_length=100, blank=True, help_text=_("All first names in use.")
    )
    last_name = models.CharField(
        _("last name"), max_length=100, help_text=_("The family name, particles included.")
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        default=Language.FINNISH,
        help_text=_("The language she is served in."),
    )

    objects = PersonQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        permissions = [
            ("look_up_person", "Can look up persons"),
            ("see_contact_details_uncovered", "Can see contact details without uncovering them"),
        ]
        constraints = [
            models.CheckConstraint(
                name="person_has_a_name",
                condition=~models.Q(last_name=""),
                violation_error_message=_("A person has a last name."),
            ),
            models.CheckConstraint(
                name="person_language_is_known",
                condition=models.Q(language__in=Language.values),
                violation_error_message=_("The language is Finnish, Swedish or English."),
            ),
            source_is_known("person_source_is_known"),
        ]

    @property
    def display_name(self) -> str:
        """The name as screens show it."""
        return f"{self.first_name} {self.last_name}".strip()


class ContactPoint(SourcedModel):
    """A phone number or an e-mail address of a person, or of a company as such (a switchboard)."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone number")
        EMAIL = "email", _("E-mail address")

    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contact_points",
        verbose_name=_("person"),
        help_text=_("Whose it is; empty for a company's own."),
    )
    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="contact_points",
        verbose_name=_("company"),
        help_text=_("The company whose own it is, such as a switchboard; empty for a person's."),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, help_text=_("Phone or e-mail.")
    )
    as_written = models.CharField(
        _("as written"), max_length=254, help_text=_("The number or address as it was given.")
    )
    normalised = models.CharField(
        _("normalised"),
        max_length=254,
        help_text=_("The number with its country code, or the address in lower case."),
    )
    label = models.CharField(
        _("label"), max_length=40, blank=True, help_text=_("For example: work, home, holidays.")
    )
    is_primary = models.BooleanField(
        _("first choice"), default=False, help_text=_("The one to use first of its kind.")
    )
    verified_on = models.DateField(
        _("verified"), null=True, blank=True, help_text=_("The day it was last proved to work.")
    )
    ended_on = models.DateField(
        _("ended"),
        null=True,
        blank=True,
        help_text=_("The day it ceased to be in use; nobody is found by it any more."),
    )

    objects = ContactPointQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        indexes = [
            models.Index(
                fields=["customer"],
                condition=models.Q(customer__isnull=False),
                name="contact_point_of_company",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="contact_point_has_one_holder",
                condition=models.Q(person__isnull=False, customer__isnull=True)
                | models.Q(person__isnull=True, customer__isnull=False),
                violation_error_message=_("A contact point belongs to a person or to a company."),
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "normalised"],
                condition=models.Q(ended_on__isnull=True),
                name="contact_point_once_per_person",
                violation_error_message=_("The person already has this number or address."),
            ),
            models.UniqueConstraint(
                fields=["customer", "kind", "normalised"],
                condition=models.Q(ended_on__isnull=True, customer__isnull=False),
                name="contact_point_once_per_company",
                violation_error_message=_("The company already has this number or address."),
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(ended_on__isnull=True, is_primary=True, person__isnull=False),
                name="one_first_choice_per_kind",
                violation_error_message=_("Only one number or address can be the first choice."),
            ),
            models.CheckConstraint(
                name="contact_point_is_normalised",
                condition=models.Q(kind="phone", normalised__regex=r"^\+[0-9]{3,20}$")
                | models.Q(kind="email", normalised__regex=r"^[^@[:space:]]+@[^@[:space:]]+$"),
                violation_error_message=_("This is not a phone number or an e-mail address."),
            ),
            source_is_known("contact_point_source_is_known"),
        ]

    def clean(self) -> None:
        """Refuse an end that is still to come: once it has one, nobody is found by it."""
        today = timezone.localdate()
        days = {"verified_on": self.verified_on, "ended_on": self.ended_on}
        ahead = [name for name, day in days.items() if day is not None and day > today]
        if ahead:
            raise ValidationError({name: gettext("This day lies ahead.") for name in ahead})
