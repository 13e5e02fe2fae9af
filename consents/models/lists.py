"""Marketing lists: made for one message on one channel, each row allowed at that moment (S8)."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Disclosure, User
from audit.gate import RecordedModel, RecordedQuerySet
from consents.models.choices import MarketingChoice
from consents.models.notices import OWN_COMPANY
from contracts.models import Product
from customers.models import Address, ContactPoint, Customer, Person

LONGEST_WAIT = timedelta(minutes=15)
"""In so long every list is made, or was not."""


class MarketingListQuerySet(models.QuerySet["MarketingList"]):
    """Lists; a marketer sees his own, who may see the disclosures sees all."""

    def visible_to(self, user: User) -> "MarketingListQuerySet":
        if not user.has_perm("consents.view_marketinglist"):
            return self.none()
        return self.filter(made_by=user) if user.has_perm("consents.add_marketinglist") else self

    def in_force(self) -> "MarketingListQuerySet":
        return self.filter(state=MarketingList.State.MADE, expires_on__gte=timezone.localdate())


class MarketingList(models.Model):
    """Whom one message may go to on one channel, decided when the list was made.

    The list itself names nobody: its rows do. It is asked for, and made by a job; from then on it
    is a recorded disclosure with an expiry, after which the rows go.
    """

    class State(models.TextChoices):
        """How far it is: a list that is not made has no rows at all."""

        ASKED = "asked", _("Being made")
        MADE = "made", _("Made")
        NOBODY = "nobody", _("Nobody may be reached")
        FAILED = "failed", _("Could not be made")

    public_id = models.UUIDField(_("public ID"), default=uuid4, unique=True, editable=False)
    name = models.CharField(_("message"), max_length=100, help_text=_("What the list is for."))
    channel = models.CharField(
        _("channel"),
        max_length=10,
        choices=MarketingChoice.Channel.choices,
        help_text=_("How the message goes out."),
    )
    product_group = models.CharField(
        _("product group"),
        max_length=40,
        choices=Product.Group.choices,
        help_text=_("What is marketed."),
    )
    sender = models.CharField(
        _("sender"),
        max_length=100,
        default=OWN_COMPANY,
        help_text=_("The company in whose name it goes out."),
    )
    criteria = models.JSONField(
        _("target group"), default=dict, help_text=_("How the target group was described.")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State.choices,
        default=State.ASKED,
        help_text=_("How far it is."),
    )
    allowed = models.PositiveIntegerField(
        _("on the list"), default=0, help_text=_("How many were allowed.")
    )
    blocked = models.JSONField(
        _("left out"), default=dict, help_text=_("How many were left out by which rule.")
    )
    disclosure = models.OneToOneField(
        Disclosure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="marketing_list",
        verbose_name=_("disclosure"),
        help_text=_("The record of the disclosure that the list is, once it is made."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
        help_text=_("The marketer."),
    )
    made_at = models.DateTimeField(
        _("made"), default=timezone.now, help_text=_("When each row was decided.")
    )
    expires_on = models.DateField(_("expires"), help_text=_("The last day it can be used."))

    objects = MarketingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("marketing list")
        verbose_name_plural = _("marketing lists")
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(
                name="list_is_made_with_its_disclosure",
                condition=models.Q(state="made", disclosure__isnull=False)
                | models.Q(~models.Q(state="made"), disclosure__isnull=True, allowed=0),
                violation_error_message=_("A list that is made is a disclosure, and no other."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_expired(self) -> bool:
        """Whether its last day is over: nobody may be reached by it any more."""
        return self.expires_on < timezone.localdate()

    @property
    def is_made(self) -> bool:
        return self.state == self.State.MADE

    @property
    def is_awaited(self) -> bool:
        """Whether it is being made; one that takes longer than any does is not coming any more."""
        is_late = self.made_at < timezone.now() - LONGEST_WAIT
        return self.state == self.State.ASKED and not is_late

    @property
    def is_usable(self) -> bool:
        """Whether somebody may be reached by it."""
        return self.is_made and not self.is_expired


class MarketingListRowQuerySet(RecordedQuerySet["MarketingListRow"]):
    """Rows of lists."""

    def in_order(self) -> "MarketingListRowQuerySet":
        return self.order_by("id")


class MarketingListRow(RecordedModel):
    """One recipient of a list: a person or a company, and where the message goes."""

    marketing_list = models.ForeignKey(
        MarketingList,
        models.PROTECT,
        related_name="rows",
        verbose_name=_("marketing list"),
        help_text=_("On which list."),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
        help_text=_("Who receives it; empty for a company's own address."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("customer"),
        help_text=_("On whose behalf she is written to, if she is."),
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("contact point"),
        help_text=_("The number or e-mail address."),
    )
    address = models.ForeignKey(
        Address,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("address"),
        help_text=_("Where post goes."),
    )
    rule = models.CharField(_("rule"), max_length=40, help_text=_("Which rule allowed it."))

    objects = MarketingListRowQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("row of a marketing list")
        verbose_name_plural = _("rows of marketing lists")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["customer"],
                name="list_row_by_customer",
                condition=models.Q(customer__isnull=False),
            ),
            models.Index(
                fields=["contact_point"],
                name="list_row_by_contact_point",
                condition=models.Q(contact_point__isnull=False),
            ),
            models.Index(
                fields=["address"],
                name="list_row_by_address",
                condition=models.Q(address__isnull=False),
            ),
        ]
