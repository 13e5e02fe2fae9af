"""How many persons one user may find without a call: nobody walks the register (promise 9).

The access log is the counter: nothing is kept beside it, it counts over all processes, and it
cannot be set back. A contact that she records counts as a call and starts the count anew.
"""

from dataclasses import dataclass
from enum import Enum, auto

from django.conf import settings
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from audit.log import Action
from audit.sql import keys_sql
from customers.models import Interaction

WINDOW_MINUTES = 10
SECONDS_BETWEEN_SEARCHES = 5
"""How long a user must wait between searches who has found half of what she may."""


class Pace(Enum):
    """How a user may search at the moment."""

    FREE = auto()
    SLOWED = auto()
    STOPPED = auto()


@dataclass(frozen=True)
class Volume:
    """What a user has found in the last ten minutes since her last call.

    `refusals` counts how often she has been refused for it already.
    """

    persons: int = 0
    seconds_since_search: float | None = None
    refusals: int = 0

    @property
    def left(self) -> int:
        """How many more persons she may find; never negative."""
        return max(settings.LOOKUP_PERSONS_PER_10_MIN - self.persons, 0)

    @property
    def pace(self) -> Pace:
        if not settings.LOOKUP_PERSONS_PER_10_MIN:
            return Pace.FREE
        if not self.left:
            return Pace.STOPPED
        waited = self.seconds_since_search
        is_many = self.persons * 2 >= settings.LOOKUP_PERSONS_PER_10_MIN
        if is_many and waited is not None and waited < SECONDS_BETWEEN_SEARCHES:
            return Pace.SLOWED
        return Pace.FREE


def volume_of(user: User, route: str) -> Volume:
    """Count the persons that the user has been shown on a route; needs an access context.

    Her searches come one after another: many sent at once would all be counted before any of
    them has its rows in the log.
    """
    if not settings.LOOKUP_PERSONS_PER_10_MIN:
        return Volume()
    keys_sql(
        "SELECT count(*) AS taken FROM pg_advisory_xact_lock(hashtextextended(%(whose)s, 0))",
        {"whose": f"lookup volume of {user.pk}"},
    )
    [row] = keys_sql(
        f"""
        WITH hers AS MATERIALIZED (
            SELECT action, subject, timestamp, content_type_id, route FROM audit_logentry
            WHERE actor_id = %(user)s AND timestamp > now() - interval '{WINDOW_MINUTES} minutes'
        ), call AS (
            SELECT coalesce(max(timestamp), '-infinity') AS at FROM hers
            WHERE action = %(create)s AND content_type_id = %(contact)s
        )
        SELECT count(DISTINCT subject) FILTER (WHERE action = %(access)s) AS persons,
               extract(epoch FROM clock_timestamp() - max(timestamp)
                   FILTER (WHERE action = %(search)s))::double precision AS seconds,
               count(*) FILTER (WHERE action = %(deny)s) AS refusals
        FROM hers, call WHERE route = %(route)s AND timestamp > call.at
        """,
        {
            "user": user.pk,
            "route": route,
            "contact": ContentType.objects.get_for_model(Interaction).pk,
            "create": int(Action.CREATE),
            "access": int(Action.ACCESS),
            "search": int(Action.SEARCH),
            "deny": int(Action.DENY),
        },
    )
    return Volume(row["persons"], row["seconds"], row["refusals"])
