"""The register's records on the staff's desk: found, shown, saved, and each of it recorded."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from audit.context import AccessContext, AccessPurpose, access_context, activate, in_context
from customers.models import ContactPoint, Customer, Hold, Interaction, Person, Restriction, Source
from customers.services import lift_restriction
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    a_service_user,
    an_interaction,
)
from tests.desk import form_in, form_on, text_of
from tests.log import Trail
from tests.records import a_record

pytestmark = pytest.mark.django_db

PERSONS = "/admin/customers/person/"
POINTS = "/admin/customers/contactpoint/"
KINDS = (
    *("person", "contactpoint", "address", "customer", "contactperson", "serviceuser"),
    *("interaction", "restriction", "hold"),
)

Browser = Callable[[str], Client]


@pytest.fixture
def looking() -> Iterator[None]:
    """A context for what the test itself looks at."""
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        yield


def now(record: Any) -> Any:
    """The record as it is stored."""
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        return type(record)._default_manager.get(pk=record.pk)


def page_of(record: Any) -> str:
    return f"/admin/customers/{record._meta.model_name}/{record.public_id}/change/"


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def a_phone_of(person: Person) -> ContactPoint:
    return ContactPoint.objects.get(person=person, kind="phone")


# --- what for ------------------------------------------------------------------------------------


def test_what_for_is_asked_once_and_stands_in_the_log(
    staff: Callable[[str], User], trail: Trail
) -> None:
    person = a_person()
    client = Client()
    client.force_login(staff("agent"), backend="accounts.backends.StaffBackend")

    response = client.get(page_of(person))
    assert unquote(response.headers["Location"]) == f"/admin/purpose/?next={page_of(person)}"
    assert trail.subjects(action=3) == set()
    response = client.post(
        "/admin/purpose/", {"purpose": "problem_solving", "next": page_of(person)}
    )
    assert response.headers["Location"] == page_of(person)

    assert client.get(page_of(person)).status_code == client.get(PERSONS).status_code == 200
    assert {row["purpose"] for row in trail.rows(subject=person.public_id, action=3)} == {
        "problem_solving"
    }


def test_the_way_back_leads_to_the_list_as_it_was_narrowed(staff: Callable[[str], User]) -> None:
    client = Client()
    client.force_login(staff("agent"), backend="accounts.backends.StaffBackend")
    narrowed = f"{PERSONS}?language=sv"

    asked: Any = client.get(narrowed, follow=True)
    back = asked.context["form"]["next"].value()
    answered = client.post("/admin/purpose/", {"purpose": "customer_care", "next": back})

    assert answered.headers["Location"] == narrowed


def test_a_purpose_outside_her_roles_is_none(client_as: Browser) -> None:
    client = client_as("agent")
    for wrong in ("billing", "retention", "", "x"):
        response = client.post("/admin/purpose/", {"purpose": wrong})
        assert response.status_code == 200, wrong
    assert client.session["admin_purpose"] == "customer_care"


@pytest.mark.parametrize("elsewhere", ["//evil.example.com/", "https://evil.example.com/", "/x/"])
def test_the_way_back_leads_to_the_desk_alone(client_as: Browser, elsewhere: str) -> None:
    response = client_as("agent").post(
        "/admin/purpose/", {"purpose": "customer_care", "next": elsewhere}
    )
    assert response.headers["Location"] == "/admin/"


def test_whose_roles_leave_no_choice_is_not_asked(
    staff: Callable[[str], User], trail: Trail
) -> None:
    person = a_person()
    a_record("consents.marketingchoice", person)
    client = Client()
    client.force_login(staff("marketer"), backend="accounts.backends.StaffBackend")

    assert client.get("/admin/consents/marketingchoice/").status_code == 200

    assert {row["purpose"] for row in trail.rows(action=3)} == {"marketing"}


# --- lists ---------------------------------------------------------------------------------------


def test_a_list_reads_whom_it_shows_and_nobody_else(client_as: Browser, trail: Trail) -> None:
    shown = [a_person("Aino", f"Mallikas{number}") for number in range(60)]
    client = client_as("agent")

    first = client.get(PERSONS)

    assert len(trail.last_request()) == 50
    assert trail.subjects(cid=trail.last_request()[0]["cid"]) == {
        person.public_id for person in shown[10:]
    }
    (after,) = re.findall(r"\?after=([0-9a-f-]+)", first.content.decode())
    second = client.get(PERSONS, {"after": after})
    assert {row["subject"] for row in trail.last_request()} == {
        person.public_id for person in shown[:10]
    }
    assert 'href="?after=' not in second.content.decode()


def test_a_page_that_is_just_full_has_no_next_one(client_as: Browser) -> None:
    for number in range(50):
        a_person("Aino", f"Mallikas{number}")
    assert "after=" not in client_as("agent").get(PERSONS).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=%00",
        "after=4e022709-53c5-46dc-9069-22bac9f96979",
        "p=99999999999999999999",
        "o=-1.2&q=virtanen&e=1&all=",
        "language=xx",
        "language=%00",
        "person=nobody",
        "last_name__startswith=V",
        "_popup=1&_to_field=last_name",
        "language=fi&language=sv",
    ],
)
def test_a_list_answers_whatever_is_asked(client_as: Browser, query: str) -> None:
    a_person("Aino", "Mallikas")
    for kind in KINDS:
        assert client_as("agent").get(f"/admin/customers/{kind}/?{query}").status_code == 200


def test_an_address_narrows_a_list_by_known_words_only(client_as: Browser) -> None:
    a_person("Aino", "Mallikas", language="fi")
    a_person("Björn", "Modell", language="sv")
    client = client_as("agent")

    swedish = text_of(client.get(PERSONS, {"language": "sv"}))
    assert "Björn Modell" in swedish
    assert "Aino Mallikas" not in swedish
    every = text_of(client.get(PERSONS, {"last_name": "Modell", "q": "Modell"}))
    assert "Aino Mallikas" in every


def test_what_will_end_is_in_force_until_its_last_day_is_over(client_as: Browser) -> None:
    company, today = a_company(), timezone.localdate()
    for name, days in (("Ahead", 9), ("Today", 0), ("Over", -1)):
        a_contact_person(a_person(name), company, ended_on=today + timedelta(days=days))
    client = client_as("agent")

    roles = "/admin/customers/contactperson/"
    in_force, ended = (text_of(client.get(roles, {"state": state})) for state in ("open", "ended"))

    assert [name in in_force for name in ("Ahead", "Today", "Over")] == [True, True, False]
    assert [name in ended for name in ("Ahead", "Today", "Over")] == [False, False, True]


def test_what_belongs_to_a_person_is_found_from_her_record(client_as: Browser) -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 0001"])
    a_person("Eeva", "Toinen", phones=["040 000 0002"])
    client = client_as("agent")
    assert f"{POINTS}?person={person.public_id}" in client.get(page_of(person)).content.decode()

    response = client.get(POINTS, {"person": str(person.public_id)})

    assert "040 000 0001" in text_of(response)
    assert "040 000 0002" not in text_of(response)
    # The way back to her, and her name in the row of her number.
    assert response.content.decode().count(f'href="{page_of(person)}"') == 2


# --- the search ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "term", "found"),
    [
        ("person", "mallikas ain", "Aino Mallikas"),
        ("person", "0400000001", "Aino Mallikas"),
        ("person", "aino@example.com", "Aino Mallikas"),
        ("person", "K77", "Aino Mallikas"),
        ("person", "hämeen puut", "Aino Mallikas"),
        ("contactpoint", "mallikas", "040 000 0001"),
        ("customer", "hameen", "Hämeen Puutarha Oy"),
        ("customer", "20077", "Hämeen Puutarha Oy"),
        ("customer", "mallikas", "77-own"),
        ("contactperson", "hämeen", "hankinta"),
        ("serviceuser", "mallikas", "K77"),
        ("interaction", "mallikas", "Laskun eräpäivä"),
    ],
)
def test_records_are_found_by_the_keys_of_the_lookup(
    client_as: Browser, trail: Trail, kind: str, term: str, found: str
) -> None:
    aino = a_person("Aino", "Mallikas", phones=["040 000 0001"], emails=["aino@example.com"])
    a_contact_person(aino, a_company("Hämeen Puutarha Oy", number="20077"))
    a_service_user(aino, user_id="K77")
    a_private_customer(aino, number="77-own")
    an_interaction(aino)
    a_person("Eeva", "Toinen", phones=["040 000 0002"])
    client = client_as("agent")

    response = client.post(f"/admin/customers/{kind}/search/", {"q": term})
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/admin/customers/{kind}/",
    )
    page = client.get(response.headers["Location"])

    assert found in text_of(page)
    assert "Toinen" not in text_of(page)
    rows = trail.last_request()
    assert [row["action"] for row in rows].count(4) == 1  # the search, without its term
    shown = {row["subject"] for row in rows if row["subject"]}
    assert shown == (set() if found == "Hämeen Puutarha Oy" else {aino.public_id})
    client.post(f"/admin/customers/{kind}/search/", {"q": ""})
    assert "admin_searches" not in client.session or not client.session["admin_searches"]


@pytest.mark.parametrize("term", ["x" * 100_000, "a\0b", "😀" * 60, "%", "'", "<script>", "ab"])
def test_a_search_answers_rubbish(client_as: Browser, term: str) -> None:
    a_person("Aino", "Mallikas")
    response = client_as("agent").post(f"{PERSONS}search/", {"q": term}, follow=True)
    assert response.status_code == 200
    assert b"<script>" not in response.content.partition(b"<main")[2]


def test_nothing_personal_gets_into_an_address(client_as: Browser) -> None:
    aino = a_person("Aino", "Mallikas", phones=["040 000 0001"])
    client = client_as("agent")
    client.post(f"{PERSONS}search/", {"q": "mallikas"})
    found = client.get(PERSONS).content.decode()
    chosen = client.post(f"{PERSONS}choose/", {"term": "mallikas"}).content.decode()
    form = form_on(client, page_of(aino))
    saved = client.post(page_of(aino), {**form, "last_name": "Uusinimi"})

    addresses = [
        *re.findall(r'(?:href|action|hx-post)="([^"]*)"', found + chosen),
        saved.headers["Location"],
    ]
    for address in addresses:
        assert not re.search("malli|aino|uusi|0400", address, re.IGNORECASE), address
    for page in (found, client.get(page_of(aino)).content.decode()):
        (title,) = re.findall("<title>(.*)</title>", page)
        assert "Mallikas" not in title
        assert "Uusinimi" not in title


def test_a_field_that_names_somebody_answers_by_post(client_as: Browser, trail: Trail) -> None:
    aino = a_person("Aino", "Mallikas")
    client = client_as("agent")

    response = client.post(f"{PERSONS}choose/", {"term": "mallik"})

    assert str(aino.public_id) in response.content.decode()
    assert {row["subject"] for row in trail.last_request()} == {None, aino.public_id}
    assert client.get(f"{PERSONS}choose/?term=mallik").status_code == 405
    assert client_as("marketer").post(f"{PERSONS}choose/", {"term": "mallik"}).status_code == 403


# --- records -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_is_not_there_is_404(client_as: Browser, kind: str) -> None:
    client = client_as("agent")
    for wrong in (uuid4(), "1", "x", "%00", "1/delete", f"{uuid4()}/history"):
        assert client.get(f"/admin/customers/{kind}/{wrong}/change/").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_shown_and_its_person_recorded(
    client_as: Browser, trail: Trail, kind: str
) -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 0001"])
    public_id = a_record(f"customers.{kind}", person)
    before = trail.last_id()

    response = client_as("registrar").get(f"/admin/customers/{kind}/{public_id}/change/")

    assert response.status_code == 200
    assert {row["subject"] for row in trail.rows(id__gt=before)} == {person.public_id}


def test_who_may_only_look_gets_no_form(client_as: Browser) -> None:
    person = a_person("Aino", "Mallikas")
    client = client_as("billing")
    page = client.get(page_of(person))
    assert "Mallikas" in text_of(page)
    assert form_in(page) == {}
    assert client.post(page_of(person), {"last_name": "Toinen"}).status_code == 403
    assert now(person).last_name == "Mallikas"


def test_numbers_and_addresses_are_covered_for_some_roles(client_as: Browser) -> None:
    person = a_person(phones=["040 000 0077"], emails=["aino.mallikas@example.com"])
    a_record("customers.address", person)
    for url in (POINTS, page_of(a_phone_of(person)), "/admin/customers/address/"):
        for secret in ("040 000 0077", "aino.mallikas", "Mallikatu"):
            assert secret not in client_as("billing").get(url).content.decode()
    assert "040 000 0077" in text_of(client_as("agent").get(POINTS))


def test_a_change_is_saved_with_its_source_and_recorded(client_as: Browser, trail: Trail) -> None:
    person = a_person("Aino", "Mallikas")
    client = client_as("account_manager")
    form = form_on(client, page_of(person))
    assert form["source"] == Source.STAFF
    last = trail.last_id()

    response = client.post(page_of(person), {**form, "last_name": "Uusi", "source": "letter"})

    assert (response.status_code, response.headers["Location"]) == (302, page_of(person))
    saved = now(person)
    assert (saved.first_name, saved.last_name, saved.source) == ("Aino", "Uusi", "letter")
    (row,) = trail.rows(id__gt=last, action=1)
    assert set(row["changes"]) == {"last_name", "source"}
    assert row["changes"]["last_name"] == ["***", "***"]
    assert row["subject"] == person.public_id
    assert row["purpose"] == "customer_care"
    assert not AdminLogEntry.objects.exists()


def test_a_form_sent_as_it_stands_changes_nothing(client_as: Browser, trail: Trail) -> None:
    person = a_person(phones=["040 000 0001"])
    contact = an_interaction(person)
    client = client_as("agent")
    for record in (person, a_phone_of(person), contact, a_private_customer(person)):
        changed_at = now(record).changed_at
        response = client.post(page_of(record), form_on(client, page_of(record)))
        assert response.status_code == 302, response.content.decode()
        assert now(record).changed_at == changed_at
    assert trail.actions(subject=person.public_id, action=1) == []


def test_mistakes_are_told_and_nothing_is_saved(client_as: Browser) -> None:
    person = a_person("Aino", "Mallikas")
    client = client_as("agent")
    form = form_on(client, page_of(person))
    wrong: dict[str, Any]
    for wrong in (
        {"last_name": ""},
        {"language": "xx"},
        {"source": ""},
        {"last_name": "x" * 101},
        {"last_name": "a\0b"},
        {"source_wording": "hetu 131052-308T"},
    ):
        response = client.post(page_of(person), {**form, **wrong})
        assert response.status_code == 200, wrong
        assert "errorlist" in response.content.decode() or "notice-error" in (
            response.content.decode()
        )
    assert now(person).last_name == "Mallikas"


def test_a_number_is_normalised_and_one_is_the_first_choice(client_as: Browser) -> None:
    person = a_person(phones=["040 000 0001"])
    first = a_phone_of(person)
    client = client_as("agent")
    form = form_on(client, page_of(first))
    assert client.post(page_of(first), {**form, "is_primary": "on"}).status_code == 302

    add = f"{POINTS}add/?person={person.public_id}"
    form = form_on(client, add)
    assert form["person"] == str(person.public_id)
    values = {"kind": "phone", "as_written": "050-000 0002", "is_primary": "on", "source": "email"}
    response = client.post(add, {**form, **values})

    assert response.status_code == 302, text_of(response)
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        points = {p.normalised: p.is_primary for p in ContactPoint.objects.filter(person=person)}
    assert points == {"+358400000001": False, "+358500000002": True}
    bad = client.post(add, {**form_on(client, add), **values, "as_written": "no number"})
    assert bad.status_code == 200
    assert "errorlist" in bad.content.decode()


def test_a_record_of_nobody_or_of_a_stranger_is_not_made(client_as: Browser) -> None:
    client = client_as("agent")
    form = {
        **form_on(client, f"{POINTS}add/"),
        "kind": "phone",
        "as_written": "040 000 0001",
        "source": "email",
    }
    for nobody in ("", str(uuid4()), "1", "x", "%", "x" * 500):
        response = client.post(f"{POINTS}add/", {**form, "person": nobody})
        assert response.status_code == 200
        assert "errorlist" in response.content.decode() or "notice-error" in (
            response.content.decode()
        )
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        assert not ContactPoint.objects.exists()


def test_nothing_of_a_restricted_person_is_changed(
    client_as: Browser, staff: Callable[[str], User]
) -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 0001"])
    client = client_as("registrar")
    forms = {page_of(r): form_on(client, page_of(r)) for r in (person, a_phone_of(person))}
    add = form_on(client, f"{POINTS}add/?person={person.public_id}")
    restriction = a_record("customers.restriction", person)

    for url, form in forms.items():
        assert form_on(client, url) == {}
        client.post(url, {**form, "source": "letter", "label": "uusi", "last_name": "Uusi"})
    values = {"kind": "phone", "as_written": "040 000 0003", "source": "letter"}
    assert client.post(f"{POINTS}add/", {**add, **values}).status_code == 200

    assert now(person).last_name == "Mallikas"
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        assert ContactPoint.objects.filter(person=person).count() == 1
        in_force = Restriction.objects.get(public_id=restriction)
        lift_restriction(restriction=in_force, by=staff("registrar"))
    assert form_on(client, page_of(person))["last_name"] == "Mallikas"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("address", {"kind": "visiting", "street": "Mallikatu 1", "postal_code": "13100"}),
        (
            "contactpoint",
            {"kind": "email", "as_written": "a@example.com", "normalised": "a@example.com"},
        ),
        ("interaction", {"channel": "phone", "direction": "in", "subject": "Lasku"}),
    ],
)
def test_what_belongs_to_a_restricted_sole_trader_is_shown_and_not_changed(
    client_as: Browser, kind: str, values: dict[str, str]
) -> None:
    owner = a_person("Aino", "Mallikas")
    firm = a_company("Tmi Mallikas", owner=owner, legal_form=Customer.LegalForm.TMI)
    model: Any = apps.get_model("customers", kind)
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        record = model.objects.create(customer=firm, source="letter", **values)
    client = client_as("agent")
    assert form_on(client, page_of(record)) != {}
    a_record("customers.restriction", owner)

    page = client.get(page_of(record))

    assert form_in(page) == {}
    assert "notice-warning" in page.content.decode()
    client.post(page_of(record), {"source_wording": "uusi"})
    assert now(record).source_wording == ""


# --- restrictions, holds, contacts ---------------------------------------------------------------


def test_a_registrar_restricts_and_nobody_lifts_here(
    client_as: Browser, staff: Callable[[str], User], trail: Trail, looking: None
) -> None:
    person = a_person()
    client = client_as("registrar")
    add = f"/admin/customers/restriction/add/?person={person.public_id}"

    response = client.post(add, {**form_on(client, add), "ground": "accuracy"})

    (restriction,) = Restriction.objects.filter(person=person)
    assert restriction.restricted_by == staff("registrar")
    assert response.headers["Location"] == page_of(restriction)
    page = client.get(page_of(restriction)).content.decode()
    assert "18 artiklan 3 kohta" in page
    assert "/lift/" not in page
    assert client.post(page_of(restriction).replace("change", "lift")).status_code == 404
    assert Restriction.objects.get(pk=restriction.pk).lifted_at is None
    assert trail.actions(
        subject=person.public_id, object_id=restriction.pk, content_type__model="restriction"
    ) == ["create"]


def test_a_registrar_holds_and_releases(
    client_as: Browser, staff: Callable[[str], User], looking: None
) -> None:
    person = a_person()
    client = client_as("registrar")
    add = f"/admin/customers/hold/add/?person={person.public_id}"
    client.post(add, {**form_on(client, add), "reason": "Riita laskusta"})
    (hold,) = Hold.objects.filter(person=person)
    assert hold.placed_by == staff("registrar")

    form = form_on(client, page_of(hold))
    assert "reason" not in form
    client.post(page_of(hold), {**form, "until": "2030-01-31"})
    assert str(Hold.objects.get(pk=hold.pk).until) == "2030-01-31"

    client.post(page_of(hold).replace("change", "release"))
    assert Hold.objects.get(pk=hold.pk).released_at is not None
    assert form_on(client, page_of(hold)) == {}


def test_a_contact_is_logged_under_her_name(
    client_as: Browser, staff: Callable[[str], User], looking: None
) -> None:
    person = a_person()
    client = client_as("agent")
    add = f"/admin/customers/interaction/add/?person={person.public_id}"
    form = form_on(client, add)
    values = {"channel": "phone", "direction": "in", "subject": "Laskun eräpäivä"}

    client.post(add, {**form, **values, "is_closed": "on", "outcome": "resolved"})

    (contact,) = Interaction.objects.filter(person=person)
    assert contact.handled_by == staff("agent")
    assert contact.closed_at is not None
    stranger = a_company()
    again = client.post(
        add, {**form_on(client, add), **values, "customer": str(stranger.public_id)}
    )
    assert again.status_code == 200
    assert Interaction.objects.count() == 1


# --- one form, one object; two people, one record ------------------------------------------------


def test_a_form_sent_twice_makes_one_object(client_as: Browser) -> None:
    client = client_as("agent")
    form = {**form_on(client, f"{PERSONS}add/"), "last_name": "Kaksonen", "source": "letter"}

    first, second = (client.post(f"{PERSONS}add/", form) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        assert Person.objects.filter(last_name="Kaksonen").count() == 1


@pytest.mark.parametrize(
    ("kind", "values", "other"),
    [
        ("person", {"last_name": "Kaksonen", "source": "letter"}, {"last_name": "Toinen"}),
        (
            "contactpoint",
            {"kind": "phone", "as_written": "040 000 0001", "source": "letter"},
            {"as_written": "040 000 0002"},
        ),
        (
            "interaction",
            {"channel": "phone", "direction": "in", "subject": "Lasku", "outcome": "resolved"},
            {"is_closed": "on"},
        ),
    ],
)
def test_a_form_sent_again_with_something_else_in_it_keeps_nothing_silently(
    client_as: Browser, kind: str, values: dict[str, str], other: dict[str, str], looking: None
) -> None:
    model: Any = apps.get_model("customers", kind)
    client = client_as("agent")
    add = f"/admin/customers/{kind}/add/"
    if kind != "person":
        add += f"?person={a_person().public_id}"
    form = {**form_on(client, add), **values}
    client.post(add, form)
    number = model.objects.count()

    again = client.post(add, {**form, **other})

    assert again.status_code == 409
    assert "notice-error" in again.content.decode()
    assert model.objects.count() == number
    typed = form_in(again)
    assert {name: typed[name] for name in values} == {
        name: other.get(name, value) for name, value in values.items()
    }
    assert client.post(add, typed).status_code == 302
    assert model.objects.count() == number + 1


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\0"])
def test_a_form_that_was_not_issued_makes_nothing_and_keeps_what_was_typed(
    client_as: Browser, token: str
) -> None:
    response = client_as("agent").post(
        f"{PERSONS}add/", {"issued": token, "last_name": "Kaksonen", "source": "letter"}
    )
    assert response.status_code == 200
    assert form_in(response)["last_name"] == "Kaksonen"
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        assert not Person.objects.exists()


def test_a_form_issued_to_a_colleague_is_none_of_hers(client_as: Browser) -> None:
    form = {**form_on(client_as("agent"), f"{PERSONS}add/"), "last_name": "X", "source": "letter"}
    assert client_as("registrar").post(f"{PERSONS}add/", form).status_code == 200


def test_who_saves_second_sees_both_values_and_loses_nothing(client_as: Browser) -> None:
    person = a_person("Aino", "Mallikas")
    url = page_of(person)
    agent, manager = client_as("agent"), client_as("account_manager")
    hers, theirs = form_on(agent, url), form_on(manager, url)
    manager.post(url, {**theirs, "last_name": "Heidän", "language": "sv"})

    conflict = agent.post(url, {**hers, "last_name": "Hänen", "first_name": "Eino"})

    assert conflict.status_code == 409
    assert now(person).last_name == "Heidän"
    page = text_of(conflict)
    assert "Heidän" in page  # what is stored, beside the field
    again = form_in(conflict)
    assert (again["last_name"], again["first_name"]) == ("Hänen", "Eino")
    assert again["language"] == "sv"  # she had not touched it: theirs stays
    assert conflict.content.decode().count("data-take") == 2

    assert agent.post(url, again).status_code == 302
    saved = now(person)
    assert (saved.last_name, saved.first_name, saved.language) == ("Hänen", "Eino", "sv")


def test_the_conflict_page_can_meet_a_third_one(client_as: Browser) -> None:
    person = a_person("Aino", "Mallikas")
    url = page_of(person)
    agent, manager = client_as("agent"), client_as("account_manager")
    hers, theirs = form_on(agent, url), form_on(manager, url)
    manager.post(url, {**theirs, "last_name": "Toinen"})
    conflict = form_in(agent.post(url, {**hers, "last_name": "Hänen"}))
    manager.post(url, {**form_on(manager, url), "last_name": "Kolmas"})
    response = agent.post(url, conflict)
    assert response.status_code == 409
    assert "Kolmas" in text_of(response)
    assert now(person).last_name == "Kolmas"


def test_the_same_change_by_two_people_is_no_conflict(client_as: Browser) -> None:
    person = a_person("Aino", "Mallikas")
    url = page_of(person)
    agent, manager = client_as("agent"), client_as("account_manager")
    forms = [{**form_on(c, url), "last_name": "Sama"} for c in (agent, manager)]
    assert manager.post(url, forms[1]).status_code == 302
    assert agent.post(url, forms[0]).status_code == 302
    assert now(person).last_name == "Sama"


@pytest.mark.parametrize("token", ["", "x", "eyJ:1:x"])
def test_a_form_without_its_version_never_overwrites(client_as: Browser, token: str) -> None:
    person = a_person("Aino", "Mallikas")
    client = client_as("agent")
    form = {**form_on(client, page_of(person)), "last_name": "Uusi", "loaded": token}
    response = client.post(page_of(person), form)
    assert response.status_code == 409
    assert form_in(response)["last_name"] == "Uusi"
    assert now(person).last_name == "Mallikas"


# --- speed ---------------------------------------------------------------------------------------

# Session, user, roles, purpose; the page; the log. The same however much is in the register.
QUERIES_OF_A_LIST = {
    "person": 9,
    "contactpoint": 9,
    "address": 9,
    "customer": 9,
    "contactperson": 9,
    "serviceuser": 9,
    "interaction": 9,
    "restriction": 9,
    "hold": 9,
}


def queries(client: Client, url: str) -> list[str]:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_takes_the_same_number_of_queries_at_any_size(client_as: Browser, kind: str) -> None:
    client = client_as("registrar")
    url = f"/admin/customers/{kind}/"
    a_record(f"customers.{kind}", a_person())
    few = queries(client, url)
    for number in range(12):
        a_record(
            f"customers.{kind}",
            a_person("Aino", f"Mallikas{number}", phones=[f"04000000{number:02d}"]),
        )
    many = queries(client, url)

    assert len(few) == len(many) <= QUERIES_OF_A_LIST[kind], many
    assert not [sql for sql in many if "count(" in sql.lower() and "customers_" in sql]
    assert not [sql for sql in many if "like" in sql.lower() and "customers_" in sql]


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_takes_the_same_number_of_queries_at_any_size(
    client_as: Browser, kind: str
) -> None:
    client = client_as("registrar")
    person = a_person(phones=["0400000001"])
    url = f"/admin/customers/{kind}/{a_record(f'customers.{kind}', person)}/change/"
    few = queries(client, url)
    for number in range(5):
        an_interaction(person)
        a_service_user(person, user_id=f"K88{number}")
    assert len(queries(client, url)) == len(few) <= 12
