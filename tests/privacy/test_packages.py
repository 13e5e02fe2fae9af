"""Packages from asking to destroying: all is reviewed, and what was killed ends the same."""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import pyzipper
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader

from privacy import package_services
from privacy.models import Package, PackageFile, ProposedRedaction, StaffNamesDecision
from privacy.package_tasks import (
    begin,
    collect_package,
    destroy_packages,
    make_package,
    take_up_packages,
)
from privacy.report import json_file
from privacy.states import State
from recordings.models import SealedFile
from recordings.vault import Tampered
from tests.builders import a_person, a_private_customer, an_interaction, restricted
from tests.contract_builders import a_contract, a_subscription
from tests.package_builders import (
    approve_as_it_is,
    approved,
    as_it_is,
    asked_for,
    collected,
    files_of,
    finds_of,
    ready,
    the_other_registrar,
    working,
)
from tests.recording_builders import SOUND, a_message, a_recording
from tests.recordings.stored import path_of
from tests.records import a_record
from tests.request_builders import a_request, the_registrar

pytestmark = pytest.mark.django_db
Status = Package.Status


def text_of(pdf: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return re.sub(r"[\s\u200b\u00ad]+", " ", " ".join(pages))


def records_of(data: bytes, model: str) -> list[dict[str, Any]]:
    for section in json.loads(data)["sections"]:
        if section["model"] == model:
            return [record["values"] for record in section["records"]]
    return []


# --- what is made ---------------------------------------------------------------------------------


def test_a_package_is_collected_reviewed_approved_and_made() -> None:
    person = a_person("Zetalla", "Qvantelo", phones=["040 000 0011"])
    an_interaction(person, "Liittymän vika", "Yhteys katkeili")
    recording = a_recording(person)

    package = ready(person)

    assert package.status == Status.READY
    files = files_of(package)
    assert set(files) == {"report-1", "data-1", "recordings-1"}
    json_file.check("", json.loads(files["data-1"]))
    reader = PdfReader(io.BytesIO(files["report-1"]))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fi")
    text = text_of(files["report-1"])
    assert "Zetalla" in text
    assert "Yhteys katkeili" in text
    with working():
        password = package_services.password_of(package=package, by=the_registrar())
    with pyzipper.AESZipFile(io.BytesIO(files["recordings-1"])) as archive:
        name = f"recording-{recording.public_id}.wav"
        assert name in archive.namelist()
        with pytest.raises(RuntimeError):
            archive.read(name)
        archive.setpassword(password.encode())
        assert archive.read(name) == SOUND


def with_a_password() -> Package:
    person = a_person()
    a_recording(person)
    return ready(person)


def test_the_password_can_be_seen_until_it_is_written_down() -> None:
    package = with_a_password()

    with working():
        first = package_services.password_of(package=package, by=the_registrar())
        again = package_services.password_of(package=package, by=the_other_registrar())
        for _ in range(2):
            package_services.password_written_down(package=package, by=the_registrar())
        with pytest.raises(ValidationError):
            package_services.password_of(package=as_it_is(package), by=the_registrar())

    assert first == again


def test_the_password_goes_when_the_package_goes_out() -> None:
    package = with_a_password()

    with working():
        package_services.note_sent(package=package, by=the_registrar())

    assert package.password is not None
    assert SealedFile.objects.get(pk=package.password.pk).key is None


def test_a_restricted_person_gets_her_package() -> None:
    person = a_person()
    restricted(person)

    assert ready(person).status == Status.READY


def test_staff_are_named_only_while_the_newest_decision_says_so() -> None:
    person = a_person("Zetalla", "Qvantelo")
    request = a_request(person, State.IN_PROGRESS)
    looker = the_other_registrar()
    looker.given_name, looker.family_name = "Katsoja", "Kurkistaja"
    looker.save()
    for names_staff in (True, False):
        with working() as context:
            context.actor_id = looker.pk
            StaffNamesDecision.objects.create(
                request=request, names_staff=names_staff, weighing="Punnittu", decided_by=looker
            )
            type(person).objects.get(pk=person.pk)
        package = ready(request=request)
        assert ("Kurkistaja" in files_of(package)["data-1"].decode()) is names_staff
        with working():
            package_services.note_sent(package=package, by=looker)


def test_what_she_takes_along_is_what_she_gave_on_consent_or_contract() -> None:
    person = a_person("=Zetalla", "Qvantelo")
    a_private_customer(person)
    a_record("consents.marketingchoice", person)
    a_record("customers.restriction", person)

    files = files_of(ready(person, contents=Package.Contents.PORTABLE))

    assert set(files) == {"portable_json-1", "portable_csv-1"}
    json_file.check("", json.loads(files["portable_json-1"]))
    sections = {one["model"]: one for one in json.loads(files["portable_json-1"])["sections"]}
    assert {"customers.person", "consents.marketingchoice"} <= set(sections)
    assert "contracts.customersummary" not in sections
    assert "audit.logentry" not in sections
    assert all(column["provided"] for one in sections.values() for column in one["columns"])
    with ZipFile(io.BytesIO(files["portable_csv-1"])) as archive:
        table = archive.read("customers.person.csv").decode("utf-8-sig")
    assert table.splitlines()[1].startswith("'=Zetalla;Qvantelo")


def test_a_user_of_a_service_gets_nothing_of_its_owner() -> None:
    owner, user = a_person("Bruxana", "Wolframi"), a_person("Zetalla", "Qvantelo")
    contract = a_contract(a_private_customer(owner), signed_by=owner)
    a_subscription(contract, user=user, identifier="+358400000033")

    files = files_of(ready(user))

    assert "+358400000033" in files["data-1"].decode()
    for content in (files["data-1"].decode(), text_of(files["report-1"])):
        assert "Bruxana" not in content
        assert "Wolframi" not in content


def test_a_person_without_data_but_her_own_name_gets_a_report_too() -> None:
    assert "Zetalla" in text_of(files_of(ready(a_person("Zetalla", "Qvantelo")))["report-1"])


def test_the_statements_do_not_grow_with_the_history() -> None:
    counts = []
    for length in (3, 30):
        person = a_person("Zetalla", f"Qvantelo{length}")
        for number in range(length):
            an_interaction(person, f"Vika {number}", "Yhteys katkeili")
        package = asked_for(person)
        with CaptureQueriesContext(connection) as queries:
            collect_package(package.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- other people ---------------------------------------------------------------------------------


def test_others_are_proposed_and_what_is_accepted_does_not_go_out() -> None:
    person = a_person("Zetalla", "Qvantelo", phones=["040 000 0011"], emails=["z@posti.example"])
    a_person("Bruxana", "Wolframinen")
    an_interaction(
        person,
        "Soitto",
        "Zetalla (040 000 0011) pyysi soittamaan Bruxanalle numeroon 040 000 0022, "
        "bruxana@toinen.example, Keksittykatu 12 A 3.",
    )

    package = collected(person)

    found = {find.what for find in finds_of(package)}
    assert found == {"name", "phone", "email", "address"}
    approved(package, accepts=True)
    make_package(package.pk)
    files = files_of(package)
    for content in (files["data-1"].decode(), text_of(files["report-1"])):
        for withheld in ("Bruxana", "0000022", "000 0022", "toinen.example", "Keksittykatu"):
            assert withheld not in content
        assert "040 000 0011" in content
        assert "[peitetty]" in content or "[withheld]" in content


def test_what_is_kept_goes_out_as_it_is() -> None:
    person = a_person("Zetalla", "Qvantelo")
    a_person("Bruxana", "Wolframi")
    an_interaction(person, "Soitto", "Bruxana on yrityksen nimi")

    assert "Bruxana on yrityksen nimi" in files_of(ready(person))["data-1"].decode()


@pytest.mark.parametrize("accepts", [True, False])
def test_a_recording_of_two_goes_out_only_where_that_is_decided(accepts: bool) -> None:
    person, other = a_person("Zetalla", "Qvantelo"), a_person("Bruxana", "Wolframi")
    a_recording(person, other)

    files = files_of(ready(person, accepts=accepts))

    assert ("recordings-1" in files) is not accepts


def test_a_message_is_read_for_other_people_and_its_file_asked_about() -> None:
    person = a_person("Zetalla", "Qvantelo")
    a_person("Bruxana", "Wolframi")
    content = "Subject: Lasku\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nTerveisin Bruxana"
    a_message(person, content=content.encode(), sender="z@posti.example")

    package = collected(person)

    whats = [find.what for find in finds_of(package)]
    assert whats.count("marked") == 1
    assert "name" in whats
    approved(package, accepts=True)
    make_package(package.pk)
    assert "Bruxana" not in files_of(package)["data-1"].decode()


def test_words_are_blacked_out_by_hand_wherever_they_stand() -> None:
    person = a_person("Zetalla", "Qvantelo")
    an_interaction(person, "Naapuri soitti", "Sama naapuri soitti taas")
    package = collected(person)

    with working():
        marked = package_services.mark_words(package=package, words="naapuri", by=the_registrar())
        with pytest.raises(ValidationError):
            package_services.mark_words(package=package, words="ei missään", by=the_registrar())

    assert marked == 2
    approved(as_it_is(package))
    make_package(package.pk)
    assert "naapuri" not in files_of(package)["data-1"].decode().casefold()


def test_the_same_words_are_decided_everywhere_at_once() -> None:
    person = a_person("Zetalla", "Qvantelo")
    a_person("Bruxana", "Wolframi")
    for number in range(3):
        an_interaction(person, f"Soitto {number}", "Bruxana soitti")
    package = collected(person)
    first = finds_of(package)[0]

    with working():
        find = ProposedRedaction.objects.select_related("package__request").get(pk=first.pk)
        decided = package_services.decide(
            find=find, seen=None, is_accepted=True, everywhere=True, by=the_registrar()
        )

    assert decided == 3
    assert all(find.is_accepted for find in finds_of(package))


# --- nothing goes out unreviewed ------------------------------------------------------------------


def a_package_with_a_find() -> Package:
    person = a_person("Zetalla", "Qvantelo")
    a_person("Bruxana", "Wolframi")
    an_interaction(person, "Soitto", "Bruxana soitti")
    return collected(person)


def test_nothing_is_approved_with_an_open_find() -> None:
    package = a_package_with_a_find()

    with working(), pytest.raises(ValidationError):
        approve_as_it_is(package, by=the_other_registrar())
    with working(), transaction.atomic():
        package.approved_by, package.approved_at = the_other_registrar(), timezone.now()
        with pytest.raises(IntegrityError), transaction.atomic():
            package.save()


def test_who_asked_does_not_approve(settings: Any) -> None:
    package = collected(a_person())

    with working(), pytest.raises(ValidationError):
        approve_as_it_is(package, by=the_registrar())
    with working():
        package.approved_by, package.approved_at = the_registrar(), timezone.now()
        with pytest.raises(IntegrityError), transaction.atomic():
            package.save()
    settings.PACKAGE_SECOND_PERSON = False
    alone = collected(a_person("Toinen"))
    with working():
        approved_alone = approve_as_it_is(alone, by=the_registrar())
    assert approved_alone.status == Status.MAKING


def test_no_status_that_goes_out_comes_before_the_approval() -> None:
    package = collected(a_person())
    for status in (Status.MAKING, Status.READY, Status.SENT):
        with working():
            package.status, package.sent_at = status, timezone.now()
            with pytest.raises(IntegrityError), transaction.atomic():
                package.save()


def test_what_was_decided_stays_after_the_approval() -> None:
    package = approved(a_package_with_a_find())
    [find] = finds_of(package)

    with working():
        find.is_accepted = not find.is_accepted
        with pytest.raises(IntegrityError), transaction.atomic():
            find.save()
    with working(), pytest.raises(ValidationError):
        package_services.mark_words(package=package, words="soitti", by=the_registrar())


def test_who_decides_otherwise_meanwhile_is_told() -> None:
    package = a_package_with_a_find()
    [first] = finds_of(package)
    with working():
        find = ProposedRedaction.objects.select_related("package__request").get(pk=first.pk)
        package_services.decide(
            find=find, seen=None, is_accepted=True, everywhere=False, by=the_registrar()
        )
        with pytest.raises(package_services.DecidedMeanwhile):
            package_services.decide(
                find=find, seen=None, is_accepted=False, everywhere=False, by=the_other_registrar()
            )
    assert [find.is_accepted for find in finds_of(package)] == [True]


# --- failures, and the end ------------------------------------------------------------------------


def test_a_damaged_file_fails_the_package_and_says_so(settings: Any) -> None:
    person = a_person()
    recording = a_recording(person)
    package = approved(collected(person))
    path = path_of(Path(settings.RECORDINGS_STORAGE), recording.file)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))

    with pytest.raises(Tampered):
        make_package(package.pk)

    failed = as_it_is(package)
    assert (failed.status, failed.failure) == (Status.FAILED, "damaged_file")
    assert files_of(package) == {}
    path.write_bytes(sealed)
    with working():
        package_services.try_again(package=failed, by=the_registrar())
    make_package(package.pk)
    assert as_it_is(package).status == Status.READY


