"""Processors on the desk, each with its sub-processors in one form (S28, Art. 28)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin import register
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import site
from accounts.models import Processor, SubProcessor
from accounts.register_forms import WIDGETS, RegisterForm, version_of
from accounts.register_forms import shown as shown_value
from accounts.register_lines import LineKind, LinesField, Reckoned, Row
from accounts.register_parts import Table, TableRow
from accounts.transfers import TransferTool, country_names
from customers.admin import in_force_until
from privacy.admin.asking import RecordsAdmin, categories_field, countries, country_field
from privacy.reference import SubInput, save_processor

_DAY = WIDGETS[models.DateField]


class SubProcessorForm(forms.Form):
    """A row: whom the processor lets do what, where, and since when we approve of it."""

    name = forms.CharField(label=_("name"), max_length=200)
    service = forms.CharField(label=_("service"), max_length=200)
    country = forms.ChoiceField(label=_("country"), choices=countries, initial="FI")
    transfer_tool = forms.ChoiceField(
        label=_("transfer tool"), choices=TransferTool.choices, required=False
    )
    approved_on = forms.DateField(label=_("approved"), required=False, widget=_DAY())
    ended_on = forms.DateField(label=_("ended"), required=False, widget=_DAY())


class ProcessorForm(RegisterForm):
    """A processor with its sub-processors."""

    country = country_field()
    categories = categories_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        processor: Processor = self.instance
        self.fields["lines"] = LinesField(
            kind=LineKind(row=SubProcessorForm, means=_means, reckon=_nothing_added, columns=()),
            label=_("Sub-processors"),
            help_text=_("Empty rows are left out."),
        )
        self.initial.setdefault("lines", [_row_of(sub) for sub in subs_of(processor)])

    def inputs(self) -> list[SubInput]:
        """The sub-processors as the service takes them."""
        return [SubInput(**line) for line in self.cleaned_data["lines"]]


def subs_of(processor: Processor) -> list[SubProcessor]:
    """The sub-processors of a processor, in order."""
    return list(processor.sub_processors.order_by("pk")) if processor.pk else []


def _row_of(sub: SubProcessor) -> Row:
    return {
        "name": sub.name,
        "service": sub.service,
        "country": sub.country,
        "transfer_tool": sub.transfer_tool,
        "approved_on": sub.approved_on.isoformat() if sub.approved_on else "",
        "ended_on": sub.ended_on.isoformat() if sub.ended_on else "",
    }


def _means(row: Mapping[str, Any]) -> SubInput:
    return SubInput(**row)


def _nothing_added(rows: Sequence[Mapping[str, Any] | None]) -> Reckoned:
    return Reckoned([() for _row in rows])


@register(Processor, site=site)
class ProcessorAdmin(RecordsAdmin):
    """Who processes data on our behalf: under which contract, where, with whom, until when."""

    form = ProcessorForm
    ordering = ("name",)
    list_display = ("name", "service", "country", "transfer_tool", "contract_on", "ended_on")
    reads = ("public_id", *list_display)
    fields = (
        *("name", "service", "country", "transfer_tool", "categories", "contract_on"),
        *("audited_on", "ended_on", "returned_on"),
    )
    narrow_by = (in_force_until("ended_on"),)

    def label(self, record: Processor) -> str:
        return record.name

    def version(self, record: Processor) -> str:
        return version_of(record, repr([_row_of(sub) for sub in subs_of(record)]))

    def tables(self, request: HttpRequest, record: Any, *, in_form: bool) -> list[Table]:
        """The sub-processors, to read for who may not change them."""
        if in_form:
            return []
        names = country_names()
        rows = [
            TableRow(
                (
                    sub.name,
                    sub.service,
                    names.get(sub.country, sub.country),
                    sub.get_transfer_tool_display() if sub.transfer_tool else "",
                    shown_value(sub.approved_on),
                    shown_value(sub.ended_on),
                )
            )
            for sub in subs_of(record)
        ]
        headings = [str(field.label) for field in SubProcessorForm().fields.values()]
        return [Table(label=_("Sub-processors"), headings=headings, rows=rows)] if rows else []

    def create(self, request: HttpRequest, form: Any) -> Processor:
        return save_processor(processor=form.instance, sub_processors=form.inputs())

    update = create
