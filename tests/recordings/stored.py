"""What lies in a vault, as somebody with the disk in her hands sees it."""

from pathlib import Path

from recordings.models import SealedFile


def path_of(vault: Path, file: SealedFile) -> Path:
    """Where a file lies in a vault that is a folder."""
    return vault / file.name[:2] / file.name


def names_in(vault: Path) -> set[str]:
    """Every file that lies anywhere in the folder."""
    return {path.name for path in vault.rglob("*") if path.is_file()}


def everything_in(folder: Path) -> bytes:
    """All bytes of all files in a folder, with their names."""
    return b"".join(
        str(path).encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file()
    )
