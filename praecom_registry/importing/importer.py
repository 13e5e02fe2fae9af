"""One import from the file to its outcome: all of it, or nothing."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.context import AccessPurpose, access_context
from praecom_registry.importing import matching, merging, recording
from praecom_registry.importing.merging import Summary
from praecom_registry.importing.parsing import Header, RowParser
from praecom_registry.importing.problems import Problems, UnreadableFile
from praecom_registry.importing.reading import rows_of
from praecom_registry.importing.staging import stage


@dataclass(frozen=True)
class Outcome:
    """What became of an import: what it has done, or else what is wrong with the file."""

    problems: Problems
    summary: Summary | None


class Progress:
    """Who wants to know how far an import is; the command writes it to the terminal."""

    def rows(self, done: int) -> None:
        """So many rows have been read."""

    def step(self, name: str) -> None:
        """The next piece of work has begun."""


class _Rollback(Exception):  # noqa: N818
    """Takes back what was written, not what was logged of the reading."""


def import_file(path: Path, *, dry_run: bool, ignore_unknown: bool, progress: Progress) -> Outcome:
    """Import a file in one transaction; a bad row, or a dry run, leaves the register as it was.

    The matching reads the register, so its log rows stay in any case. Raises UnreadableFile
    where the file as a whole is no import file, and Refused while another import is running.
    """
    with rows_of(path) as rows:
        number, names = next(rows, (1, []))
        if number != 1:
            raise UnreadableFile(_("The first row must name the columns; it is empty."))
        header = Header(names, ignore_unknown=ignore_unknown)
        problems = Problems(header.names)
        with access_context(job="import_customers", purpose=AccessPurpose.UPKEEP):
            staged = stage(rows, RowParser(header, problems), progress.rows)
            if not staged and not problems:
                raise UnreadableFile(_("The file has no rows below the names of the columns."))
            progress.step(_("Comparing with the register"))
            today = timezone.localdate().isoformat()
            matching.match(today)
            recording.record_reads()
            matching.note_problems(problems)
            if problems:
                return Outcome(problems, None)
            return Outcome(problems, _merge(today, problems, progress, dry_run=dry_run))


def _merge(today: str, problems: Problems, progress: Progress, *, dry_run: bool) -> Summary | None:
    done: Summary | None = None

    def writing(what: str) -> None:
        progress.step(_("Writing: %(what)s") % {"what": what})

    try:
        with transaction.atomic():
            merging.merge(today, writing)
            merging.note_restricted(problems)
            if not problems:
                recording.record_changes()
                done = merging.summary()
            if problems or dry_run:
                raise _Rollback
    except _Rollback:
        pass
    return done
