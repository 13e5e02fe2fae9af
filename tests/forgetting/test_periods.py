"""The registrar sets how long records are kept: within limits, for a reason, and it is told."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import override

from accounts.models import User
from audit.context import AccessPurpose, access_context, in_context
from customers.models import ContactPerson
from customers.services.errors import ChangedMeanwhile
from datamap.declarations import registry
from datamap.periods import Period
from privacy.description import parts
from privacy.description.publishing import publish
from privacy.forgetting.periods import periods_now
from privacy.forgetting.setting_periods import (
    Rule,
    Touched,
    preview,
    rule_of,
    rules,
    set_period,
)
from privacy.models import RetentionPeriod
from tests.builders import a_company, a_contact_person, a_person

pytestmark = pytest.mark.django_db

SLUG = "customers-contactperson-ended_on"
NOTHING = Touched(0, 0)


def rule() -> Rule:
    found = rule_of(SLUG)
    assert found is not None
    return found


@in_context(job="test", purpose=AccessPurpose.RETENTION)
def set_to(months: int, by: User, reason: str = "Riidat tulevat vuoden sisällä") -> RetentionPeriod:
    now = rule()
    return set_period(rule=now, months=months, reason=reason, seen=now.seen, touched=NOTHING, by=by)


def said() -> str:
    with override("en"):
        return _said()


def _said() -> str:
    return "\n".join(" ".join(row) for row in parts.retention()["rows"])


def test_no_two_rules_of_a_kind_count_from_the_same_date() -> None:
    slugs = [one.slug for one in settable()]
    assert sorted(set(slugs)) == sorted(slugs)


def test_what_follows_the_last_reason_or_goes_within_days_is_not_set() -> None:
    assert rule_of("customers-person-created_at") is None
    assert rule_of("consents-supplementaryinformation-consent__withdrawn_at") is None
    assert rule_of("nothing-there-at_all") is None
    assert all(rule.keep.least <= rule.period.months <= rule.keep.most for rule in settable())


def settable() -> list[Rule]:
    return [one for one in rules() if one.is_settable]


def test_the_engine_goes_by_what_was_set_last_and_earlier_ones_stay(
    staff: Callable[[str], User],
) -> None:
    first = set_to(24, staff("registrar"))
    set_to(6, staff("registrar"))

    key = (ContactPerson._meta.label_lower, "ended_on")
    assert periods_now() == {key: Period(6, 0)}
    assert rule().period == Period(6, 0)
    assert RetentionPeriod.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        RetentionPeriod.objects.filter(pk=first.pk).update(months=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        first.delete()


@pytest.mark.parametrize("months", [0, 121])
def test_a_period_outside_the_limits_is_refused(staff: Callable[[str], User], months: int) -> None:
    with pytest.raises(ValidationError) as refused:
        set_to(months, staff("registrar"))
    assert "months" in refused.value.message_dict


def test_vouchers_are_never_kept_for_less_than_six_years(staff: Callable[[str], User]) -> None:
    vouchers = rule_of("contracts-invoice-issued_on")
    assert vouchers is not None
    with (
        access_context(job="test", purpose=AccessPurpose.RETENTION),
        pytest.raises(ValidationError),
    ):
        set_period(
            rule=vouchers,
            months=71,
            reason="Lyhyempi",
            seen=0,
            touched=NOTHING,
            by=staff("registrar"),
        )


def test_a_reason_without_identity_codes_is_needed(staff: Callable[[str], User]) -> None:
    with pytest.raises(ValidationError):
        set_to(24, staff("registrar"), reason="Asiakas 010594Y9032 pyysi")


def test_who_has_not_seen_the_last_one_is_told_and_the_same_twice_is_set_once(
    staff: Callable[[str], User],
) -> None:
    stale, by = rule(), staff("registrar")
    mine = set_to(24, by)
    with access_context(job="test", purpose=AccessPurpose.RETENTION):
        again = set_period(
            rule=stale, months=24, reason=mine.reason, seen=stale.seen, touched=NOTHING, by=by
        )
        assert again == mine
        with pytest.raises(ChangedMeanwhile) as conflict:
            set_period(
                rule=stale, months=6, reason="Toinen", seen=stale.seen, touched=NOTHING, by=by
            )
    assert conflict.value.record == mine
    assert RetentionPeriod.objects.count() == 1


@in_context(job="test", purpose=AccessPurpose.RETENTION)
def test_a_preview_counts_what_would_come_due_and_what_would_not_any_more() -> None:
    company = a_company()
    for ended_on in (date(2025, 1, 1), date(2025, 7, 1), None):
        a_contact_person(a_person(), company, ended_on=ended_on)
    today = date(2026, 3, 1)

    assert preview(rule(), 12, today) == NOTHING
    assert preview(rule(), 6, today) == Touched(comes_due=1, not_due=0)
    assert preview(rule(), 24, today) == Touched(comes_due=0, not_due=1)
    assert not preview(rule(), 24, today).is_cut_off


def test_the_description_says_what_was_set_and_the_check_warns_until_it_is_published(
    staff: Callable[[str], User],
) -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        publish(by=None)
    assert "18 months" not in said()
    assert not run_checks(tags=["privacy"])

    set_to(18, staff("registrar"))

    assert "18 months" in said()
    assert [warning.id for warning in run_checks(tags=["privacy"])] == ["privacy.W001"]
    set_to(36, staff("registrar"))
    assert "18 months" not in said()


def test_every_declared_kind_is_in_the_list() -> None:
    assert {one.label for one in rules()} == {
        declared.model._meta.label_lower for declared in registry if declared.retention
    }
