"""What is decided in a request: values, restrictions, objections, erasure, and who is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from accounts.roles import Role
from audit.context import AccessPurpose, access_context
from audit.log import Action
from consents.models import MarketingChoice
from customers.models import Address, Customer, Interaction, Person, Restriction
from customers.services import correct_name
from customers.services.errors import ChangedMeanwhile, SavedBefore
from datamap.declarations import registry
from datamap.vocabulary import Category
from privacy import services
from privacy.correctable import (
    _WAYS,
    Value,
    _kinds,
    all_fields_of,
    fields_of,
    kinds_of,
    records_of,
    values_of,
)
from privacy.held import categories_held, held_of
from privacy.letters import Template
from privacy.models import (
    ErasureDecision,
    Objection,
    RecipientNotice,
    Rectification,
    RequestLetter,
    RequestTask,
    StaffNamesDecision,
    SubjectRequest,
)
from privacy.needed import decisions_of, lacking
from privacy.states import State
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    an_address,
    an_interaction,
    restricted,
)
from tests.contract_builders import a_billing_account
from tests.disclosing import a_recipient, disclosed
from tests.log import Trail
from tests.request_builders import (
    a_letter,
    a_notice,
    a_request,
    a_sent_letter,
    all_decided,
    refused,
    the_registrar,
)

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
Kind = SubjectRequest.Kind
TODAY = timezone.localdate


@pytest.fixture
def aino() -> Person:
    return a_person("Aino", "Mallikas", phones=["040 000 1234"])


def working() -> Any:
    return access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST)


def as_it_is(record: Any) -> Any:
    with working():
        return type(record).objects.get(pk=record.pk)


def rows(model: Any) -> list[Any]:
    with working():
        return list(model.objects.order_by("pk"))


def a_case(person: Person | None, kind: str = Kind.ACCESS, **more: Any) -> SubjectRequest:
    return a_request(person, State.IN_PROGRESS, kind=kind, **more)


def rectified(request: SubjectRequest, value: Value, **more: Any) -> Rectification:
    values: dict[str, Any] = {
        "public_id": uuid4(),
        "new_value": "Aina",
        "is_accepted": True,
        "reason": "",
        "statement": "",
        "seen_at": value.record.changed_at,
        "by": the_registrar(),
        **more,
    }
    with working():
        return services.rectify(request=request, value=value, **values)


def objected(request: SubjectRequest, purpose: str = "research", **more: Any) -> Objection:
    values: dict[str, Any] = {
        "public_id": uuid4(),
        "grounds": "Ei halua.",
        "weighing": "Tutkimus onnistuu ilman häntä.",
        "is_upheld": True,
        "seen_last": None,
        "by": the_registrar(),
        **more,
    }
    with working():
        return services.decide_objection(request=request, purpose=purpose, **values)


def erasing(
    request: SubjectRequest, decided: dict[Category, tuple[str, str]], **more: Any
) -> list[ErasureDecision]:
    values: dict[str, Any] = {"seen_last": None, "by": the_registrar(), **more}
    with working():
        return services.decide_erasure(request=request, decided=decided, **values)


def answered(request: SubjectRequest) -> SubjectRequest:
    with working():
        return services.answer(request=request, answered_on=TODAY(), by=the_registrar())


def wanting(request: SubjectRequest) -> list[str]:
    with working():
        return lacking(SubjectRequest.objects.select_related("person").get(pk=request.pk))


# --- rectification --------------------------------------------------------------------------------


def test_an_accepted_value_is_put_right_and_both_values_are_kept(aino: Person) -> None:
    decision = rectified(a_case(aino), Value(aino, "first_name"), statement="Aina ollut Aina.")

    now = as_it_is(aino)
    assert (now.first_name, now.last_name, now.source) == ("Aina", "Mallikas", "letter")
    assert (decision.model, decision.field) == ("customers.person", "first_name")
    assert (decision.old_value, decision.new_value) == ("Aino", "Aina")
    assert decision.statement == "Aina ollut Aina."


def test_a_refused_value_stays_and_needs_its_reasons(aino: Person) -> None:
    request, value = a_case(aino), Value(aino, "first_name")
    with pytest.raises(ValidationError):
        rectified(request, value, is_accepted=False)
    rectified(request, value, is_accepted=False, reason="Nimi on oikein.")

    assert as_it_is(aino).first_name == "Aino"
    assert rows(RecipientNotice) == []


def test_every_kind_of_value_is_put_right_by_its_service(aino: Person) -> None:
    an_address(aino)
    a_contact_person(aino, a_company(), task="Laskut")
    a_private_customer(aino)
    new = {
        "as_written": "040 000 4321",
        "kind": "visiting",
        "language": "sv",
        "postal_code": "00100",
        "country": "SE",
    }
    request, seen = a_case(aino), set()
    with working():
        places = [
            (type(value.record), value.record.pk, value.field)
            for _label, values in values_of(aino, the_registrar())
            for value in values
        ]
    for model, _key, field in places:
        with working():
            value = next(
                value
                for _label, values in values_of(as_it_is(aino), the_registrar())
                for value in values
                if isinstance(value.record, model) and value.field == field
            )
        rectified(request, value, new_value=new.get(field, "Uusi"))
        seen.add((model, field))

    with working():
        found = {
            (model, field): value.raw
            for _label, values in values_of(as_it_is(aino), the_registrar())
            for value in values
            if (model := type(value.record)) and (field := value.field)
        }
    assert seen == set(found)
    assert all(raw == new.get(field, "Uusi") for (_model, field), raw in found.items())


def test_only_what_she_gave_herself_can_be_put_right() -> None:
    for model, (names, _write) in _WAYS.items():
        declared = registry[model].fields
        assert set(fields_of(model)) == set(names), model
        assert all(declared[name].provided_by_subject for name in names)


def test_what_is_hers_as_a_customer_is_put_right_in_place(aino: Person) -> None:
    customer = a_private_customer(aino)
    with working():
        address = Address.objects.create(
            customer=customer, kind="billing", street="Mallitie 1", postal_code="13210",
            city="Lahti", source="staff",
        )  # fmt: skip
        address.refresh_from_db()
    rectified(a_case(aino), Value(address, "street"), new_value="Mallitie 2")
    assert as_it_is(address).street == "Mallitie 2"


def test_what_is_wrong_with_a_value_is_said_where_it_was_typed(aino: Person) -> None:
    with working():
        point = aino.contact_points.get()
    request = a_case(aino)
    for new in ("ei numero", "040 000 1234"):
        with pytest.raises(ValidationError) as refused:
            rectified(request, Value(point, "as_written"), new_value=new)
        assert set(refused.value.error_dict) == {"new_value"}
    assert rows(Rectification) == []


def test_a_value_that_somebody_changed_meanwhile_is_not_decided(aino: Person) -> None:
    request, seen_at = a_case(aino), aino.changed_at
    with working():
        correct_name(
            person=aino, first_name="Aila", last_name="Mallikas", source="staff", seen_at=seen_at
        )
    for is_accepted in (True, False):
        with pytest.raises(ChangedMeanwhile):
            rectified(
                request,
                Value(aino, "first_name"),
                is_accepted=is_accepted,
                reason="x",
                seen_at=seen_at,
            )
    assert as_it_is(aino).first_name == "Aila"
    assert rows(Rectification) == []


def test_the_same_form_decides_once(aino: Person) -> None:
    request, key, value = a_case(aino), uuid4(), Value(aino, "first_name")
    seen_at = aino.changed_at
    first = rectified(request, value, public_id=key)
    again = rectified(request, value, public_id=key, seen_at=seen_at)
    assert first.pk == again.pk
    with pytest.raises(SavedBefore):
        rectified(request, value, public_id=key, new_value="Toinen")


def test_nothing_restricted_is_put_right_but_may_be_refused(aino: Person) -> None:
    restricted(aino)
    request, value = a_case(aino), Value(aino, "first_name")
    with pytest.raises(ValidationError):
        rectified(request, value)
    rectified(request, value, is_accepted=False, reason="Nimi on oikein.")
    assert as_it_is(aino).first_name == "Aino"


def test_what_no_service_writes_becomes_a_task(aino: Person) -> None:
    an_interaction(aino, "Lasku", "Soitti laskusta.")
    [call] = rows(Interaction)
    request = a_case(aino, Kind.RECTIFICATION)
    decision = rectified(request, Value(call, "summary"), new_value="Soitti sopimuksesta.")

    assert (decision.model, decision.field, decision.is_by_hand) == (
        *("customers.interaction", "summary"),
        True,
    )
    assert (decision.old_value, decision.new_value) == ("Soitti laskusta.", "Soitti sopimuksesta.")
    assert as_it_is(call).summary == "Soitti laskusta."
    [task] = rows(RequestTask)
    assert (task.due_on, task.done_at) == (request.due_on, None)
    assert "sopimuksesta" not in task.what
    a_sent_letter(request)
    request = answered(request)
    with working(), pytest.raises(ValidationError):
        services.close(request=request, by=the_registrar())

    decision = rectified(
        a_case(aino), Value(call, "subject"), is_accepted=False, reason="Lasku se oli."
    )
    assert not decision.is_by_hand
    assert len(rows(RequestTask)) == 1


def test_nothing_restricted_becomes_a_task(aino: Person) -> None:
    an_interaction(aino, "Lasku", "Soitti laskusta.")
    [call] = rows(Interaction)
    restricted(aino)
    with pytest.raises(ValidationError):
        rectified(a_case(aino), Value(call, "summary"), new_value="Ei.")
    assert rows(RequestTask) == []


def test_any_personal_value_of_hers_can_be_named(aino: Person) -> None:
    an_interaction(aino, "Lasku", "Soitti laskusta.")
    an_interaction(a_person("Eero", "Toinen"), "Muuta", "Muuta asiaa.")
    by = the_registrar()
    with working():
        names = {name for name, _label in kinds_of(aino, by)}
        assert {"person", "contactpoint", "interaction"} <= names
        found = records_of(aino, by, "interaction")
        assert found is not None
        [[*values]] = found[1]
        assert {"subject", "summary"} <= {value.field for value in values}
        assert records_of(aino, by, "breach") is None
        for name, model in _kinds().items():
            assert set(all_fields_of(model)) <= set(registry[model].fields), name


def test_a_billing_account_is_put_right_by_its_service(aino: Person) -> None:
    account = a_billing_account(a_private_customer(aino))
    value = Value(account, "customer_reference")
    assert value.is_written
    rectified(a_case(aino), value, new_value="Kotiosoite")
    assert as_it_is(account).customer_reference == "Kotiosoite"
    assert as_it_is(account).source == "letter"


def completed(request: SubjectRequest, **more: Any) -> Rectification:
    values: dict[str, Any] = {
        "public_id": uuid4(),
        "statement": "Minulla on myös ammattinimi.",
        "is_accepted": True,
        "reason": "",
        "by": the_registrar(),
        **more,
    }
    with working():
        return services.complete(request=request, **values)


def test_what_is_missing_is_added_by_her_statement(aino: Person) -> None:
    disclosed(aino, to=a_recipient())
    request, key = a_case(aino, Kind.RECTIFICATION), uuid4()
    first = completed(request, public_id=key)
    assert completed(request, public_id=key).pk == first.pk
    with pytest.raises(SavedBefore):
        completed(request, public_id=key, statement="Muuta")
    assert (first.field, first.statement) == ("", "Minulla on myös ammattinimi.")
    assert len(rows(RecipientNotice)) == 1
    for wrong in ({"statement": ""}, {"is_accepted": False}, {"statement": "131052-308T"}):
        with pytest.raises(ValidationError):
            completed(request, **wrong)
    assert len(wanting(request)) == 1  # the answer itself


def test_recipients_of_such_data_wait_to_be_told(aino: Person) -> None:
    bookkeeper, other = a_recipient(), a_recipient("Muu Oy")
    disclosed(aino, to=bookkeeper)
    disclosed(aino, to=a_recipient("Praecom Oy", kind="own"))
    disclosed(aino, to=other, categories=[Category.RECORDINGS])
    disclosed(a_person("Eero", "Toinen"), to=a_recipient("Kolmas Oy"))
    request = a_case(aino)

    rectified(request, Value(aino, "first_name"))
    rectified(request, Value(as_it_is(aino), "last_name"), new_value="Mallinen")

    assert [notice.recipient for notice in rows(RecipientNotice)] == [bookkeeper]


def test_who_was_told_of_an_earlier_decision_waits_again(aino: Person) -> None:
    disclosed(aino, to=a_recipient())
    request = a_case(aino)
    rectified(request, Value(aino, "first_name"))
    [notice] = rows(RecipientNotice)
    told(notice, told_on=TODAY())

    rectified(request, Value(as_it_is(aino), "first_name"), new_value="Aila")

    assert [one.told_on for one in rows(RecipientNotice)] == [TODAY(), None]


# --- restriction ----------------------------------------------------------------------------------


def test_a_restriction_begins_at_once_and_once(aino: Person) -> None:
    disclosed(aino, to=a_recipient())
    request = a_case(aino, Kind.RESTRICTION)
    for _time in range(2):
        with working():
            services.restrict(request=request, ground="accuracy", by=the_registrar())

    [restriction] = rows(Restriction)
    assert (restriction.person_id, restriction.restricted_by) == (aino.pk, the_registrar())
    assert len(rows(RecipientNotice)) == 1
    a_sent_letter(request)
    assert answered(request).state == State.ANSWERED


def test_a_restriction_is_lifted_once_she_has_been_told(aino: Person) -> None:
    request = a_case(aino, Kind.RESTRICTION)
    by = the_registrar()
    with working():
        restriction = services.restrict(request=request, ground="claims", by=by)

    def lift() -> Restriction:
        with working():
            return services.lift(request=request, restriction=restriction, by=by)

    with pytest.raises(ValidationError):
        lift()
    letter = a_letter(request, Template.LIFTING, **ending(restriction))
    with pytest.raises(ValidationError):
        lift()
    assert as_it_is(restriction).lifted_at is None
    with working():
        services.send_letter(letter=letter, sent_on=TODAY(), by=by)
    assert lift().lifted_by == by


def ending(restriction: Restriction, days: int = 0) -> dict[str, Any]:
    """What the notice says: which restriction ends, and in how many days."""
    return {
        "restriction": restriction.public_id,
        "ends_on": TODAY() + timedelta(days=days),
    }


def test_a_restriction_is_not_lifted_before_the_day_that_she_was_told(aino: Person) -> None:
    request, by = a_case(aino, Kind.RESTRICTION), the_registrar()
    with working():
        restriction = services.restrict(request=request, ground="claims", by=by)
    letter = a_sent_letter(request, Template.LIFTING, **ending(restriction, days=14))
    assert (letter.restriction, letter.ends_on) == tuple(ending(restriction, days=14).values())
    with working(), pytest.raises(ValidationError):
        services.lift(request=request, restriction=restriction, by=by)
    with working():
        assert services.ends_on(request, restriction) == letter.ends_on
    # The newest notice counts, also one that brings the end forward.
    a_sent_letter(request, Template.LIFTING, **ending(restriction))
    with working():
        assert services.lift(request=request, restriction=restriction, by=by).lifted_by == by


def test_a_notice_says_what_ends_and_goes_out_before(aino: Person) -> None:
    request = a_case(aino, Kind.RESTRICTION, received_on=TODAY() - timedelta(days=5))
    by = the_registrar()
    with working():
        restriction = services.restrict(request=request, ground="claims", by=by)
    eeros = restricted(a_person("Eero", "Toinen"))
    for wrong in (
        {},
        {"restriction": restriction.public_id},
        ending(restriction, days=-1),
        ending(eeros, days=1),
    ):
        with pytest.raises(ValidationError):
            a_sent_letter(request, Template.LIFTING, **wrong)
    with pytest.raises(ValidationError):
        a_sent_letter(request, Template.ANSWER, **ending(restriction))
    letter = a_letter(request, Template.LIFTING, **ending(restriction))
    with working(), pytest.raises(IntegrityError), transaction.atomic():
        letter.sent_on = TODAY() + timedelta(days=1)
        letter.save()


def test_who_is_not_identified_is_not_told_of_an_end_and_nothing_is_lifted(aino: Person) -> None:
    restriction, request = restricted(aino), a_request(aino)
    with pytest.raises(ValidationError):
        a_sent_letter(request, Template.LIFTING, **ending(restriction))
    with working(), pytest.raises(ValidationError):
        services.lift(request=request, restriction=restriction, by=the_registrar())


def test_a_restriction_outlasts_its_answer(aino: Person) -> None:
    request = a_request(aino, State.ANSWERED, kind=Kind.RESTRICTION)
    [restriction] = rows(Restriction)
    a_sent_letter(request, Template.LIFTING, **ending(restriction))
    with working():
        services.lift(request=request, restriction=restriction, by=the_registrar())
    assert as_it_is(restriction).lifted_at is not None


def test_a_notice_of_another_case_or_restriction_lifts_nothing(aino: Person) -> None:
    eero, by = a_person("Eero", "Toinen"), the_registrar()
    restriction, other, hers = restricted(aino), a_case(eero), a_case(aino)
    a_sent_letter(other, Template.LIFTING, **ending(restricted(eero)))
    with working():
        another = services.restrict(request=hers, ground="claims", by=by)
    a_sent_letter(hers, Template.LIFTING, **ending(another))
    for request in (other, hers, a_case(aino)):
        with working(), pytest.raises(ValidationError):
            services.lift(request=request, restriction=restriction, by=by)


# --- objection ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.RECEIVED, State.IN_PROGRESS])
def test_an_objection_to_marketing_is_absolute_and_at_once(aino: Person, state: State) -> None:
    request = a_request(aino, state, kind=Kind.OBJECTION)
    decision = objected(request, "marketing", is_upheld=False, weighing="turhaan")

    assert (decision.is_upheld, decision.weighing) == (True, "")
    choices = rows(MarketingChoice)
    assert {one.channel for one in choices} == set(MarketingChoice.Channel.values)
    assert {(one.choice, one.source, one.recorded_by) for one in choices} == {
        ("prohibited", "letter", the_registrar())
    }


def test_of_who_is_restricted_marketing_is_prohibited_too(aino: Person) -> None:
    restricted(aino)
    objected(a_case(aino, Kind.OBJECTION), "marketing")
    assert len(rows(MarketingChoice)) == len(MarketingChoice.Channel.values)


def test_any_other_objection_is_weighed(aino: Person) -> None:
    request = a_case(aino, Kind.OBJECTION)
    with pytest.raises(ValidationError):
        objected(request, weighing="")
    assert objected(request, is_upheld=False).is_upheld is False
    assert rows(MarketingChoice) == []


def test_the_second_registrar_sees_the_first_ones_decision(aino: Person) -> None:
    request = a_case(aino, Kind.OBJECTION)
    first = objected(request)
    with pytest.raises(ChangedMeanwhile):
        objected(request, is_upheld=False)
    objected(request, is_upheld=False, seen_last=first.public_id)
    assert [one.is_upheld for one in rows(Objection)] == [True, False]


# --- erasure --------------------------------------------------------------------------------------


def test_the_categories_that_are_held_are_to_be_decided(aino: Person) -> None:
    request = a_case(aino, Kind.ERASURE)
    with working():
        held = held_of(aino)
        assert [one.category for one in held] == categories_held(aino)
    assert {Category.NAME, Category.PHONE, Category.RIGHTS} <= {one.category for one in held}
    assert Category.BILLING not in {one.category for one in held}
    assert all(kind.retention for one in held for kind in one.kinds)
    by_category = {one.category: one for one in held}
    assert by_category[Category.RIGHTS].is_duty
    assert not by_category[Category.NAME].is_duty

    [first] = erasing(request, {Category.NAME: ("still_needed", "Asiakkuus jatkuu.")})
    with pytest.raises(ValidationError) as refused:
        answered(request)
    assert str(Category.PHONE.label) in refused.value.messages[0]
    assert str(Category.NAME.label) not in refused.value.messages[0]
    rest: dict[Category, tuple[str, str]] = {
        one.category: ("kept_by_law", "") for one in held if one.category != Category.NAME
    }
    erasing(request, rest, seen_last=first.public_id)
    a_sent_letter(request)
    assert answered(request).state == State.ANSWERED


def test_the_newest_decision_counts_and_only_what_differs_is_written(aino: Person) -> None:
    request = a_case(aino, Kind.ERASURE)
    [first] = erasing(request, {Category.NAME: ("still_needed", "")})
    assert erasing(request, {Category.NAME: ("still_needed", "")}) == []
    with pytest.raises(ChangedMeanwhile):
        erasing(request, {Category.NAME: ("not_needed", "")})
    erasing(request, {Category.NAME: ("not_needed", "")}, seen_last=first.public_id)

    with working():
        [decision] = decisions_of(request).values()
    assert (decision.is_erased, decision.ground) == (True, "not_needed")
    assert as_it_is(aino).last_name == "Mallikas"


def test_a_category_that_is_not_held_is_not_decided(aino: Person) -> None:
    with pytest.raises(ValidationError):
        erasing(a_case(aino), {Category.BILLING: ("kept_by_law", "")})


def test_recipients_of_what_is_erased_wait_to_be_told(aino: Person) -> None:
    disclosed(aino, to=a_recipient())
    request = a_case(aino, Kind.ERASURE)
    [first] = erasing(request, {Category.NAME: ("still_needed", "")})
    assert rows(RecipientNotice) == []
    erasing(request, {Category.NAME: ("not_needed", "")}, seen_last=first.public_id)
    assert len(rows(RecipientNotice)) == 1


# --- names of staff -------------------------------------------------------------------------------


def test_names_of_staff_are_weighed(aino: Person) -> None:
    request = a_case(aino)

    def decide(**more: Any) -> StaffNamesDecision:
        values: dict[str, Any] = {
            "public_id": uuid4(),
            "names_staff": True,
            "weighing": "Epäilee tiettyä työntekijää.",
            "seen_last": None,
            "by": the_registrar(),
            **more,
        }
        with working():
            return services.decide_staff_names(request=request, **values)

    with pytest.raises(ValidationError):
        decide(weighing="")
    first = decide()
    with pytest.raises(ChangedMeanwhile):
        decide(names_staff=False)
    assert decide(names_staff=False, seen_last=first.public_id).names_staff is False


# --- recipients -----------------------------------------------------------------------------------


def told(notice: RecipientNotice, **more: Any) -> RecipientNotice:
    values: dict[str, Any] = {
        "told_on": None,
        "not_told_because": "",
        "seen_at": notice.changed_at,
        "by": the_registrar(),
        **more,
    }
    with working():
        return services.note_told(notice=notice, **values)


def test_a_recipient_is_told_or_it_is_said_why_not(aino: Person) -> None:
    notice = a_notice(a_case(aino))
    for values in (
        {},
        {"told_on": TODAY(), "not_told_because": "x"},
        {"told_on": TODAY() + timedelta(days=2)},
    ):
        with pytest.raises(ValidationError):
            told(notice, **values)
    seen_at = notice.changed_at
    notice = told(notice, not_told_because="Yhtiötä ei enää ole.")
    with pytest.raises(ChangedMeanwhile):
        told(notice, told_on=TODAY(), seen_at=seen_at)
    notice = told(notice, told_on=TODAY())
    assert (notice.told_on, notice.not_told_because) == (TODAY(), "")
    assert notice.noted_by == the_registrar()


# --- before the answer ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_request_is_answered_once_what_it_needs_is_decided(aino: Person, kind: Kind) -> None:
    request = a_case(aino, kind)
    assert len(wanting(request)) == (1 if kind in (Kind.ACCESS, Kind.PORTABILITY) else 2)
    with pytest.raises(ValidationError):
        answered(request)
    with pytest.raises(ValidationError):
        refused(request, "exempt", is_partly=True)

    all_decided(as_it_is(request))

    assert wanting(request) == []
    assert answered(request).state == State.ANSWERED


@pytest.mark.parametrize("kind", Kind)
def test_of_nobody_there_is_nothing_to_decide(kind: Kind) -> None:
    request = a_case(None, kind)
    a_sent_letter(request, Template.NOTHING_HELD)
    assert answered(request).state == State.ANSWERED


@pytest.mark.parametrize("kind", Kind)
def test_what_is_refused_as_a_whole_needs_no_decision(aino: Person, kind: Kind) -> None:
    assert a_request(aino, State.REFUSED, kind=kind).state == State.REFUSED


# --- who, and when --------------------------------------------------------------------------------


def attempts(request: SubjectRequest, aino: Person, by: User) -> list[Callable[[], Any]]:
    return [
        lambda: rectified(request, Value(aino, "first_name"), by=by),
        lambda: completed(request, by=by),
        lambda: objected(request, by=by),
        lambda: erasing(request, {Category.NAME: ("not_needed", "")}, by=by),
        lambda: services.restrict(request=request, ground="claims", by=by),
        lambda: services.decide_staff_names(
            request=request, public_id=uuid4(), names_staff=True, weighing="x", seen_last=None,
            by=by,
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role.values if role != "registrar"])
def test_nobody_but_a_registrar_decides(
    staff: Callable[[str], User], aino: Person, role: str
) -> None:
    by, request = staff(role), a_case(aino)
    notice = a_notice(request)
    tries: list[Callable[[], Any]] = [
        *attempts(request, aino, by),
        lambda: objected(request, "marketing", by=by),
        lambda: told(notice, told_on=TODAY(), by=by),
        lambda: services.lift(request=request, restriction=restricted(aino), by=by),
    ]
    for attempt in tries:
        with working(), pytest.raises(PermissionDenied):
            attempt()


@pytest.mark.parametrize("state", [State.RECEIVED, State.REFUSED, State.CLOSED])
def test_nothing_is_decided_before_she_is_identified_or_after_the_answer(
    aino: Person, state: State
) -> None:
    request = a_request(aino, state)
    for attempt in attempts(request, aino, the_registrar()):
        with working(), pytest.raises(ValidationError):
            attempt()
    assert rows(Rectification) == rows(Restriction) == rows(ErasureDecision) == []
    assert as_it_is(aino).first_name == "Aino"


def test_of_nobody_nothing_is_decided() -> None:
    request = a_case(None)
    with pytest.raises(ValidationError):
        objected(request, "marketing")


def test_identity_codes_are_not_kept(aino: Person) -> None:
    request, code = a_case(aino), "Tunnus 131052-308T"
    for attempt in (
        lambda: rectified(request, Value(aino, "first_name"), is_accepted=False, reason=code),
        lambda: objected(request, grounds=code),
        lambda: erasing(request, {Category.NAME: ("not_needed", code)}),
        lambda: told(a_notice(request), not_told_because=code),
    ):
        with pytest.raises(ValidationError):
            attempt()


def test_decisions_are_on_record_without_their_values(aino: Person, trail: Trail) -> None:
    request, before = a_case(aino), trail.last_id()
    rectified(request, Value(aino, "first_name"), new_value="Ainokki")
    made = [row for row in trail.rows(id__gt=before) if row["action"] == Action.CREATE]
    assert [row["subject"] for row in made] == [aino.public_id]
    assert "Ainokki" not in str(trail.rows(id__gt=before))


# --- pages ----------------------------------------------------------------------------------------


def at(request: SubjectRequest, part: str = "") -> str:
    return f"/requests/{request.public_id}/{part}"


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the page's form would send as it is."""
    form = client.get(address).context["form"]
    return {
        name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()
    }


