"""What ends starts its erasure: a consent that is withdrawn, a relationship that is over."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from audit.context import AccessPurpose, in_context
from consents.models import Consent, SupplementaryInformation, Wording
from consents.services import Answer, add_information, give_consent, withdraw_consent
from customers.models import ContactPoint, Customer, Person
from privacy.forgetting.runs import apply_retention
from tests.builders import a_person, a_private_customer, an_address
from tests.contract_builders import an_invoice

pytestmark = pytest.mark.django_db(transaction=True)

looking = in_context(job="test", purpose=AccessPurpose.UPKEEP)


@looking
def count(model: Any) -> int:
    return int(model.objects.keys_only().count())


@looking
def a_survey_answer(person: Person) -> Consent:
    wording = Wording.objects.create(name="survey", version=1, language="fi", text="Suostun.")
    consent = give_consent(person=person, purpose="survey", wording=wording, source="call")
    add_information(
        person=person,
        kind="survey",
        topic="Palvelu",
        answers=[Answer("Toimi hyvin", "Mitä pidit?")],
        source="phone_call",
        consent=consent,
    )
    return consent


def test_what_was_collected_with_a_consent_goes_a_month_after_it_is_withdrawn() -> None:
    consent = a_survey_answer(a_person())
    today = timezone.localdate()
    assert apply_retention(as_of=today + timedelta(days=60), job="test").erased == {}
    looking(withdraw_consent)(consent=consent)

    apply_retention(as_of=today + timedelta(days=29), job="test")
    assert count(SupplementaryInformation) == 1
    run = apply_retention(as_of=today + timedelta(days=30), job="test")

    assert run.erased == {"consents.supplementaryinformation": 1}
    assert (count(SupplementaryInformation), count(Consent), count(Person)) == (0, 1, 1)


def test_who_was_a_customer_is_kept_as_her_vouchers_need_and_no_longer(
    owner: psycopg.Connection[Any],
) -> None:
    paid, owing = a_person("Aino", "Mallikas"), a_person("Eino", "Esimerkki")
    for number, person in enumerate((paid, owing)):
        customer = a_private_customer(person)
        is_paid: dict[str, Any] = {}
        if person is paid:
            is_paid = {"paid": "125.50", "paid_on": date(2020, 6, 30)}
        an_invoice(customer, issued_on=date(2020, 6, 1), **is_paid)
        an_address(person)
        looking(ContactPoint.objects.create)(
            person=person, kind="phone", as_written=f"040 000 000{number}",
            normalised=f"+35840000000{number}", source="staff",
        )  # fmt: skip
    owner.execute(
        "UPDATE customers_customer SET since = '2020-01-01', ended_on = '2020-12-31',"
        " source_wording = 'puhelimessa'"
    )
    owner.execute(
        "UPDATE customers_person SET created_at = '2020-01-01', source_wording = 'puhelimessa'"
    )

    apply_retention(as_of=date(2023, 12, 30), job="test")
    assert count(ContactPoint) == 2
    apply_retention(as_of=date(2023, 12, 31), job="test")

    # Her number goes; what the voucher needs of her stays. Who still owes is kept as she is.
    with_numbers = looking(list)(ContactPoint.objects.values_list("person_id", flat=True))
    assert with_numbers == [owing.pk]
    kept = looking(Person.objects.get)(pk=paid.pk)
    assert (kept.display_name, kept.source_wording) == ("Aino Mallikas", "")
    assert looking(Customer.objects.get)(owner=owing.pk).source_wording == "puhelimessa"

    apply_retention(as_of=date(2026, 12, 31), job="test")
    assert count(Person) == 2
    apply_retention(as_of=date(2027, 1, 1), job="test")
    assert looking(Person.objects.filter(pk=paid.pk).exists)() is False
