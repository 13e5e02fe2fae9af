"""The ingest of a night's recordings, the whole command, beside what does no more than encrypt.

    python benchmarks/ingest.py [--persons 1000] [--rounds 5]

`manage.py ingest_recordings`, with the start of Python and Django, on many small files and a few
large ones with their call records: told apart, matched with persons and contacts, sealed, read
back, written down with their log rows, and removed. Beside it `openssl enc -aes-256-ctr` of each
file with its fsync, and `openssl dgst -sha256` of what was read back. Needs three times the files'
size in a temporary folder (TMPDIR), which is removed at the end.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import os  # noqa: E402
import shutil  # noqa: E402
import struct  # noqa: E402
import subprocess  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from datetime import timedelta  # noqa: E402
from itertools import count  # noqa: E402
from tempfile import TemporaryDirectory  # noqa: E402

from benchmarks import bench  # noqa: E402
from benchmarks.recordings import MIB, encrypt_and_hash  # noqa: E402

LIMIT = 3.0
FILES = ((200, 1), (3, 100))
"""How many files of so many mebibytes."""
COLUMNS = "uniqueid,start,answer,end,src,dst,duration,billsec,disposition,recordingfile,informed_at"
RATE = 8000


def main() -> None:
    asked = bench.parser(__doc__ or "", persons=1000)
    asked.set_defaults(rounds=5)
    words = asked.parse_args()
    with TemporaryDirectory(prefix="ingest-") as folder:
        os.environ["RECORDINGS_STORAGE"] = f"{folder}/vault"
        with bench.own_database():
            bench.print_machine()
            bench.fill(words.persons[0], words.seed)
            bench.print_goal(f"ingest ≤ {LIMIT} × openssl enc, fsync, read back, sha256")
            measure(Path(folder), words.rounds)


def measure(folder: Path, rounds: int) -> None:
    clear, dropped, encrypted = folder / "clear", folder / "drop", folder / "encrypted"
    make_files(clear)
    numbers = phone_numbers()
    night = count()

    @contextmanager
    def a_night() -> Iterator[None]:
        shutil.copytree(clear, dropped)
        dropped.chmod(0o700)
        (dropped / "calls.csv").write_text(call_records(clear, numbers, next(night)))
        yield
        left = sorted(path.name for path in dropped.iterdir())
        if left:
            raise RuntimeError(f"{len(left)} files were left in the folder.")
        shutil.rmtree(dropped)
        shutil.rmtree(folder / "vault")

    @contextmanager
    def encrypting() -> Iterator[None]:
        encrypted.mkdir()
        yield
        shutil.rmtree(encrypted)

    def plain(_round: int) -> None:
        for file in sorted(clear.iterdir()):
            encrypt_and_hash(file, encrypted / file.name)

    command = [sys.executable, "manage.py", "ingest_recordings", str(dropped), "--settled=0"]

    def ours(_round: int) -> None:
        subprocess.run(command, cwd=bench.ROOT, check=True, stdout=subprocess.DEVNULL)

    mine, least = bench.alternate(
        rounds, bench.Work(ours, a_night), bench.Work(plain, encrypting), warm_up=0
    )
    size = sum(file.stat().st_size for file in clear.iterdir()) / MIB
    print(f"{'':16} {'median':>8} {'p95':>8}, ms")
    print(f"command         {mine}  {bench.verdict(mine.median / least.median, LIMIT)}")
    print(f"openssl         {least}")
    print(f"{size:.0f} MiB, {size / mine.median * 1000:.0f} MiB/s")


def make_files(folder: Path) -> None:
    """WAV files of noise, which nothing can compress."""
    folder.mkdir()
    for files, mebibytes in FILES:
        for number in range(files):
            sound = mebibytes * MIB - 44
            with (folder / f"{mebibytes:03}-{number:03}.wav").open("wb") as file:
                shape = struct.pack("<HHIIHH", 1, 1, RATE, RATE, 1, 8)
                file.write(struct.pack("<4sI4s4sI", b"RIFF", sound + 36, b"WAVE", b"fmt ", 16))
                file.write(shape + struct.pack("<4sI", b"data", sound))
                for _ in range(mebibytes):
                    file.write(os.urandom(min(MIB, sound)))
                    sound -= MIB


def phone_numbers() -> list[str]:
    """Numbers of persons in the register."""
    from audit.context import AccessPurpose, access_context
    from customers.models import ContactPoint

    with access_context(job="benchmark", purpose=AccessPurpose.UPKEEP):
        points = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, person__isnull=False)
        return list(points.order_by("pk").values_list("normalised", flat=True)[:500])


def call_records(folder: Path, numbers: list[str], night: int) -> str:
    """A call for each file, long enough for it."""
    from django.utils import timezone

    start = timezone.localtime() - timedelta(days=1)
    rows = [COLUMNS]
    for place, file in enumerate(sorted(folder.iterdir())):
        seconds = file.stat().st_size // RATE + 1
        times = [f"{start + timedelta(seconds=add):%Y-%m-%d %H:%M:%S}" for add in (-5, 0, seconds)]
        told, began, ended = times
        number = numbers[place % len(numbers)]
        cells = [f"{night}.{place}", began, began, ended, number, "s", str(seconds), str(seconds)]
        rows.append(",".join([*cells, "ANSWERED", file.name, told]))
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
