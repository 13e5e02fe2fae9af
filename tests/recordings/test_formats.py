"""What a file is and how long, told from its content alone."""

import io
import random
import struct

import pytest

from recordings.ingest.formats import Unreadable, examine
from recordings.models import Recording
from tests.recordings.samples import FORMATS, mp4, opus, wav


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("seconds", [1, 2, 61])
def test_each_format_is_told_with_its_length(kind: str, seconds: int) -> None:
    found = examine(io.BytesIO(FORMATS[kind](seconds)))

    assert (found.format, found.medium) == (kind, Recording.Medium.CALL)
    assert abs(found.seconds - seconds) <= 1


def test_a_track_with_a_picture_makes_a_video_call() -> None:
    assert examine(io.BytesIO(mp4(5, picture=True))).medium == Recording.Medium.VIDEO


def test_a_shorter_sound_than_a_second_counts_as_one() -> None:
    assert examine(io.BytesIO(wav(1, rate=8000)[: 44 + 8000])).seconds == 1


NO_RECORDING = {
    "nothing": b"",
    "one byte": b"\xff",
    "text": b"uniqueid,start\n",
    "noise": random.Random(1).randbytes(5000),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "a page": b"<html><script>alert(1)</script></html>",
    "a WAV that was cut": wav(5)[:-9000],
    "a WAV of nothing": wav(1)[:44],
    "a WAV whose header was never finished": wav(5)[:40] + bytes(4) + wav(5)[44:],
    "a WAV head alone": b"RIFF\x00\x00\x00\x00WAVE",
    "an MP4 that was cut": mp4(5)[:-100],
    "an MP4 without its movie": b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00",
    "an MP4 with a box of no length": mp4(5) + b"\x00\x00\x00\x01free" + bytes(8),
    "an MP4 with a clock that stands": mp4(5).replace(
        struct.pack(">II", 1000, 5000), struct.pack(">II", 0, 5000)
    ),
    "an MP4 as long as a year": mp4(31_536_000 // 1000).replace(
        struct.pack(">I", 1000), struct.pack(">I", 1)
    ),
    "Vorbis": opus(2).replace(b"OpusHead", b"\x01vorbis\x00"),
    "an Ogg head alone": opus(2)[:47],
    "a chunk that says it is huge": b"RIFF\xff\xff\xff\xffWAVEfmt \xf0\xff\xff\xff" + bytes(3000),
}


@pytest.mark.parametrize("kind", NO_RECORDING)
def test_what_cannot_be_played_is_none(kind: str) -> None:
    with pytest.raises(Unreadable):
        examine(io.BytesIO(NO_RECORDING[kind]))


class Endless(io.RawIOBase):
    """A file of four gibibytes of which next to nothing is there."""

    def __init__(self, start: bytes, body: bytes) -> None:
        self._start, self._body, self._at, self.read_in_all = start, body, 0, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, {0: 0, 1: self._at, 2: 2**32}[whence] + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, length: int = -1) -> bytes:
        assert 0 <= length <= 2**20
        found = self._start[self._at : self._at + length]
        shift = (self._at + len(found) - len(self._start)) % len(self._body)
        times = (shift + length) // len(self._body) + 1
        found += (self._body * times)[shift : shift + length - len(found)]
        self._at += length
        self.read_in_all += length
        return found


@pytest.mark.parametrize(
    ("start", "body"),
    [
        (b"\xff\xfb\x18\xc4", b"\x00" * 4096),
        (b"\xff\xfb\x18\xc4", b"\xff" * 4096),
        (b"RIFF\xff\xff\xff\xffWAVE", b"fmt \xff\xff\xff\xff"),
        (b"RIFF\xff\xff\xff\xffWAVE", b"junk\x00\x00\x00\x00"),
        (opus(1)[:47], b"OggS" + bytes(22) + b"\xff" + b"\xff" * 255 + b"x" * 65025),
        (mp4(1)[:24], b"\x00\x00\x00\x08free"),
        (mp4(1)[:24], b"\xff\xff\xff\xf0moov"),
    ],
)
def test_a_file_made_to_keep_us_busy_is_given_up(start: bytes, body: bytes) -> None:
    file = Endless(start, body)

    with pytest.raises(Unreadable):
        examine(file)  # type: ignore[arg-type]

    assert file.read_in_all < 100 * 2**20


@pytest.mark.parametrize("kind", FORMATS)
def test_damage_anywhere_ends_in_a_length_or_in_a_refusal(kind: str) -> None:
    drawn = random.Random(7)
    whole = FORMATS[kind](2)
    for _round in range(150):
        damaged = bytearray(whole)
        for _byte in range(drawn.randint(1, 8)):
            damaged[drawn.randrange(min(len(damaged), 400))] = drawn.randrange(256)
        cut = bytes(damaged[: drawn.randint(0, len(damaged))])
        try:
            found = examine(io.BytesIO(cut))
        except Unreadable:
            continue
        assert found.seconds >= 1
