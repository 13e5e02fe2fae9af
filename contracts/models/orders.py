"""Orders, their lines, and what of them was cancelled or came back (S19)."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.gate import RecordedModel
from contracts.models.agreements import Contract
from contracts.models.base import (
    Line,
    NextNumber,
    Totals,
    currency,
    currency_is_a_code,
    follows,
    line_is_possible,
    money,
)
from contracts.models.offers import Offer
from contracts.models.products import Product
from contracts.querysets import OrderLineQuerySet, OrderQuerySet, ReturnQuerySet
from customers.models import Customer, Person
from customers.models.base import RegisterModel, SourcedModel, source_is_known


class Order(Totals, SourcedModel):
    """What a customer ordered, with the delivery address as it was on that day."""

    class State(models.TextChoices):
        ORDERED = "ordered", pgettext_lazy("order", "Ordered")
        DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
        CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")

    number = models.CharField(
        _("order number"),
        max_length=32,
        unique=True,
        editable=False,
        db_default=NextNumber(prefix="TI", sequence="contracts_order_number"),
        help_text=_("Given by the database once; never changed."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,
        related_name="orders",
        verbose_name=_("customer"),
        help_text=_("Whose order it is."),
    )
    ordered_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="orders",
        verbose_name=_("ordered by"),
        help_text=_("The person who ordered, where known."),
    )
    offer = models.OneToOneField(
        Offer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="order",
        verbose_name=_("offer"),
        help_text=_("The accepted offer that it comes from, if any."),
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("contract"),
        help_text=_("The contract that it belongs to, if any."),
    )
    currency = currency()
    ordered_on = models.DateField(_("ordered"), help_text=_("The day of the order."))
    delivered_on = models.DateField(
        _("delivered"), null=True, blank=True, help_text=_("The day everything was delivered.")
    )
    cancelled_on = models.DateField(
        _("cancelled"), null=True, blank=True, help_text=_("The day the whole order was cancelled.")
    )
    delivery_name = models.CharField(
        _("recipient"),
        max_length=200,
        blank=True,
        help_text=_("Whom the delivery was addressed to."),
    )
    delivery_street = models.CharField(
        _("delivery address"),
        max_length=200,
        blank=True,
        help_text=_("As it was on the day of the order."),
    )
    delivery_postal_code = models.CharField(
        _("postal code"), max_length=12, blank=True, help_text=_("Five digits in Finland.")
    )
    delivery_city = models.CharField(
        _("town"), max_length=100, blank=True, help_text=_("The post town.")
    )
    delivery_country = models.CharField(
        _("country"),
        max_length=2,
        default="FI",
        db_default="FI",
        help_text=_("Two letters, as in FI or SE."),
    )

    objects = OrderQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(delivered_on__isnull=True, cancelled_on__isnull=True),
                name="order_open",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(cancelled_on__isnull=False),
                name="order_cancelled",
            ),
            models.Index(
                fields=["customer", "-ordered_on", "-id"], name="order_newest_of_customer"
            ),
            models.Index(
                "customer",
                Coalesce("delivered_on", "cancelled_on").desc(),
                models.F("id").desc(),
                condition=models.Q(delivered_on__isnull=False)
                | models.Q(cancelled_on__isnull=False),
                name="order_closed_of_customer",
            ),
            models.Index(
                fields=["ordered_by", "-ordered_on", "-id"],
                condition=models.Q(ordered_by__isnull=False),
                name="order_newest_of_person",
            ),
            models.Index(
                "ordered_by",
                Coalesce("delivered_on", "cancelled_on").desc(),
                models.F("id").desc(),
                condition=models.Q(ordered_by__isnull=False)
                & (models.Q(delivered_on__isnull=False) | models.Q(cancelled_on__isnull=False)),
                name="order_closed_of_person",
            ),
        ]
        constraints = [
            follows(
                "order_is_delivered_after_ordering",
                "ordered_on",
                "delivered_on",
                _("Nothing is delivered before it was ordered."),
            ),
            follows(
                "order_is_cancelled_after_ordering",
                "ordered_on",
                "cancelled_on",
                _("Nothing is cancelled before it was ordered."),
            ),
            models.CheckConstraint(
                name="order_is_delivered_or_cancelled",
                condition=models.Q(delivered_on__isnull=True) | models.Q(cancelled_on__isnull=True),
                violation_error_message=_(
                    "What was delivered is returned, not cancelled; what was cancelled is not "
                    "delivered."
                ),
            ),
            models.CheckConstraint(
                name="order_delivery_country_is_a_code",
                condition=models.Q(delivery_country__regex=r"^[A-Z]{2}$"),
                violation_error_message=_("The country is two capital letters."),
            ),
            currency_is_a_code("order_currency_is_a_code"),
            source_is_known("order_source_is_known"),
        ]

    @property
    def state(self) -> "Order.State":
        """Where the order stands."""
        if self.cancelled_on:
            return self.State.CANCELLED
        return self.State.DELIVERED if self.delivered_on else self.State.ORDERED

    @property
    def display_name(self) -> str:
        """The order's number."""
        return self.number


