"""import_robinson: who wants no sales calls, or no addressed post, kept as keyed hashes."""

from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from consents.models import RobinsonEntry
from praecom_registry.importing.command import ImportCommand
from praecom_registry.importing.robinson.importer import RobinsonImporter, Summary


class Command(ImportCommand[Summary]):
    """Import a Robinson list."""

    help = _("Import a Robinson list, of phone numbers or of names with addresses.")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--list",
            required=True,
            choices=RobinsonEntry.List.values,
            help=_("which list it is"),
        )
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            default=None,
            metavar="YYYY-MM-DD",
            help=_("the day of the list, for rows that name none; by default today"),
        )

        parser.add_argument(
            "--whole-list",
            action="store_true",
            help=_("the file is the whole list: whoever does not stand on it is taken off"),
        )

    def importer(self, **options: Any) -> RobinsonImporter:
        today = timezone.localdate()
        as_of = options["as_of"] or today
        if as_of > today:
            raise CommandError(_("The day of the list lies in the future."))
        return RobinsonImporter(options["list"], today, as_of, is_whole=options["whole_list"])

    def sentences(self, done: Summary) -> list[str]:
        said = [
            _("Listings: %(new)d new, %(extended)d extended, %(unchanged)d as before.")
            % {"new": done.new, "extended": done.extended, "unchanged": done.unchanged}
        ]
        if done.ended:
            said.append(
                _("Listings left out, because they had ended: %(number)d.") % {"number": done.ended}
            )
        if done.taken_off:
            said.append(_("Listings taken off: %(number)d.") % {"number": done.taken_off})
        return said
