"""Taking in recordings with their call records.

What is in order is kept for its time. What is bad, has no call record, or was recorded without
telling the caller goes into quarantine, sealed as well: playable by nobody (S9). Afterwards nothing
in clear remains in the folder, but what waits for the next run or is no file.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consents.hashing import digest_of
from recordings import callers
from recordings.ingest.call_records import (
    HEAD,
    LARGEST,
    BadRow,
    CallRecord,
    NoCallRecords,
    looks_like_call_records,
    read_call_records,
)
from recordings.ingest.folder import DropFolder, Dropped, NotPermitted, Replaced, drop_folder
from recordings.ingest.formats import Sound, Unreadable, examine
from recordings.ingest.pairing import NotPaired, Pairs, RecordList
from recordings.ingest.report import Report
from recordings.ingest.storing import Here, digest_of_file, is_here, unit_of_work
from recordings.models import Quarantine, Recording, SealedFile
from recordings.periods import call_due
from recordings.services import concerns, give_call_record, seal
from recordings.vault import Tampered

JOB = "ingest_recordings"
WAITS_FOR_FILES = timedelta(hours=1)
"""So long a file of call records is kept for recordings that are not there yet."""

_LONGER_THAN_THE_CALL = 60  # seconds that ringing and two clocks may explain
_LONGEST_LINE = 32
_UNKNOWN = Sound(Recording.Format.UNKNOWN, Recording.Medium.CALL, 0)


def ingest_recordings(folder: Path, settled_after: float, report: Report) -> None:
    """Take in what lies in the folder; raises UnusableFolder."""
    with drop_folder(folder, report, settled_after) as drop:
        _Run(drop, report).run()


class _Run:
    """One run over a folder."""

    def __init__(self, drop: DropFolder, report: Report) -> None:
        self._drop, self._report = drop, report
        self._more_records_to_come = False
        self._agents = {
            name.casefold(): key for name, key in User.objects.values_list("username", "pk")
        }

    def run(self) -> None:
        lists, others = self._sorted()
        pairs = Pairs(lists)
        done = {file.name for file in others if self._is_done(file, pairs)}
        waiting = {file.name for file in others} - done
        for one in lists:
            self._finish(one, done, waiting)

    def _is_done(self, file: Dropped, pairs: Pairs) -> bool:
        """Take a file in; returns whether its original is gone."""
        may_be_named = self._more_records_to_come and not pairs.is_named(file.name)
        if may_be_named or not self._drop.is_settled(file):
            self._report.waiting += 1
            return False
        try:
            self._take_in(file, pairs)
        except Replaced:
            self._report.waiting += 1
        except Tampered:
            self._report.problem(
                file.number, _("its copy in the vault is not whole, so the file stays")
            )
        except NotPermitted:
            self._report.problem(file.number, _("it may not be opened or removed"))
        else:
            return True
        return False

    # --- call records

    def _sorted(self) -> tuple[list[RecordList], list[Dropped]]:
        """The files of call records, read, and the others."""
        lists, others = [], []
        for file in self._drop.files(self._report):
            try:
                found = self._records_in(file)
            except (Replaced, NotPermitted):
                found = None  # it is told about with the others
            if found is None:
                others.append(file)
            elif self._drop.is_settled(file):
                lists.append(found)
            else:
                self._more_records_to_come = True
                self._report.waiting += 1
        return lists, others

    def _records_in(self, file: Dropped) -> RecordList | None:
        """The call records of a file; none if it is none of call records."""
        with self._drop.opened(file) as opened:
            if file.size > LARGEST or not looks_like_call_records(opened.read(HEAD)):
                return None
            if not self._drop.is_settled(file):
                return RecordList(file, [])
            opened.seek(0)
            try:
                rows = list(read_call_records(opened))
            except NoCallRecords:
                return None
        for bad in rows:
            if isinstance(bad, BadRow):
                self._report.problem(file.number, bad.why, bad.row)
        return RecordList(file, [row for row in rows if isinstance(row, CallRecord)])

    def _finish(self, one: RecordList, done: set[str], waiting: set[str]) -> None:
        """Remove a file of call records that nothing waits for any more."""
        is_waiting = is_missing = False
        for record in one.records:
            if record.file in waiting:
                is_waiting = True
            elif record.file not in done and record.was_answered and not self._is_known(record):
                is_missing = True
                self._report.problem(
                    one.file.number, _("there is no recording of this call"), record.row
                )
        age = timezone.now() - one.file.written_at
        if is_waiting or (is_missing and age < WAITS_FOR_FILES):
            self._report.waiting += 1
            return
        try:
            self._drop.remove(one.file)
        except Replaced:
            self._report.waiting += 1
        except NotPermitted:
            self._report.problem(one.file.number, _("it may not be opened or removed"))

    def _is_known(self, record: CallRecord) -> bool:
        """Whether the call's recording is here: with its call record, or since before that came."""
        with unit_of_work(JOB):
            if Recording.objects.taken_in(record.uniqueid).keys_only().exists():
                return True
            came_alone = Recording.objects.filter(
                external_id__startswith=_without_record(record.file), destroyed_at__isnull=True
            )
            found = list(came_alone.select_for_update(no_key=True)[:2])
            if len(found) != 1 or found[0].duration > _longest(record):
                return False
            if found[0].quarantine == Quarantine.NO_RECORD:
                call = self._call(record)
                give_call_record(found[0], call, record.uniqueid)
                self._report.put_right += 1
        return True

    # --- a recording

    def _take_in(self, file: Dropped, pairs: Pairs) -> None:
        with self._drop.opened(file) as source:
            record, external_id, here = self._identified(file, source, pairs)
            if here is Here.NO:
                self._store(file, source, record, external_id)
            else:
                self._report.known += 1
        if here is Here.DESTROYED:
            self._report.remark(file.number, _("it was destroyed before, and is removed"))
        self._drop.remove(file)

    def _identified(
        self, file: Dropped, source: BinaryIO, pairs: Pairs
    ) -> tuple[CallRecord | None, str, Here]:
        """The file's call record, its number in its source, and whether that is here already."""
        try:
            record = pairs.record_of(file.name)
            here = is_here(Recording, record.uniqueid, source, job=JOB)
            if here is Here.ANOTHER:
                raise NotPaired(_("its call record has a recording already"))
        except NotPaired as error:
            self._report.problem(file.number, str(error))
            external_id = f"{_without_record(file.name)}{digest_of_file(source).hex()}"
            return None, external_id, is_here(Recording, external_id, source, job=JOB)
        return record, record.uniqueid, here

    def _store(
        self, file: Dropped, source: BinaryIO, record: CallRecord | None, external_id: str
    ) -> None:
        sound, quarantine = self._judged(file, source, record)
        source.seek(0)
        with unit_of_work(JOB):
            sealed = seal(source)
            self._drop.refuse_changed(file, source)
            self._write_down(
                sealed,
                record,
                external_id=external_id,
                medium=sound.medium,
                format=sound.format,
                duration=sound.seconds,
                quarantine=quarantine,
                quarantined_at=timezone.now() if quarantine else None,
                started_at=file.written_at,
                due_on=call_due(file.written_at),
            )
        if quarantine:
            self._report.quarantined[quarantine] += 1
        else:
            self._report.taken += 1

    def _judged(
        self, file: Dropped, source: BinaryIO, record: CallRecord | None
    ) -> tuple[Sound, str]:
        """What the file holds, and why it goes into quarantine, if it does."""
        sound, quarantine = _UNKNOWN, ""
        try:
            source.seek(0)
            sound = examine(source)
        except Unreadable:
            quarantine = Quarantine.BAD_FILE
            self._report.problem(file.number, _("it cannot be read as a recording"))
        if record is not None and not record.was_informed:
            self._report.problem(file.number, _("the caller was not told before it began"))
            return sound, Quarantine.NOT_INFORMED
        if record is not None and sound.seconds > _longest(record):
            self._report.problem(file.number, _("it is longer than the call"))
            return sound, Quarantine.NO_RECORD
        return sound, quarantine or ("" if record else Quarantine.NO_RECORD)

    def _write_down(
        self, sealed: SealedFile, record: CallRecord | None, **details: Any
    ) -> Recording:
        person: list[int] = []
        if record is not None:  # which knows better when the call was
            person, of_the_call = callers.details_of(self._call(record))
            details |= of_the_call
        recording: Recording = Recording.objects.create(file=sealed, **details)
        concerns(recording, callers.persons(person))
        return recording

    def _call(self, record: CallRecord) -> callers.Call:
        """What a call record says of its call: who was called is a service line, or an agent."""
        agent = self._agents.get(record.called.casefold())
        line = callers.number_of(record.called) or record.called[:_LONGEST_LINE]
        return callers.Call(
            number=callers.number_of(record.caller),
            line="" if agent or not line.isprintable() else line,
            agent=agent,
            started_at=record.started_at,
            ended_at=record.ended_at,
            informed_at=record.informed_at,
        )


def _longest(record: CallRecord) -> int:
    return record.seconds + _LONGER_THAN_THE_CALL


def _without_record(file: str) -> str:
    """How the number of a file without a call record begins: the same for the same name.

    The name itself may hold the caller's number.
    """
    return f"file:{digest_of(f'recordingfile:{os.fsencode(file).hex()}').hex()[:32]}:"
