"""What demo recordings sound like: a Finnish sentence where `espeak-ng` is there, else tones."""

import io
import math
import shutil
import subprocess
import wave
from functools import cache

RATE = 8000
SENTENCES = (
    "Praecomin asiakaspalvelu, hyvää päivää. Tämä puhelu nauhoitetaan. Kuinka voin auttaa?",
    "Laskullani on kuukausimaksu, jota en tunne. Voisitteko käydä sen läpi kanssani?",
    "Yhteys katkeilee joka ilta kello kahdeksan jälkeen. Reititin on käynnistetty uudelleen.",
    "Kiitos, asia selvisi. Hyvää päivänjatkoa!",
)
_TONES = ((440, 660), (330, 550), (294, 392), (523, 392))
_SECONDS_OF_TONES = 6


@cache
def sound(number: int) -> bytes:
    """A WAV of a few seconds; another number, another one of four."""
    number %= len(SENTENCES)
    speaker = shutil.which("espeak-ng")
    return _spoken(speaker, SENTENCES[number]) if speaker else _tones(*_TONES[number])


def _spoken(speaker: str, sentence: str) -> bytes:
    said = subprocess.run(  # noqa: S603
        [speaker, "-v", "fi", "--stdin", "-w", "/dev/stdout"],
        input=sentence.encode(),
        capture_output=True,
        check=True,
    )
    return said.stdout


def _tones(caller: int, agent: int) -> bytes:
    """Two voices in turn, half a second each."""
    half = RATE // 2
    turns = [
        bytes(
            128 + round(50 * math.sin(2 * math.pi * pitch * place / RATE)) for place in range(half)
        )
        for pitch in (caller, agent)
    ]
    written = io.BytesIO()
    with wave.open(written, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(1)
        made.setframerate(RATE)
        made.writeframes(b"".join(turns) * _SECONDS_OF_TONES)
    return written.getvalue()


def seconds(content: bytes) -> int:
    """How long a WAV is, rounded up."""
    with wave.open(io.BytesIO(content)) as made:
        length: float = made.getnframes() / made.getframerate()
    return math.ceil(length)
