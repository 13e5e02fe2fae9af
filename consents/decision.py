"""Whether a recipient may be marketed to: what is known is fetched as keys and yes-or-no answers
by one statement, for one recipient or for a hundred thousand, and `consents.rules` decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.context import require
from audit.sql import keys_sql
from consents.hashing import pads
from consents.models import CALL_REQUEST, OWN_COMPANY
from consents.rules import Channel, Facts, RecipientKind, Rule, decide
from contracts.models import Product
from customers.models import Address, ContactPerson, ContactPoint, Customer, Person
from datamap.vocabulary import Category

WORK_LABELS = ("work", "työ", "arbete")
"""The labels by which a number or address is one at work, besides being told by the company."""


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


# The candidates have person_id, role_id, customer_id, point_id, address_id, each null or a key, and
# the channel. A sole trader is a natural person: her business's address is hers.
_FACTS = """
WITH candidate AS ({candidates}), who AS (
    SELECT c.*, coalesce(c.person_id, m.owner_id) AS natural_id,
        p.kind AS point_kind, p.normalised, p.source AS point_source,
        p.source_wording AS point_wording, p.label,
        c.person_id IS NULL AND m.legal_form <> 'tmi' AND m.kind = 'company' AS is_generic,
        w.id IS NOT NULL AND w.legal_form <> 'tmi'
            AND (p.source = 'company' OR p.label = ANY (%(work_labels)s)
                 OR c.address_id IS NOT NULL AND a.customer_id = w.id) AS is_work,
        a.street, a.postal_code, a.source AS address_source, a.source_wording AS address_wording,
        coalesce(w.id, CASE WHEN c.person_id IS NULL THEN c.customer_id END) AS company_id
    FROM candidate c
    LEFT JOIN customers_customer m ON m.id = c.customer_id
    LEFT JOIN customers_contactperson r ON r.id = c.role_id
        AND (r.started_on IS NULL OR r.started_on <= %(day)s)
        AND (r.ended_on IS NULL OR r.ended_on >= %(day)s)
    LEFT JOIN customers_customer w ON w.id = r.customer_id
    LEFT JOIN customers_contactpoint p ON p.id = c.point_id
    LEFT JOIN customers_address a ON a.id = c.address_id
)
SELECT who.person_id, who.customer_id, who.role_id, who.point_id, who.address_id,
    array_position(%(channels)s::text[], who.channel) AS channel_place,
    who.is_generic, who.is_work, n.public_id AS subject,
    coalesce(mine.refused, false) OR coalesce(theirs.refused, false) AS prohibited,
    coalesce(mine.consented, false) AS consented, coalesce(mine.asked, false) AS asked_to_be_called,
    EXISTS (
        SELECT FROM consents_suppression s WHERE s.channel = who.channel
            AND s.product_group IN ('', %(product_group)s) AND s.since <= %(at)s
            AND s.digest = h.digest
    ) AS suppressed,
    EXISTS (
        SELECT FROM consents_robinsonentry e WHERE e.digest = h.digest
            AND e.list = CASE who.channel WHEN 'post' THEN 'post' ELSE 'phone' END
            AND e.listed_on <= %(day)s AND (e.expires_on IS NULL OR e.expires_on >= %(day)s)
    ) AS listed_by_robinson,
    EXISTS (
        SELECT FROM customers_restriction t WHERE t.person_id = who.natural_id
            AND t.since <= %(at)s AND (t.lifted_at IS NULL OR t.lifted_at > %(at)s)
    ) AS restricted,
    coalesce(mine.consented, false) OR EXISTS (
        SELECT FROM consents_collectionnotice o WHERE o.person_id = who.natural_id
            AND (o.contact_point_id IS NULL OR o.contact_point_id = who.point_id)
            AND o.told_at <= %(at)s
    ) AS told_of_marketing,
    coalesce(who.point_source, who.address_source) IS DISTINCT FROM 'import'
        OR coalesce(who.point_wording, who.address_wording) <> '' AS source_known,
    who.is_work AND EXISTS (
        SELECT FROM consents_workduty d WHERE d.contact_person_id = who.role_id
            AND d.product_group = %(product_group)s AND d.recorded_at <= %(at)s
            AND (d.ended_on IS NULL OR d.ended_on >= %(day)s)
    ) AS is_tied_to_duties,
    coalesce(sale.given, false) AS given_in_a_sale,
    coalesce(sale.could_opt_out, false) AS could_opt_out_then,
    %(sender)s = %(own_company)s AND %(product_group)s = %(mobile)s AND (
        EXISTS (
            SELECT FROM contracts_subscription u JOIN contracts_product g ON g.id = u.product_id
            WHERE u.user_id = who.natural_id AND g."group" = %(mobile)s AND u.opened_on <= %(day)s
                AND (u.terminated_on IS NULL OR u.terminated_on >= %(day)s))
        OR EXISTS (
            SELECT FROM customers_customer b JOIN contracts_subscription u ON u.customer_id = b.id
            JOIN contracts_product g ON g.id = u.product_id
            WHERE b.owner_id = who.natural_id AND g."group" = %(mobile)s
                AND u.opened_on <= %(day)s
                AND (u.terminated_on IS NULL OR u.terminated_on >= %(day)s))
    ) AS is_own_mobile_customer
