"""What the rules ask about recipients, found by one statement: for one or for a hundred thousand.

Of each recipient it gives keys, whom she is, and the answers of all questions as the bits of one
number; `rule_of` says which rule applies to such a number. Whoever is like others is so decided
about with them, once, by the rules themselves.
"""

from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone

from consents.hashing import pads
from consents.models import CALL_REQUEST, OWN_COMPANY
from consents.rules import Channel, Facts, RecipientKind, Rule, decide
from contracts.models import Product

WORK_LABELS = ("work", "työ", "arbete")
"""The labels by which a number or address is one at work, besides being told by the company."""

_KINDS = ("is_generic", "is_work")
_ANSWERS = (
    *("prohibited", "suppressed", "restricted", "told_of_marketing", "source_known"),
    *("listed_by_robinson", "consented", "asked_to_be_called", "is_tied_to_duties"),
    *("given_in_a_sale", "could_opt_out_then", "is_own_mobile_customer"),
)
_BITS = " | ".join(
    f"(coalesce(k.{name}, false)::integer << {place})"
    for place, name in enumerate((*_KINDS, *_ANSWERS))
)

KEYS = ("person_id", "role_id", "customer_id", "point_id", "address_id")
"""The columns that every query of candidates has, each null or a key."""

# A sole trader is a natural person: her business's address is hers. A prohibition that outlived
# somebody's data stands until whoever has the number or address now permits the same herself; that
# an old file says yes is no such permission.
_FACTS = """
WITH candidate AS (
    SELECT {columns}, {channel} AS channel FROM ({candidates}) AS c
), who AS (
    SELECT c.*, coalesce(c.person_id, m.owner_id) AS natural_id,
        p.kind AS point_kind, p.normalised, p.source AS point_source,
        p.source_wording AS point_wording, p.label,
        c.person_id IS NULL AND m.legal_form <> 'tmi' AND m.kind = 'company' AS is_generic,
        w.id IS NOT NULL AND w.legal_form <> 'tmi'
            AND (p.source = 'company' OR p.label = ANY (%(work_labels)s)
                 OR c.address_id IS NOT NULL AND a.customer_id = w.id) AS is_work,
        m.company_name, a.street, a.postal_code,
        a.source AS address_source, a.source_wording AS address_wording,
        coalesce(w.id, CASE WHEN c.person_id IS NULL THEN c.customer_id END) AS company_id
    FROM candidate c
    LEFT JOIN customers_customer m ON m.id = c.customer_id
    LEFT JOIN customers_contactperson r ON r.id = c.role_id
        AND (r.started_on IS NULL OR r.started_on <= %(day)s)
        AND (r.ended_on IS NULL OR r.ended_on >= %(day)s)
    LEFT JOIN customers_customer w ON w.id = r.customer_id
    LEFT JOIN customers_contactpoint p ON p.id = c.point_id
    LEFT JOIN customers_address a ON a.id = c.address_id
), known AS (
    SELECT who.*, n.public_id AS subject,
        coalesce(mine.refused, false) OR coalesce(theirs.refused, false) AS prohibited,
        coalesce(mine.consented, false) AS consented,
        coalesce(mine.asked, false) AS asked_to_be_called,
        EXISTS (
            SELECT FROM consents_suppression s WHERE s.channel = who.channel
                AND s.product_group IN ('', %(product_group)s) AND s.since <= %(at)s
                AND s.digest = h.digest AND s.since >= coalesce(CASE
                    WHEN who.is_generic AND s.product_group = '' THEN theirs.permitted_all_at
                    WHEN who.is_generic THEN theirs.permitted_group_at
                    WHEN s.product_group = '' THEN mine.permitted_all_at
                    ELSE mine.permitted_group_at END, '-infinity')
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
                WHERE u.user_id = who.natural_id AND g."group" = %(mobile)s
                    AND u.opened_on <= %(day)s
                    AND (u.terminated_on IS NULL OR u.terminated_on >= %(day)s))
            OR EXISTS (
                SELECT FROM customers_customer b
                JOIN contracts_subscription u ON u.customer_id = b.id
                JOIN contracts_product g ON g.id = u.product_id
                WHERE b.owner_id = who.natural_id AND g."group" = %(mobile)s
                    AND u.opened_on <= %(day)s
                    AND (u.terminated_on IS NULL OR u.terminated_on >= %(day)s))
        ) AS is_own_mobile_customer
    FROM who
    LEFT JOIN customers_person n ON n.id = who.natural_id
    LEFT JOIN LATERAL (
        SELECT consents_digest(CASE WHEN who.channel = 'post'
            THEN consents_post_text(coalesce(n.first_name, who.company_name),
                coalesce(n.last_name, ''), who.street, who.postal_code)
            ELSE who.point_kind || ':' || who.normalised END, %(inner)s, %(outer)s) AS digest
    ) AS h ON true
    LEFT JOIN LATERAL (
        SELECT bool_or(e.choice <> 'permitted') AS refused,
            bool_or(e.choice = 'permitted') AND NOT bool_or(e.choice <> 'permitted') AS consented,
            bool_or(e.choice = 'permitted' AND e.wording_id IN (
                SELECT g.id FROM consents_wording g WHERE g.name = %(call_request)s)) AS asked,
            {permitted}
        FROM unnest(ARRAY['', %(product_group)s]) AS product(slug), LATERAL (
            SELECT c.choice, c.wording_id, c.source, c.at FROM consents_marketingchoice c
            WHERE c.person_id = who.natural_id AND c.channel = who.channel
                AND c.product_group = product.slug AND c.at <= %(at)s
            ORDER BY c.at DESC, c.id DESC LIMIT 1
        ) AS e
    ) AS mine ON true
    LEFT JOIN LATERAL (
        SELECT bool_or(e.choice <> 'permitted') AS refused, {permitted}
        FROM unnest(ARRAY['', %(product_group)s]) AS product(slug), LATERAL (
            SELECT c.choice, c.source, c.at FROM consents_marketingchoice c
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
)
SELECT {known}, k.subject, array_position(%(channels)s::text[], k.channel) AS channel_place,
    {facts} AS facts
FROM known AS k
"""


