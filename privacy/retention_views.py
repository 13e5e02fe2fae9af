"""`/retention/`: what is due and held, runs and their approval, periods, statistics.

The pages show counts that the worker made before, and name nobody.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from customers.services.errors import ChangedMeanwhile
from privacy.forgetting import log_months, outlooks, runs
from privacy.forgetting.saying import by_category, done_by
from privacy.forgetting.setting_periods import (
    Rule,
    earlier_of,
    preview,
    rule_of,
    rules,
    set_period,
)
from privacy.models import ErasureRun, RetentionOutlook, Statistic
from privacy.retention_forms import OutlookForm, PeriodForm, StatisticsForm
from privacy.retention_shown import line_of, overview, stays_of
from privacy.retention_tasks import carry_out_log_months, carry_out_retention, make_outlook
from privacy.statistics_shown import months_counted, shown_of
from privacy.step_forms import CONFLICT, UNPROCESSABLE, take

_READERS = "privacy.view_erasurerun"
_STILL_GOOD = timedelta(hours=1)
"""What was counted for a day within it is shown again: a count reads the whole register."""


@require_safe
@permission_required(_READERS, raise_exception=True)
@for_purpose(AccessPurpose.RETENTION)
def retention(request: StaffRequest) -> HttpResponse:
    """What is due this month and in the next ones, what is held, and the last runs."""
    return _overview(request, OutlookForm())


def _overview(request: StaffRequest, form: OutlookForm, status: int = 200) -> HttpResponse:
    return render(request, "privacy/retention.html", {**overview(), "form": form}, status=status)


# --- looking ahead --------------------------------------------------------------------------------


@require_POST
@permission_required("privacy.add_retentionoutlook", raise_exception=True)
@for_purpose(AccessPurpose.RETENTION)
def ask(request: StaffRequest) -> HttpResponse:
    """Have it counted what would go on a day; its page shows when that is done."""
    form = OutlookForm(request.POST)
    if not form.is_valid():
        return _overview(request, form, UNPROCESSABLE)
    day = form.cleaned_data["day"]
    recent = RetentionOutlook.objects.filter(
        day=day, failure="", asked_at__gte=timezone.now() - _STILL_GOOD
    )
    outlook = recent.order_by("-pk").first()
    if outlook is None:
        outlook = outlooks.ask(day=day, by=request.user)
        make_outlook.defer(outlook=outlook.pk)
    return redirect("retention:outlook", outlook.public_id)


@require_safe
@permission_required("privacy.view_retentionoutlook", raise_exception=True)
def outlook(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """What would go on a day, and what would stay, until when and why."""
    found = get_object_or_404(RetentionOutlook, public_id=public_id)
    is_made = found.made_at is not None
    context = {
        "outlook": found,
        "categories": by_category(found.goes) if is_made else [],
        "stays": stays_of(found) if is_made else [],
    }
    return render(request, "privacy/retention_outlook.html", context)


# --- runs -----------------------------------------------------------------------------------------


@require_safe
@permission_required(_READERS, raise_exception=True)
def run(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A run: what it was to do and what it has done, and its plan where it waits for approval."""
    return _run(request, _run_of(public_id))


def _run_of(public_id: UUID) -> ErasureRun:
    every = ErasureRun.objects.select_related("planned_by", "approved_by")
    return get_object_or_404(every, public_id=public_id)


def _run(
    request: StaffRequest, found: ErasureRun, *, refused: str = "", status: int = 200
) -> HttpResponse:
    is_waiting = found.kind in runs.NIGHTLY and found.status == ErasureRun.Status.PLANNED
    context = {
        "run": found,
        "line": line_of(found),
        "categories": by_category(found.plan),
        "done": by_category(done_by(found)),
        "is_waiting": is_waiting,
        "months": log_months.planned(found) if found.kind == ErasureRun.Kind.LOG else [],
        "is_mine": found.planned_by_id == request.user.pk,
        "refused": refused,
    }
    return render(request, "privacy/retention_run.html", context, status=status)


