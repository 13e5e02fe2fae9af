"""Derived information: figures of each customer, computed from the register (S25)."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.gate import RecordedModel
from contracts.models.base import currency
from contracts.querysets import CustomerSummaryQuerySet
from customers.models import Customer


def _sum(name: Any, help_text: Any) -> Any:
    """A sum over many records: wider than each of them, so that none stops the computing."""
    return models.DecimalField(
        name, max_digits=18, decimal_places=2, default=Decimal(0), help_text=help_text
    )


class CustomerSummary(RecordedModel):
    """What the register says of a customer in figures; only the database computes them.

    The formulas in words stand in `contracts.summaries.FIGURES`, for people and for the access
    report.
    """

    customer = models.OneToOneField(
        Customer,
        models.DO_NOTHING,
        related_name="summary",
        verbose_name=_("customer"),
        help_text=_("Of whom."),
    )
    services_in_use = models.PositiveIntegerField(
        _("services in use"), default=0, help_text=_("How many services are open today.")
    )
    yearly_value = _sum(_("yearly value"), _("Twelve times the monthly prices, without VAT."))
    open_balance = _sum(_("open balance"), _("What is unpaid of all invoices."))
    days_overdue = models.PositiveIntegerField(
        _("days overdue"), default=0, help_text=_("Since the oldest unpaid invoice fell due.")
    )
    contacts_in_90_days = models.PositiveIntegerField(
        _("contacts in 90 days"), default=0, help_text=_("How often there was contact.")
    )
    last_contact_at = models.DateTimeField(
        _("last contact"), null=True, help_text=_("When there was contact last.")
    )
    currency = currency()
    computed_at = models.DateTimeField(_("computed"), help_text=_("When the figures were true."))

    objects = CustomerSummaryQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("derived information")
        verbose_name_plural = _("derived information")
        default_permissions = ("view",)


class SummaryQueue(models.Model):
    """Customers whose figures are to be computed anew; filled by the database's triggers.

    One customer may wait several times: a row belongs to the change that made it, so that none
    is lost while the figures are being computed.
    """

    customer_key = models.BigIntegerField(
        _("customer"), help_text=_("The key of whose figures are no longer true.")
    )

    class Meta:
        verbose_name = _("figures to be computed")
        verbose_name_plural = _("figures to be computed")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)
