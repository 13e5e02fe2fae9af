"""Recordings: sealing, first bytes, what playing costs, and memory, beside what does no more.

    python benchmarks/recordings.py [--rounds 200] [--mebibytes 1024]

Sealing (streamed, encrypted, hashed, kept for good, read back whole) is measured beside
`openssl enc -aes-256-ctr` of the same file with its fsync, and `openssl dgst -sha256` of what was
read back. Playing is measured over HTTP, from a server as `dev.py run` starts it, beside a page of
the same server that reads a file in clear by the mebibyte. All of it needs three times the size in
a temporary folder (TMPDIR), which is removed at the end.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import argparse  # noqa: E402
import http.client  # noqa: E402
import os  # noqa: E402
import subprocess  # noqa: E402
import time  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from statistics import median  # noqa: E402
from tempfile import TemporaryDirectory  # noqa: E402
from types import SimpleNamespace  # noqa: E402
from typing import TYPE_CHECKING, Any  # noqa: E402

from benchmarks import bench  # noqa: E402
from benchmarks.http import serving, sign_in  # noqa: E402

if TYPE_CHECKING:
    from recordings.models import Recording

MIB = 1 << 20
SEALING_LIMIT, FIRST_BYTE_LIMIT, CPU_LIMIT = 3.0, 1.5, 2.0
MEMORY_LIMIT = 50
SIZES = ((1, 60), (100, 8))
"""Sizes to seal, in mebibytes, and how many rounds of each."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=200, help="first bytes of each kind")
    parser.add_argument("--mebibytes", type=int, default=1024, help="the long recording's size")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="recordings-") as folder:
        os.environ["RECORDINGS_STORAGE"] = f"{folder}/vault"
        with bench.own_database():
            bench.print_machine()
            bench.print_goal(f"sealing ≤ {SEALING_LIMIT} × openssl enc, fsync, read back, sha256")
            for mebibytes, rounds in SIZES:
                sealing(Path(folder), mebibytes, rounds)
            playing(Path(folder), asked.mebibytes, asked.rounds)


# --- sealing --------------------------------------------------------------------------------------


def sealing(folder: Path, mebibytes: int, rounds: int) -> None:
    """Seal a file of that size again and again, beside the plain tools."""
    from recordings.services import seal
    from recordings.stores import store

    clear, encrypted = random_file(folder / "clear", mebibytes), folder / "encrypted"
    sealed = []

    def ours(_round: int) -> None:
        with clear.open("rb") as source:
            sealed.append(seal(source))

    @contextmanager
    def tidied() -> Iterator[None]:
        yield
        while sealed:
            store().delete(sealed.pop().name)
        encrypted.unlink(missing_ok=True)

    mine, plain = bench.alternate(
        rounds,
        bench.Work(ours, tidied),
        bench.Work(lambda _: encrypt_and_hash(clear, encrypted), tidied),
        warm_up=2,
    )
    print(f"{'':16} {'median':>8} {'p95':>8}, ms")
    print(f"{mebibytes:4} MiB sealed  {mine}  {bench.verdict(mine.median / plain.median, 3.0)}")
    print(f"{mebibytes:4} MiB openssl {plain}")
    clear.unlink()


