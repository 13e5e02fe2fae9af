"""What every import command does: its options, its progress, and the report of what is wrong."""

import csv
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Generic, TextIO, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db import DatabaseError
from django.utils.translation import gettext as _

from praecom_registry.importing.importer import Importer, Progress, import_file
from praecom_registry.importing.problems import Problem, Problems, Refused

S = TypeVar("S")

_SHOWN_ON_SCREEN = 1_000
_SECONDS_BETWEEN_LINES = 5.0
_SECONDS_ON_A_TERMINAL = 0.2
_RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ImportCommand(BaseCommand, Generic[S]):
    """All of the file or nothing; exit code 1 if any row is bad."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=_("the CSV or XLSX file"))
        parser.add_argument(
            "--dry-run", action="store_true", help=_("say what would happen, and change nothing")
        )
        parser.add_argument(
            "--errors", type=Path, default=None, help=_("write what is wrong to this CSV file")
        )
        parser.add_argument(
            "--ignore-unknown", action="store_true", help=_("leave out columns that are not known")
        )

    def importer(self, **options: Any) -> Importer[S]:
        """The importer of this kind of file, as the options ask for it."""
        raise NotImplementedError

    def sentences(self, done: S) -> list[str]:
        """What the import has done, a line each."""
        raise NotImplementedError

    def handle(
        self,
        *,
        file: Path,
        dry_run: bool,
        errors: Path | None,
        ignore_unknown: bool,
        **options: Any,
    ) -> None:
        with ExitStack() as stack:
            report = None
            if errors is not None:
                report = _Report(stack.enter_context(_opened(errors, unlike=file)))
            try:
                progress = _Lines(self.stderr)
                outcome = import_file(
                    self.importer(**options),
                    file,
                    dry_run=dry_run,
                    ignore_unknown=ignore_unknown,
                    progress=progress,
                )
                progress.end()
            except Refused as error:
                if report is not None:
                    report.write(["", "", str(error)])
                raise CommandError(str(error)) from None
            except DatabaseError as error:
                raise CommandError(
                    _("The database refused the import, so nothing was changed: %(why)s")
                    % {"why": type(error).__name__}
                ) from error
            if outcome.summary is None:
                self._refuse(outcome.problems, report)
            else:
                said = self.sentences(outcome.summary)
                if dry_run:
                    said.append(_("This was a dry run: nothing was changed."))
                self.stdout.write("\n".join(said))

    def _refuse(self, problems: Problems, report: "_Report | None") -> None:
        for number, problem in enumerate(problems):
            if number < _SHOWN_ON_SCREEN:
                self.stderr.write(_sentence(problem))
            if report is not None:
                report.write([problem.row, problem.column, problem.why])
        if len(problems) > _SHOWN_ON_SCREEN:
            self.stderr.write(
                _("… and %(number)d more; --errors writes them all to a file.")
                % {"number": len(problems) - _SHOWN_ON_SCREEN}
            )
        raise CommandError(
            _("%(rows)d rows are bad, so nothing was changed.") % {"rows": problems.rows()}
        )


def _sentence(problem: Problem) -> str:
    if not problem.column:
        return _("Row %(row)d: %(why)s.") % problem._asdict()
    return _("Row %(row)d, %(column)s: %(why)s.") % problem._asdict()


def _opened(errors: Path, *, unlike: Path) -> TextIO:
    try:
        if errors.exists() and unlike.exists() and errors.samefile(unlike):
            raise CommandError(_("The errors must not be written over the file itself."))
        return errors.open("w", encoding="utf-8", newline="")
    except (OSError, ValueError):
        raise CommandError(_("The file for the errors cannot be written.")) from None


class _Report:
    """The errors as CSV; a cell that a spreadsheet would run as a formula is quoted first."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(["row", "column", "why"])

    def write(self, cells: list[Any]) -> None:
        self._writer.writerow(
            [f"'{c}" if isinstance(c, str) and c.startswith(_RUN_AS_FORMULA) else c for c in cells]
        )


class _Lines(Progress):
    """Progress on a terminal in one line that changes, elsewhere a line now and then."""

    def __init__(self, stream: OutputWrapper) -> None:
        self._stream = stream
        self._on_terminal = bool(stream.isatty())
        self._started = self._said = time.monotonic()

    def rows(self, done: int) -> None:
        now = time.monotonic()
        wait = _SECONDS_ON_A_TERMINAL if self._on_terminal else _SECONDS_BETWEEN_LINES
        if now - self._said >= wait:
            self._said = now
            speed = done / (now - self._started)
            self._say(
                _("%(rows)d rows read, %(speed)d per second") % {"rows": done, "speed": speed}
            )

    def step(self, name: str) -> None:
        self._say(name)

    def end(self) -> None:
        """Leave the line that changes."""
        if self._on_terminal:
            self._stream.write("")

    def _say(self, text: str) -> None:
        if self._on_terminal:
            self._stream.write(f"\r\x1b[K{text}", ending="")
            self._stream.flush()
        else:
            self._stream.write(text)
