"""A vault of each test's own, and how a test works on what lies in it."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from audit.context import AccessContext, AccessPurpose, access_context


@pytest.fixture(autouse=True)
def vault(tmp_path: Path, settings: Any) -> Path:
    """The folder that the site keeps sealed files in, empty at first."""
    folder = tmp_path / "vault"
    settings.RECORDINGS_STORAGE = str(folder)
    settings.RECORDINGS_KEYS = {1: os.urandom(32)}
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A drop folder, private and empty."""
    made = tmp_path / "drop"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def working() -> Callable[[], AbstractContextManager[AccessContext]]:
    """Opens a unit of work."""
    return lambda: access_context(job="test", purpose=AccessPurpose.RETENTION)
