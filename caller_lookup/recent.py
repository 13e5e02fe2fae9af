"""Whom a user has had on the line today: the cards that she opened, from her own log rows."""

from uuid import UUID

from django.utils import timezone

from accounts.models import User
from audit.log import Action
from audit.sql import keys_sql
from customers.models import Person

MOST_RECENT = 10


def recent_callers(user: User, card_route: str) -> list[Person]:
    """The persons whose cards the user opened today, the last one first; each is recorded."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = keys_sql(
        "SELECT subject FROM audit_logentry WHERE actor_id = %(user)s AND timestamp >= %(since)s"
        " AND route = %(route)s AND action = %(access)s AND subject IS NOT NULL"
        " GROUP BY subject ORDER BY max(timestamp) DESC LIMIT %(most)s",
        {
            "user": user.pk,
            "since": midnight,
            "route": card_route,
            "access": int(Action.ACCESS),
            "most": MOST_RECENT,
        },
    )
    order = [row["subject"] for row in rows]
    persons = Person.objects.visible_to(user).filter(public_id__in=order)
    by_id: dict[UUID, Person] = {person.public_id: person for person in persons}
    return [by_id[one] for one in order if one in by_id]