# When she permitted everything, or the product group, herself.
_PERMITTED = ", ".join(
    "max(e.at) FILTER (WHERE e.choice = 'permitted' AND e.source <> 'import'"
    f" AND product.slug = {slug}) AS permitted_{which}_at"
    for which, slug in (("all", "''"), ("group", "%(product_group)s"))
)


def facts_sql(
    candidates: str, *, channel: str = "%(channel)s::text", keep: tuple[str, ...] = ()
) -> str:
    """The statement about the candidates that a query of ours gives, in no order.

    All are met on the channel that is a parameter, or each on one that she names (`c.channel`);
    `keep` names further columns of theirs, to be handed through.
    """
    columns = (*KEYS, *keep)
    return _FACTS.format(
        candidates=candidates,
        channel=channel,
        columns=", ".join(f"c.{name}" for name in columns),
        known=", ".join(f"k.{name}" for name in columns),
        facts=_BITS,
        permitted=_PERMITTED,
    )


def facts_params(product_group: str, sender: str, at: datetime | None) -> dict[str, Any]:
    """The parameters of the statement, besides those of the candidates."""
    at = at or timezone.now()
    return {
        **pads(),
        "channels": Channel.values,
        "product_group": product_group,
        "sender": sender,
        "own_company": OWN_COMPANY,
        "at": at,
        "day": timezone.localdate(at),
        "mobile": Product.Group.MOBILE.value,
        "call_request": CALL_REQUEST,
        "work_labels": list(WORK_LABELS),
    }


@cache
def rule_of(facts: int, channel: str, product_group: str) -> Rule:
    """The rule that decides about whoever has these answers: a few dozen times for everybody."""
    found = {name: bool(facts >> place & 1) for place, name in enumerate((*_KINDS, *_ANSWERS))}
    kind = RecipientKind.NATURAL
    if found["is_generic"]:
        kind = RecipientKind.GENERIC
    elif found["is_work"]:
        kind = RecipientKind.WORK
    answers = {name: found[name] for name in _ANSWERS}
    return decide(Facts(kind=kind, channel=channel, product_group=product_group, **answers))
