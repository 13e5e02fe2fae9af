"""What is blacked out by hand, and which files go out with it: through the made package."""

import io
import json
from typing import Any

import pytest
import pyzipper
from django.core.exceptions import ValidationError
from django.utils import timezone

from customers.models import Person
from privacy import package_services
from privacy.models import Package, ProposedRedaction
from privacy.package_drafts import texts_of
from privacy.package_tasks import make_package
from recordings.models import DestroyedBy, Recording, StoredMessage
from recordings.services import destroy, reassign
from tests.builders import a_person, an_interaction
from tests.package_builders import (
    approved,
    as_it_is,
    collected,
    files_of,
    finds_of,
    the_other_registrar,
    working,
)
from tests.recording_builders import a_message, a_recording
from tests.request_builders import the_registrar

pytestmark = pytest.mark.django_db

LETTER = (
    b"Subject: Lasku\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nNaapurini Bruxana soitti"
)


@pytest.fixture
def zetalla() -> Person:
    return a_person("Zetalla", "Qvantelo")


def marked(package: Package, words: str) -> list[str]:
    """Black out words; returns what stands in the places that are blacked out then."""
    with working():
        number = package_services.mark_words(package=package, words=words, by=the_registrar())
        finds = list(ProposedRedaction.objects.filter(package=package, is_accepted=True))
        texts = texts_of(package, {find.pointer for find in finds})
    assert number == len(finds)
    return [texts[find.pointer][find.start : find.stop] for find in finds]


def made(package: Package) -> dict[str, bytes]:
    approved(as_it_is(package))
    make_package(package.pk)
    return files_of(package)


def names_in_zip(files: dict[str, bytes]) -> list[str]:
    if "recordings-1" not in files:
        return []
    with pyzipper.AESZipFile(io.BytesIO(files["recordings-1"])) as archive:
        return sorted(archive.namelist())


def record_in(files: dict[str, bytes], model: str, public_id: Any) -> dict[str, Any]:
    [section] = [one for one in json.loads(files["data-1"])["sections"] if one["model"] == model]
    [record] = [one for one in section["records"] if one["id"] == str(public_id)]
    return dict(record)


def in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


# --- by hand --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Straße 5, Straße 7, Gießen: Wolfgonda soitti.", "wolfgonda", "Wolfgonda"),
        ("Oﬃce ja oﬃcina: Wolfgonda soitti.", "WOLFGONDA", "Wolfgonda"),
        ("Wolfgonda\nXanthippa soitti.", "wolfgonda xanthippa", "Wolfgonda\nXanthippa"),
        ("Wolfgonda \t Xanthippa soitti.", " wolfgonda\nxanthippa ", "Wolfgonda \t Xanthippa"),
        ("Asuu: Straßengracht 7", "STRASSENGRACHT", "Straßengracht"),
        ("Käy (a+)+ täällä", "(a+)+", "(a+)+"),
    ],
    ids=["ß", "ligature", "new line", "spaces", "folded", "signs"],
)
def test_exactly_the_words_are_blacked_out(
    zetalla: Person, text: str, words: str, found: str
) -> None:
    an_interaction(zetalla, "Soitto", text)
    package = collected(zetalla)

    assert set(marked(package, words)) == {found}
    data = made(package)["data-1"].decode()

    assert in_json(found) not in data
    for left in text.split(found):
        assert in_json(left) in data


def test_a_letter_that_is_two_when_folded_is_blacked_out_once(zetalla: Person) -> None:
    an_interaction(zetalla, "Soitto", "ẞ")

    assert "ẞ" in marked(collected(zetalla), "s")


def test_what_was_left_as_it_is_is_blacked_out_by_who_types_it(zetalla: Person) -> None:
    a_person("Bruxana", "Wolframi")
    an_interaction(zetalla, "Soitto", "Bruxana soitti")
    package = collected(zetalla)
    [find] = finds_of(package)
    with working():
        kept = ProposedRedaction.objects.select_related("package__request").get(pk=find.pk)
        package_services.decide(
            find=kept, seen=None, is_accepted=False, everywhere=False, by=the_other_registrar()
        )

    before = timezone.now()
    assert marked(package, "bruxana") == ["Bruxana"]

    [find] = finds_of(package)
    assert (find.is_accepted, find.decided_by_id) == (True, the_registrar().pk)
    assert find.decided_at is not None
    assert find.decided_at >= before
    assert "Bruxana" not in made(package)["data-1"].decode()


def test_nothing_is_typed_and_nothing_is_blacked_out(zetalla: Person) -> None:
    package = collected(zetalla)
    with working(), pytest.raises(ValidationError):
        package_services.mark_words(package=package, words=" \n ", by=the_registrar())


# --- the files ------------------------------------------------------------------------------------


def test_where_a_message_is_blacked_out_its_file_stays_here(zetalla: Person) -> None:
    first = a_message(zetalla, content=LETTER)
    second = a_message(zetalla, content=LETTER.replace(b"Bruxana", b"postinne"))
    package = collected(zetalla)

    assert set(marked(package, "bruxana")) == {"Bruxana"}
    files = made(package)

    assert names_in_zip(files) == [f"storedmessage-{second.public_id}.eml"]
    held_back = record_in(files, "recordings.storedmessage", first.public_id)
    assert "file" not in held_back
    assert held_back["values"]["file"].startswith("Ei anneta")
    assert "soitti" in held_back["values"]["contents"]


def given_to_another(record: Recording | StoredMessage, hers: Person, other: Person) -> None:
    with working():
        reassign(record, hers, other, "Väärä henkilö", the_registrar())


def test_what_turned_out_to_be_anothers_does_not_go_out(zetalla: Person) -> None:
    other = a_person("Bruxana", "Wolframi")
    recording, mail = a_recording(zetalla), a_message(zetalla, content=LETTER, sender="b@t.example")
    stays = a_recording(zetalla)
    package = collected(zetalla)
    assert [one.what for one in finds_of(package)].count("marked") == 1  # the mail's file

    given_to_another(recording, zetalla, other)
    given_to_another(mail, zetalla, other)
    files = made(package)

    assert names_in_zip(files) == [f"recording-{stays.public_id}.wav"]
    for model, record in (("recording", recording), ("storedmessage", mail)):
        held_back = record_in(files, f"recordings.{model}", record.public_id)
        assert list(held_back["values"]) == ["file"]
        assert held_back["values"]["file"].startswith("Ei anneta")
    assert "Naapurini" not in files["data-1"].decode()


def test_what_is_destroyed_during_the_review_does_not_go_out(zetalla: Person) -> None:
    recording = a_recording(zetalla)
    package = collected(zetalla)

    with working():
        destroy(recording, DestroyedBy.ERASURE)
    files = made(package)

    assert names_in_zip(files) == []
    held_back = record_in(files, "recordings.recording", recording.public_id)
    assert list(held_back["values"]) == ["file"]


def test_what_came_into_quarantine_during_the_review_does_not_go_out(zetalla: Person) -> None:
    recording = a_recording(zetalla)
    package = collected(zetalla)

    with working():
        recording.quarantine, recording.quarantined_at = "not_informed", timezone.now()
        recording.informed_at = None
        recording.save()

    assert names_in_zip(made(package)) == []
