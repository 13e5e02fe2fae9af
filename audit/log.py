"""Writing the log: one statement per unit of work, last before the commit.

A row names nobody: it carries the subject's `public_id`, never a name, a search term or a
personal value, so erasing a person leaves the log as it is.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

if TYPE_CHECKING:
    from audit.context import AccessContext


class Action(IntEnum):
    """What was done; 0-3 are django-auditlog's numbers, the rest are ours."""

    CREATE = 0
    UPDATE = 1
    DELETE = 2
    ACCESS = 3
    SEARCH = 4
    EXPORT = 5
    PLAY = 6
    DENY = 7


@dataclass(frozen=True)
class Event:
    """A row that is not a plain read: a change, a search, a refusal, an export.

    The subject is given by UUID (`subject`) or by the person's key (`person`), or not at all.
    """

    action: Action
    subject: UUID | None = None
    person: int | None = None
    categories: tuple[str, ...] = ()
    content_type: int | None = None
    object_id: int | None = None
    changes: dict[str, Any] | None = None


@dataclass(frozen=True)
class Reads:
    """Whose data was read, and which categories, by UUID or by the person's key."""

    by_uuid: dict[UUID, set[str]]
    by_key: dict[int, set[str]]

    def __bool__(self) -> bool:
        return bool(self.by_uuid or self.by_key)


class PendingChange:
    """A change that waits for the end of its unit of work.

    Django keeps on-commit callbacks per savepoint and forgets those of one that is rolled back;
    that makes its list the one place which knows which changes survived.
    """

    def __init__(self, context: "AccessContext", event: Event) -> None:
        self.context = context
        self.event = event
        self.written = False

    def __call__(self) -> None:
        if not self.written:
            raise RuntimeError("A change was committed before its log row was written.")


def add_change(context: "AccessContext", event: Event) -> None:
    """Remember a change of the open unit of work; a rolled-back savepoint forgets it again."""
    transaction.on_commit(PendingChange(context, event))


def surviving_changes(context: "AccessContext") -> list[Event]:
    """The changes of this context that no savepoint has rolled back and no flush has written."""
    found = []
    waiting: list[Any] = connection.run_on_commit
    for _savepoints, callback, _robust in waiting:
        if (
            isinstance(callback, PendingChange)
            and callback.context is context
            and not callback.written
        ):
            callback.written = True
            found.append(callback.event)
    return found


# A locked or failing log must answer within the five seconds of promise 2, so its own statement
# has shorter limits than the work before it and after it.
_WRITE = """
SELECT set_config('audit.lock_timeout', current_setting('lock_timeout'), true),
       set_config('audit.statement_timeout', current_setting('statement_timeout'), true),
       set_config('lock_timeout', '1s', true), set_config('statement_timeout', '1500ms', true);
INSERT INTO audit_logentry
    (action, subject, categories, actor_id, actor_label, unit, purpose, reason, route, cid,
     remote_addr, content_type_id, object_pk, object_id, changes)
SELECT r.action, r.subject, r.categories, %(actor_id)s, %(actor_label)s, %(unit)s, %(purpose)s,
       %(reason)s, %(route)s, %(cid)s, %(remote_addr)s, r.content_type, r.object_id::text,
       r.object_id, r.changes
FROM (
    SELECT %(reading_as)s::int AS action, coalesce(e.subject, {uuid_of_person}) AS subject,
           coalesce(array_agg(DISTINCT c.category ORDER BY c.category)
                    FILTER (WHERE c.category IS NOT NULL), '{{}}') AS categories,
           0 AS place, NULL::int AS content_type, NULL::bigint AS object_id, NULL::jsonb AS changes
    FROM jsonb_to_recordset(%(reads)s::jsonb)
         AS e(subject uuid, person bigint, categories text[])
         LEFT JOIN LATERAL unnest(e.categories) AS c(category) ON true
    GROUP BY 2
    UNION ALL
    SELECT e.action, coalesce(e.subject, {uuid_of_person}), coalesce(e.categories, '{{}}'),
           e.place, e.content_type, e.object_id, e.changes
    FROM jsonb_to_recordset(%(events)s::jsonb)
         AS e(place int, action int, subject uuid, person bigint, categories text[],
              content_type int, object_id bigint, changes jsonb)
) r
ORDER BY r.place;
SELECT set_config('lock_timeout', current_setting('audit.lock_timeout'), true),
       set_config('statement_timeout', current_setting('audit.statement_timeout'), true)
"""
# A subquery, not a join: of rows out of JSON the planner expects a hundred, and it would rather
# read every person of a small register than look up the few.
_UUID_OF_PERSON = "(SELECT p.public_id FROM {person} p WHERE p.id = e.person)"


def write(context: "AccessContext", reads: Reads, events: Iterable[Event]) -> None:
    """Insert the rows of one unit of work; any failure goes up, so nothing is disclosed."""
    from audit.subjects import subject_table

    read_rows = [
        *({"subject": str(u), "categories": sorted(c)} for u, c in reads.by_uuid.items()),
        *({"person": k, "categories": sorted(c)} for k, c in reads.by_key.items()),
    ]
    event_rows = [
        {
            "place": place,
            "action": event.action,
            "subject": str(subject) if subject else None,
            "person": event.person,
            "categories": list(event.categories),
            "content_type": event.content_type,
            "object_id": event.object_id,
            "changes": event.changes,
        }
        for place, event in enumerate(events, start=1)
        for subject in [event.subject or context.uuid_of(event.person)]
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE.format(uuid_of_person=_UUID_OF_PERSON.format(person=subject_table())),
            {
                "actor_id": context.actor_id,
                "actor_label": context.actor_label,
                "unit": context.unit,
                "purpose": context.purpose or "",
                "reason": context.reason,
                "route": context.route,
                "cid": str(context.request_id),
                "remote_addr": context.remote_addr,
                "reading_as": int(context.reading_as),
                "reads": json.dumps(read_rows),
                "events": json.dumps(event_rows),
            },
        )
