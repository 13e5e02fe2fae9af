"""Child processes of `dev.py`: a line of progress for each, and none that outlives its parent.

A parent that is killed cannot end its children, so on Linux the kernel does (`PR_SET_PDEATHSIG`).
"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

Environment = dict[str, str]

_ROOT = Path(__file__).resolve().parent
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def dying_with_parent(signal_number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` that makes a child get the signal when this process dies.

    The signal follows the thread that forks: call it from the main thread.
    """
    parent = os.getpid()
    return lambda: die_with(parent, signal_number)


def die_with(parent: int, signal_number: signal.Signals) -> None:
    """Make this process get the signal when its parent dies (on Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)


@contextmanager
def step(label: str) -> Iterator[None]:
    """Print a line of progress: what is being done, then how long it took."""
    started = time.monotonic()
    print(f"{label} … ", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        print("failed", file=sys.stderr, flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def start(
    command: list[Any], environment: Environment | None, on_death: signal.Signals, **options: Any
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: Ctrl-C reaches us alone, and we end our children."""
    return subprocess.Popen(
        command,
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dying_with_parent(on_death),
        **options,
    )


def end(*processes: subprocess.Popen[bytes]) -> None:
    """End children politely, then whatever is left of their process groups at once."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + 5
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def attempt(label: str, command: list[Any], environment: Environment | None = None) -> str | None:
    """Run one step, with a dot every few seconds; returns what it printed if it failed."""
    with tempfile.TemporaryFile() as output:
        try:
            with step(label):
                process = start(
                    command, environment, signal.SIGKILL, stdout=output, stderr=subprocess.STDOUT
                )
                try:
                    while not ended_within(process, seconds=5):
                        print(".", end="", file=sys.stderr, flush=True)
                finally:
                    end(process)
                if process.returncode != 0:
                    raise ChildProcessError
        except ChildProcessError:
            output.seek(0)
            return output.read().decode(errors="replace").rstrip()
    return None


def must(label: str, command: list[Any], environment: Environment | None = None) -> None:
    """Run one step; if it fails, show what it printed and stop."""
    complaint = attempt(label, command, environment)
    if complaint is not None:
        sys.exit(complaint or "It ended without a word.")


def ended_within(process: subprocess.Popen[bytes], *, seconds: float) -> bool:
    """Wait a little; says whether the process has ended."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def in_foreground(command: list[Any], environment: Environment) -> int:
    """Run a command with our own terminal, input and output; returns its exit code."""
    process = subprocess.Popen(
        command, cwd=_ROOT, env=environment, preexec_fn=dying_with_parent(signal.SIGTERM)
    )

    def interrupt(*_: object) -> None:
        if not sys.stdin.isatty():  # a terminal has told the child already
            process.send_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
        process.terminate()
        if not ended_within(process, seconds=10):
            process.kill()
            process.wait()
    return code if code >= 0 else 128 - code


def leave(signal_number: int, _: object) -> None:
    """Turn a signal into an orderly exit, through every `finally`."""
    raise SystemExit(128 + signal_number)
