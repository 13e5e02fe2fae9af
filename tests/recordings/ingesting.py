"""Running the ingest commands, and looking at what came of it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from audit.context import AccessContext, AccessPurpose, access_context, activate
from recordings.models import DestroyedBy, Recording, StoredMessage
from recordings.services import clear_bytes, destroy


def ingest(folder: Path, *options: str, command: str = "ingest_recordings") -> str:
    """Run the command; returns what it said. Problems are an error."""
    said = StringIO()
    with override("en"):
        call_command(command, str(folder), *options, stdout=said, stderr=said)
    return said.getvalue()


def problems(folder: Path, command: str = "ingest_recordings") -> str:
    """Run the command, which finds problems; returns what it said."""
    said = StringIO()
    with override("en"), pytest.raises(CommandError, match="Problems"):
        call_command(command, str(folder), stdout=said, stderr=said)
    return said.getvalue()


def kept() -> list[Recording]:
    """Every recording there is, as a test sees it."""
    with activate(AccessContext(purpose=AccessPurpose.LOG_CONTROL)):
        return list(Recording.objects.select_related("file").order_by("external_id"))


def messages() -> list[StoredMessage]:
    """Every message there is, as a test sees it."""
    with activate(AccessContext(purpose=AccessPurpose.LOG_CONTROL)):
        return list(StoredMessage.objects.select_related("file").order_by("id"))


def concerned(record: Recording | StoredMessage) -> list[int]:
    """The keys of whom it concerns."""
    with activate(AccessContext(purpose=AccessPurpose.LOG_CONTROL)):
        return list(record.concerns.order_by("id").values_list("person", flat=True))


def content_of(record: Recording | StoredMessage) -> bytes:
    """What was sealed."""
    return b"".join(clear_bytes(record.file))


def destroy_now(recording: Recording) -> None:
    """Destroy what is past its day."""
    with access_context(job="test", purpose=AccessPurpose.RETENTION):
        destroy(recording, DestroyedBy.RETENTION)
