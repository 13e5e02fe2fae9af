"""Every step of a request in order: from state to state, and what was erased for it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from privacy.forgetting.requests import runs_of
from privacy.models import ErasureRun, SubjectRequest


class Happened(NamedTuple):
    """What happened, when, by whom (nobody where it was a job), and why where that was said."""

    at: datetime
    what: str
    by: str
    why: str = ""


def history_of(case: SubjectRequest, steps: Any) -> list[Happened]:
    """What happened to a request, the earliest first; `steps` are its changes of state."""
    found = [
        Happened(one.changed_at, one.get_to_state_display(), _name(one.changed_by), one.reason)
        for one in steps.select_related("changed_by").order_by("id")
    ]
    found += [happened for run in reversed(runs_of(case)) for happened in _of_run(run)]
    return sorted(found, key=lambda one: one.at)


def _of_run(run: ErasureRun) -> Iterator[Happened]:
    yield Happened(run.planned_at, _("The plan of the erasure was made"), _name(run.planned_by))
    if run.approved_at is not None:
        yield Happened(
            run.approved_at, _("The plan was approved and carried out"), _name(run.approved_by)
        )
    elif run.status == ErasureRun.Status.STOPPED and run.ended_at is not None:
        yield Happened(run.ended_at, _("The plan was replaced, or was out of date"), "")


def _name(member: User | None) -> str:
    return "" if member is None else member.display_name or member.username
