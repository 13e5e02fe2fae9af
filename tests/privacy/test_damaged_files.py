"""A file in the vault that is not what was sealed: a sentence on the page, and somebody is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from privacy import package_services
from privacy.models import Package, PackageFile
from privacy.package_tasks import make_package
from recordings.models import SealedFile
from recordings.vault import CHUNK, Tampered
from tests.builders import a_person, an_interaction
from tests.package_builders import (
    approved,
    as_it_is,
    collected,
    files_of,
    ready,
    the_other_registrar,
    working,
)
from tests.recording_builders import a_recording
from tests.recordings.stored import path_of
from tests.request_builders import a_letter, a_paper, a_request

pytestmark = pytest.mark.django_db
GONE = 410


@pytest.fixture
def client(client_as: Callable[[str], Client]) -> Client:
    return client_as(the_other_registrar().username)


@contextmanager
def damaged(file: SealedFile, at: int = -1) -> Iterator[None]:
    path = path_of(Path(settings.RECORDINGS_STORAGE), file)
    sealed = path.read_bytes()
    changed = bytearray(sealed)
    changed[at] ^= 1
    path.write_bytes(changed)
    yield
    path.write_bytes(sealed)


def told() -> list[str]:
    """The files of which the registrars are told."""
    jobs = ProcrastinateJob.objects.filter(task_name="recordings.tasks.tell_registrars")
    return [name for args in jobs.values_list("args", flat=True) for name in args["files"]]


def at(package: Package, part: str = "") -> str:
    return f"/requests/{package.request.public_id}/package/{package.public_id}/{part}"


def test_a_paper_and_a_letter(client: Client) -> None:
    request = a_request(a_person())
    paper, letter = a_paper(request), a_letter(request)
    here = f"/requests/{request.public_id}/"
    for kind, one in (("papers", paper), ("letters", letter)):
        with damaged(one.file):
            answer = client.post(f"{here}{kind}/{one.public_id}/", follow=True)
        assert "notice" in answer.content.decode()
        assert told()[-1] == one.file.name
    assert len(told()) == 2


@pytest.mark.parametrize("part", ["review/", "draft/"])
def test_the_draft_of_a_review(client: Client, part: str) -> None:
    person = a_person("Zetalla", "Qvantelo")
    a_person("Bruxana", "Wolframi")
    an_interaction(person, "Soitto", "Bruxana soitti")
    package = collected(person)
    assert package.draft is not None

    with damaged(package.draft):
        shown = client.get(at(package, part))
        typed = client.post(at(package, "draft/"), {"words": "soitti"})

    assert (shown.status_code, typed.status_code) == (GONE, GONE)
    assert "notice-error" in shown.content.decode()
    assert told() == [package.draft.name] * 2


def test_a_file_of_a_package_and_its_password(client: Client) -> None:
    person = a_person()
    a_recording(person)
    package = ready(person)
    with working():
        files = PackageFile.objects.select_related("file").filter(package=package)
        data = files.get(kind=PackageFile.Kind.DATA).file
    assert package.password is not None

    with damaged(data):
        assert client.post(at(package, "files/data/1/")).status_code == GONE
    with damaged(package.password):
        assert client.post(at(package, "password/")).status_code == GONE

    assert told() == [data.name, package.password.name]
    with working():
        assert package_services.password_of(package=as_it_is(package), by=the_other_registrar())


def test_a_later_chunk_breaks_the_download_off(client: Client) -> None:
    person = a_person()
    a_recording(person, content=b"\0" * (2 * CHUNK))
    package = ready(person)
    with working():
        files = PackageFile.objects.select_related("file").filter(package=package)
        archive = files.get(kind=PackageFile.Kind.RECORDINGS).file

    with damaged(archive):
        answer: Any = client.post(at(package, "files/recordings/1/"))
        assert answer.status_code == 200
        with pytest.raises(Tampered):
            list(answer.streaming_content)

    assert told() == [archive.name]


def test_a_recording_that_was_to_go_into_a_package() -> None:
    person = a_person()
    recording = a_recording(person)
    package = approved(collected(person))

    with damaged(recording.file), pytest.raises(Tampered):
        make_package(package.pk)

    assert as_it_is(package).failure == "damaged_file"
    assert files_of(package) == {}
    assert told() == [recording.file.name]
