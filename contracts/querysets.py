"""Which rows: query sets of offers, orders, contracts and billing, from what a user may see.

Rights are by kind of data (architecture, "Rights"): who may see a kind sees all of it.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone

from accounts.models import User
from audit.gate import RecordedQuerySet
from customers.querysets import open_on

if TYPE_CHECKING:
    from contracts.models import (  # noqa: F401  (named in the bases below)
        BillingAccount,
        BillingContact,
        CollectionCase,
        Contract,
        CustomerSummary,
        Device,
        DeviceHandover,
        Invoice,
        Offer,
        OfferLine,
        Order,
        OrderLine,
        Product,
        Return,
        ServiceChange,
        Subscription,
        VatRate,
    )


ENDS_SOON = timedelta(days=60)


class ByKind:
    """Rows of a kind: all of them for whoever may see the kind, none for anybody else."""

    def visible_to(self, user: User) -> Self:
        rows: Any = self
        options = rows.model._meta
        allowed = user.has_perm(f"{options.app_label}.view_{options.model_name}")
        shown: Self = rows if allowed else rows.none()
        return shown


class ProductQuerySet(models.QuerySet["Product"]):
    """What is sold."""

    def sold_on(self, day: date | None = None) -> Self:
        return self.filter(open_on("sold_from", "sold_until", day))


class VatRateQuerySet(models.QuerySet["VatRate"]):
    """Rates of value added tax."""

    def valid_on(self, day: date) -> Self:
        return self.filter(open_on("valid_from", "valid_until", day))


class OfferQuerySet(ByKind, RecordedQuerySet["Offer"]):
    def waiting(self, day: date | None = None) -> Self:
        """Sent, not answered, and still valid on the day."""
        return self.filter(
            sent_on__isnull=False,
            accepted_on__isnull=True,
            declined_on__isnull=True,
            valid_until__gte=day or timezone.localdate(),
        )

    def newest_first(self) -> Self:
        return self.order_by(F("sent_on").desc(nulls_first=True), "-id")


class OfferLineQuerySet(ByKind, RecordedQuerySet["OfferLine"]):
    def in_order(self) -> Self:
        return self.order_by("offer", "position")


class OrderQuerySet(ByKind, RecordedQuerySet["Order"]):
    def open(self) -> Self:
        return self.filter(delivered_on__isnull=True, cancelled_on__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-ordered_on", "-id")

    def older_than(self, day: date | None, key: int) -> Self:
        """Those before the order of this day and key; all of them without a day."""
        if day is None:
            return self
        return self.filter(ordered_on__lte=day).exclude(ordered_on=day, id__gte=key)


class OrderLineQuerySet(ByKind, RecordedQuerySet["OrderLine"]):
    def in_order(self) -> Self:
        return self.order_by("order", "position")


class ReturnQuerySet(ByKind, RecordedQuerySet["Return"]):
    def newest_first(self) -> Self:
        return self.order_by("-happened_on", "-id")


class ContractQuerySet(ByKind, RecordedQuerySet["Contract"]):
    def in_force(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        renewing = Q(renewal="renews", notice_given_on__isnull=True)
        return self.filter(starts_on__lte=day).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day) | renewing
        )

    def newest_first(self) -> Self:
        return self.order_by("-signed_on", "-id")

    def in_force_first(self) -> Self:
        """Those that have not ended, the newest first, then the ended ones."""
        ended = Q(ends_on__lt=timezone.localdate()) & ~Q(
            renewal="renews", notice_given_on__isnull=True
        )
        return self.order_by(Case(When(ended, then=1), default=0), "-signed_on", "-id")

    def ending_soon(self, day: date | None = None) -> Self:
        """Those whose last day, or that of their term, comes within 60 days."""
        return self.filter(ends_soon(day))


def ends_soon(day: date | None = None) -> Q:
    """The condition that a contract's last day comes soon; renewing ones have one too."""
    day = day or timezone.localdate()
    return Q(ends_on__gte=day, ends_on__lte=day + ENDS_SOON)


class SubscriptionQuerySet(ByKind, RecordedQuerySet["Subscription"]):
    def in_force(self, day: date | None = None) -> Self:
        return self.filter(open_on("opened_on", "terminated_on", day))

    def in_force_first(self) -> Self:
        return self.order_by(F("terminated_on").desc(nulls_first=True), "-opened_on", "-id")


class ServiceChangeQuerySet(ByKind, RecordedQuerySet["ServiceChange"]):
    def newest_first(self) -> Self:
        return self.order_by("-changed_on", "-id")


class DeviceQuerySet(ByKind, RecordedQuerySet["Device"]):
    """Devices."""


class DeviceHandoverQuerySet(ByKind, RecordedQuerySet["DeviceHandover"]):
    def out(self) -> Self:
        return self.filter(came_back_on__isnull=True)

    def out_first(self) -> Self:
        return self.order_by(F("came_back_on").desc(nulls_first=True), "-went_out_on", "-id")


class BillingAccountQuerySet(ByKind, RecordedQuerySet["BillingAccount"]):
    def in_force(self, day: date | None = None) -> Self:
        return self.filter(open_on("opened_on", "closed_on", day))

    def in_force_first(self) -> Self:
        return self.order_by(F("closed_on").desc(nulls_first=True), "-opened_on", "-id")


class BillingContactQuerySet(ByKind, RecordedQuerySet["BillingContact"]):
    def in_force(self, day: date | None = None) -> Self:
        return self.filter(open_on("started_on", "ended_on", day))


class InvoiceQuerySet(ByKind, RecordedQuerySet["Invoice"]):
    def unpaid(self) -> Self:
        return self.filter(open_amount__gt=0)

    def overdue(self, day: date | None = None) -> Self:
        return self.unpaid().filter(due_on__lt=day or timezone.localdate())

    def newest_first(self) -> Self:
        return self.order_by("-issued_on", "-id")

    def older_than(self, day: date | None, key: int) -> Self:
        """Those before the invoice of this day and key; all of them without a day."""
        if day is None:
            return self
        return self.filter(issued_on__lte=day).exclude(issued_on=day, id__gte=key)


class CollectionCaseQuerySet(ByKind, RecordedQuerySet["CollectionCase"]):
    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def open_first(self) -> Self:
        return self.order_by(F("closed_on").desc(nulls_first=True), "-opened_on", "-id")

    def newest_first(self) -> Self:
        return self.order_by("-opened_on", "-id")


class CustomerSummaryQuerySet(ByKind, RecordedQuerySet["CustomerSummary"]):
    """Derived figures."""
