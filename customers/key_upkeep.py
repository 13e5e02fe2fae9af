"""Proving that the lookup keys are what their sources say, and putting them right."""

from dataclasses import dataclass

from audit.sql import keys_sql, run_sql
from datamap.lookup_keys import (
    difference_sql,
    forget_unknown_kinds_sql,
    lookup_keys,
    rebuild_sql,
    unknown_kinds_sql,
)


@dataclass(frozen=True)
class Difference:
    """How the key table differs from one source: keys it lacks, and keys it should not have."""

    source: str
    expected: int
    missing: int
    surplus: int

    @property
    def is_true(self) -> bool:
        return not (self.missing or self.surplus)


def differences() -> list[Difference]:
    """Compare every key with its source; needs an access context, discloses nobody."""
    _take_the_time_it_takes()
    found = []
    for source in lookup_keys:
        [row] = keys_sql(difference_sql(source))
        found.append(Difference(source.name, row["expected"], row["missing"], row["surplus"]))
    [row] = keys_sql(unknown_kinds_sql())
    if row["surplus"]:
        found.append(Difference("", 0, 0, row["surplus"]))
    return found


def make_true() -> None:
    """Make wrong keys anew; the connection must be the owner's, the site may not write them."""
    _take_the_time_it_takes()
    for source in lookup_keys:
        run_sql(rebuild_sql(source))
    run_sql(forget_unknown_kinds_sql())


def _take_the_time_it_takes() -> None:
    run_sql("SET LOCAL statement_timeout = 0")
    run_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
