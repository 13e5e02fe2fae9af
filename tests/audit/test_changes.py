"""The change log: what changed, without saying to what."""

import json

import pytest
from django.db import IntegrityError, transaction

from audit.context import AccessPurpose, NoAccessContext, access_context
from audit.models import LogEntry
from customers.models import ContactPoint, Person
from tests.builders import a_company, a_person, a_private_customer, an_interaction
from tests.log import Trail

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_versions]

UPKEEP = AccessPurpose.UPKEEP


def test_a_saved_change_names_the_field_and_masks_the_value(trail: Trail) -> None:
    person = a_person(last_name="Ennen")

    with access_context(job="writer", purpose=UPKEEP):
        person.last_name = "Jälkeen"
        person.save()

    row = trail.rows()[-1]
    assert row["action"] == LogEntry.Action.UPDATE
    assert row["subject"] == person.public_id
    assert row["changes"] == {"last_name": ["***", "***"]}


def test_saving_without_a_change_leaves_no_row(trail: Trail) -> None:
    person = a_person()
    before = trail.count()

    with access_context(job="writer", purpose=UPKEEP):
        person.save()

    assert trail.count() == before


def test_a_change_somebody_else_made_meanwhile_is_not_hidden(trail: Trail) -> None:
    person = a_person(first_name="Aada", last_name="Ennen")
    stale = person
    with access_context(job="first", purpose=UPKEEP):
        fresh = Person.objects.get(pk=person.pk)
        fresh.first_name = "Bea"
        fresh.save()

    with access_context(job="second", purpose=UPKEEP):
        stale.last_name = "Jälkeen"
        stale.save()

    assert set(trail.rows()[-1]["changes"]) == {"first_name", "last_name"}


def test_a_locked_row_is_compared_with_what_was_read(trail: Trail) -> None:
    person = a_person(last_name="Ennen")

    with access_context(job="writer", purpose=UPKEEP):
        locked = Person.objects.select_for_update().get(pk=person.pk)
        locked.last_name = "Jälkeen"
        locked.save()
        locked.last_name = "Lopuksi"
        locked.save()

    assert [row["changes"] for row in trail.rows()[-2:]] == [{"last_name": ["***", "***"]}] * 2


def test_update_fields_limits_the_row_to_what_was_saved(trail: Trail) -> None:
    person = a_person()

    with access_context(job="writer", purpose=UPKEEP):
        person.first_name, person.last_name = "Toinen", "Toinen"
        person.save(update_fields=["last_name"])

    assert set(trail.rows()[-1]["changes"]) == {"last_name"}


def test_a_rolled_back_savepoint_leaves_no_row(trail: Trail) -> None:
    person = a_person(last_name="Ennen")
    before = trail.count()

    with access_context(job="writer", purpose=UPKEEP):
        with pytest.raises(RuntimeError), transaction.atomic():
            person.last_name = "Jälkeen"
            person.save()
            raise RuntimeError

    assert trail.count() == before


def test_what_goes_to_another_person_leaves_a_row_for_both(trail: Trail) -> None:
    former, new = a_person(last_name="Entinen"), a_person(last_name="Uusi")
    customer = a_private_customer(former)
    before = trail.last_id()

    with access_context(job="writer", purpose=UPKEEP):
        customer.owner = new
        customer.save()

    rows = trail.rows(id__gt=before, action=int(LogEntry.Action.UPDATE))
    assert [row["subject"] for row in rows] == [new.public_id, former.public_id]
    assert {tuple(row["changes"]) for row in rows} == {("owner",)}


def test_what_is_about_two_people_leaves_a_row_for_each(trail: Trail) -> None:
    caller, owner = a_person(last_name="Soittaja"), a_person(last_name="Omistaja")
    firm = a_company("Tmi Omistaja", owner=owner, legal_form="tmi")
    both, before = {caller.public_id, owner.public_id}, trail.last_id()

    contact = an_interaction(caller, customer=firm)
    with access_context(job="writer", purpose=UPKEEP):
        contact.subject = "Toinen asia"
        contact.save()
        contact.delete()

    rows = trail.rows(id__gt=before, content_type__model="interaction", changes__isnull=False)
    assert [row["action"] for row in rows] == [0, 0, 1, 1, 2, 2]
    for action in (0, 1, 2):
        assert {row["subject"] for row in rows if row["action"] == action} == both


