"""What happened to a customer or a person: every kind, in order, page by page, at one cost."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import Literal

from accounts.models import User
from audit import sql
from audit.context import AccessPurpose, access_context
from consents.models import MarketingChoice
from contracts.models import Contract, Order
from customers.models import Customer, Person, Source
from datamap.timeline import TOP, Entry, EntryKind, Position, Scope, timeline
from tests.builders import a_company, a_person, a_private_customer, an_interaction
from tests.contract_builders import a_contract, a_subscription, an_invoice, an_order
from tests.histories import a_long_history, a_whole_history, day
from tests.log import Trail

pytestmark = pytest.mark.django_db

ALL = 10_000


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def viewer(staff: Callable[..., User]) -> User:
    """Somebody who may see every kind."""
    return staff("registrar")


def page(
    scope: Scope,
    viewer: User,
    *,
    before: Position = TOP,
    length: int = ALL,
    kinds: list[EntryKind] | None = None,
) -> tuple[list[Entry], bool]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return timeline.page(scope, viewer, kinds or timeline.allowed(viewer), before, length)


def told(scope: Scope, viewer: User) -> list[tuple[int, str]]:
    """The whole history, oldest first: the day, as `tests.histories` counts them, and the title."""
    entries, _more = page(scope, viewer)
    return [
        (300 - (timezone.localdate() - timezone.localtime(entry.at).date()).days, str(entry.title))
        for entry in reversed(entries)
    ]


# --- what is told ---------------------------------------------------------------------------------

OF_THE_COMPANY = [
    (10, "Offer sent"),
    (11, "Offer sent"),
    (12, "Offer accepted"),
    (12, "Order placed"),
    (13, "Cancelled"),
    (14, "Offer declined"),
    (15, "Contract signed"),
    (16, "Service opened"),
    (20, "Order delivered"),
    (20, "Device went out"),
    (25, "Returned and refunded"),
    (30, "Order placed"),
    (31, "Order cancelled"),
    (31, "Cancelled"),
    (50, "Service changed"),
    (60, "User changed"),
    (70, "Address of use changed"),
    (100, "Invoice"),
    (110, "Invoice paid"),
    (130, "Invoice"),
    (151, "Collection opened"),
    (180, "Notice given of the contract"),
    (200, "Device came back"),
    (220, "Contract ended"),
    (220, "Service terminated"),
    (250, "Collection closed"),
    (290, "Eräpäivä"),
]
HER_CONSENT = [
    (-600, "Consent given: Customer surveys"),
    (-600, "Consent withdrawn: Customer surveys"),
]
HER_CHOICE = [(300, "Text message: permitted")]
NAMING_THE_SUCCESSOR = [
    (60, "User changed"),
    (70, "Address of use changed"),
    (220, "Service terminated"),
]
OF_NOBODY_BUT_THE_COMPANY = {
    "Cancelled",
    "Returned and refunded",
    "Invoice",
    "Invoice paid",
    "Collection opened",
    "Collection closed",
}


def test_everything_that_happens_is_told_once_and_in_order(viewer: User) -> None:
    company, maija, eero = a_company(), a_person("Maija"), a_person("Eero")
    a_whole_history(company, maija, eero)

    assert told(Scope.of_customer(company), viewer) == OF_THE_COMPANY


def test_a_persons_history_is_what_names_her(viewer: User) -> None:
    company, maija, eero = a_company(), a_person("Maija"), a_person("Eero")
    a_whole_history(company, maija, eero)

    assert told(Scope.of_person(eero), viewer) == NAMING_THE_SUCCESSOR
    assert told(Scope.of_person(maija), viewer) == [
        *HER_CONSENT,
        *(
            (on, title)
            for on, title in OF_THE_COMPANY
            if title not in OF_NOBODY_BUT_THE_COMPANY
            and (on, title) not in NAMING_THE_SUCCESSOR[1:]
        ),
        *HER_CHOICE,
    ]


def test_what_a_person_owns_is_her_history_too_and_told_once(viewer: User) -> None:
    maija, eero = a_person("Maija"), a_person("Eero")
    own = a_private_customer(maija)
    a_whole_history(own, maija, eero)
    everything = [*HER_CONSENT, *OF_THE_COMPANY, *HER_CHOICE]

    assert told(Scope.of_person(maija), viewer) == everything
    assert told(Scope.of_customer(own), viewer) == everything
    assert told(Scope.of_person(eero), viewer) == NAMING_THE_SUCCESSOR


def test_a_contact_with_the_owner_is_of_her_customer_as_in_its_figures(viewer: User) -> None:
    maija, company = a_person("Maija"), a_company("Toinen Oy")
    own = a_private_customer(maija)
    an_interaction(maija, "Yrityksen asia", customer=company)
    an_interaction(maija, "Oma asia")

    entries, _more = page(Scope.of_customer(own), viewer)

    assert {entry.title for entry in entries} == {"Yrityksen asia", "Oma asia"}
    assert {entry.customer.name for entry in entries if entry.customer} == {"Toinen Oy"}


def test_a_service_is_told_as_it_was_then(viewer: User) -> None:
    company, maija, eero = a_company(), a_person("Maija"), a_person("Eero")
    a_whole_history(company, maija, eero)
    kinds = [kind for kind in timeline.allowed(viewer) if kind.name in ("service", "change")]

    entries, _more = page(Scope.of_customer(company), viewer, kinds=kinds)

    assert [
        (entry.what, str_of(entry.before), str_of(entry.after), [one.name for one in entry.persons])
        for entry in reversed(entries)
    ] == [
        ("Product pieni", "", "", ["Maija Mallikas"]),
        ("", "Product pieni", "Product suuri", ["Maija Mallikas"]),
        ("Product suuri", "Maija Mallikas", "Eero Mallikas", []),
        ("Product suuri", "no address", "Uusikatu 2, 13210 Hämeenlinna", ["Eero Mallikas"]),
        ("Product suuri", "", "", ["Eero Mallikas"]),
    ]


def str_of(named: Any) -> str:
    return getattr(named, "name", named) or ""


def test_what_is_to_come_is_no_history(viewer: User) -> None:
    company = a_company()
    contract = a_contract(company, signed_on=day(290), ends_on=day(310))
    a_subscription(contract, opened_on=day(301), terminated_on=day(310))
    a_subscription(contract, opened_on=day(300))

    assert told(Scope.of_customer(company), viewer) == [
        (290, "Contract signed"),
        (300, "Service opened"),
    ]


def test_a_renewal_is_no_end(viewer: User) -> None:
    company = a_company()
    renewing: dict[str, Any] = {"renewal": Contract.Renewal.RENEWS, "renewal_months": 12}
    a_contract(company, signed_on=day(10), ends_on=day(200), **renewing)
    a_contract(company, signed_on=day(20), ends_on=day(210))

    assert told(Scope.of_customer(company), viewer) == [
        (10, "Contract signed"),
        (20, "Contract signed"),
        (210, "Contract ended"),
    ]


@pytest.mark.parametrize(
    ("values", "titles"),
    [
        ({"paid": "125.50", "paid_on": day(20)}, ["Invoice", "Invoice paid"]),
        ({"paid": "25.50", "paid_on": day(20)}, ["Invoice", "Invoice partly paid"]),
        ({"net": "-100.00"}, ["Credit note"]),
        (
            {"net": "-100.00", "paid": "-125.50", "paid_on": day(20)},
            ["Credit note", "Credit note settled"],
        ),
    ],
)
def test_an_invoice_says_what_came_of_it(
    viewer: User, values: dict[str, Any], titles: list[str]
) -> None:
    company = a_company()
    an_invoice(company, issued_on=day(10), **values)

    assert [title for _day, title in told(Scope.of_customer(company), viewer)] == titles


def test_a_kind_that_the_viewer_may_not_see_is_not_asked_for(
    viewer: User, staff: Callable[..., User]
) -> None:
    company = a_company()
    a_whole_history(company, a_person("Maija"), a_person("Eero"))
    kinds = timeline.allowed(viewer)
    agent = staff("agent")

    entries, _more = page(Scope.of_customer(company), agent, kinds=kinds)

    assert "collection" in {kind.name for kind in kinds}
    of_a_person = {"choice", "consent", "recording", "message"}
    assert {entry.kind.name for entry in entries} == {
        kind.name for kind in timeline.allowed(agent) if kind.name not in of_a_person
    }


# --- page by page ---------------------------------------------------------------------------------

times = st.sampled_from([time(0), time(0, 0, 1), time(12)])
few_days = st.integers(290, 293)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("contact"), few_days, times),
        st.tuples(st.just("choice"), few_days, times),
        st.tuples(
            st.just("order"), few_days, st.sampled_from(["delivered_on", "cancelled_on", ""])
        ),
        st.tuples(st.just("invoice"), few_days, st.booleans()),
        st.tuples(st.just("service"), few_days, st.booleans()),
    ),
    min_size=1,
    max_size=25,
)


@given(happenings=happenings, length=st.integers(1, 9))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_pages_together_are_the_whole(
    viewer: User, happenings: list[tuple[str, int, Any]], length: int
) -> None:
    owner = a_person()
    customer = a_private_customer(owner)
    expected = sum(happened(customer, owner, *one) for one in happenings)
    if any(kind == "service" for kind, _on, _how in happenings):
        expected += 1  # its contract was signed

    for scope in (Scope.of_customer(customer), Scope.of_person(owner)):
        whole, more = page(scope, viewer)
        positions = [entry.position for entry in whole]
        assert positions == sorted(set(positions), reverse=True)
        assert len(positions) == expected
        assert not more
        assert list(paged(scope, viewer, length)) == positions


def paged(scope: Scope, viewer: User, length: int) -> Iterator[Position]:
    before, more = TOP, True
    while more:
        entries, more = page(scope, viewer, before=before, length=length)
        assert len(entries) == length or not more
        yield from (entry.position for entry in entries)
        # As the address of the next page carries it.
        before = Position.read(str(entries[-1].position))


def happened(customer: Customer, owner: Person, kind: str, on: int, how: Any) -> int:
    """Make it happen; gives how many entries tell of it."""
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        if kind == "contact":
            an_interaction(owner, customer=customer, happened_at=at(on, how))
            return 1
        if kind == "choice":
            MarketingChoice.objects.create(
                person=owner, channel="sms", choice="permitted", source="call", at=at(on, how)
            )
            return 1
        if kind == "order":
            closed = {how: day(on)} if how else {}
            Order.objects.create(
                customer=customer,
                ordered_by=owner,
                ordered_on=day(on),
                source=Source.STAFF,
                **closed,
            )
            return 1 + len(closed)
        if kind == "invoice":
            paid: dict[str, Any] = {"paid": "125.50", "paid_on": day(on)} if how else {}
            an_invoice(customer, issued_on=day(on), **paid)
            return 1 + bool(paid)
        contract = Contract.objects.filter(customer=customer).first()
        contract = contract or a_contract(customer, owner, signed_on=day(290))
        a_subscription(
            contract, user=owner, opened_on=day(on), terminated_on=day(on) if how else None
        )
        return 2 if how else 1


def at(on: int, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day(on), hour))


# --- who is recorded ------------------------------------------------------------------------------


def test_who_stands_on_the_page_is_recorded_and_nobody_else(viewer: User, trail: Trail) -> None:
    company = a_company()
    for number in range(40):
        buyer, caller = a_person("Ostaja", f"N{number}"), a_person("Soittaja", f"N{number}")
        an_order(company, ordered_by=buyer, ordered_on=day(200 + number))
        an_interaction(caller, customer=company, happened_at=at(200 + number, time(12)))
    last = trail.last_id()

    entries, more = page(Scope.of_customer(company), viewer, length=20)

    assert more
    shown = {person.public_id for entry in entries for person in entry.persons}
    assert len(shown) == 20
    assert trail.subjects(id__gt=last) == shown


def test_the_owner_is_recorded_with_what_is_told_of_her_customer(
    viewer: User, trail: Trail
) -> None:
    maija = a_person("Maija")
    trader = a_company("Tmi Maija", owner=maija, legal_form="tmi")
    an_invoice(trader, issued_on=day(10))
    last = trail.last_id()

    page(Scope.of_customer(trader), viewer)

    (row,) = trail.rows(id__gt=last)
    assert row["subject"] == maija.public_id
    assert row["categories"] == ["billing"]


def test_a_companys_own_matters_are_about_nobody(viewer: User, trail: Trail) -> None:
    company = a_company()
    an_invoice(company, issued_on=day(10))
    last = trail.last_id()

    page(Scope.of_customer(company), viewer)

    assert trail.rows(id__gt=last) == []


# --- what a page costs ----------------------------------------------------------------------------


def executions() -> int:
    """How often prepared statements have run on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0] or 0)


