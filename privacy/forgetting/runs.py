"""Runs of the engine: plan, approve where it is large, carry out, resume."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import AccessPurpose, access_context
from audit.sql import run_sql
from privacy.forgetting import ledger, log_months
from privacy.forgetting.executing import carry_out
from privacy.forgetting.periods import periods_now
from privacy.forgetting.planning import ERASE, REDUCE, Due, Scope, counted, make_plan
from privacy.models import ErasureRun, PlannedErasure

Kind, Status = ErasureRun.Kind, ErasureRun.Status
NIGHTLY = (Kind.RETENTION, Kind.LOG)
"""What each night plans: records, and months of the log, which wait for their approval alone."""
UNFINISHED = (Status.PLANNED, Status.APPROVED, Status.RUNNING)


class _Undone(Exception):  # noqa: N818
    """Rolls a dry run back."""


def apply_retention(*, as_of: date, job: str) -> ErasureRun:
    """Erase what is due by a day: goes on with a run that was cut off, or else makes a new one.

    A run of more than ERASURE_SECOND_PERSON records waits until two approve it.
    """
    run = unfinished(Kind.RETENTION)
    if run is None:
        run = plan_retention(as_of=as_of, job=job)
    if run.status == Status.PLANNED:
        return run
    return execute(run, scope_of(run), job=job)


def drop_log_months(*, job: str) -> ErasureRun | None:
    """Drop the months of the log that are due, or have them approved by two; None where none is."""
    run = unfinished(Kind.LOG)
    if run is None:
        today = timezone.localdate()
        with access_context(job=job, purpose=AccessPurpose.RETENTION):
            if not log_months.due(today, periods_now()):
                return None
        run = _plan_once(Kind.LOG, as_of=today, job=job)
    if run.status in (Status.APPROVED, Status.RUNNING):
        return _drop(run, job=job)
    return run


def unfinished(kind: ErasureRun.Kind) -> ErasureRun | None:
    """The nightly run of a kind that is not through yet."""
    return ErasureRun.objects.filter(kind=kind, status__in=UNFINISHED).first()


def scope_of(run: ErasureRun) -> Scope:
    """What a retention run asks of each record."""
    return Due(run.as_of, periods_now())


def plan_retention(*, as_of: date, job: str) -> ErasureRun:
    """Make the plan of a nightly run; where somebody has just made one, that."""
    return _plan_once(Kind.RETENTION, as_of=as_of, job=job)


def _plan_once(kind: ErasureRun.Kind, *, as_of: date, job: str) -> ErasureRun:
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        run_sql("SET LOCAL lock_timeout = 0")
        run_sql("SELECT pg_advisory_xact_lock(hashtext('privacy.plan_retention'))")
        run = unfinished(kind)
        if run is None:
            run = ErasureRun.objects.create(kind=kind, status=Status.PLANNED, as_of=as_of)
            _plan(run)
    return run


def plan_anew(run: ErasureRun, *, as_of: date, job: str) -> None:
    """Make the plan of a run that nobody has approved yet again, for another day."""
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        run = ErasureRun.objects.select_for_update().get(pk=run.pk)
        if run.status == Status.PLANNED and run.planned_by_id is None:
            PlannedErasure.objects.filter(run=run).delete()
            run.as_of, run.planned_at = as_of, timezone.now()
            _plan(run)


def _plan(run: ErasureRun) -> None:
    """Plan a nightly run: a small one of records needs nobody's approval, one of the log always."""
    if run.kind == Kind.LOG:
        run.plan = _as_plan(log_months.plan(run, periods_now()))
        if not run.plan:
            give_up(run)  # they are kept for longer now
    else:
        make_plan(run, scope_of(run))
        run.plan = counted(run)
        if going_of(run) <= settings.ERASURE_SECOND_PERSON:
            run.status = Status.APPROVED
    run.digest = digest_of(run)
    run.save()


def _as_plan(rows_of_log: int) -> dict[str, dict[str, int]]:
    return {log_months.LABEL: {ERASE: rows_of_log}} if rows_of_log else {}


def going_of(run: ErasureRun) -> int:
    """How many records a run's plan erases or reduces."""
    return sum(
        number
        for actions in run.plan.values()
        for action, number in actions.items()
        if action in (ERASE, REDUCE)
    )


