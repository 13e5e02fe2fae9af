"""Recording choices, notices and duties: who may, what is the same twice, what stays a right."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError
from django.utils import timezone

from audit.context import AccessPurpose, access_context, in_context
from consents.decision import Recipient, may_market
from consents.hashing import digest_of
from consents.models import CollectionNotice, MarketingChoice, Suppression, Wording, WorkDuty
from consents.reach import reach_of_customer, reach_of_person, usual_group
from consents.services import (
    NothingToPutBack,
    end_duty,
    prohibit_everything,
    record_choice,
    record_duty,
    record_notice,
    undo_choices,
)
from consents.services.erasing import forget_marketing_with
from contracts.models import Product
from customers.models import ContactPoint, Customer, Person
from customers.services import ProcessingRestricted
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    a_user,
    an_address,
    restricted,
)
from tests.contract_builders import a_contract, a_service, a_subscription
from tests.marketing import forgotten

pytestmark = pytest.mark.django_db

SUPPORT = Product.Group.SUPPORT.value
ALL = set(MarketingChoice.Channel.values)
doing = in_context(job="test", purpose=AccessPurpose.UPKEEP)


@pytest.fixture
def maija() -> Person:
    return a_person("Maija", "Mallikas", phones=["040 000 0417"], emails=["maija@example.com"])


@pytest.fixture
def wording(db: None) -> Wording:
    return Wording.objects.create(name="direct-marketing", version=1, language="fi", text="Saatte.")


@doing
def choose(choice: str, channel: str = "email", **more: Any) -> MarketingChoice:
    return record_choice(channel=channel, choice=choice, source="call", **more)


@doing
def events(**whose: Any) -> list[tuple[str, str]]:
    found = MarketingChoice.objects.filter(**whose).order_by("id")
    return [(one.channel, one.choice) for one in found]


# --- choices --------------------------------------------------------------------------------------


def test_a_company_chooses_for_its_own_addresses() -> None:
    company = a_company()
    for _ in range(2):
        choose("prohibited", customer=company)

    assert events(customer=company) == [("email", "prohibited")]


@pytest.mark.parametrize("kind", ["private", "sole trader"])
def test_the_choice_of_a_natural_customer_is_the_owners(maija: Person, kind: str) -> None:
    customer = (
        a_private_customer(maija)
        if kind == "private"
        else a_company("Mallikas Tmi", owner=maija, legal_form=Customer.LegalForm.TMI)
    )
    choose("prohibited", customer=customer)

    assert events(person=maija) == [("email", "prohibited")]
    assert events(customer=customer) == []


@pytest.mark.parametrize("whose", ["nobody", "both"])
def test_a_choice_is_of_one_person_or_one_company(maija: Person, whose: str) -> None:
    given: dict[str, Any] = {"person": maija, "customer": a_company()} if whose == "both" else {}

    with pytest.raises(ValidationError):
        choose("prohibited", **given)


def test_everything_is_prohibited_at_once_whatever_stood(maija: Person, wording: Wording) -> None:
    choose("permitted", person=maija, wording=wording)
    choose("permitted", "sms", person=maija, product_group=SUPPORT, wording=wording)
    choose("withdrawn", "phone", person=maija)
    choose("prohibited", "post", person=maija)
    restricted(maija)

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        made = prohibit_everything(person=maija, source="letter", recorded_by=a_user("clerk"))
        again = prohibit_everything(person=maija, source="letter")

    assert {one.channel for one in made} == ALL - {"post"}
    assert again == []
    for channel in ALL:
        assert not allowed(maija, channel)


@doing
def allowed(person: Person, channel: str) -> bool:
    CollectionNotice.objects.create(person=person)
    kind = "email" if channel == "email" else "phone"
    point = None if channel == "post" else ContactPoint.objects.get(person=person, kind=kind)
    recipient = Recipient(person=person, contact_point=point)
    return may_market(recipient, channel, SUPPORT).allowed


# --- putting back ---------------------------------------------------------------------------------


def test_what_was_recorded_by_mistake_is_put_right_by_another_event(
    maija: Person, wording: Wording
) -> None:
    agent = a_user("agent")
    choose("permitted", person=maija, wording=wording)
    choose("prohibited", person=maija, recorded_by=agent)

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        [back] = undo_choices(person=maija, channels=["email", "sms"], recorded_by=agent)

    assert [choice for _channel, choice in events(person=maija)] == [
        "permitted",
        "prohibited",
        "permitted",
    ]
    assert (back.wording, back.recorded_by) == (wording, agent)
    assert back.evidence


@pytest.mark.parametrize("case", ["nothing before", "another's", "hers by the page", "long ago"])
def test_no_permission_is_made_up(
    maija: Person, wording: Wording, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, other = a_user("agent"), a_user("other")
    if case != "nothing before":
        choose("permitted", person=maija, wording=wording)
    recorded_by = {"another's": other, "hers by the page": None}.get(case, agent)
    choose("prohibited", person=maija, recorded_by=recorded_by)
    if case == "long ago":
        later = timezone.now() + timedelta(minutes=16)
        monkeypatch.setattr("consents.services.choices.timezone.now", lambda: later)

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        with pytest.raises(NothingToPutBack):
            undo_choices(person=maija, channels=["email"], recorded_by=agent)


def test_nothing_is_put_back_of_who_is_restricted(maija: Person, wording: Wording) -> None:
    agent = a_user("agent")
    choose("permitted", person=maija, wording=wording)
    choose("prohibited", person=maija, recorded_by=agent)
    restricted(maija)

    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        with pytest.raises(ProcessingRestricted):
            undo_choices(person=maija, channels=["email"], recorded_by=agent)


# --- notices and duties ---------------------------------------------------------------------------


@doing
def test_a_notice_is_recorded_once_for_one_form(maija: Person) -> None:
    restricted(maija)
    notice = record_notice(person=maija, opt_out_offered=True, public_id=(form := uuid4()))

    assert notice.public_id == form
    with pytest.raises(ValidationError):
        record_notice(person=maija, opt_out_offered=True, public_id=form)
    assert CollectionNotice.objects.filter(person=maija).count() == 1


@doing
def test_a_duty_is_recorded_once_and_ended_for_good(maija: Person) -> None:
    role = a_contact_person(maija, a_company())
    given: dict[str, Any] = {"contact_person": role, "product_group": SUPPORT}
    duty = record_duty(**given, evidence="said so")

    assert record_duty(**given, evidence="said so again") == duty
    ended = end_duty(duty=duty)
    assert end_duty(duty=duty, day=timezone.localdate()).ended_on == ended.ended_on
    assert ended.ended_on == timezone.localdate() - timedelta(days=1)
    assert record_duty(**given, evidence="took it up again") != duty


@doing
@pytest.mark.parametrize("wrong", [{"product_group": "hats"}, {"evidence": ""}])
def test_a_duty_has_a_group_and_a_ground(maija: Person, wrong: dict[str, str]) -> None:
    role = a_contact_person(maija, a_company())
    given: dict[str, Any] = {"contact_person": role, "product_group": SUPPORT, "evidence": "told"}

    with pytest.raises(ValidationError):
        record_duty(**{**given, **wrong})


@doing
def test_a_restricted_person_gets_no_duty_and_may_lose_one(maija: Person) -> None:
    role = a_contact_person(maija, a_company())
    duty = record_duty(contact_person=role, product_group=SUPPORT, evidence="told")
    restricted(maija)

    assert end_duty(duty=duty).ended_on is not None
    with pytest.raises(ProcessingRestricted):
        record_duty(contact_person=role, product_group="mobile", evidence="told")
    assert WorkDuty.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "channel"), [("survey", "email"), ("kirje", "phone"), ("call-request", "email")]
)
def test_a_permission_is_on_a_wording_of_its_own_purpose(
    maija: Person, name: str, channel: str
) -> None:
    other = Wording.objects.create(name=name, version=1, language="fi", text="Suostun.")

    with pytest.raises(ValidationError, match="wording"):
        choose("permitted", channel, person=maija, wording=other)

    assert events(person=maija) == []


@pytest.mark.parametrize(
    "more",
    [{"channel": "telex"}, {"choice": "maybe"}, {"product_group": "IT-tuki"}],
)
def test_what_no_rule_knows_is_not_recorded(maija: Person, more: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        choose(**{"choice": "prohibited", "channel": "phone", **more}, person=maija)

    assert events(person=maija) == []


def test_a_request_to_be_called_permits_calls(maija: Person) -> None:
    asked = Wording.objects.create(name="call-request", version=1, language="fi", text="Soittakaa.")

    choose("permitted", "phone", person=maija, wording=asked)

    assert events(person=maija) == [("phone", "permitted")]


# --- erasing --------------------------------------------------------------------------------------


def test_what_is_forgotten_leaves_hashes_and_only_what_is_planned_is_forgotten(
    maija: Person,
) -> None:
    choose("prohibited", "phone", person=maija)
    with (
        pytest.raises(ProgrammingError, match="only what is planned"),
        access_context(job="test", purpose=AccessPurpose.RETENTION),
    ):
        forget_marketing_with(Person, [maija.pk])
    assert len(events(person=maija)) == 1

    forgotten(maija)

    assert events(person=maija) == []
    [kept] = Suppression.objects.all()
    assert bytes(kept.digest) == digest_of("phone:+358400000417")


# --- what the card says ---------------------------------------------------------------------------


def test_each_channel_is_decided_as_one_by_one(maija: Person, wording: Wording) -> None:
    an_address(maija)
    choose("permitted", person=maija, wording=wording)
    choose("prohibited", "phone", person=maija)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        CollectionNotice.objects.create(person=maija)
        reach = reach_of_person(maija, SUPPORT)
        points = {one.kind: one for one in ContactPoint.objects.filter(person=maija)}
        address = maija.addresses.get()
        for channel in ALL:
            point = None if channel == "post" else points.get(channel) or points["phone"]
            where = address if channel == "post" else None
            recipient = Recipient(person=maija, contact_point=point, address=where)
            one = may_market(recipient, channel, SUPPORT)
            assert reach[channel].rule is one.rule, channel

    assert {channel: decision.rule.code for channel, decision in reach.items()} == {
        "email": "consent",
        "sms": "no_consent",
        "phone": "prohibited",
        "post": "post",
        "robocall": "no_consent",
        "message": "no_consent",
    }


@doing
def test_who_cannot_be_reached_is_not_decided_about() -> None:
    person = a_person(emails=["aino@example.com"])

    assert set(reach_of_person(person, SUPPORT)) == {"email"}
    assert reach_of_customer(a_company(), SUPPORT) == {}


@doing
def test_the_role_with_the_duty_counts(maija: Person) -> None:
    CollectionNotice.objects.create(person=maija)
    point = ContactPoint.objects.get(person=maija, kind="email")
    point.label = "työ"
    point.save()
    a_contact_person(maija, a_company("Ensimmäinen Oy"))
    role = a_contact_person(maija, a_company("Toinen Oy"))
    record_duty(contact_person=role, product_group=SUPPORT, evidence="told")

    assert reach_of_person(maija, SUPPORT)["email"].rule.code == "work_duties"
    assert reach_of_person(maija, "cloud")["email"].rule.code == "no_consent"


@doing
def test_the_group_is_that_of_the_services_in_use(maija: Person) -> None:
    assert usual_group(person=maija) == SUPPORT

    customer = a_private_customer(maija)
    a_subscription(a_contract(customer, signed_by=maija), a_service(group="mobile"), user=maija)
    assert usual_group(person=maija) == usual_group(customer=customer) == "mobile"
