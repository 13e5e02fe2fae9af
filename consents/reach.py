"""Whether one person or company may be marketed to on each channel, where it reaches her first.

For pages that show it: a number or an address is taken by first choice, and her role at work by
which her duties are known.
"""

from collections.abc import Mapping

from django.utils import timezone

from audit.context import require
from audit.sql import keys_sql
from consents.decision import Decision, decisions_by_channel
from consents.rules import Channel
from contracts.models import Product
from customers.models import Customer, Person
from datamap.vocabulary import Category

_POINT = """
    SELECT id FROM customers_contactpoint
    WHERE {whose} AND ended_on IS NULL AND k.channel <> 'post'
        AND kind = CASE k.channel WHEN 'email' THEN 'email' ELSE 'phone' END
    ORDER BY is_primary DESC, id LIMIT 1
"""
_ADDRESS = """
    SELECT id FROM customers_address
    WHERE {whose} AND k.channel = 'post' AND (valid_from IS NULL OR valid_from <= %(today)s)
        AND (valid_until IS NULL OR valid_until >= %(today)s)
    ORDER BY kind, id LIMIT 1
"""
_CANDIDATES = """
    SELECT k.channel, {keys}, p.id AS point_id, a.id AS address_id
    FROM unnest(%(every_channel)s::text[]) AS k(channel)
    LEFT JOIN LATERAL ({point}) AS p ON true
    LEFT JOIN LATERAL ({address}) AS a ON true
    WHERE p.id IS NOT NULL OR a.id IS NOT NULL
"""
_ROLE = """(
        SELECT r.id FROM customers_contactperson r
        WHERE r.person_id = %(person)s AND (r.started_on IS NULL OR r.started_on <= %(today)s)
            AND (r.ended_on IS NULL OR r.ended_on >= %(today)s)
        ORDER BY EXISTS (
            SELECT FROM consents_workduty d WHERE d.contact_person_id = r.id
                AND d.product_group = %(group)s AND (d.ended_on IS NULL OR d.ended_on >= %(today)s)
        ) DESC, r.id LIMIT 1)"""


def _candidates(keys: str, whose: str) -> str:
    return _CANDIDATES.format(
        keys=keys, point=_POINT.format(whose=whose), address=_ADDRESS.format(whose=whose)
    )


_OF_PERSON = _candidates(
    f"%(person)s::bigint AS person_id, {_ROLE} AS role_id, NULL::bigint AS customer_id",
    "person_id = %(person)s",
)
_OF_CUSTOMER = _candidates(
    "NULL::bigint AS person_id, NULL::bigint AS role_id, %(customer)s::bigint AS customer_id",
    "customer_id = %(customer)s",
)
# What she uses or pays for, the newest first, as the place of its group among all of them.
_USUAL_GROUP = """
SELECT array_position(%(groups)s::text[], g."group"::text) AS place
FROM contracts_subscription s JOIN contracts_product g ON g.id = s.product_id
WHERE (s.user_id = %(person)s OR s.customer_id IN (
        SELECT id FROM customers_customer
        WHERE owner_id = %(person)s OR id = %(customer)s))
    AND s.opened_on <= %(today)s AND (s.terminated_on IS NULL OR s.terminated_on >= %(today)s)
ORDER BY s.opened_on DESC, s.id DESC LIMIT 1
"""


def usual_group(*, person: Person | None = None, customer: Customer | None = None) -> str:
    """The product group of the newest service in use; IT support where there is none."""
    groups = Product.Group.values
    params = {
        "person": person and person.pk,
        "customer": customer and customer.pk,
        "groups": groups,
        "today": timezone.localdate(),
    }
    for row in keys_sql(_USUAL_GROUP, params):
        return str(groups[row["place"] - 1])
    return str(Product.Group.SUPPORT.value)


def reach_of_person(person: Person, product_group: str) -> Mapping[str, Decision]:
    """By channel whether she may be reached about a product group; none where nothing leads to her.

    Looking is recorded of her.
    """
    return _decided(_OF_PERSON, {"person": person.pk}, product_group)


def reach_of_customer(customer: Customer, product_group: str) -> Mapping[str, Decision]:
    """The same of a company's own numbers and addresses; a sole trader's are recorded as his."""
    return _decided(_OF_CUSTOMER, {"customer": customer.pk}, product_group)


def _decided(candidates: str, whose: Mapping[str, int], group: str) -> Mapping[str, Decision]:
    params = {
        **whose,
        "every_channel": Channel.values,
        "group": group,
        "today": timezone.localdate(),
    }
    found = {one.channel: one for one in decisions_by_channel(candidates, params, group)}
    for subject in {one.subject for one in found.values() if one.subject is not None}:
        require().saw_subject(subject, frozenset({Category.MARKETING.value}))
    return found