def test_what_a_killed_worker_left_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    package = asked_for(a_person())
    assert take_up_packages(timestamp=0) == 0
    assert queued() == []

    monkeypatch.setattr("privacy.package_tasks.SILENT", timedelta(0))
    assert take_up_packages(timestamp=0) == 1

    assert queued() == [{"package_id": package.pk}]


def queued() -> list[dict[str, int]]:
    jobs = ProcrastinateJob.objects.filter(task_name="privacy.package_tasks.collect_package")
    return list(jobs.values_list("args", flat=True))


def test_a_finished_package_is_not_made_twice() -> None:
    package = ready(a_person())
    files = files_of(package)

    assert collect_package(package.pk) == make_package(package.pk) == 0

    assert files_of(package) == files


def test_the_files_are_destroyed_when_their_term_is_over() -> None:
    person = a_person()
    a_recording(person)
    package = ready(person)
    with working():
        sealed = [
            one.file for one in PackageFile.objects.filter(package=package).select_related("file")
        ]
        package.expires_on = timezone.localdate()
        package.save()

    assert destroy_packages(timestamp=0) == 1
    assert destroy_packages(timestamp=0) == 0

    destroyed = as_it_is(package)
    assert (destroyed.status, destroyed.destroyed_at is not None) == (Status.DESTROYED, True)
    assert destroyed.draft is not None
    assert destroyed.password is not None
    gone = [*sealed, destroyed.draft, destroyed.password]
    for file in SealedFile.objects.filter(pk__in=[one.pk for one in gone]):
        assert file.wrapped_key is None
        assert bytes(file.digest) == b""


