"""Which call record belongs to which file of a drop folder."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from recordings.ingest.call_records import CallRecord
from recordings.ingest.folder import Dropped


@dataclass(frozen=True)
class RecordList:
    """A file of call records, and those of them that name a recording."""

    file: Dropped
    records: list[CallRecord]


class NotPaired(Exception):  # noqa: N818  (it reads as what it says)
    """There is no one call record for a file; the message says why."""


class Pairs:
    """All call records of a folder, by the files that they name."""

    def __init__(self, lists: list[RecordList]) -> None:
        self._by_file: dict[str, list[CallRecord]] = {}
        self._files_of: dict[str, set[str]] = {}
        for one in lists:
            for record in one.records:
                self._by_file.setdefault(record.file, []).append(record)
                self._files_of.setdefault(record.uniqueid, set()).add(record.file)

    def is_named(self, file: str) -> bool:
        return file in self._by_file

    def record_of(self, file: str) -> CallRecord:
        """The call record of a file; raises NotPaired where there is none, or not one."""
        records = self._by_file.get(file)
        if not records:
            raise NotPaired(_("there is no call record for it"))
        if len({record.uniqueid for record in records}) > 1:
            raise NotPaired(_("several call records name it"))
        if len(self._files_of[records[0].uniqueid]) > 1:
            raise NotPaired(_("its call record names several files"))
        # The legs of one call: the one that was answered, and of those the longest.
        return max(records, key=lambda record: (record.was_answered, record.seconds))