def test_each_app_tells_its_part_in_one_statement(viewer: User) -> None:
    company, maija, eero = a_company(), a_person("Maija"), a_person("Eero")
    a_whole_history(company, maija, eero)
    page(Scope.of_customer(company), viewer)
    page(Scope.of_person(maija), viewer)

    before = executions()
    page(Scope.of_customer(company), viewer)
    assert executions() - before == 2  # contacts, contracts; a company has made no choices
    page(Scope.of_person(maija), viewer)
    assert executions() - before == 6  # contacts, contracts, choices, recordings


MANY = 20_000


def test_a_page_reads_as_much_of_a_long_history_as_of_a_short_one(viewer: User) -> None:
    short, long = a_company("Lyhyt Oy"), a_company("Pitkä Oy")
    buyer, other = a_person("Ostaja"), a_person("Toinen")
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        with connection.cursor() as cursor:
            a_long_history(cursor, short, buyer, 10)
            a_long_history(cursor, long, other, MANY)
    middle = Position(at(0, time(12)), 0, 0)

    few = rows_read(Scope.of_customer(short), viewer, TOP)
    assert rows_read(Scope.of_customer(long), viewer, TOP) <= few + AT_MOST_MORE
    assert rows_read(Scope.of_customer(long), viewer, middle) <= few + AT_MOST_MORE
    few = rows_read(Scope.of_person(buyer), viewer, TOP)
    assert rows_read(Scope.of_person(other), viewer, TOP) <= few + AT_MOST_MORE


