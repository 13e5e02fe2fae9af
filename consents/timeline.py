"""What consents tells on the line of time: marketing choices (S21), and consents given and
withdrawn (S24, S29).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from psycopg.types.numeric import Int8

from audit.sql import Sealed, sealed_sql
from consents.models import Consent, MarketingChoice
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
CONSENT = EntryKind("consent", _("Consents"), "consents.view_consent", 140)
WITHDRAWN = CONSENT.place + 1
"""The place of a withdrawal: at one time it comes after the consent."""
_PLACES = (CHOICE.place, CONSENT.place, WITHDRAWN)

_CHOICES = f"""
(SELECT m.at, {CHOICE.place} AS place, m.id, m.channel AS about, m.choice, m.product_group,
       m.source, m.evidence, w.version, u.username, p.public_id AS subject,
       ARRAY['{Category.MARKETING.value}'] AS categories
FROM consents_marketingchoice m
JOIN customers_person p ON p.id = m.person_id
LEFT JOIN consents_wording w ON w.id = m.wording_id
LEFT JOIN accounts_user u ON u.id = m.recorded_by_id
WHERE m.person_id = %(person)s AND (m.at, m.id) < (%(at)s, %(below_{CHOICE.place})s)
ORDER BY m.at DESC, m.id DESC LIMIT %(limit)s)
"""
_CONSENTS = """
(SELECT c.{at} AS at, {place} AS place, c.id, c.purpose AS about, '' AS choice,
       '' AS product_group, c.source, {evidence} AS evidence, w.version, {recorded_by} AS username,
       p.public_id AS subject, ARRAY['{category}'] AS categories
FROM consents_consent c
JOIN customers_person p ON p.id = c.person_id
JOIN consents_wording w ON w.id = c.wording_id
LEFT JOIN accounts_user u ON u.id = c.recorded_by_id
WHERE c.person_id = %(person)s AND (c.{at}, c.id) < (%(at)s, %(below_{place})s)
ORDER BY c.{at} DESC, c.id DESC LIMIT %(limit)s)
"""
_SELECTS = {
    CHOICE.name: _CHOICES,
    CONSENT.name: " UNION ALL ".join(
        _CONSENTS.format(category=Category.SUPPLEMENTARY.value, **step)
        for step in (
            {
                "at": "given_at",
                "place": CONSENT.place,
                "evidence": "c.evidence",
                "recorded_by": "u.username",
            },
            {"at": "withdrawn_at", "place": WITHDRAWN, "evidence": "''", "recorded_by": "NULL"},
        )
    ),
}


def entries(asked: Asked) -> list[Unread]:
    """A page of what a person chose and consented to, or the owner of a customer."""
    person, before = asked.scope.person, asked.before
    if person is None:
        return []
    selects = " UNION ALL ".join(_SELECTS[name] for name in sorted(asked.kinds))
    rows = sealed_sql(
        f"SELECT * FROM ({selects}) AS told ORDER BY at DESC, place DESC, id DESC LIMIT %(limit)s",
        {
            "person": Int8(person),
            "at": before.at,
            **{f"below_{place}": Int8(before.key_at(place)) for place in _PLACES},
            "limit": Int8(asked.limit),
        },
        order=("at", "place", "id"),
        categories=(Category.MARKETING, Category.SUPPLEMENTARY),
    )
    return [_unread(row) for row in rows]


def _unread(row: Sealed) -> Unread:
    position = Position(*row.order)
    return Unread(position, partial(_entry, row, position))


def _entry(sealed: Sealed, position: Position) -> Entry:
    row = sealed.open()
    version = _now("version %(version)s") % row if row["version"] else ""
    is_choice = position.place == CHOICE.place
    facts = [MarketingChoice.Source(row["source"]).label, row["username"], version, row["evidence"]]
    if position.place == WITHDRAWN:
        facts = [version]
    return Entry(
        position=position,
        kind=CHOICE if is_choice else CONSENT,
        title=_choice_title(row) if is_choice else _consent_title(row, position),
        has_time=True,
        what=row["product_group"],
        facts=tuple(filter(None, facts)),
    )


def _choice_title(row: Mapping[str, Any]) -> str:
    channel = MarketingChoice.Channel(row["about"])
    return f"{channel.label}: {str(MarketingChoice.Choice(row['choice']).label).lower()}"


def _consent_title(row: Mapping[str, Any], position: Position) -> str:
    purpose = {"purpose": Consent.Purpose(row["about"]).label}
    if position.place == WITHDRAWN:
        return _now("Consent withdrawn: %(purpose)s") % purpose
    return _now("Consent given: %(purpose)s") % purpose


register_source(TimelineSource((CHOICE, CONSENT), entries))
