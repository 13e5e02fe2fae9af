"""What stops the ordinary handling of data: restrictions (GDPR Art. 18) and legal holds."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.base import RegisterModel, ends_after_start
from customers.models.persons import Person
from customers.models.relationships import Customer
from customers.querysets import HoldQuerySet, RestrictionQuerySet


class Restriction(RegisterModel):
    """While in force, the person's data is only stored (GDPR Art. 18(2))."""

    class Ground(models.TextChoices):
        ACCURACY = "accuracy", _("Accuracy is contested")
        UNLAWFUL = "unlawful", _("Unlawful, but the person prefers restriction")
        CLAIMS = "claims", _("The person needs the data for a claim")
        OBJECTION = "objection", _("An objection is being weighed")

    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="restrictions",
        verbose_name=_("person"),
        help_text=_("Whose data is restricted."),
    )
    ground = models.CharField(
        _("ground"), max_length=10, choices=Ground.choices, help_text=_("GDPR Art. 18(1).")
    )
    since = models.DateTimeField(
        _("since"), default=timezone.now, help_text=_("When it was restricted.")
    )
    lifted_at = models.DateTimeField(
        _("lifted"),
        null=True,
        blank=True,
        help_text=_("When it was lifted; the person is told before (Art. 18(3))."),
    )
    restricted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("restricted by"),
        help_text=_("The staff member who restricted it."),
    )
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lifted by"),
        help_text=_("The staff member who lifted it."),
    )

    objects = RestrictionQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "ground"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_restriction_in_force_per_ground",
                violation_error_message=_("The data is already restricted on this ground."),
            ),
            models.CheckConstraint(
                name="restriction_ground_is_known",
                condition=models.Q(
                    ground__in=["accuracy", "unlawful", "claims", "objection"],
                ),
                violation_error_message=_("The ground is one of GDPR Art. 18(1)."),
            ),
            models.CheckConstraint(
                name="restriction_lifted_by_somebody",
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                violation_error_message=_("Say who lifted the restriction, and when."),
            ),
            ends_after_start("restriction_ends_after_start", "since", "lifted_at"),
        ]


class Hold(RegisterModel):
    """A reason not to delete the data of a person or a customer for now (domain §5)."""

    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name=_("person"),
        help_text=_("Whose data is held; empty for a customer's."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name=_("customer"),
        help_text=_("Whose data is held; empty for a person's."),
    )
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("The dispute or claim that needs the data.")
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("placed by"),
        help_text=_("The staff member who placed the hold."),
    )
    placed_at = models.DateTimeField(
        _("placed"), default=timezone.now, help_text=_("When the hold was placed.")
    )
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day; empty until released.")
    )
    released_at = models.DateTimeField(
        _("released"), null=True, blank=True, help_text=_("When the hold was released.")
    )

    objects = HoldQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.CheckConstraint(
                name="hold_has_one_holder",
                condition=models.Q(person__isnull=False, customer__isnull=True)
                | models.Q(person__isnull=True, customer__isnull=False),
                violation_error_message=_("A hold is on a person or on a customer."),
            ),
            models.CheckConstraint(
                name="hold_has_a_reason",
                condition=~models.Q(reason=""),
                violation_error_message=_("A hold needs its reason."),
            ),
            ends_after_start("hold_ends_after_start", "placed_at", "released_at"),
        ]
