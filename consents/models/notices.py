"""What a person was told when her contact detail was collected, and what her work is about.

Both decide whether she may be marketed to without her consent: the exception for one's own
customers needs a detail given in a sale with an easy way out offered then, and a named work
address needs a product that is tied to her duties (Act 917/2014 §§200.3, 202; domain §3).
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.gate import RecordedModel, RecordedQuerySet
from consents.models.choices import Wording
from contracts.models import Order, Product
from customers.models import ContactPerson, ContactPoint, Person

OWN_COMPANY = "Praecom Oy"
"""The seller and sender where no other company of the group is named."""


class CollectionNoticeQuerySet(RecordedQuerySet["CollectionNotice"]):
    """Notices."""

    def visible_to(self, user: User) -> "CollectionNoticeQuerySet":
        return self if user.has_perm("consents.view_collectionnotice") else self.none()


class CollectionNotice(RecordedModel):
    """A person was told of marketing when a detail of hers was collected; an event, append-only."""

    public_id = models.UUIDField(_("public ID"), default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="collection_notices",
        verbose_name=_("person"),
        help_text=_("Who was told."),
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="collection_notices",
        verbose_name=_("contact point"),
        help_text=_("The number or e-mail address that she gave; empty for all of her data."),
    )
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="collection_notices",
        verbose_name=_("order"),
        help_text=_("The sale in which she gave it; empty if it was none."),
    )
    seller = models.CharField(
        _("seller"),
        max_length=100,
        default=OWN_COMPANY,
        help_text=_("The company that sold and collected; only it may use the exception."),
    )
    opt_out_offered = models.BooleanField(
        _("way out offered"),
        default=False,
        help_text=_("Whether she was offered, free and easily, to prohibit marketing then."),
    )
    wording = models.ForeignKey(
        Wording,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("wording"),
        help_text=_("The text that was shown; empty where none is known."),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
        help_text=_("The staff member; empty if it was not recorded by hand."),
    )
    told_at = models.DateTimeField(
        _("told"), default=timezone.now, help_text=_("When she was told.")
    )

    objects = CollectionNoticeQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("notice at collection")
        verbose_name_plural = _("notices at collection")
        default_permissions = ("add", "view")


class WorkDutyQuerySet(RecordedQuerySet["WorkDuty"]):
    """Duties."""

    def visible_to(self, user: User) -> "WorkDutyQuerySet":
        return self if user.has_perm("consents.view_workduty") else self.none()


class WorkDuty(RecordedModel):
    """A contact person decides on, or works with, products of a group: no title proves that."""

    public_id = models.UUIDField(_("public ID"), default=uuid4, unique=True, editable=False)
    contact_person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        related_name="duties",
        verbose_name=_("contact person"),
        help_text=_("In which of her roles."),
    )
    product_group = models.CharField(
        _("product group"),
        max_length=40,
        choices=Product.Group.choices,
        help_text=_("What her duties are about."),
    )
    evidence = models.CharField(
        _("evidence"), max_length=200, help_text=_("How we know: what she or her company said.")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
        help_text=_("The staff member; empty if it was not recorded by hand."),
    )
    recorded_at = models.DateTimeField(
        _("recorded"), default=timezone.now, help_text=_("When it was recorded.")
    )
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = WorkDutyQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["contact_person", "product_group"],
                condition=models.Q(ended_on__isnull=True),
                name="work_duty_once_per_group",
                violation_error_message=_("This duty is recorded already."),
            ),
        ]
