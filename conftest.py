"""Test processes that end with the one that started them, even when it is killed."""

import os
import signal

import pytest

from dev_processes import die_with


def pytest_addoption(parser: pytest.Parser) -> None:
    """How often the tests of faults kill what they test (benchmarks/faults.py: more often)."""
    parser.addoption("--kills", type=int, default=20)


def pytest_configure(config: pytest.Config) -> None:
    """Tie each parallel worker to the process that hands out the tests."""
    if hasattr(config, "workerinput"):
        die_with(os.getppid(), signal.SIGKILL)
