"""What customers tells on the line of time: the contacts (S20)."""

import json
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from psycopg.types.numeric import Int8

from audit.sql import Sealed, sealed_sql
from customers.models import IdentityCheck, Interaction
from datamap.timeline import (
    Asked,
    Badge,
    Entry,
    EntryKind,
    Named,
    Position,
    TimelineSource,
    Unread,
    register_source,
)
from datamap.vocabulary import Category

CONTACT = EntryKind("contact", _("Contacts"), "customers.view_interaction", 10)

_OLDER = "(happened_at, id) < (%(at)s, %(key)s) ORDER BY happened_at DESC, id DESC LIMIT %(limit)s"


def _page_sql(customers: str) -> str:
    """The statement for a page: contacts with the person, and those about the customers.

    A contact with her about a customer of her own is found twice, and told once.
    """
    return f"""
WITH k AS MATERIALIZED (
    SELECT id, happened_at FROM (
        (SELECT id, happened_at FROM customers_interaction
         WHERE person_id = %(person)s AND {_OLDER})
        UNION
        SELECT m.* FROM customers_customer c CROSS JOIN LATERAL (
            SELECT id, happened_at FROM customers_interaction
            WHERE customer_id = c.id AND {_OLDER}
        ) AS m
        WHERE {customers}
    ) AS every ORDER BY happened_at DESC, id DESC LIMIT %(limit)s
)
SELECT k.happened_at, {CONTACT.place} AS place, k.id,
       i.channel, i.direction, i.subject, i.summary, i.outcome, i.closed_at, u.username,
       p.public_id AS person, n.person_name, c.public_id AS customer, n.customer_name,
       CASE WHEN %(checks)s THEN (
           SELECT jsonb_agg(jsonb_build_array(q.question, q.matched) ORDER BY q.id)
           FROM customers_identitycheck q WHERE q.interaction_id = k.id
       ) END AS checks,
       ARRAY[p.public_id, o.public_id] AS subjects,
       ARRAY['{Category.HISTORY.value}']
           || CASE WHEN n.person_name <> '' OR o.id IS NOT NULL AND n.customer_name = c.company_name
                   THEN ARRAY['{Category.NAME.value}'] ELSE '{{}}' END
           || CASE WHEN o.id IS NOT NULL AND n.customer_name = c.number
                   THEN ARRAY['{Category.IDENTIFIER.value}'] ELSE '{{}}' END AS categories
FROM k
JOIN customers_interaction i ON i.id = k.id
LEFT JOIN accounts_user u ON u.id = i.handled_by_id
LEFT JOIN customers_person p ON p.id = i.person_id
LEFT JOIN customers_customer c ON c.id = i.customer_id
LEFT JOIN customers_person o ON o.id = c.owner_id
CROSS JOIN LATERAL (SELECT
    CASE WHEN %(names)s THEN trim(p.first_name || ' ' || p.last_name) END AS person_name,
    CASE WHEN c.id = %(customer)s THEN NULL
         WHEN c.company_name <> '' THEN c.company_name
         WHEN c.owner_id IS DISTINCT FROM %(person)s THEN c.number END AS customer_name
) AS n
ORDER BY k.happened_at DESC, k.id DESC
"""


_OF_CUSTOMER, _OF_PERSON = _page_sql("c.id = %(customer)s"), _page_sql("c.owner_id = %(person)s")


def entries(asked: Asked) -> list[Unread]:
    """A page of the contacts with a person and about her customers, or about one customer.

    Contacts with its owner count for a customer too, as they do in its figures.
    """
    scope, viewer = asked.scope, asked.viewer
    rows = sealed_sql(
        _OF_PERSON if scope.customer is None else _OF_CUSTOMER,
        {
            # Nobody has the key 0.
            "customer": Int8(scope.customer or 0),
            "person": Int8(scope.person or 0),
            "at": asked.before.at,
            "key": Int8(asked.before.key_at(CONTACT.place)),
            "limit": Int8(asked.limit),
            "names": viewer.has_perm("customers.view_person"),
            "checks": viewer.has_perm("customers.view_identitycheck"),
        },
        order=("happened_at", "place", "id"),
        categories=(Category.HISTORY,),
    )
    return [_unread(row) for row in rows]


def _unread(row: Sealed) -> Unread:
    position = Position(*row.order)
    return Unread(position, partial(_entry, row, position))


def _entry(sealed: Sealed, position: Position) -> Entry:
    row = sealed.open()
    is_open = row["closed_at"] is None
    channel, direction = (
        Interaction.Channel(row["channel"]),
        Interaction.Direction(row["direction"]),
    )
    return Entry(
        position=position,
        kind=CONTACT,
        title=row["subject"],
        has_time=True,
        facts=(
            f"{channel.label}, {str(direction.label).lower()}",
            *filter(None, [row["username"]]),
        ),
        text=row["summary"],
        persons=(Named(row["person"], row["person_name"]),) if row["person_name"] else (),
        customer=Named(row["customer"], row["customer_name"]) if row["customer_name"] else None,
        badges=tuple(_state(row["outcome"], is_open=is_open)),
        checks=tuple(_check(*check) for check in json.loads(row["checks"] or "[]")),
        is_open=is_open,
    )


def _state(outcome: str, *, is_open: bool) -> Iterator[Badge]:
    if is_open:
        yield Badge(_("Open"), "warning")
    elif outcome:
        yield Badge(Interaction.Outcome(outcome).label)


def _check(question: str, matched: bool) -> Badge:
    answer = _now("Matched") if matched else _now("No match")
    asked = IdentityCheck.Question(question).label
    return Badge(f"{asked}: {answer}", "good" if matched else "danger")


register_source(TimelineSource((CONTACT,), entries))
