"""What both ingest commands do: their options, their sentences, and exit code 1 on problems."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from recordings.ingest.folder import SETTLED_AFTER, UnusableFolder
from recordings.ingest.report import Report

_SHOWN_ON_SCREEN = 1_000


class IngestCommand(BaseCommand):
    """Each file is taken in by itself: what is done stays done, whatever becomes of the rest."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help=_("the drop folder"))
        parser.add_argument(
            "--settled",
            type=float,
            default=SETTLED_AFTER,
            metavar="SECONDS",
            help=_("leave what was written to within so many seconds for the next run"),
        )

    def take_in(self, folder: Path, settled_after: float, report: Report) -> None:
        """Take in what lies in the folder; raises UnusableFolder."""
        raise NotImplementedError

    def handle(self, *, folder: Path, settled: float, **options: Any) -> None:
        report = Report()
        try:
            self.take_in(folder, settled, report)
        except UnusableFolder as error:
            raise CommandError(str(error)) from None
        except (OSError, DatabaseError) as error:
            self._say(report)
            raise CommandError(
                _("It stopped, and the rest stays in the folder: %(why)s.")
                % {"why": getattr(error, "strerror", None) or type(error).__name__}
            ) from error
        self._say(report)
        if report.problems:
            raise CommandError(_("Problems: %(number)d.") % {"number": len(report.problems)})

    def _say(self, report: Report) -> None:
        self.stdout.write("\n".join(report.sentences()))
        for problem in report.problems[:_SHOWN_ON_SCREEN]:
            self.stderr.write(problem)
