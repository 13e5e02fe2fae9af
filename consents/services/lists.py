"""Making marketing lists: each row is decided at that moment, and the list is a disclosure (S8)."""

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from accounts.models import Disclosure, Recipient, User
from audit.changes import MASK
from audit.context import AccessPurpose, access_context
from audit.log import Action
from audit.sets import record_set
from audit.sql import run_sql
from consents.candidates import candidates_of
from consents.decided_sets import DecidedSet, Message, check_now, counted, decided_set
from consents.list_counts import Counts
from consents.models import OWN_COMPANY, MarketingChoice, MarketingList, MarketingListRow
from consents.services.disclosing import begin_disclosure, name_persons
from consents.target_groups import TargetGroup
from customers.services.errors import SavedBefore
from datamap.declarations import registry
from datamap.vocabulary import Category, LawfulBasis

MOST_DAYS = 30
"""A list is used within so many days, or made anew: people change their minds."""

_ROWS = """
INSERT INTO consents_marketinglistrow
    (marketing_list_id, person_id, customer_id, contact_point_id, address_id, rule)
SELECT %(list)s, d.person_id, d.customer_id, d.point_id, d.address_id, a.code
FROM consents_decided d
JOIN unnest(%(allowed)s::integer[], %(allowed_by)s::text[]) AS a(facts, code) ON a.facts = d.facts
ORDER BY d.person_id, d.customer_id, d.point_id, d.address_id
"""

# Whom the rows of lists are about, as `personal_data` declares it: each person once per list.
_SUBJECTS = """
SELECT r.marketing_list_id, s.subject, min(r.id) AS object_id
FROM consents_marketinglistrow r
LEFT JOIN customers_person p ON p.id = r.person_id
LEFT JOIN customers_customer c ON c.id = r.customer_id
LEFT JOIN customers_person o ON o.id = c.owner_id
CROSS JOIN LATERAL (VALUES (p.public_id), (o.public_id)) AS s(subject)
WHERE s.subject IS NOT NULL AND {which} GROUP BY 1, 2
"""
_OF_LIST = _SUBJECTS.format(which="r.marketing_list_id = %(list)s")

_EXPIRED = """r.marketing_list_id IN (
    SELECT m.id FROM consents_marketinglist m WHERE m.expires_on < %(today)s)"""


def categories_of(message: Message) -> list[Category]:
    """What a list for a message discloses of a person."""
    where = {
        MarketingChoice.Channel.EMAIL.value: Category.EMAIL,
        MarketingChoice.Channel.POST.value: Category.SERVICES,
    }.get(message.channel, Category.PHONE)
    return [Category.NAME, where, Category.COMPANY_CONTACT, Category.MARKETING]


def message_of(made: MarketingList) -> Message:
    """The message that a list was made for."""
    return Message(made.channel, made.product_group, made.sender)


def count_group(group: TargetGroup, message: Message) -> Counts:
    """How many of a group may get a message, and how many not, by rule; nobody is named."""
    statement, params = candidates_of(group, message.channel)
    return _counts(counted(statement, params, message))


@transaction.atomic
def ask_for_list(
    *,
    public_id: UUID,
    name: str,
    group: TargetGroup,
    message: Message,
    expires_on: date,
    made_by: User,
) -> tuple[MarketingList, bool]:
    """Begin a list of those in a group who may get a message; says whether it is a new one.

    The same form sent twice asks for one list. Raises SavedBefore where it says something else the
    second time, or is somebody else's, and ValidationError for an expiry further away than 30 days.
    """
    User.objects.select_for_update(no_key=True).get(pk=made_by.pk)
    asked = MarketingList.objects.filter(public_id=public_id).first()
    if asked is not None:
        said = (asked.made_by_id, asked.name, message_of(asked), asked.criteria, asked.expires_on)
        if said != (made_by.pk, name, message, group.criteria, expires_on):
            raise SavedBefore
        return asked, False
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=MOST_DAYS):
        too_far = _now("A list can be used for 30 days at most, from today on.")
        raise ValidationError({"expires_on": too_far})
    asked = MarketingList.objects.create(
        public_id=public_id,
        name=name,
        channel=message.channel,
        product_group=message.product_group,
        sender=message.sender,
        criteria=group.criteria,
        made_by=made_by,
        expires_on=expires_on,
    )
    return asked, True


