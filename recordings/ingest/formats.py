"""What a file is, told from its content: its format, how long it is, whether it has a picture.

A hostile file costs no more than a bounded number of reads of bounded size.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from tinytag import TinyTag, TinyTagException

from recordings.models import Recording

HEAD = 64
"""So many bytes tell the format."""

_LONGEST_READ = 2**20
_MOST_READ = 48 * 2**20
_MOST_READS, _MOST_READS_OF_OPUS = 50_000, 1_000_000  # hours with a page for each packet
_LONGEST_SECONDS = 7 * 24 * 3600
_BOX_HEAD, _LONG_BOX_HEAD = 8, 16
_MOST_BOXES = 10_000


class Unreadable(Exception):  # noqa: N818  (it reads as what it says)
    """This is no sound or picture that we can play, or only a part of one."""


@dataclass(frozen=True)
class Sound:
    """What a file holds, and for how many seconds."""

    format: str
    medium: str
    seconds: int


def examine(file: BinaryIO) -> Sound:
    """What the file holds; raises Unreadable. The file is left anywhere."""
    head = file.read(HEAD)
    found = _format(head)
    if found is None:
        raise Unreadable
    size = file.seek(0, io.SEEK_END)
    medium = Recording.Medium.CALL
    if found == Recording.Format.MP4 and _has_picture(file, size):
        medium = Recording.Medium.VIDEO
    return Sound(found, medium, _seconds(file, size, is_opus=found == Recording.Format.OPUS))


def _format(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Recording.Format.WAV
    if head[:4] == b"OggS" and b"OpusHead" in head:
        return Recording.Format.OPUS
    if head[4:8] == b"ftyp":
        return Recording.Format.MP4
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return Recording.Format.MP3
    return None


def _seconds(file: BinaryIO, size: int, *, is_opus: bool) -> int:
    file.seek(0)
    reader: Any = _BoundedReader(file, _MOST_READS_OF_OPUS if is_opus else _MOST_READS)
    try:
        # Of Opus the tags too: behind them the parser goes from page to page without reading them.
        tag = TinyTag.get(file_obj=reader, tags=is_opus)
    except TinyTagException:
        raise Unreadable from None
    seconds, kilobits = tag.duration, tag.bitrate
    if not seconds or not 0 < seconds < _LONGEST_SECONDS:
        raise Unreadable
    # The header of a WAV says how much follows; less is there if writing it was cut short.
    is_wav = (tag.mime_type or "").startswith("audio/wav")
    if is_wav and kilobits and seconds * kilobits * 125 > size:
        raise Unreadable
    return max(1, round(seconds))


class _BoundedReader:
    """A file for a parser that believes the sizes that the file states: it may not read on."""

    def __init__(self, file: BinaryIO, most_reads: int) -> None:
        self._file, self._read, self._reads, self._most_reads = file, 0, 0, most_reads

    def read(self, length: int) -> bytes:
        found = self._file.read(min(length, _LONGEST_READ))
        self._read, self._reads = self._read + len(found), self._reads + 1
        if length > _LONGEST_READ or self._read > _MOST_READ or self._reads > self._most_reads:
            raise Unreadable
        return found

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


# --- MP4 -----------------------------------------------------------------------------------------


def _has_picture(file: BinaryIO, size: int) -> bool:
    """Whether one of its tracks is a picture; raises Unreadable where a part is missing."""
    counted = iter(range(_MOST_BOXES))
    tracks = [
        track
        for name, start, end in _boxes(file, 0, size, counted)
        if name == b"moov"
        for name_inside, *track in _boxes(file, start, end, counted)
        if name_inside == b"trak"
    ]
    return any(_is_picture(file, start, end, counted) for start, end in tracks)


def _is_picture(file: BinaryIO, start: int, end: int, counted: Iterator[int]) -> bool:
    for name, inside, after in _boxes(file, start, end, counted):
        if name == b"mdia":
            for kind, here, _after in _boxes(file, inside, after, counted):
                if kind == b"hdlr":
                    file.seek(here + 8)  # version, flags and a field that is always zero
                    return file.read(4) == b"vide"
    return False


def _boxes(
    file: BinaryIO, start: int, end: int, counted: Iterator[int]
) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places: name, where its content starts, where it ends."""
    while start < end:
        if next(counted, None) is None:
            raise Unreadable
        file.seek(start)
        head = file.read(_BOX_HEAD)
        if len(head) < _BOX_HEAD:
            raise Unreadable
        length, name = struct.unpack(">I4s", head)
        inside = start + _BOX_HEAD
        if length == 1:
            longer = file.read(_LONG_BOX_HEAD - _BOX_HEAD)
            if len(longer) < _LONG_BOX_HEAD - _BOX_HEAD:
                raise Unreadable
            (length,) = struct.unpack(">Q", longer)
            inside = start + _LONG_BOX_HEAD
        elif length == 0:
            length = end - start  # to the end
        if start + length > end or start + length < inside:
            raise Unreadable
        yield name, inside, start + length
        start += length
