"""Erasure on request: a plan by the decisions, approved by a second person, done in one go.

The plan is made anew inside the transaction that erases; if it is not the one that was approved,
nothing is erased and what has changed is told. Who has gone leaves the file of her request, which
shows for three years what was done.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Person
from customers.services.locks import lock_person
from datamap.vocabulary import Category
from privacy.forgetting import ledger
from privacy.forgetting.asked import Asked, asked_of
from privacy.forgetting.executing import Unfinished, carry_out_at_once
from privacy.forgetting.periods import periods_now
from privacy.forgetting.planning import counted, make_plan
from privacy.forgetting.remaining import beyond_reach, remaining
from privacy.forgetting.runs import digest_of, give_up
from privacy.models import ErasureDecision, ErasureRun, PlannedErasure, SubjectRequest
from privacy.needed import decisions_of, undecided
from privacy.services.changing import to_change, today
from privacy.services.deciding import to_decide

Kind, Status = ErasureRun.Kind, ErasureRun.Status
MOVED_ON = "plan_moved_on"
Decisions = dict[Category, ErasureDecision]


@dataclass(frozen=True)
class Facts:
    """What a plan says: how many records of each kind go, and what stays why."""

    plan: dict[str, dict[str, int]]
    stays: list[dict[str, Any]]


class PlanChanged(Exception):  # noqa: N818  (it reads as what it says)
    """What would be erased now is not what was approved; nothing was erased."""

    def __init__(self, approved: Facts, now: Facts) -> None:
        super().__init__()
        self.approved = approved
        self.now = now


def runs_of(request: SubjectRequest) -> list[ErasureRun]:
    """The plans that were made for a request, newest first, with who made and approved them."""
    runs = ErasureRun.objects.filter(kind=Kind.REQUEST, request_number=request.number)
    return list(runs.select_related("planned_by", "approved_by").order_by("-pk"))


@transaction.atomic
def plan_erasure(*, request: SubjectRequest, by: User) -> ErasureRun:
    """Make the plan of what was decided; a waiting plan that says the same is given back.

    Another plan that waits is stopped. Raises PermissionDenied, and ValidationError with a
    sentence.
    """
    if not by.has_perm("privacy.add_erasurerun"):
        raise PermissionDenied
    request, person = to_decide(request, by)
    decided = decisions_of(request)
    _refuse_undecided(person, decided)
    run = ErasureRun.objects.create(
        kind=Kind.REQUEST,
        status=Status.PLANNED,
        as_of=today(),
        request_number=request.number,
        planned_by=by,
    )
    _fill(run, _scope(run, request, person, decided), decided)
    run.save()
    for earlier in _waiting(request).exclude(pk=run.pk).select_for_update():
        if (earlier.digest, earlier.as_of) == (run.digest, run.as_of):
            give_up(run)
            return earlier
        give_up(earlier)
    return run


def _refuse_undecided(person: Person, decided: Decisions) -> None:
    if open_ones := undecided(person, decided):
        raise ValidationError(open_ones)
    if not any(one.is_erased for one in decided.values()):
        raise ValidationError(_("Nothing was decided to be erased."))


def _waiting(request: SubjectRequest) -> QuerySet[ErasureRun]:
    return ErasureRun.objects.filter(
        kind=Kind.REQUEST, request_number=request.number, status=Status.PLANNED
    )


def erase_as_approved(
    *, request: SubjectRequest, run: ErasureRun, digest: str, by: User
) -> ErasureRun:
    """Approve a plan and carry it out, all of it or nothing; pressed twice, it is done once.

    Raises PlanChanged, after which the plan is stopped; PermissionDenied; and ValidationError
    for one's own plan, one that waits no longer, and while somebody works on her data.
    """
    if not by.has_perm("privacy.change_erasurerun"):
        raise PermissionDenied
    try:
        with ledger.called_off_if_undone(), transaction.atomic():
            return _erased(request, run, digest, by)
    except PlanChanged:
        with transaction.atomic():
            to_change(request, by)
            for one in _waiting(request).filter(pk=run.pk).select_for_update():
                give_up(one)
        raise
    except Unfinished:
        raise ValidationError(
            _("Somebody is working on her data just now: nothing was erased. Try again.")
        ) from None
    except ledger.NotSettled:
        raise ValidationError(
            _("The register was restored: the erasures since then must be repeated first.")
        ) from None


def _erased(request: SubjectRequest, run: ErasureRun, digest: str, by: User) -> ErasureRun:
    to_change(request, by)
    run = ErasureRun.objects.select_for_update().get(pk=run.pk, request_number=request.number)
    if run.status == Status.DONE and run.digest == digest:
        return run
    if run.status != Status.PLANNED:
        raise ValidationError(_("This plan is not waiting for approval."), code=MOVED_ON)
    if run.planned_by_id == by.pk:
        raise ValidationError(_("Somebody else must approve it."))
    request, person = to_decide(request, by)
    lock_person(person.pk)
    decided = decisions_of(request)
    scope = _scope(run, request, person, decided)
    approved = Facts(run.plan, run.stays)
    PlannedErasure.objects.filter(run=run).delete()
    _fill(run, scope, decided)
    if run.digest != digest:
        raise PlanChanged(approved, Facts(run.plan, run.stays))
    run.status, run.approved_by, run.approved_at = Status.RUNNING, by, timezone.now()
    run.started_at = run.approved_at
    run.save()
    run.erased = carry_out_at_once(run, scope)
    if Person.objects.filter(pk=person.pk).keys_only().exists():
        names = [category.value for category in scope.categories]
        ledger.write_down([person.public_id], categories=names)
    run.status, run.ended_at = Status.DONE, timezone.now()
    run.save()
    PlannedErasure.objects.filter(run=run).delete()
    return run


def _scope(run: ErasureRun, request: SubjectRequest, person: Person, decided: Decisions) -> Asked:
    erased = frozenset(category for category, one in decided.items() if one.is_erased)
    return asked_of(person, erased, day=run.as_of, periods=periods_now(), request=request.pk)


def _fill(run: ErasureRun, scope: Asked, decided: Decisions) -> None:
    make_plan(run, scope)
    run.plan = counted(run)
    stays = remaining(run, scope, decided)
    lines = [digest_of(run), sorted(scope.categories), run.plan, stays]
    run.digest = sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()
    run.stays = [*stays, *beyond_reach(scope)]
