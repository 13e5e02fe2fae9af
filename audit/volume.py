"""How many persons one user may be shown without a call: nobody walks the register (promise 9).

The access log is the counter: nothing is kept beside it, it counts over all processes, and it
cannot be set back. What counts as a call, an app above says; one starts the count anew, but a
call with the same person does so once in ten minutes, and nobody has any number of calls.
"""

from dataclasses import dataclass
from enum import Enum, auto

from django.contrib.contenttypes.models import ContentType
from django.db import models

from audit.log import Action
from audit.sql import keys_sql

WINDOW_MINUTES = 10
REFUSED_FOR_VOLUME = "lookup volume"
"""The reason in the row of who was stopped."""

SECONDS_BETWEEN_SEARCHES = 5
"""How long a user must wait between searches who has found half of what she may."""

MOST_CALLS = 20
"""How many calls one can have in ten minutes: two a minute without a pause, several times what
an agent has. Who records more invents them."""


class Pace(Enum):
    """How a user may search at the moment."""

    FREE = auto()
    SLOWED = auto()
    STOPPED = auto()


@dataclass(frozen=True)
class Volume:
    """What a user has been shown in the last ten minutes since her last call.

    `limit` is how many persons she may be shown, 0 for any number. `calls` and `refusals` count
    the calls that she has recorded in these ten minutes, and how often she has been refused.
    """

    limit: int
    persons: int = 0
    seconds_since_search: float | None = None
    refusals: int = 0
    calls: int = 0

    @property
    def left(self) -> int:
        """How many more persons she may be shown; never negative."""
        return max(self.limit - self.persons, 0)

    @property
    def has_too_many_calls(self) -> bool:
        """Whether she has recorded more calls than she can have had."""
        return self.calls > MOST_CALLS

    @property
    def pace(self) -> Pace:
        if not self.limit:
            return Pace.FREE
        if not self.left or self.has_too_many_calls:
            return Pace.STOPPED
        waited = self.seconds_since_search
        is_many = self.persons * 2 >= self.limit
        if is_many and waited is not None and waited < SECONDS_BETWEEN_SEARCHES:
            return Pace.SLOWED
        return Pace.FREE


_calls: set[type[models.Model]] = set()


def counts_as_call(model: type[models.Model]) -> None:
    """Say that making a record of this model is a call: whoever has one may look somebody up."""
    _calls.add(model)


def volume_of(user_id: int, routes: tuple[str, ...], limit: int) -> Volume:
    """Count the persons that a user has been shown on these routes; needs an access context.

    `routes` are patterns as SQL's LIKE has them. Her requests come one after another: many sent
    at once would all be counted before any of them has its rows in the log.
    """
    if not limit:
        return Volume(0)
    keys_sql(
        "SELECT count(*) AS taken FROM pg_advisory_xact_lock(hashtextextended(%(whose)s, 0))",
        {"whose": f"lookup volume of {user_id}"},
    )
    [row] = keys_sql(
        f"""
        WITH hers AS MATERIALIZED (
            SELECT action, subject, timestamp, content_type_id, object_id, route, reason
            FROM audit_logentry
            WHERE actor_id = %(user)s AND timestamp > now() - interval '{WINDOW_MINUTES} minutes'
        ), call AS (
            SELECT subject, object_id, timestamp FROM hers
            WHERE action = %(create)s AND content_type_id = ANY(%(calls)s)
        ), last_call AS (
            SELECT coalesce(max(first), '-infinity') AS at
            FROM (SELECT min(timestamp) AS first FROM call GROUP BY subject) AS by_person
        )
        SELECT count(DISTINCT subject)
                   FILTER (WHERE action = ANY(%(shown)s) AND timestamp > last_call.at) AS persons,
               extract(epoch FROM clock_timestamp() - max(timestamp)
                   FILTER (WHERE action = %(search)s))::double precision AS seconds,
               count(*) FILTER (WHERE action = %(deny)s AND reason = %(reason)s) AS refusals,
               (SELECT count(DISTINCT object_id) FROM call) AS calls
        FROM hers, last_call WHERE route LIKE ANY(%(routes)s)
        """,
        {
            "user": user_id,
            "routes": list(routes),
            "calls": [ContentType.objects.get_for_model(model).pk for model in _calls],
            "create": int(Action.CREATE),
            "shown": [int(Action.ACCESS), int(Action.EXPORT)],
            "search": int(Action.SEARCH),
            "deny": int(Action.DENY),
            "reason": REFUSED_FOR_VOLUME,
        },
    )
    return Volume(limit, row["persons"], row["seconds"], row["refusals"], row["calls"])
