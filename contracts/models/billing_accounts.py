"""How a customer is billed: the method, its addresses, and whom to write to (S23)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contracts.identifiers import read_e_invoice_address
from contracts.models.base import NextNumber
from contracts.querysets import BillingAccountQuerySet, BillingContactQuerySet
from customers.models import Address, Customer, Language, Person
from customers.models.base import (
    RegisterModel,
    SourcedModel,
    ends_after_start,
    is_over,
    source_is_known,
)


class BillingAccount(SourcedModel):
    """The way in which a customer's contracts are billed."""

    class Method(models.TextChoices):
        E_INVOICE = "e_invoice", _("E-invoice")
        EMAIL = "email", _("E-mail")
        PAPER = "paper", _("On paper")
        DIRECT_PAYMENT = "direct_payment", _("Direct payment")

    number = models.CharField(
        _("billing account number"),
        max_length=32,
        unique=True,
        editable=False,
        db_default=NextNumber(prefix="LA", sequence="contracts_billing_number"),
        help_text=_("Given by the database once; never changed."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        related_name="billing_accounts",
        verbose_name=_("customer"),
        help_text=_("Who is billed."),
    )
    method = models.CharField(
        _("billing method"),
        max_length=14,
        choices=Method.choices,
        help_text=_("How invoices are sent."),
    )
    address = models.ForeignKey(
        Address,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="billing_accounts",
        verbose_name=_("billing address"),
        help_text=_("Where invoices on paper go."),
    )
    email = models.EmailField(
        _("invoicing e-mail"), blank=True, help_text=_("Where invoices by e-mail go.")
    )
    e_invoice_address = models.CharField(
        _("e-invoice address"),
        max_length=35,
        blank=True,
        help_text=_("The OVT number, as in 003721084207, or an address like an IBAN."),
    )
    operator_id = models.CharField(
        _("operator ID"),
        max_length=35,
        blank=True,
        help_text=_("The operator who takes the e-invoices, as in E204503 or NDEAFIHH."),
    )
    payment_term_days = models.PositiveSmallIntegerField(
        _("payment term, days"), default=14, help_text=_("From the invoice to its due date.")
    )
    customer_reference = models.CharField(
        _("customer's reference"),
        max_length=100,
        blank=True,
        help_text=_("What the customer wants to read on each invoice."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        default=Language.FINNISH,
        help_text=_("The language of the invoices."),
    )
    opened_on = models.DateField(
        _("opened"), default=timezone.localdate, help_text=_("The first day.")
    )
    closed_on = models.DateField(
        _("closed"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = BillingAccountQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("billing account")
        verbose_name_plural = _("billing accounts")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(closed_on__isnull=False),
                name="billing_account_closed",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="billing_account_knows_where_to",
                condition=(
                    models.Q(method="e_invoice")
                    & ~models.Q(e_invoice_address="")
                    & ~models.Q(operator_id="")
                )
                | (models.Q(method="email") & ~models.Q(email=""))
                | models.Q(method="paper", address__isnull=False)
                | models.Q(method="direct_payment"),
                violation_error_message=_(
                    "An e-invoice needs its address and operator, an invoice by e-mail its e-mail "
                    "address, an invoice on paper its billing address."
                ),
            ),
            models.CheckConstraint(
                name="billing_account_e_invoice_address_fits",
                condition=models.Q(e_invoice_address="")
                | models.Q(e_invoice_address__regex=r"^[0-9A-Z]{8,35}$"),
                violation_error_message=_("An e-invoice address is capital letters and digits."),
            ),
            models.CheckConstraint(
                name="billing_account_operator_fits",
                condition=models.Q(operator_id="")
                | models.Q(operator_id__regex=r"^[0-9A-Za-z]{6,35}$"),
                violation_error_message=_("An operator ID is letters and digits."),
            ),
            models.CheckConstraint(
                name="billing_account_term_is_possible",
                condition=models.Q(payment_term_days__gte=1, payment_term_days__lte=180),
                violation_error_message=_("A payment term is from 1 to 180 days."),
            ),
            models.CheckConstraint(
                name="billing_account_language_is_known",
                condition=models.Q(language__in=Language.values),
                violation_error_message=_("The language is Finnish, Swedish or English."),
            ),
            ends_after_start("billing_account_ends_after_start", "opened_on", "closed_on"),
            source_is_known("billing_account_source_is_known"),
        ]

    def clean(self) -> None:
        """Keep the e-invoice address in its one form; what is none is refused with the reason."""
        super().clean()
        if self.e_invoice_address:
            try:
                self.e_invoice_address = read_e_invoice_address(self.e_invoice_address)
            except ValidationError as error:
                raise ValidationError({"e_invoice_address": error}) from None

    @property
    def has_ended(self) -> bool:
        """Whether the last day of it has passed."""
        return is_over(self.closed_on)

    @property
    def display_name(self) -> str:
        """The account's number."""
        return self.number


class BillingContact(RegisterModel):
    """A person to write to about the invoices of a billing account."""

    billing_account = models.ForeignKey(
        BillingAccount,
        models.PROTECT,
        related_name="contacts",
        verbose_name=_("billing account"),
        help_text=_("About whose invoices."),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="billing_contacts",
        verbose_name=_("person"),
        help_text=_("Whom to write to."),
    )
    started_on = models.DateField(
        _("started"), default=timezone.localdate, help_text=_("The first day.")
    )
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = BillingContactQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("billing contact")
        verbose_name_plural = _("billing contacts")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(ended_on__isnull=False),
                name="billing_contact_ended",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["billing_account", "person"],
                condition=models.Q(ended_on__isnull=True),
                name="billing_contact_once_per_account",
                violation_error_message=_("She is a contact of this billing account already."),
            ),
            ends_after_start("billing_contact_ends_after_start", "started_on", "ended_on"),
        ]
