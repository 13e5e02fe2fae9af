"""Who was erased is erased again after a restore, before anybody signs in (promise 14)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils.translation import override

from audit.context import AccessPurpose, in_context
from contracts.models import Contract, Subscription
from customers.models import ContactPerson, ContactPoint, Customer, Hold, Person, Source
from privacy.forgetting import ledger
from privacy.forgetting.ledger import NotSettled, Standing, mark_of
from privacy.forgetting.ledger_file import checked, path
from privacy.forgetting.runs import apply_retention
from privacy.models import LedgerPosition, PlannedErasure
from privacy.retention_tasks import keep_ledger
from tests.builders import a_company, a_contact_person, a_person, a_user, an_address
from tests.contract_builders import a_contract, a_subscription
from tests.restoring import back_up, restored

pytestmark = pytest.mark.django_db(transaction=True)

looking = in_context(job="test", purpose=AccessPurpose.UPKEEP)


@looking
def names() -> set[str]:
    return {person.first_name for person in Person.objects.all()}


@looking
def numbers() -> set[str]:
    return {point.as_written for point in ContactPoint.objects.all()}


@looking
def former_contact(name: str, number: str) -> Person:
    person = a_person(name, "Mallikas", phones=[number])
    ContactPerson.objects.create(
        person=person,
        customer=a_company(),
        started_on=date(2020, 1, 1),
        ended_on=date(2025, 1, 1),
        source=Source.COMPANY,
    )
    return person


@looking
def keys_of(model: Any, **which: Any) -> list[int]:
    return list(model.objects.filter(**which).keys_only())


def sign_in_page() -> int:
    return Client().get("/accounts/login/").status_code


def test_backup_erase_restore_replay_gone_again(
    owner: psycopg.Connection[Any], tmp_path: Path, client_as: Callable[[str], Client]
) -> None:
    former_contact("Aino", "040 000 0001")
    held = former_contact("Bertta", "040 000 0002")
    stays = a_person("Cecilia", "Mallikas", phones=["040 000 0003"])
    hold = looking(Hold.objects.create)(
        person=held,
        reason="Riita laskusta",
        placed_by=a_user(),
        placed_at=datetime(2021, 1, 1, tzinfo=UTC),
    )
    owner.execute(
        "UPDATE customers_person SET created_at = '2020-01-01' WHERE id <> %s", [stays.pk]
    )
    signed_in = client_as("registrar")
    assert signed_in.get("/").status_code == 200
    backup = tmp_path / "backup"
    back_up(backup)

    hold.released_at = datetime(2022, 1, 1, tzinfo=UTC)
    looking(hold.save)()
    apply_retention(as_of=date(2026, 2, 1), job="test")
    with transaction.atomic():
        ledger.write_down([stays.public_id], categories=["phone", "email"])
    assert names() == {"Cecilia"}
    assert sign_in_page() == 200

    with restored(backup):
        assert names() == {"Aino", "Bertta", "Cecilia"}
        assert ledger.standing() is Standing.BEHIND
        closed = Client().get("/accounts/login/", headers={"accept-language": "en"})
        assert closed.status_code == signed_in.get("/").status_code == 503
        assert "restored from a backup" in closed.content.decode()
        assert Client().get("/health/ready").status_code == 503
        assert Client().get("/health/live").status_code == 200
        with pytest.raises(NotSettled):
            apply_retention(as_of=date(2026, 2, 1), job="test")

        call_command("replay_erasures", verbosity=0)

        assert names() == {"Bertta", "Cecilia"}  # the hold stands again
        assert not PlannedErasure.objects.filter(run__kind="replay").exists()
        assert numbers() == {"040 000 0002"}
        assert sign_in_page() == signed_in.get("/").status_code == 200
        hold = looking(Hold.objects.get)(pk=hold.pk)
        hold.released_at = datetime(2022, 1, 1, tzinfo=UTC)
        looking(hold.save)()
        call_command("replay_erasures", verbosity=0)
        assert names() == {"Cecilia"}
        assert looking(Customer.objects.keys_only().count)() == 2
        assert looking(ContactPerson.objects.keys_only().count)() == 0


def test_what_is_anothers_stays_and_names_her_no_more() -> None:
    her, other = a_person("Aino", "Mallikas"), a_person("Eero", "Esimerkki")
    firm = a_company("Toiminimi Mallikas", owner=her, legal_form=Customer.LegalForm.TMI)
    company = a_company()
    hers, anothers = a_contract(firm, signed_by=her), a_contract(company, signed_by=her)
    used = a_subscription(anothers, user=her, address=an_address(her))
    a_contact_person(other, firm)
    a_contact_person(her, company)
    write(her.public_id)
    LedgerPosition.objects.update(known=0)  # as in a backup from before

    call_command("replay_erasures", verbosity=0)

    assert names() == {"Eero"}
    assert keys_of(Customer) == [company.pk]
    assert keys_of(ContactPerson) == []
    assert keys_of(Contract, signed_by=None) == keys_of(Contract) == [anothers.pk] != [hers.pk]
    assert keys_of(Subscription, user=None, address=None) == [used.pk]


def test_who_is_left_for_no_hold_keeps_the_register_closed(owner: psycopg.Connection[Any]) -> None:
    whole = former_contact("Aino", "040 000 0001")
    in_part = a_person("Cecilia", "Mallikas", phones=["040 000 0003"])
    write(whole.public_id)
    with transaction.atomic():
        ledger.write_down([in_part.public_id], categories=["phone"])
    LedgerPosition.objects.update(known=0)  # as in a backup from before

    with owner.transaction():
        owner.execute("SELECT FROM customers_contactperson FOR UPDATE")
        owner.execute("SELECT FROM customers_contactpoint FOR UPDATE")
        said = StringIO()
        with override("en"), pytest.raises(CommandError, match=r"Of 2 persons.* stays closed"):
            call_command("replay_erasures", stdout=said)

    assert "Contact persons: 1" in said.getvalue()
    assert names() == {"Aino", "Cecilia"}
    assert sign_in_page() == 503
    call_command("replay_erasures", verbosity=0)
    assert (names(), numbers(), sign_in_page()) == ({"Cecilia"}, set(), 200)


def test_what_was_rolled_back_is_not_in_the_ledger() -> None:
    gone, not_gone, gone_too = uuid4(), uuid4(), uuid4()
    write(gone)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ledger.write_down([not_gone])
        1 / 0  # noqa: B018
    assert ledger.standing() is Standing.SETTLED  # a cut-off erasure closes nothing
    assert marks() == {mark_of(gone)}
    write(gone_too)
    assert ledger.standing() is Standing.SETTLED
    assert marks() == {mark_of(gone), mark_of(gone_too)}

    LedgerPosition.objects.update(known=0)  # as in a backup from before
    assert ledger.standing() is Standing.BEHIND
    assert marks() == {mark_of(gone), mark_of(gone_too)}
    with pytest.raises(NotSettled):
        write(not_gone)
    ledger.settle()
    assert ledger.standing() is Standing.SETTLED


def test_what_is_called_off_is_not_obeyed_after_a_restore() -> None:
    gone, not_gone = uuid4(), uuid4()
    write(gone)
    with pytest.raises(ZeroDivisionError), ledger.called_off_if_undone(), transaction.atomic():
        ledger.write_down([not_gone])
        1 / 0  # noqa: B018
    assert ledger.standing() is Standing.SETTLED

    LedgerPosition.objects.update(known=0)  # as in a backup from before
    assert ledger.standing() is Standing.BEHIND
    assert marks() == {mark_of(gone)}
    size = path().stat().st_size
    with pytest.raises(NotSettled), ledger.called_off_if_undone():
        write(not_gone)
    assert path().stat().st_size == size  # a restored register calls nothing off


def test_a_line_that_was_cut_off_counts_for_nothing() -> None:
    gone, cut, after = uuid4(), uuid4(), uuid4()
    write(gone)
    whole = checked(f"erased {mark_of(cut).hex()} phone,email")
    with path().open("a") as file:
        file.write(whole[:-15])  # as if the disk had been full

    write(after)

    assert marks() == {mark_of(gone), mark_of(after)}
    assert ledger.standing() is Standing.SETTLED


def test_what_a_crash_kept_from_the_ledger_is_made_good_before_a_backup_can_pass_for_it() -> None:
    def made_good_by(look: Callable[[], object]) -> None:
        write(uuid4())
        lines = path().read_bytes().splitlines(keepends=True)
        assert lines[-1].startswith(b"done ")
        path().write_bytes(b"".join(lines[:-1]))  # killed when it had committed

        look()
        look()

        assert path().read_bytes().splitlines(keepends=True) == lines

    made_good_by(lambda: keep_ledger(0))
    made_good_by(lambda: Client().get("/health/ready"))
    connection.close()
    made_good_by(sign_in_page)
    LedgerPosition.objects.update(known=0)  # as in a backup from before
    assert keep_ledger(0) == "behind"


def test_a_restore_that_nobody_can_tell_from_a_crash_is_told_and_repeated_when_asked() -> None:
    her = former_contact("Aino", "040 000 0001")
    write(uuid4())
    known = ledger.known_now()
    write(her.public_id)
    lines = path().read_bytes().splitlines(keepends=True)
    path().write_bytes(b"".join(lines[:-1]))  # killed when it had committed, and lost
    LedgerPosition.objects.update(known=known)  # as in a backup from before

    said = StringIO()
    with override("en"):
        call_command("replay_erasures", stdout=said)
    assert "ends with 1 erasure of which nobody can tell" in said.getvalue()
    assert (names(), sign_in_page()) == ({"Aino"}, 200)

    call_command("replay_erasures", with_what_is_left=True, verbosity=0)
    assert (names(), ledger.standing(), sign_in_page()) == (set(), Standing.SETTLED, 200)
    assert marks() >= {mark_of(her.public_id)}


def test_a_lost_ledger_closes_the_register_until_somebody_takes_it_on_himself() -> None:
    write(uuid4())
    assert sign_in_page() == 200
    path().unlink()
    connection.close()

    closed = Client().get("/accounts/login/", headers={"accept-language": "en"})
    assert closed.status_code == 503
    assert "ledger of erasures is missing" in closed.content.decode()
    with pytest.raises(CommandError):
        call_command("replay_erasures", verbosity=0)
    call_command("replay_erasures", with_what_is_left=True, verbosity=0)
    assert sign_in_page() == 200


def write(person: Any) -> None:
    with transaction.atomic():
        ledger.write_down([person])


def marks() -> set[bytes]:
    return {entry.mark for entry in ledger.to_repeat()}