def test_a_value_is_put_right_through_the_pages(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_case(aino, Kind.RECTIFICATION)
    chosen = at(request, f"decisions/rectify/person/{aino.public_id}/last_name/")
    assert chosen in client.get(at(request, "decisions/rectify/")).content.decode()

    typed = {**form_of(client, chosen), "new_value": "Mallinen", "is_accepted": "yes"}
    assert client.post(chosen, {**typed, "is_accepted": "no"}).status_code == 422
    assert client.post(chosen, typed).status_code == 302

    assert as_it_is(aino).last_name == "Mallinen"
    page = client.get(at(request)).content.decode()
    assert "<del>Mallikas</del>" in page
    a_sent_letter(request)
    with working():
        assert wanting(request) == []


def test_a_conflict_shows_the_value_as_it_is(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_case(aino, Kind.RECTIFICATION)
    chosen = at(request, f"decisions/rectify/person/{aino.public_id}/first_name/")
    typed = {**form_of(client, chosen), "new_value": "Aina", "is_accepted": "yes"}
    with working():
        correct_name(
            person=aino, first_name="Aila", last_name="Mallikas", source="staff",
            seen_at=aino.changed_at,
        )  # fmt: skip

    response = client.post(chosen, typed)

    assert response.status_code == 409
    page = response.content.decode()
    assert "Aila" in page
    assert 'value="Aina"' in page
    form = response.context["form"]
    again = {**typed, "seen_at": form["seen_at"].value()}
    assert client.post(chosen, again).status_code == 302
    assert as_it_is(aino).first_name == "Aina"


def test_another_value_is_found_and_decided_through_the_pages(
    client_as: Browser, aino: Person
) -> None:
    an_interaction(aino, "Lasku", "Soitti laskusta.")
    [call] = rows(Interaction)
    client, request = client_as("registrar"), a_case(aino, Kind.RECTIFICATION)
    kinds = client.get(at(request, "decisions/rectify/others/")).content.decode()
    kind = at(request, "decisions/rectify/others/interaction/")
    assert kind in kinds
    chosen = at(request, f"decisions/rectify/interaction/{call.public_id}/summary/")
    assert chosen in client.get(kind).content.decode()
    assert client.get(at(request, "decisions/rectify/others/breach/")).status_code == 404

    typed = {**form_of(client, chosen), "new_value": "Kiitti.", "is_accepted": "yes"}
    assert client.post(chosen, typed).status_code == 302
    page = client.get(at(request)).content.decode()
    assert "<del>Soitti laskusta.</del>" in page
    assert len(rows(RequestTask)) == 1

    missing = at(request, "decisions/complete/")
    typed = {**form_of(client, missing), "statement": "Ammattinimi puuttuu."}
    assert client.post(missing, {**typed, "is_accepted": "no"}).status_code == 422
    assert client.post(missing, {**typed, "is_accepted": "yes"}).status_code == 302
    assert "Ammattinimi puuttuu." in client.get(at(request)).content.decode()


@pytest.mark.parametrize(
    "place", ["person/{other}/first_name", "person/{own}/id", "nothing/{own}/first_name"]
)
def test_only_values_of_hers_are_decided(client_as: Browser, aino: Person, place: str) -> None:
    request, other = a_case(aino), a_person("Eero", "Toinen")
    part = place.format(own=aino.public_id, other=other.public_id)
    assert client_as("registrar").get(at(request, f"decisions/rectify/{part}/")).status_code == 404


def test_an_erasure_is_decided_on_one_page(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_case(aino, Kind.ERASURE)
    page = at(request, "decisions/erasure/")
    form = form_of(client, page)
    assert form["rights_ground"] == "kept_by_law"
    grounds = {name: form[name] or "still_needed" for name in form if name.endswith("_ground")}

    assert client.post(page, {**form, "name_reason": "miksi"}).status_code == 422
    assert client.post(page, {**form, **grounds}).status_code == 302
    assert len(wanting(request)) == 1  # the answer itself
    stale = client.post(page, {**form, **grounds, "name_ground": "not_needed"})
    assert stale.status_code == 409
    again = {**form, **grounds, "name_ground": "not_needed"}
    again["seen_last"] = stale.context["form"]["seen_last"].value()
    assert client.post(page, again).status_code == 302
    with working():
        assert decisions_of(request)[Category.NAME].is_erased


def test_the_page_leads_to_what_it_needs(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_case(aino, Kind.OBJECTION)
    page = at(request, "decisions/objection/")
    form = form_of(client, page)
    assert client.post(page, {**form, "purpose": "customer_relationship"}).status_code == 422
    typed = {**form, "purpose": "customer_relationship", "is_upheld": "yes", "weighing": "Ei."}
    assert client.post(page, typed).status_code == 302
    case = client.get(at(request))
    [shown] = [found for section, found in case.context["sections"] if section.name == "decisions"]
    assert len(shown["lacking"]) == 1  # the answer itself
    assert shown["suggests_more"]
    assert at(request, "decisions/restrict/") in case.content.decode()


def test_restricting_and_lifting_through_the_pages(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_case(aino, Kind.RESTRICTION)
    assert (
        client.post(at(request, "decisions/restrict/"), {"ground": "accuracy"}).status_code == 302
    )
    [restriction] = rows(Restriction)
    lift = at(request, f"decisions/lift/{restriction.public_id}/")
    assert lift not in client.get(at(request)).content.decode()
    client.post(lift)
    assert as_it_is(restriction).lifted_at is None

    later = a_sent_letter(request, Template.LIFTING, **ending(restriction, days=7))
    assert later.ends_on is not None
    page = client.get(at(request)).content.decode()
    assert lift not in page
    assert date_format(later.ends_on, "SHORT_DATE_FORMAT") in page
    form = client.get(at(request)).context["letter_form"]
    typed = {"public_id": form.initial["public_id"], "template": "lifting", "words": ""}
    wrote = at(request, "letters/")
    assert client.post(wrote, typed).status_code == 422
    old = {"restriction": str(restriction.public_id), "ends_on": "2020-01-01"}
    assert client.post(wrote, {**typed, **old}).status_code == 422
    right = {**old, "ends_on": TODAY().isoformat()}
    assert client.post(wrote, {**typed, **right}).status_code == 302
    with working():
        letter = RequestLetter.objects.get(ends_on=TODAY())
        services.send_letter(letter=letter, sent_on=TODAY(), by=the_registrar())
    assert lift in client.get(at(request)).content.decode()
    client.post(lift)
    assert as_it_is(restriction).lifted_at is not None


def test_a_recipient_is_noted_as_told_through_the_page(client_as: Browser, aino: Person) -> None:
    client, request = client_as("registrar"), a_case(aino)
    notice = a_notice(request)
    page = at(request, f"decisions/recipients/{notice.public_id}/")
    typed = form_of(client, page)
    assert client.post(page, {**typed, "told_on": ""}).status_code == 422
    assert client.post(page, typed).status_code == 302
    assert client.post(page, typed).status_code == 409
    assert as_it_is(notice).told_on == TODAY()


def test_customers_of_hers_are_among_the_values(aino: Person) -> None:
    a_private_customer(aino)
    with working():
        found = [
            [value.field for value in values]
            for _label, values in values_of(aino, the_registrar())
            if isinstance(values[0].record, Customer)
        ]
    assert found == [["language"]]