FROM who
LEFT JOIN customers_person n ON n.id = who.natural_id
LEFT JOIN LATERAL (
    SELECT consents_digest(CASE WHEN who.channel = 'post'
        THEN consents_post_text(n.first_name, n.last_name, who.street, who.postal_code)
        ELSE who.point_kind || ':' || who.normalised END, %(inner)s, %(outer)s) AS digest
) AS h ON true
LEFT JOIN LATERAL (
    SELECT bool_or(e.choice <> 'permitted') AS refused,
        bool_or(e.choice = 'permitted') AND NOT bool_or(e.choice <> 'permitted') AS consented,
        bool_or(e.choice = 'permitted' AND g.name = %(call_request)s) AS asked
    FROM unnest(ARRAY['', %(product_group)s]) AS product(slug), LATERAL (
        SELECT c.choice, c.wording_id FROM consents_marketingchoice c
        WHERE c.person_id = who.natural_id AND c.channel = who.channel
            AND c.product_group = product.slug AND c.at <= %(at)s
        ORDER BY c.at DESC, c.id DESC LIMIT 1
    ) AS e LEFT JOIN consents_wording g ON g.id = e.wording_id
) AS mine ON true
LEFT JOIN LATERAL (
    SELECT bool_or(e.choice <> 'permitted') AS refused
    FROM unnest(ARRAY['', %(product_group)s]) AS product(slug), LATERAL (
        SELECT c.choice FROM consents_marketingchoice c
        WHERE c.customer_id = who.company_id AND c.channel = who.channel
            AND c.product_group = product.slug AND c.at <= %(at)s
        ORDER BY c.at DESC, c.id DESC LIMIT 1
    ) AS e
) AS theirs ON true
LEFT JOIN LATERAL (
    SELECT true AS given, bool_or(o.opt_out_offered) AS could_opt_out
    FROM consents_collectionnotice o
    WHERE o.person_id = who.natural_id AND o.contact_point_id = who.point_id
        AND o.seller = %(sender)s AND o.told_at <= %(at)s AND EXISTS (
            SELECT FROM contracts_orderline l JOIN contracts_product g ON g.id = l.product_id
            WHERE l.order_id = o.order_id AND g."group" = %(product_group)s)
    HAVING count(*) > 0
) AS sale ON true
ORDER BY who.person_id, who.customer_id, who.point_id, who.address_id, channel_place
"""

_ON_ONE_CHANNEL = "SELECT c.*, %(channel)s::text AS channel FROM ({candidates}) AS c"

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
    params = {
        "person": recipient.person and recipient.person.pk,
        "role": recipient.role and recipient.role.pk,
        "customer": recipient.customer and recipient.customer.pk,
        "point": recipient.contact_point and recipient.contact_point.pk,
        "address": recipient.address and recipient.address.pk,
    }
    if params["person"] is None and params["customer"] is None:
        raise NoSuchRecipient
    found = list(decisions(_ONE, params, channel, product_group, sender, at))
    if len(found) != 1:
        raise NoSuchRecipient
    [decision] = found
    if decision.subject is not None:
        require().saw_subject(decision.subject, frozenset({Category.MARKETING.value}))
    return decision


def decisions(
    candidates: str,
    params: Mapping[str, Any],
    channel: str,
    product_group: str,
    sender: str = OWN_COMPANY,
    at: datetime | None = None,
) -> Iterator[Decision]:
    """Decide about every candidate that a query of ours gives (see `_FACTS` for its columns).

    Nothing but keys and answers leaves the database here, so nobody is recorded: whoever shows or
    hands out a decision records whom it is about.
    """
    return decisions_by_channel(
        _ON_ONE_CHANNEL.format(candidates=candidates),
        {**params, "channel": channel},
        product_group,
        sender,
        at,
    )


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
    at = at or timezone.now()
    names = Channel.values
    given = {
        **params,
        **pads(),
        "channels": names,
        "product_group": product_group,
        "sender": sender,
        "own_company": OWN_COMPANY,
        "at": at,
        "day": timezone.localdate(at),
        "mobile": Product.Group.MOBILE.value,
        "call_request": CALL_REQUEST,
        "work_labels": list(WORK_LABELS),
    }
    for row in keys_sql(_FACTS.format(candidates=candidates), given):
        channel = names[row["channel_place"] - 1]
        yield Decision(
            rule=decide(_facts(row, channel, product_group)),
            channel=channel,
            person_id=row["person_id"],
            customer_id=row["customer_id"],
            contact_point_id=row["point_id"],
            address_id=row["address_id"],
            subject=row["subject"],
        )


def _facts(row: Mapping[str, Any], channel: str, product_group: str) -> Facts:
    kind = RecipientKind.NATURAL
    if row["is_generic"]:
        kind = RecipientKind.GENERIC
    elif row["is_work"]:
        kind = RecipientKind.WORK
    return Facts(
        kind=kind,
        channel=channel,
        product_group=product_group,
        prohibited=row["prohibited"],
        suppressed=row["suppressed"],
        restricted=row["restricted"],
        told_of_marketing=row["told_of_marketing"],
        source_known=row["source_known"],
        listed_by_robinson=row["listed_by_robinson"],
        consented=row["consented"],
        asked_to_be_called=row["asked_to_be_called"],
        is_tied_to_duties=bool(row["is_tied_to_duties"]),
        given_in_a_sale=row["given_in_a_sale"],
        could_opt_out_then=row["could_opt_out_then"],
        is_own_mobile_customer=row["is_own_mobile_customer"],
    )
