"""Tiny recordings in each format and call records for them, as a telephone system drops them."""

import io
import math
import os
import struct
import time
import wave
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

COLUMNS = "uniqueid,start,answer,end,src,dst,duration,billsec,disposition,recordingfile,informed_at"
NUMBER = "040 000 0101"
LINE = "0400000900"


def wav(seconds: int = 2, rate: int = 8000, pitch: int = 440) -> bytes:
    """A tone."""
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        one = bytes(
            128 + round(60 * math.sin(2 * math.pi * pitch * place / rate)) for place in range(rate)
        )
        sound.writeframes(one * seconds)
    return written.getvalue()


def mp3(seconds: int = 2) -> bytes:
    """Silent frames of MPEG-1 Layer III, 32 kbit/s, 32 kHz, one channel: 36 ms and 144 bytes."""
    frame = b"\xff\xfb\x18\xc4" + bytes(140)
    return frame * round(seconds / 0.036)


def opus(seconds: int = 2) -> bytes:
    """Two heads and a page of silence for each second."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    silence = b"\xf8\xff\xfe"
    pages = [_page(0, 2, 0, [head]), _page(1, 0, 0, [tags])]
    for number in range(seconds):
        at, last = 312 + 48000 * (number + 1), 4 if number == seconds - 1 else 0
        pages.append(_page(number + 2, last, at, [silence] * 50))
    return b"".join(pages)


def _page(number: int, kind: int, at: int, packets: list[bytes]) -> bytes:
    head = struct.pack("<4sBBqIII", b"OggS", 0, kind, at, 7, number, 0)
    sizes = bytes(map(len, packets))
    page = head + bytes([len(sizes)]) + sizes + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    found = 0
    for byte in page:
        found ^= byte << 24
        for _bit in range(8):
            found = (found << 1 ^ 0x04C11DB7 if found >> 31 else found << 1) & 0xFFFFFFFF
    return found


def mp4(seconds: int = 2, *, picture: bool = False) -> bytes:
    """Boxes that say how long it is and what its tracks are."""
    times = struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000)
    kinds = [b"soun", b"vide"] if picture else [b"soun"]
    tracks = b"".join(
        _box(b"trak", _box(b"mdia", _box(b"hdlr", bytes(8) + kind + bytes(13)))) for kind in kinds
    )
    movie = _box(b"moov", _box(b"mvhd", times + bytes(80)) + tracks)
    return _box(b"ftyp", b"isom" + bytes(4) + b"isom") + movie + _box(b"mdat", os.urandom(500))


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


FORMATS = {"wav": wav, "mp3": mp3, "opus": opus, "mp4": mp4}


def row(
    uniqueid: str,
    file: str,
    *,
    src: str = NUMBER,
    dst: str = LINE,
    start: datetime | None = None,
    seconds: int = 60,
    informed: int | None = 1,
    disposition: str = "ANSWERED",
) -> str:
    """A line of a call record; `informed` is how many seconds before the start she was told."""
    start = start or timezone.now() - timedelta(hours=3)
    end = start + timedelta(seconds=seconds)
    told = "" if informed is None else _written(start - timedelta(seconds=informed))
    times = [_written(start), _written(start), _written(end)]
    cells = [uniqueid, *times, src, dst, str(seconds), str(seconds), disposition, file, told]
    return ",".join(cells)


def _written(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def records(*rows: str) -> bytes:
    """A file of call records."""
    return "\n".join([COLUMNS, *rows, ""]).encode()


def drop(folder: Path, name: str, content: bytes, *, minutes_ago: float = 120) -> Path:
    """Put a file into the folder, written that long ago."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    age(path, minutes_ago)
    return path


def age(path: Path, minutes_ago: float) -> None:
    """Let a file have been written that long ago."""
    then = time.time() - minutes_ago * 60
    os.utime(path, (then, then))
