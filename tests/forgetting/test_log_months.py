"""The log goes by whole months, when the last row of one is due, and in no other way."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from contracts.dates import add_months
from privacy.forgetting.runs import apply_retention, approve, drop_log_months, dry_run
from privacy.models import ErasureRun, RetentionPeriod
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


def waiting() -> ErasureRun:
    run = drop_log_months(job="test")
    assert run is not None
    return run


def approved_by_two(run: ErasureRun) -> ErasureRun:
    for name in ("first", "second"):
        assert run.status == "planned"  # few rows, but the log: nobody drops it alone
        run = approve(run=run, digest=run.digest, by=the_registrar(name))
    return run


def dropped() -> ErasureRun:
    """A run that waited, was approved by one after the other, and carried out."""
    approved_by_two(waiting())
    return waiting()


def kept_for(months: int) -> None:
    RetentionPeriod.objects.create(
        model="audit.logentry",
        after="timestamp",
        months=months,
        reason="Koe",
        brings_forward=0,
        decided_by=the_registrar("first"),
    )


def test_a_month_goes_when_its_last_row_is_due(
    owner: psycopg.Connection[Any], month: Callable[[int], str]
) -> None:
    due, not_yet, younger = month(37), month(36), month(27)
    first_of_month = timezone.localdate().replace(day=1)

    with dry_run(as_of=first_of_month, job="test") as planned:
        assert planned.plan["audit.logentry"] == {"erase": 1}
    assert is_there(owner, due)
    assert waiting().status == "planned"
    records = apply_retention(as_of=first_of_month, job="test")
    assert (records.status, records.plan) == ("done", {})  # what is due goes meanwhile
    run = dropped()
    assert (run.status, run.erased) == ("done", {"audit.logentry": 1})
    assert [is_there(owner, name) for name in (due, not_yet, younger)] == [False, True, True]

    kept_for(24)
    assert dropped().erased == {"audit.logentry": 2}
    assert [is_there(owner, name) for name in (not_yet, younger)] == [False, False]
    assert drop_log_months(job="test") is None


def test_only_the_months_go_that_were_approved_and_are_still_due(
    owner: psycopg.Connection[Any], month: Callable[[int], str]
) -> None:
    kept_for(30)
    due, not_any_more, later = month(37), month(33), month(27)
    approved_by_two(waiting())
    kept_for(24)
    assert waiting().erased == {"audit.logentry": 2}
    assert [is_there(owner, name) for name in (due, not_any_more, later)] == [False, False, True]

    approved_by_two(waiting())
    kept_for(36)
    assert waiting().erased == {}
    assert is_there(owner, later)
    owner.execute(f"DROP TABLE {later}")


def test_the_site_drops_nothing_younger_and_nothing_that_two_have_not_approved(
    owner: psycopg.Connection[Any], month: Callable[[int], str]
) -> None:
    name, old = month(23), month(37)
    run = waiting()
    with site_connection() as site:
        for statement in (
            f"SELECT privacy_drop_log_months({run.pk})",
            f"SELECT audit_drop_month('{add_months(timezone.localdate(), -37)}')",
            f"DROP TABLE {name}",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                site.execute(statement)
        with pytest.raises(psycopg.errors.CheckViolation, match="erasure_two_persons"):
            site.execute("UPDATE privacy_erasurerun SET status = 'running'")
        run = approved_by_two(run)
        site.execute("UPDATE privacy_erasurerun SET status = 'running'")
        younger = add_months(timezone.localdate(), -23)
        site.execute("UPDATE privacy_plannederasure SET record = %s", [int(f"{younger:%Y%m}")])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="24 months"):
            site.execute("SELECT privacy_drop_log_months(%s)", [run.pk])

    assert is_there(owner, name)
    assert is_there(owner, old)
    for one in (name, old):
        owner.execute(f"DROP TABLE {one}")
