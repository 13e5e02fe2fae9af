"""Addresses of customers and persons, each for its use and its time (S19)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.base import SourcedModel, ends_after_start, is_over, source_is_known
from customers.models.persons import Person
from customers.models.relationships import Customer
from customers.querysets import AddressQuerySet


class Address(SourcedModel):
    """Where a customer or a person is visited, written to, served or billed."""

    class Kind(models.TextChoices):
        VISITING = "visiting", _("Visiting address")
        POSTAL = "postal", _("Postal address")
        USAGE = "usage", _("Address of use")
        DELIVERY = "delivery", _("Delivery address")
        BILLING = "billing", _("Billing address")

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="addresses",
        verbose_name=_("customer"),
        help_text=_("Whose it is; empty for a person's own."),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="addresses",
        verbose_name=_("person"),
        help_text=_("Whose it is; empty for a customer's."),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, help_text=_("What the address is for.")
    )
    street = models.CharField(
        _("street address"),
        max_length=200,
        blank=True,
        help_text=_("Street, number, flat; or box."),
    )
    postal_code = models.CharField(
        _("postal code"), max_length=12, blank=True, help_text=_("Five digits in Finland.")
    )
    city = models.CharField(_("town"), max_length=100, blank=True, help_text=_("The post town."))
    country = models.CharField(
        _("country"),
        max_length=2,
        default="FI",
        db_default="FI",
        help_text=_("Two letters, as in FI or SE."),
    )
    valid_from = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("The first day; empty if not known.")
    )
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = AddressQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        indexes = [
            models.Index(
                fields=["customer"],
                condition=models.Q(customer__isnull=False),
                name="address_of_customer",
            ),
            models.Index(
                fields=["person"],
                condition=models.Q(person__isnull=False),
                name="address_of_person",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="address_has_one_holder",
                condition=models.Q(person__isnull=False, customer__isnull=True)
                | models.Q(person__isnull=True, customer__isnull=False),
                violation_error_message=_("An address belongs to a customer or to a person."),
            ),
            models.CheckConstraint(
                name="address_postal_code_fits",
                condition=~models.Q(country="FI") | models.Q(postal_code__regex=r"^[0-9]{5}$"),
                violation_error_message=_("A Finnish postal code has five digits."),
            ),
            models.CheckConstraint(
                name="address_country_is_a_code",
                condition=models.Q(country__regex=r"^[A-Z]{2}$"),
                violation_error_message=_("The country is two capital letters."),
            ),
            ends_after_start("address_ends_after_start", "valid_from", "valid_until"),
            source_is_known("address_source_is_known"),
        ]

    @property
    def has_ended(self) -> bool:
        """Whether the last day of it has passed."""
        return is_over(self.valid_until)

    @property
    def display_name(self) -> str:
        """The address in one line."""
        return ", ".join(filter(None, [self.street, f"{self.postal_code} {self.city}".strip()]))
