"""What consents tells on the line of time: marketing permissions and prohibitions (S21)."""

from functools import partial

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from psycopg.types.numeric import Int8

from audit.sql import Sealed, sealed_sql
from consents.models import MarketingChoice
from datamap.timeline import (
    Asked,
    Entry,
    EntryKind,
    Position,
    TimelineSource,
    Unread,
    register_source,
)
from datamap.vocabulary import Category

CHOICE = EntryKind("choice", _("Marketing choices"), "consents.view_marketingchoice", 20)

_PAGE = f"""
SELECT m.at, {CHOICE.place} AS place, m.id, m.channel, m.choice, m.product_group, m.source,
       m.evidence, w.version, u.username, p.public_id AS subject
FROM consents_marketingchoice m
JOIN customers_person p ON p.id = m.person_id
LEFT JOIN consents_wording w ON w.id = m.wording_id
LEFT JOIN accounts_user u ON u.id = m.recorded_by_id
WHERE m.person_id = %(person)s AND (m.at, m.id) < (%(at)s, %(key)s)
ORDER BY m.at DESC, m.id DESC LIMIT %(limit)s
"""


def entries(asked: Asked) -> list[Unread]:
    """A page of what a person chose, or the owner of a customer."""
    person, before = asked.scope.person, asked.before
    if person is None:
        return []
    rows = sealed_sql(
        _PAGE,
        {
            "person": Int8(person),
            "at": before.at,
            "key": Int8(before.key_at(CHOICE.place)),
            "limit": Int8(asked.limit),
        },
        order=("at", "place", "id"),
        categories=(Category.MARKETING,),
    )
    return [_unread(row) for row in rows]


def _unread(row: Sealed) -> Unread:
    position = Position(*row.order)
    return Unread(position, partial(_entry, row, position))


def _entry(sealed: Sealed, position: Position) -> Entry:
    row = sealed.open()
    channel, choice = MarketingChoice.Channel(row["channel"]), MarketingChoice.Choice(row["choice"])
    version = _now("version %(version)s") % row if row["version"] else ""
    return Entry(
        position=position,
        kind=CHOICE,
        title=f"{channel.label}: {str(choice.label).lower()}",
        has_time=True,
        what=row["product_group"],
        facts=tuple(
            filter(
                None,
                [
                    MarketingChoice.Source(row["source"]).label,
                    row["username"],
                    version,
                    row["evidence"],
                ],
            )
        ),
    )


register_source(TimelineSource((CHOICE,), entries))