def test_jobs_hold_nothing_but_the_number_of_the_package() -> None:
    package = asked_for(a_person())
    begin(package)

    assert queued() == [{"package_id": package.pk}]


# --- discarding -----------------------------------------------------------------------------------


def discarded(package: Package, because: str = "Väärä kieli") -> Package:
    with working():
        package_services.discard(package=package, because=because, by=the_registrar())
    return as_it_is(package)


def a_failed_package() -> Package:
    package = asked_for(a_person())
    with working():
        package.status, package.failure = Status.FAILED, "database"
        package.save()
    return package


@pytest.mark.parametrize("made", [a_package_with_a_find, with_a_password, a_failed_package])
def test_what_is_discarded_is_destroyed_and_another_can_be_asked_for(
    made: Callable[[], Package],
) -> None:
    package = made()
    with working():
        files = PackageFile.objects.filter(package=package).values_list("file", flat=True)
        sealed = [key for key in (*files, package.draft_id, package.password_id) if key]

    gone = discarded(package)

    assert (gone.status, gone.discarded_because) == (Status.DESTROYED, "Väärä kieli")
    assert gone.discarded_by_id == the_registrar().pk
    assert not SealedFile.objects.with_key().filter(pk__in=sealed).exists()
    assert asked_for(request=package.request).pk != package.pk


