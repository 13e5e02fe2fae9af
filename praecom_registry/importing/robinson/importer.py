"""The import of a Robinson list: each listing becomes a keyed hash, and nothing else is kept.

The database hashes as it does when it decides (`consents_digest`), so that writing does not
matter. What the file says stands in a temporary table of this connection until then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from audit.context import AccessPurpose
from audit.sql import keys_sql, run_sql
from consents.hashing import pads
from consents.models import RobinsonEntry
from praecom_registry.importing.columns import Columns
from praecom_registry.importing.importer import Importer
from praecom_registry.importing.parsing import RowParser
from praecom_registry.importing.problems import Problems
from praecom_registry.importing.reading import Rows
from praecom_registry.importing.robinson.columns import PHONE_COLUMNS, POST_COLUMNS
from praecom_registry.importing.robinson.parsing import PhoneParser, PostParser
from praecom_registry.importing.staging import stage

_LISTS: Mapping[str, tuple[Columns, type[RowParser], str]] = {
    RobinsonEntry.List.PHONE: (PHONE_COLUMNS, PhoneParser, "'phone:' || phone"),
    RobinsonEntry.List.POST: (
        POST_COLUMNS,
        PostParser,
        "consents_post_text(first_name, last_name, street, postal_code)",
    ),
}

# A number is listed for three years, an address until a whole list comes without it.
_HASH = """
CREATE TEMPORARY TABLE import_listing ON COMMIT DROP AS
SELECT digest, max(listed_on) AS listed_on, max(expires_on) AS expires_on
FROM (
    SELECT consents_digest({written}, %(inner)s, %(outer)s) AS digest, day AS listed_on,
           CASE %(list)s WHEN 'phone' THEN (day + interval '3 years')::date END AS expires_on
    FROM import_row, coalesce(listed_on, %(as_of)s) AS day
    WHERE NOT is_bad
) AS one
GROUP BY digest
"""
_WRITE = """
INSERT INTO consents_robinsonentry AS e (list, digest, listed_on, expires_on)
SELECT %(list)s, digest, listed_on, expires_on FROM import_listing
WHERE expires_on IS NULL OR expires_on >= %(today)s
ON CONFLICT (list, digest) DO UPDATE
    SET listed_on = EXCLUDED.listed_on, expires_on = EXCLUDED.expires_on
    WHERE e.expires_on < EXCLUDED.expires_on
"""
_TAKE_OFF = """
DELETE FROM consents_robinsonentry AS e WHERE e.list = %(list)s
    AND NOT EXISTS (SELECT FROM import_listing i WHERE i.digest = e.digest)
"""
_COUNT = """
SELECT count(*) AS read,
       count(*) FILTER (WHERE i.expires_on < %(today)s) AS ended,
       count(*) FILTER (WHERE e.id IS NULL AND (i.expires_on IS NULL OR i.expires_on >= %(today)s))
           AS new,
       count(*) FILTER (WHERE e.expires_on < i.expires_on AND i.expires_on >= %(today)s) AS extended
FROM import_listing i
LEFT JOIN consents_robinsonentry e ON e.list = %(list)s AND e.digest = i.digest
"""


@dataclass(frozen=True)
class Summary:
    """How many listings were new, last longer than before, were as before, or had ended; and how
    many were taken off since a whole list came without them.
    """

    new: int
    extended: int
    unchanged: int
    ended: int
    taken_off: int = 0


class RobinsonImporter(Importer[Summary]):
    """A Robinson list of one kind, as of a day: that of rows which name none.

    Where it is the whole list, whoever does not stand on it is on the list no more.
    """

    job = "import_robinson"
    purpose = AccessPurpose.UPKEEP

    def __init__(self, kind: str, today: date, as_of: date, *, is_whole: bool = False) -> None:
        self.columns, self.parser, self._written = _LISTS[kind]
        self._is_whole = is_whole
        self._params = {"list": kind, "today": today, "as_of": as_of}

    def stage(self, rows: Rows, parser: RowParser, progress: Callable[[int], None]) -> int:
        staged = stage(
            rows, parser, progress, types={"listed_on": "date"}, tables=("import_listing",)
        )
        run_sql(_HASH.format(written=self._written), {**self._params, **pads()})
        run_sql("DROP TABLE import_row")
        run_sql("ANALYZE import_listing")
        return staged

    def compare(self, problems: Problems) -> None:
        """Nothing of the register is read: a listing is compared when somebody is to be reached."""

    def merge(self, problems: Problems, progress: Callable[[str], None]) -> Summary:
        progress(str(RobinsonEntry._meta.verbose_name_plural))
        [counts] = keys_sql(_COUNT, self._params)
        run_sql(_WRITE, self._params)
        taken_off = run_sql(_TAKE_OFF, self._params) if self._is_whole else 0
        read = counts.pop("read")
        return Summary(unchanged=read - sum(counts.values()), taken_off=taken_off, **counts)
