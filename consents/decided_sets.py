"""Decisions about many at once that do not leave the database: counted, and kept in a table.

The rules decide about each combination of answers that occurs (`consents.facts`), a few dozen for
any number of recipients, so that a list says what `may_market` says of each.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from audit.sql import keys_sql, run_sql
from consents.facts import facts_params, facts_sql, rule_of
from consents.models import OWN_COMPANY
from consents.rules import Rule

LONGEST = "10min"
"""What a statement about everybody may take; the site's own limit is for one person's."""


@dataclass(frozen=True)
class Message:
    """What is sent: on which channel, about what, in whose name."""

    channel: str
    product_group: str
    sender: str = OWN_COMPANY


@dataclass(frozen=True)
class DecidedSet:
    """Recipients decided about, in the temporary table `consents_decided` while it is there."""

    message: Message
    combinations: Mapping[int, int]
    """How many recipients have which answers."""

    @property
    def by_rule(self) -> Counter[Rule]:
        """How many recipients each rule decided about."""
        found: Counter[Rule] = Counter()
        for facts, number in self.combinations.items():
            found[self.rule_of(facts)] += number
        return found

    def rule_of(self, facts: int) -> Rule:
        """The rule for a combination of answers."""
        return rule_of(facts, self.message.channel, self.message.product_group)

    @property
    def allowed(self) -> dict[str, Any]:
        """The combinations that are allowed with the code of the rule, as parameters."""
        rules = {facts: self.rule_of(facts) for facts in self.combinations}
        codes = {facts: rule.code for facts, rule in rules.items() if rule.allows}
        return {"allowed": list(codes), "allowed_by": list(codes.values())}


def counted(candidates: str, params: Mapping[str, Any], message: Message) -> DecidedSet:
    """Decide about the candidates of a query of ours, and only count them."""
    asked = facts_sql(candidates)
    return DecidedSet(message, _combinations(f"({asked})", _given(params, message)))


@contextmanager
def decided_set(
    candidates: str, params: Mapping[str, Any], message: Message, keep: tuple[str, ...] = ()
) -> Iterator[DecidedSet]:
    """Decide about the candidates of a query of ours, and keep them in a table meanwhile."""
    run_sql(f"SET LOCAL statement_timeout = '{LONGEST}'")
    asked = facts_sql(candidates, keep=keep)
    run_sql(
        f"CREATE TEMPORARY TABLE consents_decided ON COMMIT DROP AS {asked}",
        _given(params, message),
    )
    yield DecidedSet(message, _combinations("consents_decided", {}))
    run_sql("DROP TABLE consents_decided")


def check_now() -> None:
    """Look up here, within the longer limit, what a commit would look up of so many rows."""
    run_sql("SET CONSTRAINTS ALL IMMEDIATE")


def _given(params: Mapping[str, Any], message: Message) -> dict[str, Any]:
    asked = facts_params(message.product_group, message.sender, None)
    return {**params, **asked, "channel": message.channel}


def _combinations(recipients: str, given: Mapping[str, Any]) -> dict[int, int]:
    run_sql(f"SET LOCAL statement_timeout = '{LONGEST}'")
    found = keys_sql(
        f"SELECT d.facts, count(*) AS number FROM {recipients} AS d GROUP BY d.facts", given
    )
    return {row["facts"]: row["number"] for row in found}
