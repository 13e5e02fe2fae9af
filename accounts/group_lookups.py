"""Look-ups by the staff of group companies, which are disclosures to those companies (S7).

The access log knows who looked; every hour a job notes for each company and day whose data its
staff saw, as one disclosure, so that a person's report names the company among the recipients.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.disclosures import DisclosedPerson, Recipient
from accounts.models import User
from accounts.transfers import is_within_eea
from audit.changes import MASK
from audit.context import AccessPurpose, access_context
from audit.log import Action
from audit.models import LogEntry
from audit.sets import record_set
from audit.sql import run_sql
from datamap.declarations import registry
from datamap.vocabulary import Category, LawfulBasis

_READS = [int(Action.ACCESS), int(Action.EXPORT), int(Action.PLAY)]

# What has been noted of a company up to a day is not read again, but for that day and the one
# before it, on which a row may have come late.
_LOOKS = """
SELECT r.id AS recipient_id, r.country, l.subject, l.categories, l.timestamp,
       (l.timestamp AT TIME ZONE 'Europe/Helsinki')::date AS day
FROM accounts_user u
JOIN accounts_recipient r ON r.name = u.employer_name
JOIN audit_logentry l ON l.actor_id = u.id
WHERE u.employer = 'group' AND l.subject IS NOT NULL AND l.action = ANY(%(reads)s)
  AND l.timestamp >= coalesce(
      (SELECT (max(d.looked_up_on) - 1)::timestamp AT TIME ZONE 'Europe/Helsinki'
       FROM accounts_disclosure d WHERE d.recipient_id = r.id),
      '-infinity'::timestamptz)
"""
_DISCLOSURES = f"""
WITH looks AS ({_LOOKS})
INSERT INTO accounts_disclosure AS known (public_id, recipient_id, country, what, categories, basis,
    transfer_tool, made_at, looked_up_on)
SELECT gen_random_uuid(), l.recipient_id, l.country, %(what)s,
    array_agg(DISTINCT c.category ORDER BY c.category), %(basis)s, '', min(l.timestamp), l.day
FROM looks l CROSS JOIN LATERAL unnest(l.categories) AS c(category)
GROUP BY l.recipient_id, l.country, l.day
ON CONFLICT (recipient_id, looked_up_on) DO UPDATE SET categories = (
    SELECT array_agg(DISTINCT c.category ORDER BY c.category)
    FROM unnest(known.categories || EXCLUDED.categories) AS c(category))
WHERE NOT known.categories @> EXCLUDED.categories
"""
_NEW = f"""
SELECT DISTINCT d.id AS disclosure_id, l.subject FROM ({_LOOKS}) AS l
JOIN accounts_disclosure d ON d.recipient_id = l.recipient_id AND d.looked_up_on = l.day
WHERE NOT EXISTS (
    SELECT FROM accounts_disclosedperson p
    WHERE p.disclosure_id = d.id AND p.subject = l.subject)
"""
_PERSONS = f"""
INSERT INTO accounts_disclosedperson (disclosure_id, subject)
SELECT n.disclosure_id, n.subject FROM ({_NEW}) AS n ORDER BY n.disclosure_id, n.subject
"""
_NOTED = """
SELECT p.subject, p.id AS object_id FROM accounts_disclosedperson p
JOIN accounts_disclosure d ON d.id = p.disclosure_id
WHERE d.looked_up_on IS NOT NULL AND p.id > %(last)s
"""


def refuse_unknown_company(user: User) -> None:
    """Refuse an account for a group company without its ground on record, or outside the EEA.

    Its staff see what they look up at once, so there is no asking of each person first (S29).
    """
    if user.employer != User.Employer.GROUP:
        return
    company = Recipient.objects.filter(name=user.employer_name, kind=Recipient.Kind.GROUP).first()
    if company is None:
        raise ValidationError(
            {
                "employer_name": _(
                    "The registrar first records this group company among the recipients, with "
                    "its own ground or the arrangement of Art. 26."
                )
            }
        )
    if not is_within_eea(company.country):
        raise ValidationError(
            {"employer_name": _("A company outside the EEA has no accounts here.")}
        )


def refuse_new_past(user: User, before: User) -> None:
    """Refuse to move an account that has been used to a group company, or away from one.

    Its rows in the log would be told as another company's look-ups: she gets an account of her
    own there, and this one is disabled.
    """
    employers = {(one.employer, one.employer_name) for one in (user, before)}
    of_a_group = any(employer == User.Employer.GROUP for employer, _name in employers)
    if len(employers) == 1 or not of_a_group:
        return
    if LogEntry.objects.filter(actor=before).keys_only().exists():
        sentence = _(
            "This account has looked at data for another employer: disable it and make a new one."
        )
        raise ValidationError({"employer": sentence})


def note_group_lookups(*, job: str) -> int:
    """Note whose data the staff of group companies saw; returns how many are new. Set-based."""
    with access_context(job=job, purpose=AccessPurpose.UPKEEP):
        run_sql("SET LOCAL statement_timeout = 0")
        run_sql("LOCK TABLE accounts_disclosure IN SHARE ROW EXCLUSIVE MODE")
        _record_companies()
        given = {
            "reads": _READS,
            "what": _("Looked up by its own staff"),
            "basis": LawfulBasis.LEGITIMATE_INTEREST.value,
        }
        run_sql(_DISCLOSURES, given)
        last = DisclosedPerson.objects.order_by("-pk").keys_only().first() or 0
        noted = run_sql(_PERSONS, given)
        if noted:
            record_set(
                Action.CREATE,
                _NOTED,
                {"last": last},
                categories=[Category.RIGHTS],
                of=DisclosedPerson,
                changes={field: [None, MASK] for field in registry[DisclosedPerson].fields},
            )
        return noted


def _record_companies() -> None:
    """Companies whose accounts are older than the rule; their ground is still to be recorded."""
    known = Recipient.objects.values("name")
    of_group = User.objects.filter(employer=User.Employer.GROUP).exclude(employer_name__in=known)
    for name in of_group.values_list("employer_name", flat=True).distinct():
        Recipient.objects.create(
            name=name, kind=Recipient.Kind.GROUP, arrangement=_("Not on record yet")
        )
