"""Offers: what was offered to whom, until when, and what came of it."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.gate import RecordedModel
from contracts.models.base import (
    Line,
    NextNumber,
    Totals,
    currency,
    currency_is_a_code,
    follows,
    line_is_possible,
)
from contracts.models.products import Product
from contracts.querysets import OfferLineQuerySet, OfferQuerySet
from customers.models import Customer, Person
from customers.models.base import SourcedModel, source_is_known


class Offer(Totals, SourcedModel):
    """An offer to a customer; it becomes an order when it is accepted in time."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("offer", "Draft")
        SENT = "sent", pgettext_lazy("offer", "Sent")
        ACCEPTED = "accepted", pgettext_lazy("offer", "Accepted")
        DECLINED = "declined", pgettext_lazy("offer", "Declined")
        EXPIRED = "expired", pgettext_lazy("offer", "Expired")

    number = models.CharField(
        _("offer number"),
        max_length=32,
        unique=True,
        editable=False,
        db_default=NextNumber(prefix="TA", sequence="contracts_offer_number"),
        help_text=_("Given by the database once; never changed."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,
        related_name="offers",
        verbose_name=_("customer"),
        help_text=_("To which customer."),
    )
    made_to = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="offers",
        verbose_name=_("made to"),
        help_text=_("The person who asked for it, where known."),
    )
    currency = currency()
    valid_until = models.DateField(
        _("valid until"), help_text=_("The last day on which it can be accepted.")
    )
    sent_on = models.DateField(
        _("sent"), null=True, blank=True, help_text=_("The day it was sent; empty for a draft.")
    )
    accepted_on = models.DateField(
        _("accepted"), null=True, blank=True, help_text=_("The day the customer accepted it.")
    )
    declined_on = models.DateField(
        _("declined"), null=True, blank=True, help_text=_("The day the customer declined it.")
    )

    objects = OfferQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=models.Q(
                    sent_on__isnull=False, accepted_on__isnull=True, declined_on__isnull=True
                ),
                name="offer_waiting",
            ),
            models.Index(
                fields=["id"], condition=models.Q(sent_on__isnull=True), name="offer_draft"
            ),
            models.Index(fields=["customer", "-sent_on", "-id"], name="offer_newest_of_customer"),
            models.Index(
                "customer",
                Coalesce("accepted_on", "declined_on").desc(),
                models.F("id").desc(),
                condition=models.Q(accepted_on__isnull=False) | models.Q(declined_on__isnull=False),
                name="offer_answered_by_customer",
            ),
            models.Index(
                fields=["made_to", "-sent_on", "-id"],
                condition=models.Q(made_to__isnull=False),
                name="offer_newest_of_person",
            ),
            models.Index(
                "made_to",
                Coalesce("accepted_on", "declined_on").desc(),
                models.F("id").desc(),
                condition=models.Q(made_to__isnull=False)
                & (models.Q(accepted_on__isnull=False) | models.Q(declined_on__isnull=False)),
                name="offer_answered_by_person",
            ),
        ]
        constraints = [
            follows(
                "offer_is_accepted_after_sending",
                "sent_on",
                "accepted_on",
                _("An offer is accepted only after it was sent."),
            ),
            follows(
                "offer_is_declined_after_sending",
                "sent_on",
                "declined_on",
                _("An offer is declined only after it was sent."),
            ),
            models.CheckConstraint(
                name="offer_has_one_answer",
                condition=models.Q(accepted_on__isnull=True) | models.Q(declined_on__isnull=True),
                violation_error_message=_("An offer is either accepted or declined."),
            ),
            models.CheckConstraint(
                name="offer_is_accepted_in_time",
                condition=models.Q(accepted_on__isnull=True)
                | models.Q(accepted_on__lte=models.F("valid_until")),
                violation_error_message=_("The offer had expired by then: make a new one."),
            ),
            models.CheckConstraint(
                name="offer_is_valid_when_sent",
                condition=models.Q(sent_on__isnull=True)
                | models.Q(valid_until__gte=models.F("sent_on")),
                violation_error_message=_("An offer is valid at least on the day it is sent."),
            ),
            currency_is_a_code("offer_currency_is_a_code"),
            source_is_known("offer_source_is_known"),
        ]

    @property
    def state(self) -> "Offer.State":
        """Where the offer stands today; a sent one whose day is over has expired."""
        if self.accepted_on:
            return self.State.ACCEPTED
        if self.declined_on:
            return self.State.DECLINED
        if self.sent_on is None:
            return self.State.DRAFT
        return self.State.EXPIRED if self.valid_until < timezone.localdate() else self.State.SENT

    @property
    def display_name(self) -> str:
        """The offer's number."""
        return self.number


class OfferLine(Line, RecordedModel):
    """A line of an offer; it can be changed until the offer is sent."""

    offer = models.ForeignKey(
        Offer,
        models.PROTECT,
        db_index=False,
        related_name="lines",
        verbose_name=_("offer"),
        help_text=_("The offer that it is a line of."),
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("product"),
        help_text=_("What is offered."),
    )

    objects = OfferLineQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("offer line")
        verbose_name_plural = _("offer lines")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "position"],
                name="offer_line_has_its_place",
                violation_error_message=_("There is another line at this place."),
            ),
            *line_is_possible("offer_line"),
        ]
