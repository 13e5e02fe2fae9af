"""The import of invoices as the billing system exports them."""

from collections.abc import Callable

from audit.context import AccessPurpose
from audit.sql import run_sql
from praecom_registry.importing.importer import Importer
from praecom_registry.importing.invoices import matching, merging, recording
from praecom_registry.importing.invoices.columns import COLUMNS
from praecom_registry.importing.invoices.merging import Summary
from praecom_registry.importing.invoices.parsing import InvoiceRowParser
from praecom_registry.importing.parsing import RowParser
from praecom_registry.importing.problems import Problems
from praecom_registry.importing.reading import Rows
from praecom_registry.importing.staging import stage

_TYPES = {
    **dict.fromkeys(("issued_on", "due_on", "paid_on", "opened_on", "closed_on"), "date"),
    **dict.fromkeys(("net", "vat", "paid", "amount"), "numeric(12, 2)"),
}
_TABLES = ("import_invoice", "import_case")


class InvoiceImporter(Importer[Summary]):
    """A file of invoices with their payments and collections."""

    job = "import_invoices"
    purpose = AccessPurpose.BILLING
    columns = COLUMNS
    parser = InvoiceRowParser

    def __init__(
        self, *, allow_less_paid: bool = False, leave_out_restricted: bool = False
    ) -> None:
        self._allow_less_paid = allow_less_paid
        self._leave_out_restricted = leave_out_restricted

    def stage(self, rows: Rows, parser: RowParser, progress: Callable[[int], None]) -> int:
        staged = stage(rows, parser, progress, types=_TYPES, tables=_TABLES)
        run_sql("ANALYZE import_row")
        return staged

    def compare(self, problems: Problems) -> None:
        matching.match()
        recording.record_reads()
        matching.note_problems(
            problems,
            allow_less_paid=self._allow_less_paid,
            leave_out_restricted=self._leave_out_restricted,
        )

    def merge(self, problems: Problems, progress: Callable[[str], None]) -> Summary:
        merging.merge(progress)
        recording.record_changes()
        return merging.summary()
