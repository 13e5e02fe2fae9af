"""import_invoices: invoices, payments and collections from the billing system's export."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from praecom_registry.importing.command import ImportCommand
from praecom_registry.importing.invoices.importer import InvoiceImporter
from praecom_registry.importing.invoices.merging import Summary


class Command(ImportCommand[Summary]):
    """Import invoices."""

    help = _("Import invoices as the billing system exports them: all of the file, or nothing.")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--allow-less-paid",
            action="store_true",
            help=_("accept that less is paid than before: a payment was returned"),
        )
        parser.add_argument(
            "--leave-out-restricted",
            action="store_true",
            help=_("leave out rows that would change what is restricted (GDPR Art. 18)"),
        )

    def importer(self, **options: Any) -> InvoiceImporter:
        return InvoiceImporter(
            allow_less_paid=options["allow_less_paid"],
            leave_out_restricted=options["leave_out_restricted"],
        )

    def sentences(self, done: Summary) -> list[str]:
        said = [
            _("Invoices: %(new)d new, %(changed)d changed, %(unchanged)d as before.")
            % {
                "new": done.invoices_new,
                "changed": done.invoices_changed,
                "unchanged": done.invoices_unchanged,
            },
            _("Collections: %(new)d new, %(changed)d changed, %(unchanged)d as before.")
            % {
                "new": done.collections_new,
                "changed": done.collections_changed,
                "unchanged": done.collections_unchanged,
            },
        ]
        if done.left_out:
            said.append(
                _("Rows left out, because the owner's data is restricted: %(number)d.")
                % {"number": done.left_out}
            )
        return said