def test_what_is_about_one_person_in_two_ways_leaves_one_row(trail: Trail) -> None:
    owner = a_person()
    before = trail.last_id()
    an_interaction(owner, customer=a_private_customer(owner))

    rows = trail.rows(id__gt=before, content_type__model="interaction")
    assert [row["subject"] for row in rows] == [owner.public_id]


def test_a_failed_save_leaves_no_row(trail: Trail) -> None:
    person = a_person()
    twin = Person(public_id=person.public_id, first_name="A", last_name="B")
    before = trail.count()

    with access_context(job="writer", purpose=UPKEEP):
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()

    assert trail.count() == before


def test_a_failed_unit_of_work_records_what_it_read_and_not_what_it_wrote(trail: Trail) -> None:
    person = a_person(last_name="Ennen")
    before = trail.count()

    with pytest.raises(RuntimeError), access_context(job="writer", purpose=UPKEEP):
        read = Person.objects.get(pk=person.pk)
        read.last_name = "Jälkeen"
        read.save()
        raise RuntimeError

    assert [row["action"] for row in trail.rows()[before:]] == [LogEntry.Action.ACCESS]


def test_a_deleted_object_is_recorded_with_whose_it_was(trail: Trail) -> None:
    person = a_person(phones=["040 000 0002"])

    with access_context(job="writer", purpose=UPKEEP):
        ContactPoint.objects.filter(person=person).delete()

    row = trail.rows()[-1]
    assert (row["action"], row["subject"]) == (LogEntry.Action.DELETE, person.public_id)


def test_a_deleted_person_is_still_named_in_the_row_by_her_uuid(trail: Trail) -> None:
    person = a_person(phones=["040 000 0003"])
    subject = person.public_id
    before = trail.count()

    with access_context(job="eraser", purpose=UPKEEP):
        for point in ContactPoint.objects.filter(person=person):
            point.label = "x"
            point.save()
            point.delete()
        person.delete()

    assert {row["subject"] for row in trail.rows()[before:]} == {subject}


def test_bulk_create_leaves_a_row_for_each(trail: Trail) -> None:
    before = trail.count()

    with access_context(job="writer", purpose=UPKEEP):
        Person.objects.bulk_create(
            [
                Person(first_name="Aino", last_name="Yksi", source="staff"),
                Person(first_name="Oiva", last_name="Kaksi", source="staff"),
            ]
        )

    rows = trail.rows()[before:]
    assert [row["action"] for row in rows] == [LogEntry.Action.CREATE] * 2
    assert len({row["subject"] for row in rows}) == 2


def test_nothing_is_written_outside_a_context() -> None:
    with pytest.raises(NoAccessContext):
        Person(first_name="Aino", last_name="Yksi").save()


def test_no_row_holds_a_name_a_number_or_a_word(trail: Trail) -> None:
    person = a_person(first_name="Zyxeline", last_name="Qvarnström-Test", phones=["040 000 0004"])
    with access_context(job="writer", purpose=UPKEEP):
        person.last_name = "Vaihdettu-Nimi"
        person.save()
        ContactPoint.objects.filter(person=person).delete()

    everything = json.dumps(trail.rows(), default=str, ensure_ascii=False)
    for secret in ("Zyxeline", "Qvarnström", "Vaihdettu", "0000004", "000 0004"):
        assert secret not in everything


def test_an_error_of_the_database_quotes_no_values() -> None:
    with (
        pytest.raises(IntegrityError) as raised,
        access_context(job="writer", purpose=UPKEEP),
    ):
        Person(first_name="Zyxeline", last_name="Qvarnström-Test", source="nowhere").save()

    told = f"{raised.value} {raised.value.__cause__} {raised.value.__cause__!r}"
    assert "person_source_is_known" in told
    assert "Zyxeline" not in told
