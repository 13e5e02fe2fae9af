"""Files in ZIPs: her recordings and papers with a password, and tables to take along.

What was sealed is opened chunk by chunk into the archive, which is encrypted (AES-256) before a
byte of it is written: nothing of it lies on a disk in clear.
"""

import secrets
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple

import pyzipper

from privacy.report.collecting import Line
from recordings.models import SealedFile
from recordings.services import Destroyed, clear_bytes

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 5, 5


class Named(NamedTuple):
    """A file in the vault under the name that it has in the archive."""

    key: int
    name: str


def new_password() -> str:
    """A password to be read out or written down: over 120 bits, no letters that look alike."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def files_in(lines: Iterable[Line]) -> Iterator[Named]:
    """The files that go out with a reviewed draft."""
    for line in lines:
        if "file" in line:
            yield Named(line["file"]["key"], line["file"]["name"])


def zipped(files: Iterable[Named], password: str) -> IO[bytes] | None:
    """The files in an archive with a password; None where there are none.

    What is destroyed while the archive is made is left out. Raises Tampered where a file is
    not what was sealed.
    """
    archive = tempfile.TemporaryFile()  # noqa: SIM115  (whoever seals it closes it)
    count = 0
    with pyzipper.AESZipFile(
        archive, "w", compression=pyzipper.ZIP_STORED, encryption=pyzipper.WZ_AES
    ) as book:
        book.setpassword(password.encode())
        for file in files:
            count += _add(book, file)
    if not count:
        archive.close()
        return None
    archive.seek(0)
    return archive


def _add(book: Any, file: Named) -> bool:
    sealed = SealedFile.objects.filter(pk=file.key).first()
    if sealed is None:
        return False
    try:
        chunks = clear_bytes(sealed)
    except Destroyed:
        return False
    with book.open(file.name, "w", force_zip64=True) as entry:
        for chunk in chunks:
            entry.write(chunk)
    return True
