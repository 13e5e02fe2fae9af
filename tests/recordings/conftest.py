"""A vault of each test's own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def vault(tmp_path: Path, settings: Any) -> Path:
    """The folder that the site keeps sealed files in, empty at first."""
    folder = tmp_path / "vault"
    settings.RECORDINGS_STORAGE = str(folder)
    return folder
