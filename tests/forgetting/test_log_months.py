"""The log goes by whole months, when the last row of one is due, and in no other way."""

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from contracts.dates import add_months
from privacy.forgetting.runs import apply_retention, approve, dry_run
from privacy.models import ErasureRun, RetentionPeriod
from tests.builders import a_user
from tests.database import site_connection
from tests.request_builders import the_registrar

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_versions]


@pytest.fixture
def month(owner: psycopg.Connection[Any]) -> Callable[[int], str]:
    """The partition of a month so many months ago, with a row of its last second."""

    def made(months_ago: int) -> str:
        first = add_months(timezone.localdate().replace(day=1), -months_ago)
        end, name = add_months(first, 1), f"audit_logentry_{first:%Y%m}"
        owner.execute(
            f"CREATE TABLE {name} PARTITION OF audit_logentry"
            f" FOR VALUES FROM ('{first} 00:00Z') TO ('{end} 00:00Z')"
        )
        owner.execute(
            "INSERT INTO audit_logentry (timestamp, action, categories, actor_label, unit, purpose,"
            f" reason, route, cid) VALUES ('{end} 00:00Z'::timestamptz - interval '1 second', 4,"
            " '{}', 'test', '', '', '', '', 'x')"
        )
        return name

    return made


def is_there(owner: psycopg.Connection[Any], name: str) -> bool:
    [[found]] = owner.execute("SELECT to_regclass(%s) IS NOT NULL", [name]).fetchall()
    return bool(found)


def approved_by_two(as_of: date) -> ErasureRun:
    """A run that waits, approved by one after the other, and carried out."""
    run = apply_retention(as_of=as_of, job="test")
    for name in ("first", "second"):
        assert run.status == "planned"  # few rows, but the log: nobody drops it alone
        run = approve(run=run, digest=run.digest, by=the_registrar(name))
    return apply_retention(as_of=as_of, job="test")


def test_a_month_goes_when_its_last_row_is_due(
    owner: psycopg.Connection[Any], month: Callable[[int], str]
) -> None:
    due, not_yet, younger = month(37), month(36), month(27)
    first_of_month = timezone.localdate().replace(day=1)

    with dry_run(as_of=first_of_month, job="test") as planned:
        assert planned.plan["audit.logentry"] == {"erase": 1}
    assert is_there(owner, due)
    run = approved_by_two(first_of_month)
    assert (run.status, run.erased) == ("done", {"audit.logentry": 1})
    assert [is_there(owner, name) for name in (due, not_yet, younger)] == [False, True, True]

    RetentionPeriod.objects.create(
        model="audit.logentry",
        after="timestamp",
        months=24,
        reason="Koe",
        brings_forward=2,
        decided_by=a_user(),
    )
    run = approved_by_two(first_of_month)
    assert run.erased == {"audit.logentry": 2}
    assert [is_there(owner, name) for name in (not_yet, younger)] == [False, False]


def test_months_stay_that_became_due_after_the_approval(
    owner: psycopg.Connection[Any], month: Callable[[int], str]
) -> None:
    due, later = month(37), month(30)
    first_of_month = timezone.localdate().replace(day=1)
    run = apply_retention(as_of=first_of_month, job="test")
    for name in ("first", "second"):
        run = approve(run=run, digest=run.digest, by=the_registrar(name))
    RetentionPeriod.objects.create(
        model="audit.logentry",
        after="timestamp",
        months=24,
        reason="Koe",
        brings_forward=1,
        decided_by=a_user(),
    )

    run = apply_retention(as_of=first_of_month, job="test")

    assert (run.status, run.erased) == ("done", {})
    assert [is_there(owner, name) for name in (due, later)] == [True, True]
    for name in (due, later):
        owner.execute(f"DROP TABLE {name}")


def test_the_site_drops_nothing_younger(
    owner: psycopg.Connection[Any], month: Callable[[int], str]
) -> None:
    name = month(23)
    last: date = add_months(timezone.localdate(), -23)
    with site_connection() as site:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="24 months"):
            site.execute("SELECT audit_drop_months(%s)", [last])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            site.execute(f"DROP TABLE {name}")

    assert is_there(owner, name)
    owner.execute(f"DROP TABLE {name}")
