"""import_survey: answers from a survey tool, of persons who consented to surveys."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from praecom_registry.importing.command import ImportCommand
from praecom_registry.importing.problems import Refused
from praecom_registry.importing.surveys.importer import Summary, SurveyImporter


class Command(ImportCommand[Summary]):
    """Import the answers to a survey."""

    help = _("Import the answers to a survey: all of the file, or nothing.")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--survey", required=True, help=_("the name that the answers are kept under")
        )

    def importer(self, **options: Any) -> SurveyImporter:
        try:
            return SurveyImporter(options["survey"])
        except Refused as refused:
            raise CommandError(str(refused)) from None

    def sentences(self, done: Summary) -> list[str]:
        return [
            _("Respondents: %(new)d new, %(unchanged)d taken before; answers: %(answers)d.")
            % {"new": done.new, "unchanged": done.unchanged, "answers": done.answers}
        ]
