"""Setting how long a kind of record is kept: within its limits, for a reason, looked at first.

What was set before stays to be read; the newest one of a rule counts, from now on, for whatever is
still there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Value, When
from django.utils.translation import gettext as _

from accounts.models import User
from audit.sql import run_sql
from customers.free_text import refuse_identity_codes
from customers.services.errors import ChangedMeanwhile
from datamap.declarations import Keep, PersonalData, registry
from datamap.periods import Period, Periods, declared_period, is_settable, period_of
from datamap.words import kind_of, since_of, time_of
from privacy.forgetting.periods import is_due, periods_now
from privacy.forgetting.planning import there
from privacy.models import RetentionPeriod

MOST_COUNTED = 100_000
"""A preview counts so far and then says "more than": its page answers at once."""


@dataclass(frozen=True)
class Rule:
    """A retention rule, and how long it keeps now."""

    declaration: PersonalData
    keep: Keep
    period: Period
    newest: RetentionPeriod | None

    @property
    def label(self) -> str:
        return self.declaration.model._meta.label_lower

    @property
    def slug(self) -> str:
        """What addresses call it: the model and the date that it counts from."""
        return f"{self.label.replace('.', '-')}-{self.keep.after}"

    @property
    def records(self) -> str:
        """What the records are called."""
        return kind_of(self.declaration)

    @property
    def since(self) -> str:
        """What the period is counted from, in words."""
        return since_of(self.declaration.model, self.keep)

    @property
    def time(self) -> str:
        """How long it keeps now, in words."""
        return time_of(self.declaration, self.keep, self.period)

    @property
    def declared_time(self) -> str:
        """How long it is declared to keep, in words."""
        return time_of(self.declaration, self.keep, declared_period(self.keep))

    @property
    def is_set(self) -> bool:
        """Whether another period holds than the declared one."""
        return self.period != declared_period(self.keep)

    @property
    def is_settable(self) -> bool:
        return is_settable(self.keep)

    @property
    def seen(self) -> int:
        """The key of what was set last, by which a form knows that it is out of date."""
        return 0 if self.newest is None else self.newest.pk


@dataclass(frozen=True)
class Touched:
    """How many records a period would bring to their end at once, and how many it would save."""

    comes_due: int
    not_due: int

    @property
    def is_cut_off(self) -> bool:
        """Whether there are more than were counted."""
        return MOST_COUNTED in (self.comes_due, self.not_due)


def rules() -> Iterator[Rule]:
    """Every rule that is declared, in the order of the declarations."""
    newest = {(one.model, one.after): one for one in _newest()}
    set_ones = periods_now()
    for declaration in registry:
        for keep in declaration.retention:
            key = (declaration.model._meta.label_lower, keep.after)
            yield Rule(declaration, keep, period_of(declaration, keep, set_ones), newest.get(key))


def rule_of(slug: str) -> Rule | None:
    """The rule that an address names, where the registrar may set its period."""
    return next((one for one in rules() if one.slug == slug and one.is_settable), None)


def earlier_of(rule: Rule) -> list[RetentionPeriod]:
    """What was set for a rule, the newest first."""
    found = RetentionPeriod.objects.filter(model=rule.label, after=rule.keep.after)
    return list(found.select_related("decided_by").order_by("-pk"))


def preview(rule: Rule, months: int, day: date) -> Touched:
    """How many records a period would touch today, asked as the engine asks; nobody is shown."""
    now = periods_now()
    then = {**now, (rule.label, rule.keep.after): Period(months, 0)}
    return Touched(
        _due_by_one_only(rule.declaration, day, then, now),
        _due_by_one_only(rule.declaration, day, now, then),
    )


def _due_by_one_only(declaration: PersonalData, day: date, one: Periods, other: Periods) -> int:
    """How many records have had their time by the one periods and not by the others."""
    due, by_other = is_due(declaration, day, one), is_due(declaration, day, other)
    if due is None or by_other is None:
        return 0
    # NOT of what is unknown is unknown, and such a record is not due by the others.
    by_others = Case(When(by_other, then=Value(True)), default=Value(False))
    rows = there(declaration).filter(due).annotate(by_others=by_others).filter(by_others=False)
    return int(rows.order_by()[:MOST_COUNTED].count())


@transaction.atomic
def set_period(
    *, rule: Rule, months: int, reason: str, seen: int, touched: Touched, by: User
) -> RetentionPeriod:
    """Set a rule's period.

    Raises ValidationError outside the limits, ChangedMeanwhile where another was set since it was
    seen. The same sent twice is set once.
    """
    refuse_identity_codes(reason=reason)
    if not rule.keep.least <= months <= rule.keep.most:
        said = _("This is kept for at least %(least)d and at most %(most)d months.")
        raise ValidationError({"months": said % {"least": rule.keep.least, "most": rule.keep.most}})
    run_sql("LOCK TABLE privacy_retentionperiod IN SHARE ROW EXCLUSIVE MODE")
    newest = RetentionPeriod.objects.filter(model=rule.label, after=rule.keep.after)
    last = newest.order_by("-pk").first()
    if last is not None and last.pk != seen:
        if (last.months, last.reason, last.decided_by_id) == (months, reason, by.pk):
            return last
        raise ChangedMeanwhile(last)
    if Period(months, 0) == rule.period:
        raise ValidationError({"months": _("It is kept for so long already.")})
    return RetentionPeriod.objects.create(
        model=rule.label,
        after=rule.keep.after,
        months=months,
        reason=reason,
        brings_forward=touched.comes_due,
        decided_by=by,
    )


def _newest() -> Iterator[RetentionPeriod]:
    found = RetentionPeriod.objects.order_by("model", "after", "-id").distinct("model", "after")
    yield from found.select_related("decided_by")
