"""What goes out with a package besides the register: who received her data, and her own papers."""

import io
import json

import pytest
import pyzipper

from accounts.models import Recipient
from customers.models import Person
from privacy import package_services
from privacy.package_tasks import make_package
from privacy.services import send_letter, throw_letter_away
from privacy.states import State
from tests.builders import a_person
from tests.disclosing import a_recipient, agreed_to_transfers, disclosed
from tests.package_builders import (
    approved,
    collected,
    files_of,
    ready,
    texts_of_finds,
    working,
)
from tests.privacy.test_packages import records_of, text_of
from tests.recording_builders import a_recording
from tests.request_builders import a_letter, a_paper, a_request, the_registrar

pytestmark = pytest.mark.django_db


@pytest.fixture
def zetalla() -> Person:
    a_person("Bruxana", "Wolframi")
    return a_person("Zetalla", "Qvantelo")


# --- who received her data ------------------------------------------------------------------------


def test_what_was_disclosed_is_reviewed_like_any_text(zetalla: Person) -> None:
    disclosed(zetalla, to=a_recipient(), what="Riita Bruxanan asunnosta")
    package = collected(zetalla)
    assert texts_of_finds(package) == ["Bruxanan"]

    approved(package, accepts=True)
    make_package(package.pk)

    files = files_of(package)
    for content in (files["data-1"].decode(), text_of(files["report-1"])):
        assert "Bruxana" not in content
        assert "Tilitoimisto Malli Oy" in content
        assert "asunnosta" in content


def test_a_recipient_is_told_with_the_country_that_the_data_went_to(zetalla: Person) -> None:
    recipient = a_recipient()
    disclosed(zetalla, to=recipient)
    agreed_to_transfers(zetalla)
    disclosed(zetalla, to=a_recipient("Malli Ltd", "IN"), transfer_tool="clauses")
    Recipient.objects.filter(pk=recipient.pk).update(country="SE")

    data = json.loads(files_of(ready(zetalla))["data-1"])

    assert {one["name"]: one["country"] for one in data["recipients"]} == {
        "Tilitoimisto Malli Oy": "FI",
        "Malli Ltd": "IN",
    }


# --- her papers -----------------------------------------------------------------------------------


def in_zip(files: dict[str, bytes], password: str) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(files["recordings-1"])) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def test_her_letters_and_papers_go_out_and_no_name_in_the_vault(zetalla: Person) -> None:
    request = a_request(zetalla, State.IN_PROGRESS)
    paper, letter = a_paper(request), a_letter(request)
    away = a_letter(request, words="Luonnos")
    with working():
        throw_letter_away(letter=away, by=the_registrar())
        send_letter(letter=letter, sent_on=request.received_on, by=the_registrar())

    package = ready(request=request)

    files = files_of(package)
    with working():
        password = package_services.password_of(package=package, by=the_registrar())
    assert set(in_zip(files, password)) == {
        f"requestattachment-{paper.public_id}.txt",
        f"requestletter-{letter.public_id}.pdf",
    }
    data = files["data-1"].decode()
    for record in (paper, letter, away):
        assert record.file.name not in data
    assert package.draft is not None
    assert package.draft.name not in data
    assert json.dumps("Kirje") in data


@pytest.mark.parametrize("accepts", [True, False])
def test_a_paper_goes_out_only_where_that_is_decided(zetalla: Person, accepts: bool) -> None:
    request = a_request(zetalla, State.IN_PROGRESS)
    paper = a_paper(request, b"Bruxanan valtakirja")
    package = collected(request=request)
    assert texts_of_finds(package) == [f"requestattachment-{paper.public_id}.txt"]

    approved(package, accepts=accepts)
    make_package(package.pk)

    assert ("recordings-1" in files_of(package)) is not accepts


def test_a_letter_that_did_not_go_out_is_asked_about(zetalla: Person) -> None:
    request = a_request(zetalla, State.IN_PROGRESS)
    draft, sent = a_letter(request), a_letter(request, words="Toinen")
    with working():
        send_letter(letter=sent, sent_on=request.received_on, by=the_registrar())

    assert texts_of_finds(collected(request=request)) == [f"requestletter-{draft.public_id}.pdf"]


def test_a_recording_goes_out_where_the_number_of_its_call_is_blacked_out(zetalla: Person) -> None:
    recording = a_recording(zetalla, caller_number="+358400000022")
    package = collected(zetalla)
    assert texts_of_finds(package) == ["+358400000022"]

    approved(package, accepts=True)
    make_package(package.pk)

    files = files_of(package)
    [record] = records_of(files["data-1"], "recordings.recording")
    assert record["file"] == f"recording-{recording.public_id}.wav"
    assert "0000022" not in files["data-1"].decode()
    assert "recordings-1" in files


# --- whom it is for -------------------------------------------------------------------------------


def test_a_package_is_addressed_to_who_acts_for_her(zetalla: Person) -> None:
    request = a_request(
        zetalla, State.IN_PROGRESS, representative="Edunvalvoja Esimerkki", authorisation="Päätös"
    )
    a_letter(request)

    assert "Edunvalvoja Esimerkki" in text_of(files_of(ready(request=request))["report-1"])
