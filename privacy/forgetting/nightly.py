"""The nightly runs: erase what is due, go on with what was cut off, and tell the registrars.

They are told of a run that waits for approval each morning until it does not, and of one that was
stopped by something; a mail counts records, and names nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.alerts import Wording, mail_registrars
from privacy.forgetting.failures import kind_of_failure
from privacy.forgetting.runs import (
    NIGHTLY,
    apply_retention,
    drop_log_months,
    going_of,
    plan_anew,
    unfinished,
)
from privacy.models import ErasureRun

Kind, Status = ErasureRun.Kind, ErasureRun.Status

WAITS = Wording(
    _("Retention: a run waits for approval"),
    _(
        "The retention run as of %(day)s would erase or reduce %(records)d records. That is more "
        "than one person decides: two registrars must approve it, one after the other. Until then "
        "nothing is erased.\n\nThe register shows its plan under Retention."
    ),
)
FAILED = Wording(
    _("Retention: a run was stopped"),
    _(
        "The retention run as of %(day)s was stopped: %(failure)s.\n\nWhat had gone by then is "
        "gone, the rest is still there. The next night goes on with it; the log of the worker says "
        "more. The register shows the run under Retention."
    ),
)


WAITS_TO_DROP = Wording(
    _("Retention: months of the access log wait for approval"),
    _(
        "Months of the access log are due as of %(day)s, with %(records)d rows. Nobody drops them "
        "alone: two registrars must approve it, one after the other. Until then they stay.\n\n"
        "The register shows its plan under Retention."
    ),
)


def run_tonight(*, job: str) -> ErasureRun | None:
    """Do what is due today; None where that has been done already.

    A plan that waits and that nobody has approved yet is made anew, so that what is approved is
    what is due. What stops the run is noted in it, and raised.
    """
    today = timezone.localdate()
    with _noting(Kind.RETENTION):
        if unfinished(Kind.RETENTION) is None and _is_done(today):
            return None
        _plan_anew(Kind.RETENTION, job=job)
        return apply_retention(as_of=today, job=job)


def drop_log_months_tonight(*, job: str) -> ErasureRun | None:
    """The same for the months of the log, which wait by themselves; None where none is due."""
    with _noting(Kind.LOG):
        _plan_anew(Kind.LOG, job=job)
        return drop_log_months(job=job)


def _is_done(day: date) -> bool:
    done = ErasureRun.objects.filter(kind=Kind.RETENTION, status=Status.DONE, as_of=day)
    return done.exists()


def _plan_anew(kind: ErasureRun.Kind, *, job: str) -> None:
    run = unfinished(kind)
    if run is not None and run.status == Status.PLANNED and run.planned_by_id is None:
        plan_anew(run, as_of=timezone.localdate(), job=job)


@contextmanager
def _noting(kind: ErasureRun.Kind) -> Iterator[None]:
    """Note in the run what stopped it; where not even a plan was made, in a run of its own."""
    try:
        yield
    except Exception as error:
        run = unfinished(kind)
        if run is None:
            run = ErasureRun(kind=kind, status=Status.STOPPED, as_of=timezone.localdate())
        run.failure = kind_of_failure(error)
        run.save()
        raise


def of_which_to_tell() -> list[ErasureRun]:
    """The runs that wait, or that something has stopped, if each is the newest of its kind."""
    newest = ErasureRun.objects.filter(kind__in=NIGHTLY).order_by("kind", "-pk").distinct("kind")
    return [run for run in newest if run.failure or run.status == Status.PLANNED]


def mail_about(run_id: int) -> int:
    """Mail the registrars that a run waits or was stopped; returns how many have an address."""
    run = ErasureRun.objects.get(pk=run_id)

    def values() -> dict[str, str | int]:
        return {
            "day": date_format(run.as_of, "SHORT_DATE_FORMAT"),
            "records": going_of(run),
            "failure": str(run.get_failure_display()),
        }

    waits = WAITS_TO_DROP if run.kind == Kind.LOG else WAITS
    return mail_registrars(FAILED if run.failure else waits, values)
