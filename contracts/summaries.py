"""The figures that are derived of each customer: what they say, and having them computed (S25).

The formulas are the database's (`contracts.database_figures`); here they stand in words, for the
pages and for whoever asks where a figure comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.context import AccessPurpose, access_context
from audit.sql import keys_sql, run_sql
from contracts.models import CustomerSummary

AT_ONCE = 500
"""How many customers have their figures computed in one transaction."""


@dataclass(frozen=True)
class Figure:
    """One figure: its name, its formula in words, and the records that it is computed from."""

    label: str | Promise
    formula: str | Promise
    source: str | Promise


def _figure(name: str, formula: str | Promise, source: str | Promise) -> Figure:
    field: Any = CustomerSummary._meta.get_field(name)
    return Figure(field.verbose_name, formula, source)


_SERVICES = _("The customer's services in use")
_INVOICES = _("The customer's invoices, as the billing system reported them")
_CONTACTS = _("Contacts noted with the customer, and with the owner who is a customer herself")

FIGURES: Mapping[str, Figure] = {
    "services_in_use": _figure(
        "services_in_use",
        _("The number of services that are open today, first and last day included."),
        _SERVICES,
    ),
    "yearly_value": _figure(
        "yearly_value",
        _("Twelve times the sum of the monthly prices of the services open today, without VAT."),
        _SERVICES,
    ),
    "open_balance": _figure(
        "open_balance",
        _("The sum of all invoices and credit notes with VAT, less what has been paid of them."),
        _INVOICES,
    ),
    "days_overdue": _figure(
        "days_overdue",
        _("The days from the due date of the oldest invoice that is unpaid and overdue to today."),
        _INVOICES,
    ),
    "contacts_in_90_days": _figure(
        "contacts_in_90_days",
        _("The number of contacts in the 90 days before the figures were computed."),
        _CONTACTS,
    ),
    "last_contact_at": _figure("last_contact_at", _("The time of the newest contact."), _CONTACTS),
}


def compute_queued(*, job: str) -> int:
    """Compute the figures of every customer in the queue, batch by batch; returns how many."""
    computed = 0
    while batch := _compute(job):
        computed += batch
    return computed


def _compute(job: str) -> int:
    with access_context(job=job, purpose=AccessPurpose.UPKEEP):
        # Whoever computes at the same time is waited for.
        run_sql("SET LOCAL statement_timeout = 0")
        run_sql("SET LOCAL lock_timeout = 0")
        [row] = keys_sql("SELECT contracts_compute_summaries(%s) AS number", [AT_ONCE])
    return int(row["number"])


def queue_aged(*, job: str) -> int:
    """Queue the customers whose figures a new day has made untrue; returns how many."""
    with access_context(job=job, purpose=AccessPurpose.UPKEEP):
        run_sql("SET LOCAL statement_timeout = 0")
        [row] = keys_sql("SELECT contracts_queue_aged_summaries() AS number")
    return int(row["number"])


def queue_all(*, job: str) -> None:
    """Queue every customer, for when figures have not followed their records."""
    with access_context(job=job, purpose=AccessPurpose.UPKEEP):
        run_sql("SET LOCAL statement_timeout = 0")
        run_sql(
            "INSERT INTO contracts_summaryqueue (customer_key) SELECT id FROM customers_customer"
        )
