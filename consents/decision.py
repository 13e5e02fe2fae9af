"""Whether a recipient may be marketed to: `consents.facts` asks what is known, by one statement
for one recipient or for a hundred thousand, and `consents.rules` decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from audit.context import require
from audit.sql import keys_sql
from consents.facts import facts_params, facts_sql, rule_of
from consents.models import OWN_COMPANY
from consents.rules import Channel, Rule
from customers.models import Address, ContactPerson, ContactPoint, Customer, Person
from datamap.vocabulary import Category


class NoSuchRecipient(Exception):  # noqa: N818  (it reads as what it says)
    """There is nobody, or no such number or address, to decide about."""


@dataclass(frozen=True)
class Recipient:
    """Who is to be reached, and where: a person's own detail, hers at work, or a company's.

    `role` is given where she is written to for her work; `customer` alone is a company as such.
    Post goes to `address`, everything else to `contact_point`.
    """

    person: Person | None = None
    role: ContactPerson | None = None
    customer: Customer | None = None
    contact_point: ContactPoint | None = None
    address: Address | None = None


@dataclass(frozen=True)
class Decision:
    """What was decided about one recipient, and by which rule."""

    rule: Rule
    channel: str
    person_id: int | None
    customer_id: int | None
    contact_point_id: int | None
    address_id: int | None
    subject: UUID | None

    @property
    def allowed(self) -> bool:
        return self.rule.allows

    @property
    def reference(self) -> str:
        """Where the rule stands in the law, in the language of the page."""
        return str(self.rule.reference)

    @property
    def sentence(self) -> str:
        """The reason in the language of the page."""
        return str(self.rule.sentence)


_ONE = """SELECT %(person)s::bigint AS person_id, %(role)s::bigint AS role_id,
    %(customer)s::bigint AS customer_id, %(point)s::bigint AS point_id,
    %(address)s::bigint AS address_id"""


def may_market(
    recipient: Recipient,
    channel: str,
    product_group: str,
    sender: str = OWN_COMPANY,
    at: datetime | None = None,
) -> Decision:
    """Whether the sender may market the product group to the recipient on the channel at a moment.

    Looking is recorded of the person it is about. Raises NoSuchRecipient.
    """
    candidate, params = candidate_of(recipient)
    if params["person"] is None and params["customer"] is None:
        raise NoSuchRecipient
    found = list(decisions(candidate, params, channel, product_group, sender, at))
    if len(found) != 1:
        raise NoSuchRecipient
    [decision] = found
    if decision.subject is not None:
        require().saw_subject(decision.subject, frozenset({Category.MARKETING.value}))
    return decision


def candidate_of(recipient: Recipient) -> tuple[str, dict[str, Any]]:
    """The query that gives one recipient as the only candidate, and its parameters."""
    return _ONE, {
        "person": recipient.person and recipient.person.pk,
        "role": recipient.role and recipient.role.pk,
        "customer": recipient.customer and recipient.customer.pk,
        "point": recipient.contact_point and recipient.contact_point.pk,
        "address": recipient.address and recipient.address.pk,
    }


def decisions(
    candidates: str,
    params: Mapping[str, Any],
    channel: str,
    product_group: str,
    sender: str = OWN_COMPANY,
    at: datetime | None = None,
) -> Iterator[Decision]:
    """Decide about every candidate that a query of ours gives (`facts.KEYS` are its columns).

    Nothing but keys and answers leaves the database here, so nobody is recorded: whoever shows or
    hands out a decision records whom it is about.
    """
    given = {**params, "channel": channel}
    return _decided(facts_sql(candidates), given, product_group, sender, at)


def decisions_by_channel(
    candidates: str,
    params: Mapping[str, Any],
    product_group: str,
    sender: str = OWN_COMPANY,
    at: datetime | None = None,
) -> Iterator[Decision]:
    """Decide about candidates each of which names its channel too, all by one statement.

    As with `decisions`, whoever shows a decision records whom it is about.
    """
    statement = facts_sql(candidates, channel="c.channel")
    return _decided(statement, params, product_group, sender, at)


def _decided(
    statement: str,
    params: Mapping[str, Any],
    product_group: str,
    sender: str,
    at: datetime | None,
) -> Iterator[Decision]:
    order = "ORDER BY person_id, customer_id, point_id, address_id, channel_place"
    for row in keys_sql(
        f"{statement} {order}", {**params, **facts_params(product_group, sender, at)}
    ):
        channel = Channel.values[row["channel_place"] - 1]
        yield Decision(
            rule=rule_of(row["facts"], channel, product_group),
            channel=channel,
            person_id=row["person_id"],
            customer_id=row["customer_id"],
            contact_point_id=row["point_id"],
            address_id=row["address_id"],
            subject=row["subject"],
        )