AT_MOST_MORE = 150
"""A short history does not fill a page."""


def rows_read(scope: Scope, viewer: User, before: Position) -> int:
    """How many rows the statements of a page take from tables, by the plans that are kept."""
    sent: list[tuple[str, Any]] = []
    fetch = sql.prepared_rows

    def remember(statement: str, params: Any) -> list[dict[str, Any]]:
        sent.append((statement, params))
        return fetch(statement, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql, "prepared_rows", remember)
        page(scope, viewer, before=before, length=20)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return sum(_read_by(_plan_of(statement, params)) for statement, params in sent)


def _plan_of(statement: str, params: dict[str, Any]) -> dict[str, Any]:
    """What a prepared statement did, whose plan does not depend on the parameters."""
    names = list(params)
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement)
    values = [Literal(value).as_string(None) for value in params.values()]
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)
        # A table of a test is small enough to be read whole; what is asked is what its indexes do.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"PREPARE explained AS {numbered}")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE explained({', '.join(values)})")
        [(plan,)] = cursor.fetchall()
        cursor.execute("DEALLOCATE explained")
    top: dict[str, Any] = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return top


def _read_by(node: dict[str, Any]) -> int:
    below: int = sum(_read_by(one) for one in node.get("Plans", ()))
    if "Relation Name" not in node:
        return below
    taken: float = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    loops: int = node["Actual Loops"]
    return below + round(taken * loops)
