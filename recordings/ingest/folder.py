"""A drop folder: only plain files of it are opened, and each is removed only as it was read.

Nothing in it is believed. Links, folders and pipes are left alone; a file that was written within
the last minute may not be complete and waits. Sentences call a file by its inode, as `ls -i` shows
it: its name may hold a number, a subject or a trick.
"""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from recordings.ingest.report import Report

SETTLED_AFTER = 60
"""Seconds since the last writing after which a file counts as complete."""


class UnusableFolder(Exception):  # noqa: N818  (it reads as what it says)
    """Nothing can be taken from this folder; the message says why in one sentence."""


class Replaced(Exception):  # noqa: N818
    """The file is not the one that was listed, or no plain file any more."""


class NotPermitted(Exception):  # noqa: N818
    """Whoever runs this may not open the file, or not remove it."""


@dataclass(frozen=True)
class Dropped:
    """A plain file of the folder as it was when it was listed."""

    name: str
    number: int
    size: int
    written_ns: int

    @property
    def written_at(self) -> datetime:
        return datetime.fromtimestamp(self.written_ns / 1e9, UTC)


class DropFolder:
    """An open drop folder; another run on it has to wait."""

    def __init__(self, handle: int, settled_after: float) -> None:
        self._handle, self._settled_after = handle, settled_after

    def files(self, report: Report) -> list[Dropped]:
        """Its plain files by name; whatever else lies there is a problem."""
        found = []
        for name in sorted(os.listdir(self._handle)):
            status = self._status(name)
            if status is None:
                continue
            if not stat.S_ISREG(status.st_mode):
                report.problem(
                    status.st_ino, _("this is a link, a folder or a device; it is left alone")
                )
            elif status.st_nlink > 1:
                report.problem(
                    status.st_ino, _("the file has another name elsewhere; it is left alone")
                )
            else:
                found.append(_dropped(name, status))
        return found

    def is_settled(self, file: Dropped) -> bool:
        """Whether the last writing lies far enough back; a little in the future is a clock's."""
        return abs(time.time() - file.written_ns / 1e9) >= self._settled_after

    @contextmanager
    def opened(self, file: Dropped) -> Iterator[BinaryIO]:
        """The file for reading; raises Replaced, and NotPermitted."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            handle = os.open(file.name, flags, dir_fd=self._handle)
        except PermissionError:
            raise NotPermitted from None
        except OSError:
            raise Replaced from None
        with open(handle, "rb") as opened:
            self.refuse_changed(file, opened)
            yield opened

    def refuse_changed(self, file: Dropped, opened: BinaryIO) -> None:
        """Raise Replaced if the file has been written to since it was listed."""
        if not _is_as_listed(file, os.fstat(opened.fileno())):
            raise Replaced

    def remove(self, file: Dropped) -> None:
        """Remove the file; raises Replaced if it is another one by now, and NotPermitted."""
        status = self._status(file.name)
        if status is None:
            return
        if not _is_as_listed(file, status):
            raise Replaced
        try:
            os.unlink(file.name, dir_fd=self._handle)
        except PermissionError:
            raise NotPermitted from None

    def _status(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(name, dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return None


def _is_as_listed(file: Dropped, status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and _dropped(file.name, status) == file


def _dropped(name: str, status: os.stat_result) -> Dropped:
    return Dropped(name, status.st_ino, status.st_size, status.st_mtime_ns)


@contextmanager
def drop_folder(path: Path, report: Report, settled_after: float) -> Iterator[DropFolder]:
    """Open the folder for one run; raises UnusableFolder."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (OSError, ValueError):
        raise UnusableFolder(_("There is no such folder, or it cannot be opened.")) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnusableFolder(_("Another run is taking from this folder.")) from None
        if os.fstat(handle).st_mode & stat.S_IROTH:
            report.note(_("Anybody on this machine may read the folder: chmod o-rwx keeps it."))
        yield DropFolder(handle, settled_after)
    finally:
        os.close(handle)
