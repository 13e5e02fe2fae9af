"""Breaches of personal data: the clock of Art. 33, the record of each, and whom it affected.

The clock runs in plain hours: nights, weekends and holidays count, and an hour that summer time
adds or takes away neither adds nor takes time. Nothing is deleted from the record before its term.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.changes import MASK
from audit.context import AccessPurpose, access_context, require
from audit.log import Action
from audit.sets import record_set
from audit.sql import keys_sql, run_sql
from customers.free_text import refuse_identity_codes
from datamap.declarations import registry
from datamap.periods import period_of
from datamap.vocabulary import Category
from privacy.forgetting.periods import first_day, periods_now
from privacy.models import Breach, BreachAffected
from privacy.rules import said

WARN_AT_HOURS = (24, 6)
"""How many hours before the end of the clock the registrars are reminded."""

_SEEN = """
SELECT DISTINCT l.subject FROM audit_logentry l LEFT JOIN accounts_user u ON u.id = l.actor_id
WHERE l.subject IS NOT NULL AND l.action <> %(deny)s
  AND l.timestamp >= %(since)s AND l.timestamp < %(until)s
  AND (%(actor)s = '' OR coalesce(u.username, l.actor_label) = %(actor)s)
  AND starts_with(l.route, %(route)s)
"""
_NEW = f"""
SELECT s.subject FROM ({_SEEN}) AS s
WHERE NOT EXISTS (
    SELECT FROM privacy_breachaffected a
    WHERE a.breach_id = %(breach)s AND a.subject = s.subject)
"""
_INSERT = f"""
INSERT INTO privacy_breachaffected (breach_id, subject)
SELECT %(breach)s, n.subject FROM ({_NEW}) AS n ORDER BY n.subject
"""
_INSERTED = """
SELECT a.subject, a.id AS object_id FROM privacy_breachaffected a
WHERE a.breach_id = %(breach)s AND a.id > %(last)s
"""


@dataclass(frozen=True)
class Looks:
    """Rows of the access log: of a time, and of one user or job, or of one kind of page."""

    since: datetime
    until: datetime
    actor: str = ""
    route: str = ""


@dataclass(frozen=True)
class Left:
    """How much of the clock is left; `is_over` when it has run out, by so much."""

    hours: int
    minutes: int
    is_over: bool


# --- the clock ------------------------------------------------------------------------------------


def tell_by(aware_at: datetime) -> datetime:
    """Until when the Ombudsman is told, in plain hours from when it was known (Art. 33(1))."""
    return aware_at.astimezone(UTC) + timedelta(hours=settings.BREACH_HOURS)


def left_of(breach: Breach, now: datetime | None = None) -> Left:
    """What is left of a breach's clock."""
    seconds = int((breach.tell_by - (now or timezone.now())).total_seconds())
    minutes = abs(seconds) // 60
    return Left(hours=minutes // 60, minutes=minutes % 60, is_over=seconds < 0)


# --- the record -----------------------------------------------------------------------------------


@transaction.atomic
def save_breach(*, breach: Breach, by: User) -> Breach:
    """Save what is known of a breach; its clock follows from when it was known.

    A closed breach stays as it is. Raises ValidationError with a sentence for each rule.
    """
    _refuse_future(breach)
    refuse_identity_codes(
        nature=breach.nature,
        consequences=breach.consequences,
        measures=breach.measures,
        late_because=breach.late_because,
        contact=breach.contact,
    )
    if breach._state.adding:
        breach.noted_by = by
    until = tell_by(breach.aware_at)
    if breach.tell_by != until:
        breach.tell_by, breach.reminded_at_hours = until, None  # its reminders begin anew
    breach.full_clean()
    said(breach.save)
    return breach


def _refuse_future(breach: Breach) -> None:
    """Refuse that something is known, or was told, at a time that is still to come."""
    ahead = {
        "aware_at": _("Nobody knows of it in the future."),
        "told_authority_at": _("Nobody was told in the future."),
        "told_persons_at": _("Nobody was told in the future."),
    }
    now = timezone.now()
    wrong = {name: said for name, said in ahead.items() if (getattr(breach, name) or now) > now}
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def close_breach(*, breach: Breach) -> Breach:
    """Close a breach that is assessed and told of as its risk demands; closing twice is once."""
    breach = Breach.objects.select_for_update(no_key=True).get(pk=breach.pk)
    if breach.closed_at is None:
        breach.closed_at = timezone.now()
        breach.full_clean()
        said(lambda: breach.save(update_fields=["closed_at"]))
    return breach


def forget_breaches(*, day: date, job: str) -> int:
    """Delete the closed breaches that have had their time by a day; returns how many.

    The persons whom one affected have the same time and go first, by the engine that forgets: whom
    a hold keeps there keeps the breach, too (domain §5).
    """
    declaration = registry[BreachAffected]
    [rule] = declaration.retention
    goes_on = first_day(
        Breach, replace(rule, after="closed_at"), period_of(declaration, rule, periods_now())
    )
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        over = Breach.objects.annotate(goes_on=goes_on).filter(goes_on__lte=day)
        gone, _of = over.filter(affected__isnull=True).delete()
    return gone


# --- whom it affected -----------------------------------------------------------------------------


def count_affected(looks: Looks) -> int:
    """How many persons the log names in these rows; nobody is read."""
    [row] = keys_sql(f"SELECT count(*) AS persons FROM ({_SEEN}) AS s", _given(looks))
    return int(row["persons"])


@transaction.atomic
def note_affected(*, breach: Breach, looks: Looks) -> int:
    """Note those whom the log names in these rows as affected; returns how many are new.

    A person stands in a breach once, and stays there. Nobody is read, but each of them has a row
    in the log that says so.
    """
    breach = Breach.objects.select_for_update(no_key=True).get(pk=breach.pk)
    if breach.closed_at is not None:
        raise ValidationError(_("The breach is closed: it stays as it is."))
    require().purpose = AccessPurpose.LOG_CONTROL
    given = {**_given(looks), "breach": breach.pk}
    last = BreachAffected.objects.filter(breach=breach).order_by("-pk").keys_only().first() or 0
    new = run_sql(_INSERT, given)
    if new:
        record_set(
            Action.CREATE,
            _INSERTED,
            {"breach": breach.pk, "last": last},
            categories=[Category.RIGHTS],
            of=BreachAffected,
            changes={field: [None, MASK] for field in registry[BreachAffected].fields},
        )
    return new


def affected_by(breaches: Sequence[Breach]) -> dict[int, int]:
    """How many persons are noted as affected, by the key of the breach."""
    rows = keys_sql(
        "SELECT breach_id, count(*) AS persons FROM privacy_breachaffected"
        " WHERE breach_id = ANY(%(breaches)s) GROUP BY breach_id",
        {"breaches": [breach.pk for breach in breaches]},
    )
    return {int(row["breach_id"]): int(row["persons"]) for row in rows}


def _given(looks: Looks) -> dict[str, object]:
    return {
        "since": looks.since,
        "until": looks.until,
        "actor": looks.actor,
        "route": looks.route,
        "deny": int(Action.DENY),
    }