@transaction.atomic
def make_list(asked: MarketingList) -> MarketingList:
    """Make a list that was asked for, of those who may get its message now; what is made stays.

    The list and its rows are a disclosure, with everybody on it named there and in the log. Where
    nobody may get the message, there is no list, and only the counts are kept.
    """
    made = MarketingList.objects.select_for_update().get(pk=asked.pk)
    if made.state != MarketingList.State.ASKED:
        return made
    message = message_of(made)
    statement, params = candidates_of(TargetGroup.of(made.criteria), message.channel)
    with decided_set(statement, params, message) as decided:
        counts = _counts(decided)
        made.state = MarketingList.State.MADE if counts.allowed else MarketingList.State.NOBODY
        made.allowed, made.blocked = counts.allowed, dict(counts.blocked)
        made.made_at = timezone.now()
        if made.is_made:
            made.disclosure = _disclosure(made, _bases(decided))
            run_sql(_ROWS, {"list": made.pk, **decided.allowed})
        made.save()
    if made.is_made:
        _name_everybody(made, message)
    return made


def give_up_list(asked: MarketingList) -> None:
    """Say of a list that it could not be made; it has no rows then."""
    waiting = MarketingList.objects.filter(pk=asked.pk, state=MarketingList.State.ASKED)
    waiting.update(state=MarketingList.State.FAILED)


def _counts(decided: DecidedSet) -> Counts:
    by_rule = decided.by_rule
    blocked = {rule.code: number for rule, number in by_rule.items() if not rule.allows}
    return Counts(allowed=by_rule.total() - sum(blocked.values()), blocked=blocked)


def _bases(decided: DecidedSet) -> set[LawfulBasis]:
    """The grounds on which those who are allowed are written to."""
    return {rule.basis for rule in decided.by_rule if rule.allows and rule.basis is not None}


def _disclosure(made: MarketingList, bases: set[LawfulBasis]) -> Disclosure:
    """The record that data goes to ourselves; consent is its ground where it is everybody's."""
    recipient, _made = Recipient.objects.get_or_create(
        name=OWN_COMPANY, defaults={"kind": Recipient.Kind.OWN}
    )
    is_by_consent = bases == {LawfulBasis.CONSENT}
    return begin_disclosure(
        recipient=recipient,
        what=_now("Marketing list: %(name)s") % {"name": made.name},
        categories=categories_of(message_of(made)),
        basis=LawfulBasis.CONSENT if is_by_consent else LawfulBasis.LEGITIMATE_INTEREST,
        by=made.made_by,
        made_at=made.made_at,
        expires_on=made.expires_on,
    )


def _name_everybody(made: MarketingList, message: Message) -> None:
    """Write who is on the list into the disclosure and into the log, a person once."""
    if made.disclosure is not None:
        name_persons(made.disclosure, _OF_LIST, {"list": made.pk})
    record_set(
        Action.CREATE,
        _OF_LIST,
        {"list": made.pk},
        categories=categories_of(message),
        of=MarketingListRow,
        changes={field: [None, MASK] for field in registry[MarketingListRow].fields},
    )
    check_now()


def delete_expired_rows(*, job: str) -> int:
    """Delete the rows of lists that have expired; the lists stay, with their counts."""
    given = {"today": timezone.localdate()}
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        run_sql("SET LOCAL statement_timeout = 0")
        record_set(
            Action.DELETE,
            _SUBJECTS.format(which=_EXPIRED),
            given,
            categories=[Category.MARKETING],
            of=MarketingListRow,
            changes={field: [MASK, None] for field in registry[MarketingListRow].fields},
        )
        return run_sql(f"DELETE FROM consents_marketinglistrow AS r WHERE {_EXPIRED}", given)
