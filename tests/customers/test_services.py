"""Contacts and corrections: what is kept, what is refused, and what the log says of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fi import hetu

from accounts.models import User
from audit.context import AccessPurpose, access_context, in_context
from consents.models import MarketingChoice, Wording
from consents.services import record_choice
from customers import services
from customers.free_text import holds_identity_code
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    IdentityCheck,
    Interaction,
    Person,
)
from customers.services import (
    AlreadyEnded,
    ChangedMeanwhile,
    NotHerCustomer,
    ProcessingRestricted,
    SavedBefore,
)
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    a_service_user,
    a_user,
    an_address,
    an_interaction,
    restricted,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db

TODAY, YESTERDAY = timezone.localdate(), timezone.localdate() - timedelta(days=1)
IDENTITY_CODE, TEMPORARY_ONE = "131052-308T", "010594Y9032"


@pytest.fixture
def agent() -> User:
    return a_user("agent")


@pytest.fixture
def maija() -> Person:
    return a_person("Maija", "Mallikas", phones=["040 000 0417"], emails=["maija@example.com"])


def in_call(function: Callable[[], Any]) -> Any:
    """What a service gives in a unit of work of its own."""
    with access_context(job="caller", purpose=AccessPurpose.SERVICE_CALL):
        return function()


def log(person: Person, agent: User, **more: Any) -> Interaction:
    values: dict[str, Any] = {
        "public_id": uuid4(),
        "person": person,
        "handled_by": agent,
        "channel": "phone",
        "direction": "in",
        "subject": "Laskun eräpäivä",
        "outcome": "resolved",
        "is_closed": True,
        "answers": {},
        **more,
    }
    contact: Interaction = in_call(lambda: services.log_contact(**values))
    return contact


@in_context(job="reader", purpose=AccessPurpose.UPKEEP)
def points_of(person: Person) -> list[ContactPoint]:
    return list(ContactPoint.objects.filter(person=person).order_by("id"))


@in_context(job="reader", purpose=AccessPurpose.UPKEEP)
def again(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


# --- logging a contact ----------------------------------------------------------------------------


def test_a_contact_is_kept_with_what_was_asked(maija: Person, agent: User, trail: Trail) -> None:
    customer = a_private_customer(maija)

    contact = log(
        maija,
        agent,
        customer=customer,
        summary="Eräpäivää siirrettiin.",
        answers={"name": True, "call_back": False},
    )

    assert contact.closed_at is not None
    assert contact.source == "phone_call"
    assert checks_of(contact) == [("name", True, agent.pk), ("call_back", False, agent.pk)]
    rows = trail.rows(actor_label="caller")
    assert {row["subject"] for row in rows} == {maija.public_id}
    assert [row["action"] for row in rows if row["changes"]] == [0, 0, 0]


@in_context(job="reader", purpose=AccessPurpose.UPKEEP)
def checks_of(contact: Interaction) -> list[tuple[str, bool, int]]:
    checks = IdentityCheck.objects.filter(interaction=contact).in_order()
    return [(check.question, check.matched, check.checked_by_id) for check in checks]


def test_a_matter_left_open_is_closed_later_with_its_outcome(maija: Person, agent: User) -> None:
    contact = log(maija, agent, is_closed=False, outcome="")
    assert contact.closed_at is None

    closed = in_call(lambda: services.close_matter(contact=contact, outcome="resolved"))
    in_call(lambda: services.close_matter(contact=contact, outcome="other"))

    assert closed.closed_at is not None
    assert again(contact).outcome == "resolved"


def test_the_same_form_again_is_the_same_contact(maija: Person, agent: User) -> None:
    public_id = uuid4()
    first = log(maija, agent, public_id=public_id, answers={"name": True})
    second = log(maija, agent, public_id=public_id, answers={"name": True})

    assert first.pk == second.pk
    assert len(checks_of(first)) == 1


def test_a_form_sent_again_with_something_else_in_it_is_refused(maija: Person, agent: User) -> None:
    public_id = uuid4()
    first = log(maija, agent, public_id=public_id, answers={"name": True})

    others: list[dict[str, Any]] = [
        {"person": a_person()},
        {"subject": "Uusi tilaus", "answers": {"name": True}},
        {"is_closed": False, "answers": {"name": True}},
        {"answers": {"name": False}},
        {"answers": {}},
    ]
    for other in others:
        with pytest.raises(SavedBefore):
            log(**{"person": maija, "agent": agent, "public_id": public_id, **other})
    assert again(first).subject == first.subject
    assert checks_of(first) == [("name", True, agent.pk)]


def test_what_the_database_refuses_for_another_reason_stops_loudly(
    maija: Person, agent: User
) -> None:
    public_id = log(maija, agent).public_id
    wrongs: list[dict[str, Any]] = [
        {"agent": a_user("other"), "public_id": public_id},
        {"agent": agent, "answers": {"shoe size": True}},
    ]
    for wrong in wrongs:
        with pytest.raises(IntegrityError):
            log(**{"person": maija, **wrong})
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        assert Interaction.objects.filter(person=maija).keys_only().count() == 1


def test_a_contact_is_on_behalf_of_her_own_customers_only(maija: Person, agent: User) -> None:
    hers = [a_private_customer(maija), a_company(), a_company()]
    a_contact_person(maija, hers[1], ended_on=date(2025, 1, 1))
    a_service_user(maija, customer=hers[2])
    for customer in hers:
        assert log(maija, agent, customer=customer).customer_id == customer.pk

    with pytest.raises(NotHerCustomer):
        log(maija, agent, customer=a_company())


@pytest.mark.parametrize("field", ["subject", "summary"])
@pytest.mark.parametrize("code", [IDENTITY_CODE, IDENTITY_CODE.lower(), TEMPORARY_ONE])
def test_a_personal_identity_code_is_not_stored(
    maija: Person, agent: User, field: str, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        log(maija, agent, **{field: f"asiakas on {code}."})

    assert set(refused.value.message_dict) == {field}
    assert code not in str(refused.value)


def test_an_unknown_channel_or_an_empty_subject_is_refused(maija: Person, agent: User) -> None:
    for values in ({"channel": "pigeon"}, {"subject": ""}, {"outcome": "well"}):
        with pytest.raises(ValidationError):
            log(maija, agent, **values)


def test_a_restricted_person_is_logged_and_nothing_else(maija: Person, agent: User) -> None:
    open_matter = an_interaction(maija)
    address = an_address(maija)
    phone = points_of(maija)[0]
    restricted(maija)

    assert log(maija, agent).pk
    for refused in (
        lambda: services.close_matter(contact=open_matter, outcome="resolved"),
        lambda: services.add_contact_point(
            person=maija, kind="phone", as_written="040 000 0001", source="phone_call"
        ),
        lambda: services.end_contact_point(point=phone, seen_at=phone.changed_at),
        lambda: services.end_address(address=address, seen_at=address.changed_at),
        lambda: services.set_language(
            person=maija, language="sv", source="phone_call", seen_at=maija.changed_at
        ),
        lambda: choose(maija, agent, "permitted"),
    ):
        with pytest.raises(ProcessingRestricted):
            in_call(refused)
    assert in_call(lambda: choose(maija, agent, "prohibited")).choice == "prohibited"


# --- the identity code in free text ---------------------------------------------------------------


@given(
    born=st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    number=st.integers(2, 999),
    before=st.sampled_from(["", "hetu ", "(", "nro:", "ä"]),
    after=st.sampled_from(["", ".", ")", " soittaa", ", "]),
    spaced=st.booleans(),
)
def test_every_identity_code_is_found_in_a_text(
    born: date, number: int, before: str, after: str, spaced: bool
) -> None:
    digits = f"{born:%d%m%y}{number:03d}"
    sign = "A" if born.year >= 2000 else "-"
    code = f"{digits[:6]}{sign}{digits[6:]}{hetu._calc_checksum(digits)}"
    if spaced:
        code = f"{code[:6]} {code[6]} {code[7:]}"

    assert holds_identity_code(f"{before}{code}{after}")


@given(st.from_regex(r"[0-9A-Za-z ,.+-]{0,40}", fullmatch=True))
def test_nothing_without_a_right_check_character_is_taken_for_one(text: str) -> None:
    import re

    if holds_identity_code(text):
        codes = re.findall(r"[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]", re.sub(r"[ .]", "", text.upper()))
        assert any(hetu.is_valid(code, allow_temporary=True) for code in codes)


@pytest.mark.parametrize("text", ["131052-308U", "tilaus 310252-3081", "0400000417", "2108420-7"])
def test_other_numbers_are_no_identity_codes(text: str) -> None:
    assert not holds_identity_code(text)


# --- corrections ----------------------------------------------------------------------------------


def test_a_corrected_name_keeps_its_source(maija: Person, trail: Trail) -> None:
    in_call(
        lambda: services.correct_name(
            person=maija,
            first_name="Maija Liisa",
            last_name="Mallikas",
            source="letter",
            seen_at=maija.changed_at,
        )
    )

    now = again(maija)
    assert (now.display_name, now.source) == ("Maija Liisa Mallikas", "letter")
    (change,) = [row for row in trail.rows(subject=maija.public_id) if row["action"] == 1]
    assert set(change["changes"]) == {"first_name", "source"}
    assert "Liisa" not in str(change["changes"])


def test_who_saves_second_is_told_and_nothing_is_lost(maija: Person) -> None:
    seen_at = maija.changed_at

    def set_to(language: str) -> None:
        in_call(
            lambda: services.set_language(
                person=maija, language=language, source="phone_call", seen_at=seen_at
            )
        )

    set_to("sv")
    with pytest.raises(ChangedMeanwhile) as told:
        set_to("en")

    assert told.value.record.language == "sv"
    assert again(maija).language == "sv"


def test_a_corrected_number_leaves_the_old_one_as_history(maija: Person) -> None:
    phone = points_of(maija)[0]
    in_call(lambda: services.make_first_choice(point=phone, seen_at=phone.changed_at))
    phone = again(phone)

    new = in_call(
        lambda: services.correct_contact_point(
            point=phone,
            as_written="(050) 000-0418",
            label="työ",
            source="phone_call",
            seen_at=phone.changed_at,
        )
    )

    old = again(phone)
    assert (old.ended_on, old.as_written) == (TODAY, "040 000 0417")
    assert (new.normalised, new.label, new.is_primary) == ("+358500000418", "työ", True)
    assert new.source == "phone_call"


def test_another_writing_of_the_same_number_is_the_same_number(maija: Person) -> None:
    phone = points_of(maija)[0]

    in_call(
        lambda: services.correct_contact_point(
            point=phone,
            as_written="+358 40 000 0417",
            label="koti",
            source="phone_call",
            seen_at=phone.changed_at,
        )
    )

    assert again(phone).as_written == "+358 40 000 0417"
    assert again(phone).ended_on is None
    assert len(points_of(maija)) == 2


@pytest.mark.parametrize(
    ("kind", "written"),
    [("phone", "not a number"), ("email", "maija@"), ("email", "a b@example.com")],
)
def test_what_reaches_nobody_is_refused_at_its_field(
    maija: Person, kind: str, written: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        add(maija, kind, written)

    assert set(refused.value.message_dict) == {"as_written"}


def add(person: Person, kind: str, written: str) -> ContactPoint:
    point: ContactPoint = in_call(
        lambda: services.add_contact_point(
            person=person, kind=kind, as_written=written, source="phone_call"
        )
    )
    return point


def test_the_first_of_its_kind_is_the_first_choice_and_there_is_one_only() -> None:
    person = a_person()
    first, second = add(person, "phone", "040 000 0001"), add(person, "phone", "040 000 0002")
    assert (first.is_primary, second.is_primary) == (True, False)

    second = again(second)
    in_call(lambda: services.make_first_choice(point=second, seen_at=second.changed_at))

    assert [point.is_primary for point in points_of(person)] == [False, True]


def test_what_she_has_already_is_not_added_again(maija: Person) -> None:
    with pytest.raises(ValidationError):
        add(maija, "phone", "+358400000417")


def test_an_ended_number_is_not_corrected(maija: Person) -> None:
    phone = points_of(maija)[0]
    in_call(lambda: services.end_contact_point(point=phone, seen_at=phone.changed_at))

    with pytest.raises(AlreadyEnded):
        in_call(lambda: services.end_contact_point(point=phone, seen_at=phone.changed_at))


def test_a_corrected_address_was_valid_until_yesterday(maija: Person) -> None:
    old = an_address(maija, street="Vanhatie 1")
    new = in_call(lambda: move(old, "Uusitie 2"))

    assert again(old).valid_until == YESTERDAY
    assert (new.street, new.valid_from, new.source) == ("Uusitie 2", TODAY, "phone_call")
    assert new.person_id == maija.pk

    in_call(lambda: move(again(new), "Uusitie 3"))
    assert again(new).street == "Uusitie 3"  # it was never valid for a whole day
    in_call(lambda: services.end_address(address=new, seen_at=again(new).changed_at))
    assert again(new).valid_until == TODAY


def move(address: Address, street: str) -> Address:
    return services.correct_address(
        address=address,
        kind="postal",
        street=street,
        postal_code="13210",
        city="Hämeenlinna",
        country="FI",
        source="phone_call",
        seen_at=address.changed_at,
    )


def test_a_finnish_postal_code_has_five_digits(maija: Person) -> None:
    with pytest.raises(ValidationError):
        in_call(
            lambda: services.add_address(
                person=maija,
                kind="postal",
                street="Mallitie 1",
                postal_code="132",
                city="Lahti",
                country="FI",
                source="phone_call",
            )
        )


def test_another_position_starts_today_and_the_old_one_stays(maija: Person) -> None:
    role = a_contact_person(maija, a_company(), task="laskutus", position="kirjanpitäjä")

    new = in_call(
        lambda: services.correct_contact_role(
            role=role,
            task="laskutus",
            position="talousjohtaja",
            source="company",
            seen_at=role.changed_at,
        )
    )

    assert again(role).ended_on == YESTERDAY
    assert (new.position, new.started_on, new.source) == ("talousjohtaja", TODAY, "company")
    in_call(
        lambda: services.end_contact_role(
            role=new, ended_on=TODAY, source="company", seen_at=again(new).changed_at
        )
    )
    assert again(new).ended_on == TODAY


def test_what_is_corrected_before_its_last_day_still_ends_then(maija: Person) -> None:
    last_day = TODAY + timedelta(days=30)
    role = a_contact_person(maija, a_company(), position="kirjanpitäjä", ended_on=last_day)
    address = an_address(maija, street="Vanhatie 1", valid_until=last_day)

    new_role = in_call(
        lambda: services.correct_contact_role(
            role=role, task="muu", position="", source="company", seen_at=role.changed_at
        )
    )

    assert again(new_role).ended_on == last_day
    assert again(in_call(lambda: move(address, "Uusitie 2"))).valid_until == last_day


def test_a_number_is_not_ended_ahead_of_the_day(maija: Person) -> None:
    point = points_of(maija)[0]
    point.ended_on = TODAY + timedelta(days=1)

    with pytest.raises(ValidationError) as refused:
        in_call(lambda: services.save_contact_point(point=point))

    assert set(refused.value.error_dict) == {"ended_on"}


def test_a_role_does_not_end_before_it_starts(maija: Person) -> None:
    role = a_contact_person(maija, a_company())
    begun = in_call(
        lambda: services.correct_contact_role(
            role=role, task="muu", position="", source="company", seen_at=role.changed_at
        )
    )
    with pytest.raises(ValidationError):
        in_call(
            lambda: services.end_contact_role(
                role=begun,
                ended_on=YESTERDAY,
                source="company",
                seen_at=again(begun).changed_at,
            )
        )
    assert ContactPerson is type(begun)


# --- single records on the staff's desk -----------------------------------------------------------


@pytest.mark.parametrize("is_restricted", [True, False])
def test_what_is_a_restricted_owners_own_is_not_changed(
    maija: Person, *, is_restricted: bool
) -> None:
    customer = a_private_customer(maija)
    address = Address(
        customer=customer, kind="postal", street="Mallitie 1", postal_code="13210", source="staff"
    )
    if is_restricted:
        restricted(maija)
        with pytest.raises(ProcessingRestricted):
            in_call(lambda: services.save_record(record=address))
        return
    assert in_call(lambda: services.save_record(record=address)).pk


@pytest.mark.parametrize("closed_at", ["9999-12-31T23:59:59-12:00", "2999-01-01T00:00:00+00:00"])
def test_a_matter_is_not_closed_in_the_future(maija: Person, closed_at: str) -> None:
    contact = again(an_interaction(maija, "Laskun eräpäivä"))
    contact.closed_at = datetime.fromisoformat(closed_at)

    with pytest.raises(ValidationError) as refused:
        in_call(lambda: services.save_record(record=contact))

    assert set(refused.value.error_dict) == {"closed_at"}


# --- marketing choices ----------------------------------------------------------------------------


def choose(person: Person, agent: User, choice: str, **more: Any) -> MarketingChoice:
    return record_choice(
        person=person, channel="email", choice=choice, source="call", recorded_by=agent, **more
    )


def test_a_choice_is_an_event_unless_it_is_so_already(maija: Person, agent: User) -> None:
    first, second = (
        Wording.objects.create(
            name="direct-marketing", version=version, language="fi", text="Saa lähettää."
        )
        for version in (1, 2)
    )
    texts: list[tuple[str, Wording | None]] = [
        ("prohibited", None),
        ("prohibited", None),
        ("permitted", first),
        ("permitted", second),
        ("withdrawn", None),
    ]
    made = [
        in_call(partial(choose, maija, agent, choice, wording=text)).pk for choice, text in texts
    ]

    assert made[0] == made[1]
    assert len(set(made)) == 4
    with pytest.raises(ValidationError):
        in_call(partial(choose, maija, agent, "permitted"))


@pytest.mark.parametrize("values", [{"channel": "pigeon"}, {"choice": "maybe"}, {"source": "?"}])
def test_an_unknown_choice_is_refused(maija: Person, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        in_call(
            lambda: record_choice(
                person=maija,
                **{"channel": "email", "choice": "prohibited", "source": "call", **values},
            )
        )


# --- at once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one() -> None:
    person, agent, public_id = a_person(), a_user("agent"), uuid4()

    def at_once(work: Callable[[], Any]) -> list[int]:
        def one(_number: int) -> int:
            try:
                return int(in_call(work).pk)
            finally:
                connection.close()

        with ThreadPoolExecutor(20) as pool:
            return list(pool.map(one, range(20)))

    def log_once() -> Interaction:
        return log(person, agent, public_id=public_id, answers={"name": True, "email": False})

    contacts = at_once(log_once)
    choices = at_once(lambda: choose(person, agent, "prohibited"))

    assert len(set(contacts)) == len(set(choices)) == 1
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        assert Interaction.objects.count() == 1
        assert IdentityCheck.objects.count() == 2
        assert MarketingChoice.objects.count() == 1
