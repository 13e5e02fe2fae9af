"""Who processes data on our behalf, and whom they let do it (S28, Art. 28)."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from accounts.transfers import EEA, TransferTool, known_country
from datamap.vocabulary import Category


class ProcessorQuerySet(models.QuerySet["Processor"]):
    """Those who process data on our behalf."""

    def in_force(self, day: date) -> Self:
        """Those who do it on a day, each with those whom they may let do part of it then."""
        approved = SubProcessor.objects.filter(_goes_on(day), approved_on__lte=day)
        return self.filter(_goes_on(day)).prefetch_related(
            Prefetch("sub_processors", approved.order_by("name"))
        )


def _goes_on(day: date) -> Q:
    return Q(ended_on__isnull=True) | Q(ended_on__gte=day)


def _has_its_tool(name: str) -> models.CheckConstraint:
    """Outside the EEA a tool lets the data go there; within it none is needed (Chapter V)."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(country__in=sorted(EEA), transfer_tool="")
        | ~models.Q(country__in=sorted(EEA)) & ~models.Q(transfer_tool=""),
        violation_error_message=_(
            "Outside the EEA say what lets the data go there; within it, nothing."
        ),
    )


class Processor(models.Model):
    """A company that processes the register's data on our instructions."""

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    name = models.CharField(_("name"), max_length=200, unique=True, help_text=_("Its name."))
    service = models.CharField(
        _("service"), max_length=200, help_text=_("What it does with the data.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="FI",
        validators=[known_country],
        help_text=_("Two letters, as in FI or SE."),
    )
    transfer_tool = models.CharField(
        _("transfer tool"),
        max_length=15,
        blank=True,
        choices=TransferTool.choices,
        help_text=_("What lets the data leave the EEA; empty within it."),
    )
    categories = ArrayField(
        models.CharField(max_length=20, choices=Category.choices),
        verbose_name=_("categories"),
        help_text=_("The kinds of data."),
    )
    contract_on = models.DateField(
        _("contract of"), help_text=_("The day of the contract that Art. 28(3) asks for.")
    )
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text=_("The last day; empty while it goes on.")
    )
    returned_on = models.DateField(
        _("returned or erased"),
        null=True,
        blank=True,
        help_text=_("When it had returned or erased the data after the end."),
    )
    audited_on = models.DateField(
        _("audited"), null=True, blank=True, help_text=_("When we last checked it.")
    )

    objects = ProcessorQuerySet.as_manager()

    class Meta:
        verbose_name = _("processor")
        verbose_name_plural = _("processors")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="processor_country_is_a_code",
                condition=models.Q(country__regex=r"^[A-Z]{2}$"),
                violation_error_message=_("The country is two capital letters."),
            ),
            models.CheckConstraint(
                name="processor_ends_after_start",
                condition=models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("contract_on")),
                violation_error_message=_("The end must not be before the start."),
            ),
            _has_its_tool("processor_outside_eea_has_its_tool"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class SubProcessor(models.Model):
    """A company that a processor lets do part of the work, with our approval (Art. 28(2))."""

    processor = models.ForeignKey(
        Processor,
        models.PROTECT,
        related_name="sub_processors",
        verbose_name=_("processor"),
        help_text=_("Whose sub-processor it is."),
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("Its name."))
    service = models.CharField(
        _("service"), max_length=200, help_text=_("What it does with the data.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="FI",
        validators=[known_country],
        help_text=_("Two letters, as in FI or SE."),
    )
    transfer_tool = models.CharField(
        _("transfer tool"),
        max_length=15,
        blank=True,
        choices=TransferTool.choices,
        help_text=_("What lets the data leave the EEA; empty within it."),
    )
    approved_on = models.DateField(
        _("approved"), null=True, blank=True, help_text=_("When we approved it; empty if not yet.")
    )
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text=_("The last day; empty while it goes on.")
    )

    class Meta:
        verbose_name = _("sub-processor")
        verbose_name_plural = _("sub-processors")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["processor", "name"], name="sub_processor_once_per_processor"
            ),
            models.CheckConstraint(
                name="sub_processor_country_is_a_code",
                condition=models.Q(country__regex=r"^[A-Z]{2}$"),
                violation_error_message=_("The country is two capital letters."),
            ),
            _has_its_tool("sub_processor_outside_eea_has_its_tool"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
