"""The one statement that finds a page of what contracts tells.

Each thing that can happen to a kind of record is one short scan of the index that has it in order
of time; the scans give keys alone. Of the keys that come first the rows are read. So a page costs
the same whatever the length of the history.
"""

from collections.abc import Iterable
from functools import lru_cache

from contracts.timeline.moments import Record
from contracts.timeline.records import COLUMNS, RECORDS
from datamap.timeline import TOP


@lru_cache(maxsize=64)
def page_sql(names: frozenset[str], *, of_person: bool) -> str:
    """The statement for a page of these kinds, of a customer or of a person.

    Its rows have the position (`day`, `place`, `id`), `COLUMNS`, the persons' and the customer's
    names and UUIDs, and whom the row is about.
    """
    records = [record for record in RECORDS if record.kind.name in names]
    keys = _of_person(records) if of_person else _scans(records, "r.customer_id = %(whose)s")
    rows = " UNION ALL ".join(
        f"SELECT * FROM ({record.row}) AS r WHERE k.kind = {record.kind.place}"
        for record in records
    )
    return f"""
WITH k AS MATERIALIZED (
    SELECT * FROM ({keys}) AS every
    ORDER BY day DESC, kind + step DESC, id DESC LIMIT %(limit)s
)
SELECT k.day, k.kind, k.step, k.kind + k.step AS place, k.id, r.*,
       (c.kind = 'person' OR c.legal_form = 'tmi') AS is_natural,
       c.public_id AS customer, m.customer_name,
       n.persons AS person_ids, CASE WHEN %(names)s THEN n.names END AS person_names,
       n.persons || w.public_id AS subjects,
       ARRAY[r.category]
           || CASE WHEN %(names)s AND n.anybody THEN ARRAY['name'] ELSE '{{}}' END
           || CASE WHEN w.id IS NULL OR m.customer_name IS NULL THEN '{{}}'
                   WHEN c.company_name = '' THEN ARRAY['identifier'] ELSE ARRAY['name'] END
           AS categories
FROM k
CROSS JOIN LATERAL ({rows}) AS r({", ".join(COLUMNS)})
JOIN customers_customer c ON c.id = r.customer_id
LEFT JOIN customers_person w ON w.id = c.owner_id
CROSS JOIN LATERAL (SELECT {_CUSTOMER_NAME if of_person else "NULL::text"} AS customer_name) AS m
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(p.public_id ORDER BY u.number), '{{}}') AS persons,
           array_agg(trim(p.first_name || ' ' || p.last_name) ORDER BY u.number) AS names,
           count(p.id) > 0 AS anybody
    FROM unnest(r.persons) WITH ORDINALITY AS u(id, number)
    LEFT JOIN customers_person p ON p.id = u.id
) AS n
ORDER BY k.day DESC, place DESC, k.id DESC
"""


# Who is a private customer herself needs no name for that on her own card.
_CUSTOMER_NAME = (
    "CASE WHEN c.company_name <> '' THEN c.company_name"
    " WHEN c.owner_id IS DISTINCT FROM %(whose)s THEN c.number END"
)


def _of_person(records: Iterable[Record]) -> str:
    """The keys of what names her, and of what is of the customers that she owns."""
    records = list(records)
    named = [
        _scan(record, step, f"r.{column} = %(whose)s AND {moment.names}")
        for record in records
        for column in record.naming
        for step, moment in enumerate(record.moments)
    ]
    through = [
        f"SELECT m.* FROM {way.table} t CROSS JOIN LATERAL"
        f" {_scan(record, step, f'{way.where} AND {moment.names}')} AS m"
        f" WHERE t.{way.column} = %(whose)s"
        for record in records
        for way in record.through
        for step, moment in enumerate(record.moments)
    ]
    owned = (
        "SELECT m.* FROM customers_customer c CROSS JOIN LATERAL"
        f" ({_scans(records, 'r.customer_id = c.id')}) AS m WHERE c.owner_id = %(whose)s"
    )
    # What names her and is hers is found twice.
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join([*named, *through, owned])}) AS found"


def _scans(records: Iterable[Record], whose: str) -> str:
    return " UNION ALL ".join(
        _scan(record, step, whose) for record in records for step in range(len(record.moments))
    )


def _scan(record: Record, step: int, whose: str) -> str:
    """The keys of one moment that are older than the position, newest first."""
    moment = record.moments[step]
    place = record.kind.place + step
    key = (
        f"CASE WHEN {place} < %(place)s THEN {TOP.key} WHEN {place} = %(place)s THEN %(key)s"
        " ELSE 0 END"
    )
    return (
        f"(SELECT {record.kind.place} AS kind, {step} AS step, {moment.day} AS day, r.id"
        f" FROM {record.table} r WHERE {whose} AND {moment.where}"
        f" AND ({moment.day}, r.id) < (%(day)s, {key})"
        f" ORDER BY {moment.day} DESC, r.id DESC LIMIT %(limit)s)"
    )