def test_what_is_at_work_or_went_out_is_not_discarded() -> None:
    at_work, made = asked_for(a_person()), ready(a_person("Toinen"))
    with working():
        package_services.note_sent(package=made, by=the_registrar())

    for package in (at_work, made):
        with pytest.raises(ValidationError):
            discarded(package)
        assert as_it_is(package).destroyed_at is None


def test_nothing_is_discarded_without_a_reason() -> None:
    package = collected(a_person())

    with pytest.raises(ValidationError):
        discarded(package, because="")

    kept = as_it_is(package)
    assert kept.status == Status.REVIEW
    assert kept.draft is not None
    assert kept.draft.key is not None


def test_what_was_decided_after_the_look_is_not_approved_with_it() -> None:
    package = a_package_with_a_find()
    [first] = finds_of(package)
    with working():
        find = ProposedRedaction.objects.select_related("package__request").get(pk=first.pk)
        decide = partial(package_services.decide, find=find, everywhere=False, by=the_registrar())
        decide(seen=None, is_accepted=True)
        seen = ProposedRedaction.objects.filter(package=package).decided_digest()
        decide(seen=True, is_accepted=False)
        with pytest.raises(ValidationError) as refused:
            package_services.approve(package=package, seen=seen, by=the_other_registrar())

    assert refused.value.code == package_services.REVIEWED_ANEW
    assert as_it_is(package).status == Status.REVIEW