class OrderLine(Line, RecordedModel):
    """A line of an order; it stays as it was ordered, a cancellation is a record of its own."""

    order = models.ForeignKey(
        Order,
        models.PROTECT,
        db_index=False,
        related_name="lines",
        verbose_name=_("order"),
        help_text=_("The order that it is a line of."),
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("product"),
        help_text=_("What was ordered."),
    )

    objects = OrderLineQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"],
                name="order_line_has_its_place",
                violation_error_message=_("There is another line at this place."),
            ),
            *line_is_possible("order_line"),
        ]

    named_with = ("order",)

    @property
    def display_name(self) -> str:
        """The order's number and the line's place."""
        return f"{self.order.number}/{self.position}"


class Return(RegisterModel):
    """Some of a line that was cancelled before delivery, or came back after it."""

    class Kind(models.TextChoices):
        CANCELLATION = "cancellation", _("Cancellation")
        RETURN = "return", _("Return")

    class Reason(models.TextChoices):
        CHANGED_MIND = "changed_mind", _("The customer changed her mind")
        FAULTY = "faulty", _("Faulty or wrong")
        LATE = "late", _("Late")
        WITHDRAWAL = "withdrawal", _("Withdrawal by a consumer")
        OTHER = "other", pgettext_lazy("reason", "Other reason")

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,
        related_name="returns",
        verbose_name=_("customer"),
        help_text=_("Whose order it was."),
    )
    order_line = models.ForeignKey(
        OrderLine,
        models.PROTECT,
        related_name="returns",
        verbose_name=_("order line"),
        help_text=_("Of what."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind.choices,
        help_text=_("Cancelled before delivery, or returned after it."),
    )
    quantity = models.PositiveIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1)], help_text=_("How many.")
    )
    happened_on = models.DateField(_("day"), help_text=_("The day it was cancelled or came back."))
    reason = models.CharField(
        _("reason"), max_length=12, choices=Reason.choices, help_text=_("Why.")
    )
    refund = money(
        _("refund"),
        _("What is paid back, with VAT."),
        default=Decimal(0),
        db_default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )

    objects = ReturnQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("cancellation or return")
        verbose_name_plural = _("cancellations and returns")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["customer", "-happened_on", "-id"], name="return_newest_of_customer"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="return_quantity_is_positive",
                condition=models.Q(quantity__gte=1),
                violation_error_message=_("There is at least one of it."),
            ),
            models.CheckConstraint(
                name="return_refund_is_not_negative",
                condition=models.Q(refund__gte=0),
                violation_error_message=_("A refund is not negative."),
            ),
            models.CheckConstraint(
                name="return_kind_is_known",
                condition=models.Q(kind__in=["cancellation", "return"]),
                violation_error_message=_("It is a cancellation or a return."),
            ),
        ]
