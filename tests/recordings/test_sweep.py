"""The sweep: store and database agree afterwards, or the registrars are told."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from recordings.models import SealedFile
from recordings.services import sweep
from recordings.services.sweeping import MOST_ORPHANS
from recordings.tasks import sweep_vault, tell_registrars
from tests.builders import a_person
from tests.recording_builders import a_message, a_recording
from tests.recordings.stored import names_in, path_of

pytestmark = pytest.mark.django_db


def made_old(path: Path) -> Path:
    """The file, as if it were of the day before yesterday."""
    then = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(path, (then, then))
    return path


def an_orphan(vault: Path, ending: str = "") -> Path:
    name = uuid4().hex
    path = vault / name[:2] / f"{name}{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sealed, but nobody has its key")
    return path


def jobs(task: str) -> list[dict[str, Any]]:
    found = ProcrastinateJob.objects.filter(task_name=f"recordings.tasks.{task}")
    return list(found.values_list("args", flat=True))


def test_what_failed_sealings_left_goes_after_a_day(vault: Path) -> None:
    record, message = a_recording(a_person()), a_message()
    for old in (an_orphan(vault), an_orphan(vault), an_orphan(vault, ".part")):
        made_old(old)
    young = an_orphan(vault), an_orphan(vault, ".part")
    for kept in (record, message):
        made_old(path_of(vault, kept.file))

    swept = sweep(job="test")

    assert (swept.orphans, swept.unfinished, swept.missing) == (2, 1, ())
    assert names_in(vault) == {
        *(record.file.name, message.file.name),
        *(path.name for path in young),
    }


def test_a_file_that_nothing_came_to_refer_to_goes_with_its_key(vault: Path) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    unused = [
        SealedFile.objects.create(
            size=0, digest=b"", key_version=1, wrapped_key=b"key", sealed_at=sealed_at
        )
        for sealed_at in (long_ago, timezone.now())
    ]
    for file in unused:
        path = path_of(vault, file)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"sealed")
        made_old(path)

    assert sweep(job="test").orphans == 1

    assert list(SealedFile.objects.all()) == unused[1:]
    assert names_in(vault) == {unused[1].name}


def test_bytes_that_the_job_did_not_remove_are_removed(vault: Path) -> None:
    record = a_recording()
    record.file.forget_key()

    swept = sweep(job="test")

    assert (swept.removed, swept.orphans, swept.missing) == (1, 0, ())
    assert names_in(vault) == set()


def test_a_file_that_is_missing_is_told_to_the_registrars_without_naming_anybody(
    vault: Path, staff: Any
) -> None:
    registrar = staff("registrar")
    registrar.email = "rekisteri@praecom.example"
    registrar.save()
    person = a_person("Qvantelo", "Xiruva")
    missing, _there = a_recording(person), a_recording(person)
    path_of(vault, missing.file).unlink()

    assert sweep_vault(timestamp=0) == 1

    (args,) = jobs("tell_registrars")
    assert args == {"alert": "missing", "count": 1, "files": [missing.file.name]}
    assert tell_registrars(**args) == 1
    (sent,) = mail.outbox
    assert sent.to == ["rekisteri@praecom.example"]
    assert missing.file.name in sent.body
    assert not {"Qvantelo", "Xiruva", str(person.public_id), "+358400001234"} & set(
        f"{sent.subject} {sent.body}".split()
    )


def test_where_all_agrees_nobody_is_told() -> None:
    a_recording(a_person())

    assert sweep_vault(timestamp=0) == 0

    assert jobs("tell_registrars") == []


def test_a_store_full_of_unknown_files_is_another_registers_and_nothing_is_removed(
    vault: Path,
) -> None:
    for _ in range(MOST_ORPHANS + 1):
        made_old(an_orphan(vault))

    assert sweep_vault(timestamp=0) == MOST_ORPHANS + 1

    assert len(names_in(vault)) == MOST_ORPHANS + 1
    (args,) = jobs("tell_registrars")
    assert args["alert"] == "many orphans"
    assert tell_registrars(**args) == 0
