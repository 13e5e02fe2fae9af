"""Disclosures: who is named in them, where data may not go, and look-ups by group companies."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.group_lookups import note_group_lookups
from accounts.models import AdequacyDecision, Disclosure, Recipient, User
from accounts.roles import Role
from accounts.services import change_staff, create_staff
from accounts.transfers import EEA, country_names, known_country
from audit.context import AccessContext, AccessPurpose, access_context, activate
from audit.log import Action
from consents.services import name_more, withdraw_consent
from customers.models import Person
from datamap.vocabulary import LawfulBasis
from tests.builders import a_person, a_user, restricted
from tests.disclosing import (
    a_colleague,
    a_group_company,
    a_recipient,
    agreed_to_transfers,
    disclosed,
    named_in,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db

INDIA, SWISS = "IN", "CH"


def test_everybody_in_a_disclosure_is_named_in_it_and_in_the_log(trail: Trail) -> None:
    persons = [a_person(), a_person("Toinen")]
    before = trail.last_id()

    made = disclosed(*persons, persons[0], to=a_recipient("Malli AB", "SE"))

    subjects = {person.public_id for person in persons}
    assert named_in(made) == subjects
    assert (made.country, made.transfer_tool) == ("SE", "")
    rows = trail.rows(id__gt=before, action=Action.CREATE)
    assert sorted(str(row["subject"]) for row in rows) == sorted(map(str, subjects))
    assert {tuple(row["categories"]) for row in rows} == {("billing", "name")}


def test_a_disclosure_of_nobodys_data_is_none() -> None:
    with pytest.raises(ValidationError):
        disclosed(to=a_recipient())
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("country", "tool", "consents", "is_allowed"),
    [
        ("FI", "", False, True),
        ("IS", "", False, True),
        ("FI", "clauses", True, False),
        (INDIA, "", True, False),
        (INDIA, "clauses", False, False),
        (INDIA, "clauses", True, True),
        (INDIA, "binding_rules", True, True),
        (INDIA, "consent", True, True),
        (INDIA, "consent", False, False),
        (INDIA, "adequacy", True, False),
        (SWISS, "adequacy", True, True),
        (SWISS, "adequacy", False, False),
        (SWISS, "", True, False),
    ],
)
def test_outside_the_eea_consent_and_a_tool_are_both_needed(
    country: str, tool: str, consents: bool, is_allowed: bool
) -> None:
    person = a_person()
    if consents:
        agreed_to_transfers(person)

    try:
        disclosed(person, to=a_recipient(country=country), transfer_tool=tool)
    except ValidationError:
        assert not is_allowed
    else:
        assert is_allowed
    assert Disclosure.objects.exists() == is_allowed


def test_one_who_has_not_consented_stops_the_transfer_of_all() -> None:
    willing, silent, changed_mind = a_person(), a_person("Toinen"), a_person("Kolmas")
    agreed_to_transfers(willing)
    consent = agreed_to_transfers(changed_mind)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        withdraw_consent(consent=consent)

    for other in (silent, changed_mind):
        with pytest.raises(ValidationError):
            disclosed(willing, other, to=a_recipient(country=INDIA), transfer_tool="clauses")
    assert not Disclosure.objects.exists()

    made = disclosed(willing, to=a_recipient(country=INDIA), transfer_tool="clauses")
    with (
        pytest.raises(ValidationError),
        access_context(job="test", purpose=AccessPurpose.UPKEEP),
    ):
        name_more(disclosure=made, persons=[silent])
    assert named_in(made) == {willing.public_id}


def test_an_adequacy_decision_counts_while_it_is_in_force() -> None:
    person, recipient = a_person(), a_recipient(country="GB")
    agreed_to_transfers(person)
    disclosed(person, to=recipient, transfer_tool="adequacy")

    AdequacyDecision.objects.filter(country="GB").update(
        valid_until=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(ValidationError):
        disclosed(person, to=recipient, transfer_tool="adequacy")


def test_the_database_refuses_a_transfer_whoever_writes_it(
    transactional_db: None, owner: psycopg.Connection[Any]
) -> None:
    person, recipient = a_person(), a_recipient(country=INDIA)
    values = (str(recipient.pk), INDIA)
    insert = (
        "INSERT INTO accounts_disclosure (public_id, recipient_id, country, what, categories,"
        " basis, transfer_tool, made_at) VALUES"
        " (gen_random_uuid(), %s, %s, '', '{name}', 'f', %s, now()) RETURNING id"
    )
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(insert, (*values, ""))
    [disclosure] = owner.execute(insert, (*values, "clauses")).fetchone() or []
    with pytest.raises(psycopg.errors.CheckViolation, match="consented"):
        owner.execute(
            "INSERT INTO accounts_disclosedperson (disclosure_id, subject) VALUES (%s, %s)",
            (disclosure, person.public_id),
        )


def test_restricted_data_goes_only_where_the_law_demands_it() -> None:
    person = a_person()
    restricted(person)

    with pytest.raises(ValidationError):
        disclosed(person, to=a_recipient())
    made = disclosed(
        person,
        to=a_recipient("Poliisi", kind="authority"),
        basis=LawfulBasis.LEGAL_OBLIGATION,
    )
    assert named_in(made) == {person.public_id}


def test_countries_are_countries() -> None:
    assert set(country_names("fi")) >= EEA
    assert country_names("fi")["SE"] == "Ruotsi"
    assert country_names("sv")["SE"] == "Sverige"
    for code in ("XX", "EU", "fi", "F", "ZZ", "99"):
        with pytest.raises(ValidationError):
            known_country(code)


def test_a_processor_outside_the_eea_needs_its_tool(owner: psycopg.Connection[Any]) -> None:
    from accounts.models import Processor

    values = {"service": "Pilvi", "categories": ["name"], "contract_on": "2026-01-01"}
    Processor.objects.create(name="Malli Inc", country="US", transfer_tool="clauses", **values)
    for country, tool in (("US", ""), ("FI", "clauses")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Processor.objects.create(
                name=f"Malli {country}", country=country, transfer_tool=tool, **values
            )


# --- look-ups by group companies ------------------------------------------------------------------


def look(user: User, *persons: Person, category: str = "name") -> None:
    """A member of staff sees these persons."""
    context = AccessContext(purpose=AccessPurpose.CUSTOMER_CARE, actor_id=user.pk)
    with activate(context):
        for person in persons:
            context.saw_subject(person.public_id, frozenset({category}))
        context.flush()


def test_a_look_up_by_a_group_companys_staff_is_a_disclosure_to_it(trail: Trail) -> None:
    company = a_group_company()
    hers, ours = a_colleague(company), a_colleague_of_ours()
    seen, seen_by_us, unseen = a_person(), a_person("Toinen"), a_person("Kolmas")
    look(hers, seen, seen)
    look(ours, seen_by_us)

    assert note_group_lookups(job="test") == 1
    made = Disclosure.objects.get()

    assert (made.recipient, made.looked_up_on) == (company, timezone.localdate())
    assert named_in(made) == {seen.public_id}
    assert made.categories == ["name"]
    assert unseen.public_id not in named_in(made)
    assert trail.rows()[-2]["action"] in (Action.CREATE, Action.ACCESS)


def a_colleague_of_ours() -> User:
    from tests.builders import a_user

    return a_user("ours")


def test_a_look_up_is_noted_once_however_often_the_job_runs() -> None:
    company = a_group_company()
    hers, first, second = a_colleague(company), a_person(), a_person("Toinen")
    look(hers, first)
    note_group_lookups(job="test")

    assert note_group_lookups(job="test") == 0
    look(hers, first, second)
    assert note_group_lookups(job="test") == 1
    assert named_in(Disclosure.objects.get()) == {first.public_id, second.public_id}


def test_what_was_seen_of_them_is_added_to_and_never_taken_back() -> None:
    hers, person = a_colleague(a_group_company()), a_person()
    look(hers, person, category="billing")
    note_group_lookups(job="test")
    made = Disclosure.objects.get()
    # As if the billing data had been seen on a day that the job does not read again.
    Disclosure.objects.filter(pk=made.pk).update(categories=["billing", "history"])
    look(hers, person, category="name")
    note_group_lookups(job="test")

    assert Disclosure.objects.get().categories == ["billing", "history", "name"]


def test_an_account_that_has_been_used_does_not_change_to_a_group_company_or_from_one() -> None:
    company, user = a_group_company(), a_colleague_of_ours()

    boss = a_user("boss")

    def move(one: User) -> User:
        one.employer, one.employer_name = "group", company.name
        with access_context(job="test", purpose=AccessPurpose.UPKEEP):
            return change_staff(user=one, roles=[Role.AGENT], by=boss)

    assert move(a_user("fresh")).employer == "group"
    look(user, a_person())
    with pytest.raises(ValidationError) as refused:
        move(user)
    assert list(refused.value.message_dict) == ["employer"]
    assert User.objects.get(pk=user.pk).employer == "praecom"


def test_each_company_has_its_own_and_an_older_account_brings_its_company() -> None:
    known = a_group_company()
    older = Recipient(name="Praecom Vanha Oy")
    look(a_colleague(known), a_person())
    look(a_colleague(older, "older"), a_person("Toinen"))

    assert note_group_lookups(job="test") == 2
    made = Recipient.objects.get(name=older.name)
    assert (made.kind, bool(made.arrangement)) == ("group", True)
    assert {one.recipient.name for one in Disclosure.objects.all()} == {known.name, older.name}


def test_a_group_company_is_a_recipient_in_the_eea_before_its_staff_have_accounts() -> None:
    def make(company: str) -> User:
        with access_context(job="test", purpose=AccessPurpose.UPKEEP):
            return create_staff(
                username="new",
                roles=[Role.AGENT],
                password=None,
                employer="group",
                employer_name=company,
            )

    with pytest.raises(ValidationError):
        make("Praecom Tytär Oy")
    a_recipient("Praecom India Ltd", INDIA, kind="group", arrangement="Art. 26")
    with pytest.raises(ValidationError):
        make("Praecom India Ltd")
    assert make(a_group_company().name).employer_name == "Praecom Tytär Oy"


def test_what_an_agent_of_a_group_company_sees_on_the_card_is_noted(
    client_as: Callable[[str], Client], staff: Callable[..., User]
) -> None:
    person, company = a_person(), a_group_company()
    client = client_as("agent")
    User.objects.filter(pk=staff("agent").pk).update(employer="group", employer_name=company.name)
    assert Group.objects.filter(name="agent", user=staff("agent")).exists()
    assert client.get(f"/persons/{person.public_id}/").status_code == 200

    assert note_group_lookups(job="test") == 1
    assert named_in(Disclosure.objects.get()) == {person.public_id}
