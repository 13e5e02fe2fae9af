"""Invoices as the billing system reports them, and what went to collection (S23)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.identifiers import read_reference
from contracts.models.base import currency, currency_is_a_code, money
from contracts.models.billing_accounts import BillingAccount
from contracts.querysets import CollectionCaseQuerySet, InvoiceQuerySet
from customers.models import Customer
from customers.models.base import RegisterModel, ends_after_start


class Invoice(RegisterModel):
    """An invoice or, with a negative sum, a credit note; the billing system is its source."""

    class State(models.TextChoices):
        PAID = "paid", pgettext_lazy("invoice", "Paid")
        OPEN = "open", pgettext_lazy("invoice", "Open")
        OVERDUE = "overdue", pgettext_lazy("invoice", "Overdue")

    number = models.CharField(
        _("invoice number"),
        max_length=32,
        unique=True,
        help_text=_("As the billing system has it."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,
        related_name="invoices",
        verbose_name=_("customer"),
        help_text=_("Who was billed."),
    )
    billing_account = models.ForeignKey(
        BillingAccount,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name=_("billing account"),
        help_text=_("How it was billed, where known."),
    )
    reference = models.CharField(
        _("reference number"),
        max_length=20,
        blank=True,
        help_text=_("The Finnish reference number, digits only, check digit included."),
    )
    issued_on = models.DateField(_("invoice date"), help_text=_("The day of the invoice."))
    due_on = models.DateField(_("due date"), help_text=_("The day it falls due."))
    net = money(_("without VAT"), _("The sum without value added tax."))
    vat = money(_("VAT"), _("The value added tax."))
    gross = models.GeneratedField(
        verbose_name=_("with VAT"),
        expression=models.F("net") + models.F("vat"),
        output_field=models.DecimalField(max_digits=13, decimal_places=2),
        db_persist=True,
        help_text=_("The sum with value added tax."),
    )
    paid = money(
        _("paid so far"),
        _("What has been paid."),
        default=Decimal(0),
        db_default=Decimal(0),
    )
    paid_on = models.DateField(
        _("last paid"), null=True, blank=True, help_text=_("The day of the last payment.")
    )
    open_amount = models.GeneratedField(
        verbose_name=_("open"),
        expression=models.F("net") + models.F("vat") - models.F("paid"),
        output_field=models.DecimalField(max_digits=13, decimal_places=2),
        db_persist=True,
        help_text=_("What is still to be paid."),
    )
    currency = currency()

    objects = InvoiceQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["id"],
                include=["due_on"],
                condition=models.Q(open_amount__gt=0),
                name="invoice_unpaid",
            ),
            models.Index(
                fields=["customer", "-issued_on", "-id"], name="invoice_newest_of_customer"
            ),
            models.Index(
                fields=["customer", "-paid_on", "-id"],
                condition=models.Q(paid_on__isnull=False),
                name="invoice_paid_of_customer",
            ),
            models.Index(
                fields=["customer", "due_on"],
                condition=models.Q(open_amount__gt=0),
                name="invoice_open_of_customer",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="invoice_has_a_number",
                condition=~models.Q(number=""),
                violation_error_message=_("An invoice has a number."),
            ),
            models.CheckConstraint(
                name="invoice_falls_due_after_its_day",
                condition=models.Q(due_on__gte=models.F("issued_on")),
                violation_error_message=_("An invoice does not fall due before its own day."),
            ),
            models.CheckConstraint(
                name="invoice_payment_has_its_day",
                condition=models.Q(paid=0, paid_on__isnull=True)
                | ~models.Q(paid=0) & models.Q(paid_on__isnull=False),
                violation_error_message=_("A payment has its day, and a day its payment."),
            ),
            models.CheckConstraint(
                name="invoice_reference_is_valid",
                condition=models.Q(reference="")
                | models.Q(
                    models.Func(
                        models.F("reference"),
                        function="reference_is_valid",
                        output_field=models.BooleanField(),
                    )
                ),
                violation_error_message=_("The check digit of the reference number is wrong."),
            ),
            currency_is_a_code("invoice_currency_is_a_code"),
        ]

    def clean(self) -> None:
        """Keep the reference number in its one form, whichever way it was written."""
        super().clean()
        if self.reference:
            try:
                self.reference = read_reference(self.reference)
            except ValidationError as error:
                raise ValidationError({"reference": error}) from None

    @property
    def state(self) -> "Invoice.State":
        """Where the invoice stands today; a credit note owes us nothing."""
        if self.open_amount <= 0:
            return self.State.PAID
        return self.State.OVERDUE if self.due_on < timezone.localdate() else self.State.OPEN

    @property
    def display_name(self) -> str:
        """The invoice's number."""
        return self.number


class CollectionCase(RegisterModel):
    """An unpaid invoice in collection: at which stage, with which agency (S23).

    Only billing and the registrar may know of it (the table of roles).
    """

    class Stage(models.TextChoices):
        REMINDER = "reminder", _("Reminder")
        DEMAND = "demand", _("Demand for payment")
        AGENCY = "agency", _("With the collection agency")
        COURT = "court", _("In court")
        PAID = "paid", pgettext_lazy("collection", "Paid")
        WITHDRAWN = "withdrawn", pgettext_lazy("collection", "Withdrawn")
        TIME_BARRED = "time_barred", pgettext_lazy("collection", "Time-barred")

    CLOSING = (Stage.PAID, Stage.WITHDRAWN, Stage.TIME_BARRED)

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,
        related_name="collection_cases",
        verbose_name=_("customer"),
        help_text=_("Who owes."),
    )
    invoice = models.ForeignKey(
        Invoice,
        models.PROTECT,
        related_name="collection_cases",
        verbose_name=_("invoice"),
        help_text=_("What is owed for."),
    )
    stage = models.CharField(
        _("stage"), max_length=12, choices=Stage.choices, help_text=_("How far it has come.")
    )
    agency = models.CharField(
        _("collection agency"), max_length=100, blank=True, help_text=_("Who collects for us.")
    )
    amount = money(_("amount"), _("What is collected, costs included."))
    currency = currency()
    opened_on = models.DateField(_("opened"), help_text=_("The first day."))
    closed_on = models.DateField(
        _("closed"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = CollectionCaseQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("collection case")
        verbose_name_plural = _("collection cases")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["customer", "-opened_on", "-id"], name="collection_newest_of_customer"
            ),
            models.Index(
                fields=["customer", "-closed_on", "-id"],
                condition=models.Q(closed_on__isnull=False),
                name="collection_closed_of_customer",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"],
                condition=models.Q(closed_on__isnull=True),
                name="one_open_collection_per_invoice",
                violation_error_message=_("This invoice is in collection already."),
            ),
            models.CheckConstraint(
                name="collection_closes_with_its_outcome",
                condition=models.Q(
                    closed_on__isnull=True, stage__in=["reminder", "demand", "agency", "court"]
                )
                | models.Q(closed_on__isnull=False, stage__in=["paid", "withdrawn", "time_barred"]),
                violation_error_message=_("A closed case says how it ended, an open one how far."),
            ),
            models.CheckConstraint(
                name="collection_names_its_agency",
                condition=~models.Q(stage="agency") | ~models.Q(agency=""),
                violation_error_message=_("Say which agency collects."),
            ),
            models.CheckConstraint(
                name="collection_amount_is_positive",
                condition=models.Q(amount__gt=0),
                violation_error_message=_("There is something to collect."),
            ),
            ends_after_start("collection_ends_after_start", "opened_on", "closed_on"),
            currency_is_a_code("collection_currency_is_a_code"),
        ]
