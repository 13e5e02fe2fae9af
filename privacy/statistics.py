"""Counting a finished month by product and region, so that nobody can be found in it (S6).

A group of fewer than FEWEST customers is put together with the other small ones. Where that would
leave a single group that can be worked out from its total, or still too few, the next smallest
joins it; what is too few even so is not kept at all.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from audit.context import AccessPurpose, access_context
from audit.sql import keys_sql
from contracts.dates import add_months
from contracts.models import Product
from privacy.models import Statistic
from privacy.models.statistics import FEWEST, OTHER

Measure = Statistic.Measure
MONTHS_BACK = 3
"""How many finished months are looked at again, where the worker stood still."""

_UNKNOWN = 0  # a region or a product group that is not known, or that there is none
_GROUPS = list(Product.Group.values)

# The region of a customer: of its own newest address, or else of its owner's.
_REGION = """
CASE WHEN {place}.country = 'FI' AND {place}.postal_code SIMILAR TO '[0-9][0-9][0-9][0-9][0-9]'
     THEN left({place}.postal_code, 2)::int + 1 ELSE 0 END
"""
_OF_CUSTOMER = """
LEFT JOIN LATERAL (
    SELECT of.postal_code, of.country FROM (
        (SELECT 1 AS turn, h.id, h.postal_code, h.country FROM customers_address h
         WHERE h.customer_id = r.customer_id ORDER BY h.valid_until IS NULL DESC, h.id DESC LIMIT 1)
        UNION ALL
        (SELECT 2, h.id, h.postal_code, h.country FROM customers_address h
         JOIN customers_customer c ON c.owner_id = h.person_id
         WHERE c.id = r.customer_id ORDER BY h.valid_until IS NULL DESC, h.id DESC LIMIT 1)
    ) AS of ORDER BY of.turn LIMIT 1
) AS home ON true
"""
_SERVICES = f"""
SELECT r.customer_id, array_position(%(groups)s::text[], p."group"::text) AS product_group,
       CASE WHEN used.id IS NOT NULL THEN {_REGION.format(place="used")}
            ELSE {_REGION.format(place="home")} END AS region, NULL::bigint AS cents
FROM contracts_subscription r JOIN contracts_product p ON p.id = r.product_id
LEFT JOIN customers_address used ON used.id = r.address_id {_OF_CUSTOMER}
WHERE r.{{day}} >= %(first)s AND r.{{day}} < %(next)s
"""
_OF_NO_PRODUCT = f"""
SELECT r.customer_id, 0 AS product_group, {_REGION.format(place="home")} AS region,
       {{cents}} AS cents
FROM {{table}} r {_OF_CUSTOMER}
WHERE r.{{day}} >= %(first)s AND r.{{day}} < %(next)s
"""
_ROWS: Mapping[str, str] = {
    Measure.SERVICES_OPENED: _SERVICES.format(day="opened_on"),
    Measure.SERVICES_ENDED: _SERVICES.format(day="terminated_on"),
    Measure.CONTRACTS: _OF_NO_PRODUCT.format(
        table="contracts_contract", day="signed_on", cents="NULL::bigint"
    ),
    Measure.INVOICES: _OF_NO_PRODUCT.format(
        table="contracts_invoice", day="issued_on", cents="(r.net * 100)::bigint"
    ),
}
_COUNT = """
SELECT {by} AS key, count(*) AS records, count(DISTINCT customer_id) AS customers,
       sum(cents)::bigint AS cents
FROM ({rows}) AS counted
WHERE (%(in_groups)s::int[] IS NULL OR product_group = ANY (%(in_groups)s))
    AND (%(in_regions)s::int[] IS NULL OR region = ANY (%(in_regions)s))
GROUP BY 1 ORDER BY 1
"""


def count_finished_months(*, today: date, job: str) -> int:
    """Count the months that are over and were not counted yet; returns how many rows were kept."""
    this = today.replace(day=1)
    kept = 0
    for back in range(MONTHS_BACK, 0, -1):
        with access_context(job=job, purpose=AccessPurpose.UPKEEP):
            kept += count_month(add_months(this, -back))
    return kept


@transaction.atomic
def count_month(month: date) -> int:
    """Count what of a month was not counted yet; returns how many rows were kept."""
    done = set(Statistic.objects.filter(month=month).values_list("measure", flat=True).distinct())
    made = [
        row for measure in Measure.values if measure not in done for row in _Month(month, measure)()
    ]
    Statistic.objects.bulk_create(made)
    return len(made)


class _Month:
    """One measure of a month: by product group first, then each group by region."""

    def __init__(self, month: date, measure: str) -> None:
        self.month = month
        self.measure = measure

    def __call__(self) -> list[Statistic]:
        by_group = self._count("product_group")
        return [
            row
            for groups in groups_of(
                {key: one["customers"] for key, one in by_group.items()},
                lambda keys: self._customers(groups=keys),
                unknown=None,
            )
            for row in self._by_region(groups, is_other=len(groups) > 1)
        ]

    def _by_region(self, groups: Collection[int], *, is_other: bool) -> list[Statistic]:
        by_region = self._count("region", groups)
        return [
            self._row(groups, regions, is_other=is_other)
            for regions in groups_of(
                {key: one["customers"] for key, one in by_region.items()},
                lambda keys: self._customers(groups=groups, regions=keys),
                unknown=_UNKNOWN,
            )
        ]

    def _row(
        self, groups: Collection[int], regions: Collection[int], *, is_other: bool
    ) -> Statistic:
        [found] = self._count("0", groups, regions).values()
        [group, *_more], [region, *_others] = sorted(groups), sorted(regions)
        product_group = _GROUPS[group - 1] if group else ""
        is_region = len(regions) == 1 and region != _UNKNOWN
        cents = found["cents"]
        return Statistic(
            month=self.month,
            measure=self.measure,
            product_group=OTHER if is_other else product_group,
            region=f"{region - 1:02}" if is_region else OTHER,
            customers=found["customers"],
            records=found["records"],
            amount=None if cents is None else Decimal(cents) / 100,
        )

    def _customers(self, **among: Collection[int]) -> int:
        found = self._count("0", **among)
        return sum(one["customers"] for one in found.values())

    def _count(
        self,
        by: str,
        groups: Collection[int] | None = None,
        regions: Collection[int] | None = None,
    ) -> dict[int, dict[str, Any]]:
        rows = keys_sql(
            _COUNT.format(by=by, rows=_ROWS[self.measure]),
            {
                "groups": _GROUPS,
                "first": self.month,
                "next": add_months(self.month, 1),
                "in_groups": None if groups is None else sorted(groups),
                "in_regions": None if regions is None else sorted(regions),
            },
        )
        return {row["key"]: row for row in rows}


def groups_of(
    customers: Mapping[int, int],
    together: Callable[[Collection[int]], int],
    *,
    unknown: int | None,
) -> list[frozenset[int]]:
    """Which groups are kept, by their customers: large ones alone, all others as one, or nothing.

    `together` counts the customers of several groups, each once; what is `unknown` is never alone.
    """
    small = {key for key, number in customers.items() if number < FEWEST or key == unknown}
    large = sorted(customers.keys() - small, key=lambda key: (customers[key], key), reverse=True)
    while small and large and together(small) < FEWEST:
        small.add(large.pop())
    kept = [frozenset([key]) for key in sorted(large)]
    if small and together(small) >= FEWEST:
        kept.append(frozenset(small))
    return kept
