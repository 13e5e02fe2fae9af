"""import_customers: customers, their persons and choices from a CSV or XLSX file."""

from typing import Any

from django.utils.translation import gettext as _

from praecom_registry.importing.command import ImportCommand
from praecom_registry.importing.customers.importer import CustomerImporter
from praecom_registry.importing.customers.merging import Summary


class Command(ImportCommand[Summary]):
    """Import customers."""

    help = _("Import customers from a CSV or XLSX file: all of it, or nothing.")

    def importer(self, **options: Any) -> CustomerImporter:
        return CustomerImporter()

    def sentences(self, done: Summary) -> list[str]:
        said = [
            _("Persons: %(new)d new, %(changed)d changed, %(unchanged)d as before.")
            % {
                "new": done.persons_new,
                "changed": done.persons_changed,
                "unchanged": done.persons_unchanged,
            },
            _("Customers: %(new)d new, %(changed)d changed, %(unchanged)d as before.")
            % {
                "new": done.customers_new,
                "changed": done.customers_changed,
                "unchanged": done.customers_unchanged,
            },
            _("Marketing choices recorded: %(number)d.") % {"number": done.choices},
        ]
        if done.refused_permissions:
            said.append(
                _("Permissions left out, because the person has prohibited it: %(number)d.")
                % {"number": done.refused_permissions}
            )
        return said
