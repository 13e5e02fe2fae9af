"""Recipients, disclosures, processors and countries on the desk."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import AdequacyDecision, Disclosure, Processor, Recipient, SubProcessor
from audit.log import Action
from tests.builders import a_person
from tests.desk import form_on, text_of
from tests.disclosing import (
    a_group_company,
    a_processor,
    a_recipient,
    agreed_to_transfers,
    disclosed,
    named_in,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db

RECIPIENTS, DISCLOSURES = "/admin/accounts/recipient/", "/admin/accounts/disclosure/"
PROCESSORS, DECISIONS = "/admin/accounts/processor/", "/admin/accounts/adequacydecision/"


@pytest.fixture
def client(client_as: Callable[[str], Client]) -> Client:
    return client_as("registrar")


def sent(client: Client, url: str, **values: Any) -> Any:
    return client.post(url, {**form_on(client, url), **values})


# --- recipients and countries ---------------------------------------------------------------------


def test_a_group_company_is_recorded_with_its_ground(client: Client) -> None:
    company = {"name": "Praecom Tytär Oy", "kind": "group", "country": "SE"}

    refused = sent(client, f"{RECIPIENTS}add/", **company)
    assert refused.status_code == 200
    assert not Recipient.objects.exists()
    assert sent(client, f"{RECIPIENTS}add/", **company, arrangement="Art. 26").status_code == 302
    made = Recipient.objects.get()
    assert (made.kind, made.arrangement, made.country) == ("group", "Art. 26", "SE")
    assert "Praecom Tytär Oy" in text_of(client.get(RECIPIENTS))
    assert sent(client, f"{RECIPIENTS}add/", **company, arrangement="Art. 26").status_code == 200


def test_a_country_is_chosen_by_its_name_and_no_other_is_taken(client: Client) -> None:
    page = client.get(f"{RECIPIENTS}add/").content.decode()
    assert '<option value="SE">Ruotsi</option>' in page
    values = {"name": "Malli", "kind": "other", "country": "XX"}
    assert sent(client, f"{RECIPIENTS}add/", **values).status_code == 200
    assert not Recipient.objects.exists()


def test_a_decision_on_a_country_is_kept_up(client: Client) -> None:
    assert AdequacyDecision.objects.count() == 16
    values = {"country": "KE", "valid_from": "2026-05-01", "valid_until": "2030-05-01"}
    assert sent(client, f"{DECISIONS}add/", **values).status_code == 302
    made = AdequacyDecision.objects.get(country="KE")
    url = f"{DECISIONS}{made.public_id}/change/"
    assert sent(client, url, valid_until="2026-04-01").status_code == 200
    assert sent(client, url, valid_until="2027-04-01").status_code == 302
    assert AdequacyDecision.objects.get(country="KE").valid_until == date(2027, 4, 1)


# --- disclosures ----------------------------------------------------------------------------------


def a_disclosure_of(person: Any, **more: Any) -> dict[str, Any]:
    return {
        "what": "Pyydetyt laskut",
        "categories": ["name", "billing"],
        "person": str(person.public_id),
        "basis": "c",
        **more,
    }


def test_a_disclosure_is_recorded_with_whose_data_it_was(client: Client, trail: Trail) -> None:
    person, other, recipient = a_person(), a_person("Toinen"), a_recipient("Verohallinto")
    values = a_disclosure_of(person, recipient=str(recipient.public_id))
    form = {**form_on(client, f"{DISCLOSURES}add/"), **values}
    before = trail.last_id()

    assert client.post(f"{DISCLOSURES}add/", form).status_code == 302
    assert client.post(f"{DISCLOSURES}add/", form).status_code == 302
    made = Disclosure.objects.get()
    assert named_in(made) == {person.public_id}
    assert person.public_id in trail.subjects(id__gt=before, action=Action.CREATE)
    assert made.made_by is not None
    assert made.made_by.username == "registrar"

    url = f"{DISCLOSURES}{made.public_id}/"
    assert "desk-form" not in client.get(f"{url}change/").content.decode()
    assert sent(client, f"{url}name-more/", person=str(other.public_id)).status_code == 302
    assert sent(client, f"{url}name-more/", person=str(other.public_id)).status_code == 302
    assert named_in(made) == {person.public_id, other.public_id}
    assert "Verohallinto" in text_of(client.get(DISCLOSURES))


def test_a_forbidden_transfer_is_said_in_the_form(client: Client) -> None:
    person, recipient = a_person(), a_recipient("Malli Ltd", "IN")
    add = f"{DISCLOSURES}add/"
    values = a_disclosure_of(person, recipient=str(recipient.public_id))

    for more in ({}, {"transfer_tool": "adequacy"}, {"transfer_tool": "clauses"}):
        assert sent(client, add, **values, **more).status_code == 200
        assert not Disclosure.objects.exists()
    agreed_to_transfers(person)
    assert sent(client, add, **values, transfer_tool="clauses").status_code == 302
    assert Disclosure.objects.get().country == "IN"


def test_a_look_up_by_a_group_company_is_not_added_to_by_hand(client: Client) -> None:
    made = disclosed(a_person(), to=a_group_company())
    Disclosure.objects.filter(pk=made.pk).update(looked_up_on="2026-01-01")
    assert "name-more" not in client.get(f"{DISCLOSURES}{made.public_id}/change/").content.decode()


def test_the_auditor_reads_and_nobody_else_sees_any(client_as: Callable[[str], Client]) -> None:
    made = disclosed(a_person("Zyxeline"), to=a_recipient("Verohallinto"))
    auditor = client_as("auditor")

    page = auditor.get(f"{DISCLOSURES}{made.public_id}/change/")
    assert "Verohallinto" in text_of(page)
    assert "Zyxeline" not in page.content.decode()
    assert auditor.get(f"{DISCLOSURES}add/").status_code == 403
    for kind in (RECIPIENTS, DISCLOSURES, PROCESSORS, DECISIONS):
        assert auditor.get(kind).status_code == 200
        assert auditor.get(f"{kind}add/").status_code == 403
        assert client_as("admin").get(kind).status_code == 403


# --- processors -----------------------------------------------------------------------------------


def a_line(number: int, name: str, **more: str) -> dict[str, str]:
    values = {"name": name, "service": "Varmistus", "country": "FI", **more}
    cells = ("name", "service", "country", "transfer_tool", "approved_on", "ended_on")
    return {f"lines-{number}-{cell}": values.get(cell, "") for cell in cells}


def test_a_processor_is_recorded_with_its_sub_processors(client: Client) -> None:
    values = {
        "name": "Malli Pilvi Oy",
        "service": "Palvelinkeskus",
        "country": "FI",
        "categories": ["name"],
        "contract_on": "2025-01-01",
        **a_line(0, "Alihankkija AB", country="SE", approved_on="2025-02-01"),
        **a_line(1, "Toinen Oy"),
    }
    assert sent(client, f"{PROCESSORS}add/", **values).status_code == 302
    made = Processor.objects.get()
    subs = SubProcessor.objects.filter(processor=made).order_by("name")
    assert [(one.name, one.country, one.approved_on) for one in subs] == [
        ("Alihankkija AB", "SE", date(2025, 2, 1)),
        ("Toinen Oy", "FI", None),
    ]
    url = f"{PROCESSORS}{made.public_id}/change/"
    assert "Alihankkija AB" in client.get(url).content.decode()

    gone = sent(client, url, **a_line(0, "", service="", country="FI"))
    assert gone.status_code == 200
    assert subs.count() == 2
    assert sent(client, url, **a_line(1, "", service="", country="FI")).status_code == 302
    assert [one.name for one in subs.all()] == ["Alihankkija AB"]
    assert sent(client, url, **a_line(1, "Alihankkija AB")).status_code == 200


@pytest.mark.parametrize(
    ("country", "tool", "may"),
    [
        ("US", "", False),
        ("US", "consent", False),
        ("IN", "adequacy", False),
        ("US", "adequacy", True),
        ("IN", "clauses", True),
        ("FI", "clauses", False),
    ],
)
def test_a_processor_outside_the_eea_needs_a_tool_for_everybody(
    client: Client, country: str, tool: str, may: bool
) -> None:
    made = a_processor()
    url = f"{PROCESSORS}{made.public_id}/change/"

    answer = sent(client, url, country=country, transfer_tool=tool)

    assert answer.status_code == (302 if may else 200)
    assert Processor.objects.get().country == (country if may else "FI")


@pytest.mark.parametrize(
    ("country", "tool", "may"),
    [
        ("US", "", False),
        ("US", "consent", False),
        ("IN", "adequacy", False),
        ("US", "adequacy", True),
        ("IN", "clauses", True),
        ("FI", "clauses", False),
    ],
)
def test_a_sub_processor_outside_the_eea_needs_a_tool_too(
    client: Client, country: str, tool: str, may: bool
) -> None:
    made = a_processor()
    url = f"{PROCESSORS}{made.public_id}/change/"
    row = a_line(0, "Kaukainen Oy", country=country, transfer_tool=tool, approved_on="2025-02-01")

    answer = sent(client, url, **row)

    assert answer.status_code == (302 if may else 200)
    assert SubProcessor.objects.count() == may
    if not may:
        assert "Kaukainen Oy:" in answer.content.decode()
    elif tool:
        record = client.get("/register/record/").content.decode()
        assert record.count("Kaukainen Oy") == 2  # beside its processor, and as a transfer
        with pytest.raises(IntegrityError), transaction.atomic():
            SubProcessor.objects.update(transfer_tool="")


def test_who_saves_a_processor_second_sees_the_lines_of_the_first(client: Client) -> None:
    url = f"{PROCESSORS}{a_processor().public_id}/change/"
    first, second = form_on(client, url), form_on(client, url)
    assert client.post(url, first | a_line(0, "Ensimmäinen Oy")).status_code == 302

    answer = client.post(url, second | a_line(0, "Toinen Oy"))

    assert answer.status_code == 409
    assert "Ensimmäinen Oy" in answer.content.decode()
    assert [one.name for one in SubProcessor.objects.all()] == ["Ensimmäinen Oy"]
