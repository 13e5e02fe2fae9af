"""The pages of packages: what the registrar sees, presses and is told."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from audit.log import Action
from privacy.models import Package, StaffNamesDecision
from privacy.package_tasks import collect_package, make_package
from privacy.states import State
from tests.builders import a_person, an_interaction
from tests.log import Trail
from tests.package_builders import (
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
from tests.recording_builders import a_recording
from tests.request_builders import a_paper, a_request, the_registrar

pytestmark = pytest.mark.django_db
Status = Package.Status
PASSWORD = "correct horse battery staple"


def at(package: Package, part: str = "") -> str:
    return f"/requests/{package.request.public_id}/package/{package.public_id}/{part}"


def with_a_find() -> Package:
    person = a_person("Zetalla", "Qvantelo")
    a_person("Bruxana", "Wolframi")
    an_interaction(person, "Soitto", "Eilen Bruxana soitti laskusta")
    return collected(person)


@pytest.fixture
def registrar(client_as: Any) -> Any:
    user = the_registrar()
    user.set_password(PASSWORD)  # who has none has nothing to prove
    user.save()
    return client_as("registrar")


@pytest.fixture
def other(client_as: Any) -> Any:
    """The second pair of eyes."""
    return client_as(the_other_registrar().username)


def seen_by(client: Any, package: Package) -> dict[str, str]:
    """The approval's form as somebody sees it."""
    page = client.get(at(package)).content.decode()
    return dict(re.findall(r'name="(seen)" value="(\w+)"', page))


