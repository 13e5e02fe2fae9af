"""Whom a target group finds, as one statement of candidates for `consents.decision`.

Each person stands there once, and each company once, with the detail that is her first choice on
the channel; who has none cannot be reached, and is no candidate. Restrictions and prohibitions are
not looked at here: the rules decide about everybody.
"""

from typing import Any

from django.utils import timezone

from consents.models import MarketingChoice
from consents.target_groups import Audience, TargetGroup
from customers.models import Address, ContactPoint

Channel = MarketingChoice.Channel

# Who is a contact person is met as one before she is met as a private customer: then her company's
# prohibition counts as well as her own.
_CONTACTS = """
SELECT r.person_id, r.id AS role_id, m.id AS customer_id, 1 AS place, m.language
FROM customers_contactperson r JOIN customers_customer m ON m.id = r.customer_id
WHERE %(contacts)s AND (r.started_on IS NULL OR r.started_on <= %(today)s)
    AND (r.ended_on IS NULL OR r.ended_on >= %(today)s)
    AND (m.ended_on IS NULL OR m.ended_on >= %(today)s)
"""
_PRIVATE = """
SELECT m.owner_id AS person_id, NULL::bigint AS role_id, m.id AS customer_id, 2 AS place, m.language
FROM customers_customer m
WHERE %(private)s AND m.owner_id IS NOT NULL
    AND (m.ended_on IS NULL OR m.ended_on >= %(today)s)
"""
_COMPANIES = """
SELECT NULL::bigint AS person_id, NULL::bigint AS role_id, m.id AS customer_id, 3 AS place,
    m.language
FROM customers_customer m
WHERE %(companies)s AND m.kind = 'company' AND m.legal_form <> 'tmi'
    AND (m.ended_on IS NULL OR m.ended_on >= %(today)s)
"""

# A person is reached where she said first; a sole trader may have said it for her business.
_POINT = """
SELECT p.id AS point_id, NULL::bigint AS address_id, {turn} AS turn FROM customers_contactpoint p
WHERE p.kind = %(point_kind)s AND p.ended_on IS NULL AND {whose}
ORDER BY p.is_primary DESC, p.id LIMIT 1
"""
_ADDRESS = """
SELECT NULL::bigint AS point_id, a.id AS address_id, {turn} AS turn FROM customers_address a
WHERE a.kind = ANY (%(address_kinds)s) AND a.street <> '' AND a.postal_code <> '' AND {whose}
    AND (a.valid_from IS NULL OR a.valid_from <= %(today)s)
    AND (a.valid_until IS NULL OR a.valid_until >= %(today)s)
ORDER BY a.kind, a.id LIMIT 1
"""

_CANDIDATES = """
SELECT DISTINCT ON (g.person_id, CASE WHEN g.person_id IS NULL THEN g.customer_id END)
    g.person_id, g.role_id, g.customer_id, reach.point_id, reach.address_id
FROM ({people}) AS g
LEFT JOIN customers_person n ON n.id = g.person_id
JOIN LATERAL ({reach}) AS reach ON true
WHERE {narrowed}
ORDER BY g.person_id, CASE WHEN g.person_id IS NULL THEN g.customer_id END,
    g.place, g.customer_id, g.role_id
"""

# --- what narrows a group: each condition by the description that asks for it ---------------------

# Two halves for the two whom a record may be of: each by an index of its own.
_IN_USE = """(EXISTS (
    SELECT FROM contracts_subscription u JOIN contracts_product d ON d.id = u.product_id
    WHERE u.customer_id = g.customer_id AND u.opened_on <= %(today)s
        AND (u.terminated_on IS NULL OR u.terminated_on >= %(today)s) AND {which}
) OR EXISTS (
    SELECT FROM contracts_subscription u JOIN contracts_product d ON d.id = u.product_id
    WHERE u.user_id = g.person_id AND u.opened_on <= %(today)s
        AND (u.terminated_on IS NULL OR u.terminated_on >= %(today)s) AND {which}))"""
_PLACED = """(EXISTS (
    SELECT FROM customers_address l WHERE l.customer_id = g.customer_id
        AND (l.valid_until IS NULL OR l.valid_until >= %(today)s) AND {where}
) OR EXISTS (
    SELECT FROM customers_address l WHERE g.role_id IS NULL AND l.person_id = g.person_id
        AND (l.valid_until IS NULL OR l.valid_until >= %(today)s) AND {where}))"""
_DERIVED = """EXISTS (
    SELECT FROM contracts_customersummary f WHERE f.customer_id = g.customer_id AND {figure})"""

_NARROWED = {
    "group_in_use": _IN_USE.format(which='d."group" = %(group_in_use)s'),
    "product_in_use": _IN_USE.format(which="d.code = %(product_in_use)s"),
    "language": "coalesce(n.language, g.language) = %(language)s",
    "postal_code": _PLACED.format(where="starts_with(l.postal_code, %(postal_code)s)"),
    "town": _PLACED.format(where="lookup_fold(l.city) = lookup_fold(%(town)s)"),
    "least_services": _DERIVED.format(figure="f.services_in_use >= %(least_services)s"),
    "most_services": _DERIVED.format(figure="f.services_in_use <= %(most_services)s"),
    "least_value": _DERIVED.format(figure="f.yearly_value >= %(least_value)s"),
    "most_value": _DERIVED.format(figure="f.yearly_value <= %(most_value)s"),
    "quiet_days": _DERIVED.format(
        figure="(f.last_contact_at IS NULL"
        " OR f.last_contact_at < %(now)s - make_interval(days => %(quiet_days)s))"
    ),
}


def candidates_of(group: TargetGroup, channel: str) -> tuple[str, dict[str, Any]]:
    """The statement that finds a group for a channel, and its parameters: no value is in the text.

    Post goes to the company's address where she is met as its contact person.
    """
    narrowing = {name: value for name, value in group.criteria.items() if name != "audience"}
    if "place" in narrowing:
        place = narrowing.pop("place")
        narrowing["postal_code" if place.isdecimal() else "town"] = place
    statement = _CANDIDATES.format(
        people=" UNION ALL ".join((_CONTACTS, _PRIVATE, _COMPANIES)),
        reach=_address() if channel == Channel.POST else _point(),
        narrowed=" AND ".join(_NARROWED[name] for name in narrowing) or "true",
    )
    params = {
        **narrowing,
        "contacts": Audience.CONTACTS in group.audience,
        "private": Audience.PRIVATE in group.audience,
        "companies": Audience.COMPANIES in group.audience,
        "today": timezone.localdate(),
        "now": timezone.now(),
        "point_kind": (
            ContactPoint.Kind.EMAIL if channel == Channel.EMAIL else ContactPoint.Kind.PHONE
        ).value,
        "address_kinds": [Address.Kind.POSTAL.value, Address.Kind.VISITING.value],
    }
    return statement, params


def _point() -> str:
    """The first choice among a person's own, or among those of a company or of her business."""
    return _first_of(
        _POINT.format(turn=1, whose="p.person_id = g.person_id"),
        _POINT.format(turn=2, whose="p.customer_id = g.customer_id AND g.role_id IS NULL"),
    )


def _address() -> str:
    return _first_of(
        _ADDRESS.format(turn=1, whose="a.person_id = g.person_id AND g.role_id IS NULL"),
        _ADDRESS.format(turn=2, whose="a.customer_id = g.customer_id"),
    )


def _first_of(*turns: str) -> str:
    found = " UNION ALL ".join(f"({turn})" for turn in turns)
    return f"SELECT * FROM ({found}) AS found ORDER BY found.turn LIMIT 1"