def digest_of(run: ErasureRun) -> str:
    """SHA-256 of a plan, so that what is approved is what was shown."""
    lines = PlannedErasure.objects.filter(run=run).order_by("kind", "record")
    found = sha256(json.dumps([run.kind, run.as_of.isoformat()]).encode())
    for kind, record, action in lines.values_list("kind", "record", "action").iterator():
        found.update(f"{kind} {record} {action}\n".encode())
    return found.hexdigest()


@contextmanager
def dry_run(*, as_of: date, job: str) -> Iterator[ErasureRun]:
    """The plan that a run would make on a day; nothing of it remains."""
    try:
        with access_context(job=job, purpose=AccessPurpose.RETENTION):
            run = ErasureRun.objects.create(kind=Kind.REPLAY, status=Status.PLANNED, as_of=as_of)
            make_plan(run, scope_of(run))
            rows_of_log = sum(log_months.due(run.as_of, periods_now()).values())
            run.plan = counted(run) | _as_plan(rows_of_log)
            yield run
            raise _Undone
    except _Undone:
        pass


@transaction.atomic
def approve(*, run: ErasureRun, digest: str, by: User) -> ErasureRun:
    """Approve a plan that was shown; raises ValidationError for one's own or another plan.

    What a job planned is approved by two, one after the other.
    """
    run = ErasureRun.objects.select_for_update().get(pk=run.pk)
    if run.status != Status.PLANNED:
        raise ValidationError(_("This run is not waiting for approval."))
    if run.planned_by_id == by.pk:
        raise ValidationError(_("Somebody else must approve it."))
    if run.digest != digest:
        raise ValidationError(_("The plan has changed since it was shown. Read it again."))
    if run.planned_by_id is None:
        run.planned_by = by
    else:
        run.status, run.approved_by, run.approved_at = Status.APPROVED, by, timezone.now()
    run.save()
    return run


@transaction.atomic
def stop(*, run: ErasureRun) -> ErasureRun:
    """Give up a run that waits; the next night plans anew. Raises ValidationError for another."""
    run = ErasureRun.objects.select_for_update().get(pk=run.pk)
    if run.status != Status.PLANNED:
        raise ValidationError(_("This run is not waiting for approval."))
    give_up(run)
    return run


def give_up(run: ErasureRun) -> None:
    """End a run that has erased nothing, in the unit of work that has it locked."""
    PlannedErasure.objects.filter(run=run).delete()
    run.status, run.ended_at = Status.STOPPED, timezone.now()
    run.save()


def execute(run: ErasureRun, scope: Scope, *, job: str) -> ErasureRun:
    """Carry out a run that is approved; called again after a crash it goes on where it was.

    Raises NotSettled in a register that was restored, until its erasures are repeated.
    """
    if run.kind != Kind.REPLAY:
        ledger.require_settled()
    with transaction.atomic():
        run = ErasureRun.objects.select_for_update().get(pk=run.pk)
        if run.status not in (Status.APPROVED, Status.RUNNING):
            return run
        run.status, run.started_at = Status.RUNNING, run.started_at or timezone.now()
        run.failure = ""
        run.save()
    carry_out(run, scope, job=job)
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        return _end(run)


def _end(run: ErasureRun) -> ErasureRun:
    """Note what went: what stood in the plan and does not any more, whoever took it out."""
    run = ErasureRun.objects.select_for_update().get(pk=run.pk)
    if run.status != Status.RUNNING:
        return run  # another one who was at the same plan has ended it
    run_sql("SET LOCAL statement_timeout = 0")
    left = counted(run)
    gone = {
        label: sum(planned.values()) - sum(left.get(label, {}).values())
        for label, planned in run.plan.items()
    }
    return _done(run, {label: number for label, number in gone.items() if number})


def _done(run: ErasureRun, erased: dict[str, int]) -> ErasureRun:
    run.erased = erased
    PlannedErasure.objects.filter(run=run).delete()
    run.status, run.ended_at = Status.DONE, timezone.now()
    run.save()
    return run


def _drop(run: ErasureRun, *, job: str) -> ErasureRun:
    """Drop the months of a run that is approved, in one short unit of work.

    Whoever writes to the log waits for it.
    """
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        run = ErasureRun.objects.select_for_update().get(pk=run.pk)
        if run.status not in (Status.APPROVED, Status.RUNNING):
            return run
        run.status, run.started_at, run.failure = Status.RUNNING, timezone.now(), ""
        run.save()
        run_sql("SET LOCAL statement_timeout = 0")
        dropped = log_months.drop(run, timezone.localdate(), periods_now())
        return _done(run, {log_months.LABEL: dropped} if dropped else {})
