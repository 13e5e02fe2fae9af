"""The import of customers, their persons and choices."""

from collections.abc import Callable

from django.utils import timezone

from audit.context import AccessPurpose
from audit.sql import run_sql
from praecom_registry.importing.customers import matching, merging, recording
from praecom_registry.importing.customers.columns import COLUMNS
from praecom_registry.importing.customers.merging import Summary
from praecom_registry.importing.customers.parsing import CustomerRowParser
from praecom_registry.importing.importer import Importer
from praecom_registry.importing.parsing import RowParser
from praecom_registry.importing.problems import Problems
from praecom_registry.importing.reading import Rows
from praecom_registry.importing.staging import stage

_TYPES = {
    "since": "date",
    "marketing_email": "boolean",
    "marketing_sms": "boolean",
    "marketing_phone": "boolean",
    "marketing_post": "boolean",
}
_TABLES = (
    *("import_customer", "import_match", "import_key", "import_group", "import_of"),
    *("import_person", "import_given", "import_there", "import_address"),
    *("import_task", "import_role", "import_user", "import_shown"),
)


class CustomerImporter(Importer[Summary]):
    """A file of customers with their contact persons and users."""

    job = "import_customers"
    purpose = AccessPurpose.UPKEEP
    columns = COLUMNS
    parser = CustomerRowParser

    def __init__(self) -> None:
        self._today = timezone.localdate().isoformat()

    def stage(self, rows: Rows, parser: RowParser, progress: Callable[[int], None]) -> int:
        staged = stage(rows, parser, progress, types=_TYPES, tables=_TABLES)
        run_sql("ANALYZE import_row (row, number, kind, role, user_id)")
        return staged

    def compare(self, problems: Problems) -> None:
        matching.match(self._today)
        recording.record_reads()
        matching.note_problems(problems)

    def merge(self, problems: Problems, progress: Callable[[str], None]) -> Summary:
        merging.merge(self._today, progress)
        merging.note_restricted(problems)
        if not problems:
            recording.record_changes()
        return merging.summary()
