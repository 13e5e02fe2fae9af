"""What demo data says of notices, duties, consents and what people told: it could be true."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from accounts.models import DisclosedPerson, User
from audit.context import AccessPurpose, access_context
from audit.log import Action
from consents.models import Consent, MarketingList, MarketingListRow, SupplementaryInformation
from contracts.models import Product
from praecom_registry.demo import consent_texts
from praecom_registry.demo.people import Plan, batches
from praecom_registry.demo.rows import Batch
from tests.log import Trail

TODAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def batch() -> Batch:
    [made] = batches(Plan(2_000, 5, TODAY))
    return made


def test_the_same_plan_tells_the_same(batch: Batch) -> None:
    [again] = batches(Plan(2_000, 5, TODAY))

    for name in ("notices", "duties", "consents", "information", "choices"):
        assert getattr(again, name) == getattr(batch, name)
        assert getattr(batch, name)


def test_most_are_told_and_who_buys_is_mostly_offered_a_way_out(batch: Batch) -> None:
    told = {notice.person for notice in batch.notices}
    sales = [notice for notice in batch.notices if notice.order is not None]

    assert 0.75 < len(told) / len(batch.persons) < 0.95
    assert 0.7 < sum(notice.opt_out_offered for notice in sales) / len(sales) < 1
    for notice in sales:
        assert notice.order is not None
        assert notice.contact_point is not None
        assert batch.orders[notice.order].ordered_by == notice.person
        assert batch.contact_points[notice.contact_point].person == notice.person


def test_duties_are_of_those_who_are_contact_persons_now(batch: Batch) -> None:
    for duty in batch.duties:
        assert duty.product_group in Product.Group.values
        assert batch.contact_persons[duty.contact_person].ended_on is None


def test_companies_choose_for_themselves(batch: Batch) -> None:
    own = [choice for choice in batch.choices if choice.person is None]

    assert own
    for choice in own:
        assert choice.customer is not None
        assert batch.customers[choice.customer].owner is None


def test_answers_are_of_who_consented_and_go_when_she_withdrew(batch: Batch) -> None:
    assert {one.purpose for one in batch.consents} == set(Consent.Purpose.values)
    assert any(one.erase_by for one in batch.information)
    for one in batch.information:
        if one.kind == SupplementaryInformation.Kind.SURVEY:
            assert one.consent is not None
            consent = batch.consents[one.consent]
            assert (consent.person, consent.purpose) == (one.person, "survey")
            assert one.collected_at > consent.given_at
            withdrawn = consent.withdrawn_at
            assert one.erase_by == (withdrawn and withdrawn.date() + timedelta(days=30))
        assert one.erase_by is None or one.erase_by > TODAY


def test_every_consent_has_its_wording(batch: Batch) -> None:
    for consent in batch.consents:
        assert consent.wording in consent_texts.WORDINGS
        assert consent.wording[0] == consent.purpose


@pytest.mark.django_db
def test_a_marketer_has_a_list_in_use_and_one_that_has_expired(
    staff: Callable[[str], User], trail: Trail
) -> None:
    marketer = staff("marketer")
    call_command("seed_demo", persons=400, recordings=0)
    call_command("seed_demo", "--add", persons=50, seed=2, recordings=0)

    expired, in_use = MarketingList.objects.order_by("expires_on")
    assert (in_use.state, in_use.made_by, in_use.is_usable) == ("made", marketer, True)
    assert (expired.state, expired.is_expired) == ("made", True)
    assert expired.made_at.date() < expired.expires_on
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        assert MarketingListRow.objects.filter(marketing_list=in_use).count() == in_use.allowed > 0
        assert not MarketingListRow.objects.filter(marketing_list=expired).exists()
        named = {
            one.subject for one in DisclosedPerson.objects.filter(disclosure__marketing_list=in_use)
        }
    assert trail.subjects(action=Action.CREATE, purpose="marketing") >= named
    assert named