def random_file(path: Path, mebibytes: int) -> Path:
    """A file that nothing can compress."""
    with path.open("wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(MIB))
    return path


def encrypt_and_hash(clear: Path, encrypted: Path) -> None:
    """The least that keeps a file encrypted, for good, and knows what was kept."""
    key = ["-K", "5a" * 32, "-iv", "5a" * 16]
    encrypting = ["openssl", "enc", "-aes-256-ctr", *key, "-in", str(clear)]
    encrypting += ["-out", str(encrypted)]
    subprocess.run(encrypting, check=True)
    with encrypted.open("rb") as file:
        os.fsync(file.fileno())
    hashing = ["openssl", "dgst", "-sha256", str(encrypted)]
    subprocess.run(hashing, check=True, stdout=subprocess.DEVNULL)


# --- playing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listener:
    """A reviewer's browser that has said why: her session, and a link to the recording."""

    port: int
    session: str
    media: str

    @contextmanager
    def asking(self, address: str, start: int = 0) -> Iterator[http.client.HTTPResponse]:
        """The answer from that byte on, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": f"praecom_session={self.session}", "Range": f"bytes={start}-"}
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        if response.status not in (200, 206):
            raise RuntimeError(f"{address.partition('?')[0]} answered {response.status}.")
        yield response
        connection.close()

    def first_byte(self, start: int) -> None:
        with self.asking(self.media, start) as response:
            response.read(1)

    def everything(self, address: str) -> None:
        with self.asking(address) as response:
            while response.read(MIB):
                pass


def playing(folder: Path, mebibytes: int, rounds: int) -> None:
    """Play a long recording over HTTP, and one of twice the size."""
    clear = random_file(folder / "clear", mebibytes)
    os.environ["BENCHMARK_FILE"] = str(clear)
    long = a_recording(clear)
    [session] = sign_in(1, role="recording_reviewer")
    with serving() as port:
        listener = Listener(port, session, link(long, session))
        first_bytes(listener, mebibytes, rounds)
        processor_time(listener, mebibytes)
        sparse = folder / "sparse"
        with sparse.open("wb") as file:
            file.truncate(2 * mebibytes * MIB)
        bench.print_goal(f"memory for a file of {2 * mebibytes} MiB: + ≤ {MEMORY_LIMIT} MiB")
        with measuring_memory("sealing it", [os.getpid()]):
            longer = a_recording(sparse)
        twice = Listener(port, session, link(longer, session))
        with measuring_memory("playing it", descendants()):
            twice.everything(twice.media)


def a_recording(clear: Path) -> "Recording":
    """A recording of which nothing matters but its content."""
    from django.utils import timezone

    from audit.context import AccessPurpose, access_context
    from recordings.models import Recording
    from recordings.services import seal

    with clear.open("rb") as source:
        file = seal(source)
    now = timezone.now()
    with access_context(job="benchmark", purpose=AccessPurpose.UPKEEP):
        return Recording.objects.create(
            file=file,
            medium="call",
            format="wav",
            external_id=file.name,
            started_at=now,
            informed_at=now,
            duration=3600,
            due_on=timezone.localdate(),
        )


def link(recording: "Recording", session: str) -> str:
    """The address that her player would have been given in that session."""
    from accounts.models import User
    from recordings.links import link_to

    reviewer = User.objects.get(username="benchmark0")
    request: Any = SimpleNamespace(session=SimpleNamespace(session_key=session), user=reviewer)
    return (
        f"/recordings/{recording.public_id}/media?link={link_to(recording, 'audio/wav', request)}"
    )


def first_bytes(listener: Listener, mebibytes: int, rounds: int) -> None:
    middle = mebibytes * MIB // 2 + 12_345
    from_start, from_middle = bench.alternate(
        rounds,
        bench.Work(lambda _: listener.first_byte(0)),
        bench.Work(lambda _: listener.first_byte(middle)),
    )
    bench.print_goal(f"first byte from the middle of {mebibytes} MiB ≤ {FIRST_BYTE_LIMIT} × start")
    print(f"from the start  {from_start}")
    ratio = from_middle.median / from_start.median
    print(f"from the middle {from_middle}  {bench.verdict(ratio, FIRST_BYTE_LIMIT)}")


def processor_time(listener: Listener, mebibytes: int) -> None:
    bench.print_goal(f"processor time of playing {mebibytes} MiB ≤ {CPU_LIMIT} × plain chunks")
    seconds: dict[str, list[float]] = {"/plain/": [], listener.media: []}
    for address in [*seconds, *reversed(seconds)] * 4:
        before = sum(map(processor_seconds, descendants()))
        listener.everything(address)
        seconds[address].append(sum(map(processor_seconds, descendants())) - before)
    plain, ours = (median(found) for found in seconds.values())
    print(f"plain {plain:.3f} s, playing {ours:.3f} s  {bench.verdict(ours / plain, CPU_LIMIT)}")


# --- what a process takes, as Linux tells it ------------------------------------------------------


def descendants() -> list[int]:
    """The processes that this one has started, and theirs."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except FileNotFoundError:  # it has ended meanwhile
            continue
        parents[int(status.parent.name)] = int(fields[1])
    found, new = [], [os.getpid()]
    while new:
        new = [process for process, parent in parents.items() if parent in new]
        found += new
    return found


def processor_seconds(process: int) -> float:
    """What its threads have had of the processors, to the nanosecond."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


@contextmanager
def measuring_memory(what: str, processes: list[int]) -> Iterator[None]:
    """Print by how much the memory of the process that grew most went up at its highest."""
    before = {process: memory(process, "VmRSS") for process in processes}
    for process in processes:
        Path(f"/proc/{process}/clear_refs").write_text("5")  # the highest is counted anew
    started = time.perf_counter()
    yield
    seconds = time.perf_counter() - started
    grown = max(memory(process, "VmHWM") - before[process] for process in processes)
    verdict = "ok" if grown <= MEMORY_LIMIT else "OVER"
    print(f"{what}: + {grown:.1f} MiB at its highest, {seconds:.1f} s  {verdict}")


def memory(process: int, what: str) -> float:
    """A figure of /proc/PID/status, in mebibytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"There is no {what}.")


if __name__ == "__main__":
    main()