def proved(client: Any) -> Any:
    """Somebody who has just proved who she is."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_a_package_is_asked_for_on_the_case_once(registrar: Any) -> None:
    case = a_request(a_person(), State.IN_PROGRESS)
    address = f"/requests/{case.public_id}/"
    assert 'name="contents"' in registrar.get(address).content.decode()
    form = {"public_id": str(uuid4()), "contents": "access"}

    first = registrar.post(f"{address}package/", form)
    again = registrar.post(f"{address}package/", form)

    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    with working():
        assert Package.objects.count() == 1
    assert "progress" in registrar.get(first.url).content.decode()


def test_a_second_package_of_the_same_kind_waits_for_the_first(registrar: Any) -> None:
    package = asked_for(a_person())
    form = {"public_id": str(uuid4()), "contents": "access"}

    answer = registrar.post(f"/requests/{package.request.public_id}/package/", form, follow=True)

    assert answer.status_code == 200
    with working():
        assert Package.objects.count() == 1


def test_nobody_gets_a_package_before_it_is_sure_who_asks(registrar: Any) -> None:
    case = a_request(a_person(), State.RECEIVED)

    registrar.post(
        f"/requests/{case.public_id}/package/",
        {"public_id": str(uuid4()), "contents": "access"},
    )

    with working():
        assert not Package.objects.exists()


def test_a_find_is_shown_with_the_text_around_it_and_decided(registrar: Any) -> None:
    package = with_a_find()
    [find] = finds_of(package)

    page = registrar.get(at(package, "review/")).content.decode()
    assert '<mark class="find-this" data-find>Bruxana</mark>' in page
    assert "Eilen" in page
    assert "soitti laskusta" in page
    answer = registrar.post(
        at(package, "review/"), {"find": find.pk, "seen": "", "accepted": "yes"}, follow=True
    )

    assert "data-find" not in answer.content.decode()
    assert [one.is_accepted for one in finds_of(package)] == [True]


def test_of_a_file_it_is_said_what_it_is_and_where_it_is_opened(registrar: Any) -> None:
    person = a_person("Zetalla", "Qvantelo")
    earlier = a_request(person, State.IN_PROGRESS)
    paper = a_paper(earlier)
    recording = a_recording(person, a_person("Bruxana", "Wolframi"))
    package = collected(person)

    pages = [
        registrar.get(f"{at(package, 'review/')}?find={find.pk}").content.decode()
        for find in finds_of(package)
    ]

    [of_paper] = [page for page in pages if "requestattachment-" in page]
    assert f"<dd>{paper.title}</dd>" in of_paper
    assert f'href="/requests/{earlier.public_id}/#papers"' in of_paper
    [of_recording] = [page for page in pages if f"recording-{recording.public_id}" in page]
    assert f'href="/recordings/{recording.public_id}/"' in of_recording
    for page in (of_paper, of_recording):
        assert "Käsin merkitty" not in page
        assert 'name="everywhere"' not in page


def test_a_look_at_the_draft_is_recorded(registrar: Any, trail: Trail) -> None:
    package = with_a_find()
    person = package.request.person
    assert person is not None
    before = trail.last_id()

    registrar.get(at(package, "draft/"))

    [row] = trail.rows(subject=person.public_id, id__gt=before, action=Action.ACCESS)
    assert {"name", "history", "access_log"} <= set(row["categories"])
    assert row["purpose"] == "subject_request"


def test_who_decides_otherwise_sees_what_the_other_one_decided(registrar: Any, other: Any) -> None:
    package = with_a_find()
    [find] = finds_of(package)
    registrar.post(at(package, "review/"), {"find": find.pk, "seen": "", "accepted": "yes"})

    answer = other.post(at(package, "review/"), {"find": find.pk, "seen": "", "accepted": "no"})

    assert answer.status_code == 409
    assert "registrar" in answer.content.decode()
    assert [one.is_accepted for one in finds_of(package)] == [True]
    seen = other.post(at(package, "review/"), {"find": find.pk, "seen": "True", "accepted": "no"})
    assert seen.status_code == 302
    assert [one.is_accepted for one in finds_of(package)] == [False]


def test_who_asked_cannot_approve_and_the_other_one_can(registrar: Any, other: Any) -> None:
    package = collected(a_person())

    refused = registrar.post(at(package, "approve/"), seen_by(other, package))
    assert refused.status_code == 422
    assert as_it_is(package).status == Status.REVIEW
    other.post(at(package, "approve/"), seen_by(other, package))
    assert as_it_is(package).status == Status.MAKING


def test_two_who_approve_at_once_make_it_once(other: Any) -> None:
    package = collected(a_person())
    form = seen_by(other, package)

    assert other.post(at(package, "approve/"), form).status_code == 302
    assert other.post(at(package, "approve/"), form).status_code == 409


def test_who_approves_what_was_decided_otherwise_meanwhile_is_told(
    registrar: Any, other: Any
) -> None:
    package = with_a_find()
    [find] = finds_of(package)
    registrar.post(at(package, "review/"), {"find": find.pk, "seen": "", "accepted": "yes"})
    form = seen_by(other, package)
    registrar.post(at(package, "review/"), {"find": find.pk, "seen": "True", "accepted": "no"})

    answer = other.post(at(package, "approve/"), form)

    assert answer.status_code == 409
    assert "notice-error" in answer.content.decode()
    assert as_it_is(package).status == Status.REVIEW
    assert other.post(at(package, "approve/"), seen_by(other, package)).status_code == 302


def test_a_file_is_handed_out_only_anew_proved_and_recorded(registrar: Any, trail: Trail) -> None:
    package = ready(a_person("Zetalla", "Qvantelo"))
    person = package.request.person
    assert person is not None
    address = at(package, "files/data/1/")

    assert registrar.get(address).status_code == 405
    assert registrar.post(address).status_code == 302  # to prove who she is
    answer = proved(registrar).post(address)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert b"Zetalla" in answer.getvalue()
    assert "export" in trail.actions(person.public_id)


def test_a_file_of_another_request_is_not_there(registrar: Any) -> None:
    package, another = ready(a_person()), asked_for(a_person("Toinen"))
    address = f"/requests/{another.request.public_id}/package/{package.public_id}/files/data/1/"

    assert proved(registrar).post(address).status_code == 404


def test_the_password_is_shown_until_it_is_written_down(registrar: Any, trail: Trail) -> None:
    person = a_person()
    a_recording(person)
    package = ready(person)
    assert registrar.post(at(package, "password/")).status_code == 302  # to prove who she is
    client = proved(registrar)
    before = trail.last_id()

    shown = [passwords_on(client.post(at(package, "password/"))) for _ in range(2)]

    assert shown[0] == shown[1]
    assert len(shown[0]) == 1
    exports = trail.rows(subject=person.public_id, id__gt=before, action=Action.EXPORT)
    assert len(exports) == 2
    assert client.post(at(package, "password/written-down/")).status_code == 302
    gone = client.post(at(package, "password/"), follow=True)
    assert passwords_on(gone) == []
    assert at(package, "password/") not in gone.content.decode()


def passwords_on(answer: Any) -> list[str]:
    assert answer["Cache-Control"] == "no-store" or answer.redirect_chain
    parts = answer.content.decode().split('<strong class="mono">')[1:]
    return [part.split("</strong>")[0] for part in parts]


def test_a_form_that_shows_or_destroys_something_is_sent_once(registrar: Any) -> None:
    person = a_person()
    a_recording(person)
    package = ready(person)

    page = registrar.get(at(package)).content.decode()

    for part in ("password/", "discard/"):
        assert re.search(f'action="{at(package, part)}" data-sent-once', page)


# --- discarding -----------------------------------------------------------------------------------


def test_a_package_is_discarded_with_its_reason_by_any_registrar(
    registrar: Any, other: Any
) -> None:
    package = with_a_find()
    case = f"/requests/{package.request.public_id}/"
    assert 'value="access"' not in registrar.get(case).content.decode()

    assert other.post(at(package, "discard/"), {"because": " "}).status_code == 422
    answer = other.post(at(package, "discard/"), {"because": "Väärä henkilö"}, follow=True)

    page = answer.content.decode()
    assert "Väärä henkilö" in page
    assert the_other_registrar().username in page
    assert as_it_is(package).status == Status.DESTROYED
    assert 'value="access"' in registrar.get(case).content.decode()
    form = {"public_id": str(uuid4()), "contents": "access"}
    assert registrar.post(f"{case}package/", form).status_code == 302
    with working():
        assert Package.objects.count() == 2


def test_who_discards_what_moved_on_meanwhile_is_told(registrar: Any, other: Any) -> None:
    package = collected(a_person())
    other.post(at(package, "approve/"), seen_by(other, package))

    answer = registrar.post(at(package, "discard/"), {"because": "Väärä henkilö"})

    assert answer.status_code == 409
    assert as_it_is(package).status == Status.MAKING


def test_a_package_by_a_newer_decision_takes_the_place_of_the_older(registrar: Any) -> None:
    person = a_person("Zetalla", "Qvantelo")
    looker = the_other_registrar()
    looker.given_name, looker.family_name = "Katsoja", "Kurkistaja"
    looker.save()
    package = collected(person)
    with working() as context:
        context.actor_id = looker.pk
        type(person).objects.get(pk=person.pk)
        StaffNamesDecision.objects.create(
            request=package.request, names_staff=True, weighing="Punnittu", decided_by=looker
        )

    registrar.post(at(package, "discard/"), {"because": "Nimet tulevat mukaan"})

    newer = ready(request=package.request)
    assert "Kurkistaja" in files_of(newer)["data-1"].decode()


def test_what_failed_says_what_kind_of_failure_and_begins_anew(registrar: Any) -> None:
    package = asked_for(a_person())
    with working():
        package.status, package.failure = Status.FAILED, "database"
        package.save()

    page = registrar.get(at(package)).content.decode()
    assert registrar.post(at(package, "again/")).status_code == 302

    assert "notice-error" in page
    collect_package(package.pk)
    assert as_it_is(package).status == Status.REVIEW


def test_it_is_noted_as_sent_and_then_destroyed(registrar: Any) -> None:
    package = approved(collected(a_person()))
    make_package(package.pk)

    assert registrar.post(at(package, "sent/")).status_code == 302

    sent = as_it_is(package)
    assert sent.status == Status.SENT
    assert sent.sent_at is not None
    assert sent.expires_on > timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize("role", ["agent", "account_manager", "marketer", "auditor", "admin"])
def test_other_roles_get_nothing(client_as: Any, role: str) -> None:
    package = with_a_find()

    for part in ("", "review/", "draft/"):
        assert client_as(role).get(at(package, part)).status_code == 403
    for part in ("discard/", "password/", "password/written-down/"):
        assert client_as(role).post(at(package, part), {"because": "x"}).status_code == 403
    assert client_as(role).post(at(package, "files/data/1/")).status_code == 403
