"""The unit of work in which something is sealed and written down."""

import io
from collections.abc import Callable

import pytest
from django.db import connection
from psycopg.pq import TransactionStatus

from recordings.ingest.storing import unit_of_work
from recordings.models import SealedFile
from recordings.services import seal


class Watched(io.BytesIO):
    """A file that looks, each time it is read, at what the database's connection is doing."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.seen: set[TransactionStatus] = set()

    def read(self, size: int | None = -1) -> bytes:
        self.seen.add(connection.connection.info.transaction_status)
        return super().read(size)


@pytest.mark.django_db(transaction=True)
def test_a_long_sealing_leaves_no_transaction_idle() -> None:
    connection.ensure_connection()
    source = Watched(bytes(3_000_000))

    with unit_of_work("test"):
        seal(source)

    assert source.seen == {TransactionStatus.IDLE}


def fails_after(step: Callable[[], object]) -> None:
    with unit_of_work("test"):
        step()
        raise RuntimeError("the rest of the work")


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_sealing_leaves_nothing_in_the_database() -> None:
    with pytest.raises(RuntimeError):
        fails_after(lambda: seal(io.BytesIO(b"content")))

    assert SealedFile.objects.count() == 0
