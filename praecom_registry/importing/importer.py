"""One import from the file to its outcome: all of it, or nothing."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from audit.context import AccessPurpose, access_context
from audit.sql import run_sql
from praecom_registry.importing.columns import Columns
from praecom_registry.importing.parsing import Header, RowParser
from praecom_registry.importing.problems import Problems, UnreadableFile
from praecom_registry.importing.reading import Rows, rows_of
from praecom_registry.importing.staging import one_at_a_time

S = TypeVar("S")


@dataclass(frozen=True)
class Outcome(Generic[S]):
    """What became of an import: what it has done, or else what is wrong with the file."""

    problems: Problems
    summary: S | None


class Progress:
    """Who wants to know how far an import is; the command writes it to the terminal."""

    def rows(self, done: int) -> None:
        """So many rows have been read."""

    def step(self, name: str) -> None:
        """The next piece of work has begun."""


class Importer(ABC, Generic[S]):
    """A kind of file: how its rows are read, compared with the register and written."""

    job: str
    purpose: AccessPurpose
    columns: Columns
    parser: type[RowParser]

    def columns_of(self, names: list[str]) -> Columns:
        """The columns of the file whose first row has these names."""
        return self.columns

    @abstractmethod
    def stage(self, rows: Rows, parser: RowParser, progress: Callable[[int], None]) -> int:
        """Stream the parsed rows into temporary tables; returns how many."""

    @abstractmethod
    def compare(self, problems: Problems) -> None:
        """Find out what each row is about, record whose data that read, and add what is wrong."""

    @abstractmethod
    def merge(self, problems: Problems, progress: Callable[[str], None]) -> S:
        """Write what is new or differs, with its log rows, unless that shows more problems."""


class _Rollback(Exception):  # noqa: N818
    """Takes back what was written, not what was logged of the reading."""


def import_file(
    importer: Importer[S], path: Path, *, dry_run: bool, ignore_unknown: bool, progress: Progress
) -> Outcome[S]:
    """Import a file in one transaction; a bad row, or a dry run, leaves the register as it was.

    The comparing reads the register, so its log rows stay in any case. Raises UnreadableFile
    where the file as a whole is no import file, and Refused while another import is running.
    """
    with rows_of(path, importer.columns) as rows:
        number, names = next(rows, (1, []))
        if number != 1:
            raise UnreadableFile(_("The first row must name the columns; it is empty."))
        columns = importer.columns_of(names)
        header = Header(columns, names, ignore_unknown=ignore_unknown)
        problems = Problems(columns, header.names)
        with access_context(job=importer.job, purpose=importer.purpose):
            one_at_a_time(importer.job)
            staged = importer.stage(rows, importer.parser(header, problems), progress.rows)
            if not staged and not problems:
                raise UnreadableFile(_("The file has no rows below the names of the columns."))
            progress.step(_("Comparing with the register"))
            importer.compare(problems)
            if problems:
                return Outcome(problems, None)
            return Outcome(problems, _merged(importer, problems, progress, dry_run=dry_run))


def _merged(
    importer: Importer[S], problems: Problems, progress: Progress, *, dry_run: bool
) -> S | None:
    done: S | None = None

    def writing(what: str) -> None:
        progress.step(_("Writing: %(what)s") % {"what": what})

    try:
        with transaction.atomic():
            run_sql("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys are checked as the rows come
            summary = importer.merge(problems, writing)
            if problems:
                raise _Rollback
            done = summary
            if dry_run:
                raise _Rollback
    except _Rollback:
        pass
    return done