@require_POST
@permission_required("privacy.change_erasurerun", raise_exception=True)
def approve(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Approve the plan that was shown; once two have, the run begins."""
    found = _run_of(public_id)
    if request.user.pk in (found.planned_by_id, found.approved_by_id):  # sent twice
        return redirect("retention:run", public_id)
    return _step(request, found, lambda: _approved(request, found))


def _approved(request: StaffRequest, found: ErasureRun) -> None:
    if found.kind not in runs.NIGHTLY:
        raise ValidationError(_("This run is approved in its request."))
    now = runs.approve(run=found, digest=request.POST.get("digest", ""), by=request.user)
    if now.status == ErasureRun.Status.APPROVED:
        is_log = now.kind == ErasureRun.Kind.LOG
        (carry_out_log_months if is_log else carry_out_retention).defer()
        messages.success(request, _("The plan is approved by two. The run begins now."))
    else:
        messages.success(request, _("You have approved the plan. Now another registrar must."))


@require_POST
@permission_required("privacy.change_erasurerun", raise_exception=True)
def stop(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give up a plan that waits: the next night makes another."""
    found = _run_of(public_id)
    return _step(request, found, lambda: _stopped(request, found))


def _stopped(request: StaffRequest, found: ErasureRun) -> None:
    if found.kind not in runs.NIGHTLY:
        raise ValidationError(_("This run is approved in its request."))
    runs.stop(run=found)
    messages.success(request, _("The plan was given up. The next night makes another one."))


def _step(request: StaffRequest, found: ErasureRun, do: Any) -> HttpResponse:
    try:
        do()
    except ValidationError as error:
        refused = " ".join(error.messages)
        return _run(request, _run_of(found.public_id), refused=refused, status=CONFLICT)
    return redirect("retention:run", found.public_id)


# --- what stays when records go -------------------------------------------------------------------


@require_safe
@permission_required("privacy.view_statistic", raise_exception=True)
def statistics(request: StaffRequest) -> HttpResponse:
    """Counts and sums that outlive what was counted: a measure by month, a month of it by group."""
    months = months_counted()
    if not months:
        return render(request, "privacy/retention_statistics.html")
    form = StatisticsForm(request.GET.dict(), months=months)
    if not form.is_valid():
        form = StatisticsForm({}, months=months)
        form.full_clean()
    month, measure = form.cleaned_data["month"], form.cleaned_data["measure"]
    context = {
        "form": form,
        "month": month,
        "measure": Statistic.Measure(measure).label,
        **shown_of(measure, month),
    }
    return render(request, "privacy/retention_statistics.html", context)


# --- how long -------------------------------------------------------------------------------------


@require_safe
@permission_required("privacy.view_retentionperiod", raise_exception=True)
def periods(request: StaffRequest) -> HttpResponse:
    """Every retention rule: how long, counted from what, why, and within which limits."""
    return render(request, "privacy/retention_periods.html", {"rules": list(rules())})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("privacy.add_retentionperiod", raise_exception=True)
@for_purpose(AccessPurpose.RETENTION)
def period(request: StaffRequest, rule: str) -> HttpResponse:
    """Set a rule's period, after what it would touch has been looked at."""
    found = rule_of(rule)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _period(request, found, PeriodForm(rule=found))
    form = PeriodForm(request.POST, rule=found)
    if not form.is_valid():
        return _period(request, found, form, status=UNPROCESSABLE)
    months = form.cleaned_data["months"]
    touched = preview(found, months, timezone.localdate())
    if not form.is_looked_at or "set" not in request.POST:
        form.show(looked_at=months)
        return _period(request, found, form, touched=touched)
    return _set(request, found, form, touched)


def _set(request: StaffRequest, rule: Rule, form: PeriodForm, touched: Any) -> HttpResponse:
    given = form.cleaned_data
    try:
        set_period(
            rule=rule,
            months=given["months"],
            reason=given["reason"],
            seen=given["seen"],
            touched=touched,
            by=request.user,
        )
    except ChangedMeanwhile as conflict:
        now = rule_of(rule.slug) or rule
        form.show(seen=now.seen)
        return _period(
            request, now, form, touched=touched, status=CONFLICT, changed=conflict.record
        )
    except ValidationError as error:
        take(form, error)
        return _period(request, rule, form, status=UNPROCESSABLE)
    messages.success(
        request,
        _("The period is set. The register description says another one until it is published."),
    )
    return redirect("retention:periods")


def _period(
    request: StaffRequest, rule: Rule, form: PeriodForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"rule": rule, "form": form, "earlier": earlier_of(rule), **more}
    return render(request, "privacy/retention_period.html", context, status=status)
