"""What lies in the file of a request: only what it says it is, sealed, and gone when it must go."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.context import AccessPurpose, access_context
from customers.models import Person
from customers.services.errors import SavedBefore
from privacy.models import RequestAttachment, RequestLetter, RequestTask
from privacy.services import (
    add_task,
    attach,
    finish_task,
    identify,
    send_letter,
    throw_letter_away,
)
from privacy.states import State
from privacy.uploads import MOST_BYTES, media_type_of
from recordings.models import SealedFile
from recordings.services import Destroyed, clear_bytes, remove_bytes, sweep
from recordings.stores import store
from tests.builders import a_person
from tests.log import Trail
from tests.request_builders import (
    a_letter,
    a_paper,
    a_request,
    a_task,
    refused,
    the_registrar,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"IEND", b"")
ZIP = b"PK\x03\x04" + b"\0" * 30


@pytest.fixture
def aino() -> Person:
    return a_person("Aino", "Mallikas")


def working() -> Any:
    return access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST)


# --- what a file is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        ("Hyvä vastaanottaja,\r\n\tpyydän tietoni.\n".encode(), "text/plain"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        ZIP,
        b"MZ\x90\x00" + b"\0" * 60,
        PDF + ZIP,
        PDF[:-7],
        b"\n" + PDF + b"\0",
        PDF.replace(b"/Catalog", b"/Catalog /OpenAction <</S /JavaScript /JS (x)>>"),
        JPEG + ZIP,
        JPEG[:-2],
        PNG + ZIP,
        PNG[:-4],
        PNG[:20] + b"\xff\xff\xff\xff",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><x/>",
        b"text with a NUL \0 in it",
        "ä".encode("latin-1"),
        b"a" * (MOST_BYTES + 1),
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_something_else_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        media_type_of(content)
    assert refused.value.messages


# --- attachments ----------------------------------------------------------------------------------


def test_an_attachment_lies_sealed_in_the_vault(aino: Person) -> None:
    paper = a_paper(a_request(aino), b"Haluan tietoni. Tunnus QX7731.")

    with working():
        paper = RequestAttachment.objects.select_related("file").get(pk=paper.pk)
        assert b"".join(clear_bytes(paper.file)).endswith(b"QX7731.")
        stored = bytearray(10_000)
        read = store().read_into(paper.file.name, 0, memoryview(stored))
        assert read > 30
        assert b"QX7731" not in stored


def test_copies_of_identity_documents_go_at_once_the_key_first(aino: Person) -> None:
    by = the_registrar()
    request = a_request(aino, State.IDENTIFYING)
    copy, letter = a_paper(request, JPEG, is_identity_document=True), a_paper(request)
    with working():
        identify(request=request, method="id_document", by=by)

    with working():
        copy = RequestAttachment.objects.select_related("file").get(pk=copy.pk)
        letter = RequestAttachment.objects.select_related("file").get(pk=letter.pk)
        assert copy.destroyed_at is not None
        assert copy.file.wrapped_key is None
        assert bytes(copy.file.digest) == b""
        with pytest.raises(Destroyed):
            clear_bytes(copy.file)
        assert remove_bytes(copy.file)
        assert letter.destroyed_at is None
        assert letter.file.wrapped_key is not None


def test_no_copy_is_taken_once_it_is_sure_who_asks(aino: Person) -> None:
    with pytest.raises(ValidationError):
        a_paper(a_request(aino, State.IN_PROGRESS), JPEG, is_identity_document=True)


def test_a_refusal_destroys_the_copies_too(aino: Person) -> None:
    request = a_request(aino, State.IDENTIFYING)
    a_paper(request, JPEG, is_identity_document=True)
    refused(request, "unidentified")
    with working():
        assert not RequestAttachment.objects.filter(request=request).identity_documents().exists()


def test_the_same_form_attaches_once(aino: Person) -> None:
    request, key = a_request(aino), uuid4()
    values: dict[str, Any] = {
        "title": "Kirje",
        "is_identity_document": False,
        "by": the_registrar(),
    }
    with working():
        first = attach(request=request, public_id=key, content=PDF, **values)
        again = attach(request=request, public_id=key, content=PDF, **values)
    assert first.pk == again.pk


@pytest.mark.parametrize(
    "other", [{"title": "Valtakirja"}, {"content": JPEG}, {"is_identity_document": True}]
)
def test_the_same_form_with_something_else_in_it_attaches_nothing(
    aino: Person, other: dict[str, Any]
) -> None:
    request = a_request(aino)
    values: dict[str, Any] = {
        "request": request,
        "public_id": uuid4(),
        "title": "Kirje",
        "content": PDF,
        "is_identity_document": False,
        "by": the_registrar(),
    }
    with working():
        attach(**values)
        with pytest.raises(SavedBefore):
            attach(**{**values, **other})
        assert RequestAttachment.objects.filter(request=request).count() == 1


def test_the_sweep_leaves_the_files_of_requests_alone(aino: Person) -> None:
    from datetime import timedelta

    from django.utils import timezone

    paper, letter = a_paper(a_request(aino)), a_letter(a_request(aino))
    long_ago = timezone.now() - timedelta(days=3)
    SealedFile.objects.update(sealed_at=long_ago)

    swept = sweep(job="test")

    assert swept.missing == ()
    assert {paper.file_id, letter.file_id} <= set(SealedFile.objects.values_list("pk", flat=True))


# --- through the pages ----------------------------------------------------------------------------


def send(client: Client, address: str, content: bytes, name: str = "x.pdf", **more: Any) -> Any:
    form = {
        "public_id": str(uuid4()),
        "title": "Kirje",
        "file": SimpleUploadedFile(name, content, content_type="application/x-evil"),
        **more,
    }
    return client.post(f"{address}papers/", form)


def test_a_file_comes_back_as_what_it_is_whatever_it_was_called(
    client_as: Callable[[str], Client], trail: Trail, aino: Person
) -> None:
    client = client_as("registrar")
    request = a_request(aino)
    address = f"/requests/{request.public_id}/"

    assert send(client, address, PNG, "../../evil.html\0").status_code == 302
    with working():
        paper = RequestAttachment.objects.get(request=request)
    response = client.post(f"{address}papers/{paper.public_id}/")

    assert response.content == PNG
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "evil" not in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    assert "export" in trail.actions(aino.public_id)


def test_a_hostile_file_is_answered_with_a_sentence(
    client_as: Callable[[str], Client], aino: Person
) -> None:
    client, request = client_as("registrar"), a_request(aino)
    address = f"/requests/{request.public_id}/"

    for content in (ZIP, PDF + ZIP, b"<html></html>"):
        assert send(client, address, content).status_code == 422
    too_large = send(client, address, b"%PDF-" + b"0" * (12 * 2**20))
    assert too_large.status_code == 422
    assert "10 " in too_large.content.decode()
    with working():
        assert not RequestAttachment.objects.filter(request=request).exists()


def test_the_paper_of_another_request_is_not_there(
    client_as: Callable[[str], Client], aino: Person
) -> None:
    client = client_as("registrar")
    mine, other = a_request(aino), a_request(a_person("Eero", "Toinen"))
    paper, task, letter = a_paper(other), a_task(other), a_letter(other)

    for part in (
        f"papers/{paper.public_id}/",
        f"tasks/{task.public_id}/done/",
        f"letters/{letter.public_id}/",
        f"letters/{letter.public_id}/sent/",
    ):
        assert client.post(f"/requests/{mine.public_id}/{part}").status_code == 404


def test_a_form_sent_again_with_another_file_says_so(
    client_as: Callable[[str], Client], aino: Person
) -> None:
    client, request, key = client_as("registrar"), a_request(aino), str(uuid4())
    address = f"/requests/{request.public_id}/"

    assert send(client, address, PNG, public_id=key).status_code == 302
    assert send(client, address, PNG, public_id=key).status_code == 302
    refused = send(client, address, PDF, public_id=key, title="Toinen kirje")

    assert refused.status_code == 409
    assert "Toinen kirje" in refused.content.decode()


@pytest.mark.parametrize("part", ["papers", "letters"])
def test_a_file_is_handed_out_only_to_who_has_proved_who_she_is(
    client_as: Callable[[str], Client], trail: Trail, aino: Person, part: str
) -> None:
    user = the_registrar("registrar")
    user.set_password("correct horse battery staple")  # who has none has nothing to prove
    user.save()
    client, request = client_as("registrar"), a_request(aino, by=user)
    one = a_paper(request) if part == "papers" else a_letter(request)
    address = f"/requests/{request.public_id}/{part}/{one.public_id}/"

    refused = client.post(address)
    assert refused.status_code == 302
    assert refused.headers["Location"].startswith("/accounts/reauthenticate/")
    assert "export" not in trail.actions(aino.public_id)
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery staple"})

    assert client.post(address).status_code == 200
    assert "export" in trail.actions(aino.public_id)


# --- tasks and letters ----------------------------------------------------------------------------


def test_a_task_is_done_once(aino: Person) -> None:
    one, other = the_registrar("one"), the_registrar("other")
    request = a_request(aino)
    with working():
        task = add_task(request=request, public_id=uuid4(), what="Soita", due_on=None, by=one)
        done = finish_task(task=task, by=one)
        again = finish_task(task=task, by=other)
        assert (again.done_by, again.done_at) == (one, done.done_at)
        assert not RequestTask.objects.filter(request=request).open().exists()
    with working(), pytest.raises(SavedBefore):
        add_task(request=request, public_id=task.public_id, what="Muuta", due_on=None, by=one)


def test_what_went_out_stays_as_it_went(aino: Person) -> None:
    from datetime import timedelta

    from django.db import IntegrityError, connection, transaction
    from django.utils import timezone

    by, today = the_registrar(), timezone.localdate()
    letter = a_letter(a_request(aino))
    with working():
        letter = send_letter(letter=letter, sent_on=today, by=by)
        again = send_letter(letter=letter, sent_on=today, by=by)
    assert again.sent_on == today
    with working(), pytest.raises(ValidationError):
        throw_letter_away(letter=letter, by=by)
    with working(), pytest.raises(ValidationError):
        send_letter(letter=letter, sent_on=today + timedelta(days=1), by=by)
    with working(), connection.cursor() as cursor:
        for change in ("sent_on = NULL", "template = 'answer'", "language = 'sv'"):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(f"UPDATE privacy_requestletter SET {change} WHERE id = {letter.pk}")


def test_a_draft_is_thrown_away_and_cannot_be_opened(aino: Person) -> None:
    by, letter = the_registrar(), a_letter(a_request(aino))
    with working():
        throw_letter_away(letter=letter, by=by)
    with working():
        letter = RequestLetter.objects.select_related("file").get(pk=letter.pk)
        assert letter.file.wrapped_key is None
    with working(), pytest.raises(ValidationError):
        from django.utils import timezone

        send_letter(letter=letter, sent_on=timezone.localdate(), by=by)


def write(client: Client, request: Any, **values: str) -> Any:
    form = {"public_id": str(uuid4()), "template": "receipt", "words": "", **values}
    return client.post(f"/requests/{request.public_id}/letters/", form)


def test_a_letter_sent_again_with_other_words_is_not_written(
    client_as: Callable[[str], Client], aino: Person
) -> None:
    client, key = client_as("registrar"), str(uuid4())
    request, another = a_request(aino), a_request(a_person("Eero", "Toinen"))

    assert write(client, request, public_id=key, words="Ensin.").status_code == 302
    assert write(client, request, public_id=key, words="Ensin.").status_code == 302
    for case in (request, another):
        refused = write(client, case, public_id=key, words="Sitten toisin.")
        assert refused.status_code == 409
        assert "Sitten toisin." in refused.content.decode()
    refused = write(client, another, public_id=key, words="Ensin.")
    assert refused.status_code == 409
    with working():
        assert RequestLetter.objects.count() == 1

    offered = refused.context["letter_form"]["public_id"].value()
    assert offered != key
    assert write(client, another, public_id=offered, words="Ensin.").status_code == 302


def test_the_words_of_a_letter_are_not_kept_beside_it(aino: Person) -> None:
    letter = a_letter(a_request(aino), words="Salainen Sana")

    assert len(letter.wording_digest) == 64
    with working():
        assert "Salainen" not in str(RequestLetter.objects.values().get(pk=letter.pk))


def test_a_letter_is_read_as_pdf(client_as: Callable[[str], Client], aino: Person) -> None:
    from pypdf import PdfReader

    request = a_request(aino)
    letter = a_letter(request)
    response = client_as("registrar").post(
        f"/requests/{request.public_id}/letters/{letter.public_id}/"
    )
    assert request.number in PdfReader(BytesIO(response.content)).pages[0].extract_text()
