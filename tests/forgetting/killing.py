"""The nightly run in a process of its own that is killed at a moment of its work, or is not.

The moments are the statements that it sends, before or after, and each time that it opens the
ledger: between any two of them nothing leaves the process.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, connections

from privacy.forgetting.runs import apply_retention
from tests.database import begin_as_a_child

NEVER = 10**9


class Moments:
    """Counts the moments, and kills the process at one of them."""

    def __init__(self, last: int, *, is_done: bool) -> None:
        self.last, self.is_done, self.count = last, is_done, 0

    def statement(self, execute: Callable[..., Any], *given: Any) -> Any:
        if not self.is_done:
            self._pass()
        found = execute(*given)
        if self.is_done:
            self._pass()
        return found

    def event(self, name: str, given: Any) -> None:
        if name == "open" and str(given[0]) == settings.ERASURE_LEDGER:
            self._pass()

    def _pass(self) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def begin(as_of: date, *, last: int = NEVER, is_done: bool = False) -> int:
    """Start a run in a child process; returns the child's number."""
    connections.close_all()  # what is open must not be shared
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        begin_as_a_child()
        moments = Moments(last, is_done=is_done)
        sys.addaudithook(moments.event)
        with connection.execute_wrapper(moments.statement):
            apply_retention(as_of=as_of, job="test")
        status = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def ended(child: int) -> bool:
    """Wait for the child; whether it came to its end, and was not killed. It must not fail."""
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status == 0
