"""The desk's list of contracts, and the page of a customer with a long history.

    python benchmarks/contracts.py [--persons 2000] [--contracts 1000000] [--rounds 200]

The list is measured as in `desk.py`: the page as an account manager gets it, beside the same rows
by plain psycopg and the same template. The customer page is measured tab by tab, with 50
contracts, 500 orders and 2,000 entries in its timeline, beside the same tabs of a customer with
a tenth of them; a statement that reads or writes counts as one, whoever sends it.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from typing import TYPE_CHECKING, Any  # noqa: E402
from unittest.mock import patch  # noqa: E402

from benchmarks import bench  # noqa: E402
from benchmarks.desk import AT_MOST, HEADING, account_manager, compare  # noqa: E402

if TYPE_CHECKING:
    from django.test import Client

    from customers.models import Customer

LIST = "/admin/contracts/contract/"
TABS = ("overview", "contracts", "orders", "billing", "history")
FEW, MANY = (5, 50, 200), (50, 500, 2_000)
"""Contracts, orders and entries of a customer's timeline."""
ROWS = 50
PAGE = 1_000

_MADE = """
INSERT INTO contracts_contract (public_id, customer_id, signed_by_id, signed_on, starts_on, ends_on,
    renewal, notice_months, notice_given_on, source)
SELECT gen_random_uuid(), c.ids[1 + n % cardinality(c.ids)],
    CASE WHEN n % 3 = 0 THEN p.ids[1 + n % cardinality(p.ids)] END,
    d.day, CASE WHEN n % 50 = 0 THEN current_date + 30 ELSE d.day END,
    CASE n % 20 WHEN 1 THEN current_date + 20 WHEN 2 THEN d.day + 30 END,
    'open_ended', 1, CASE n % 20 WHEN 1 THEN current_date - 1 WHEN 2 THEN d.day END, 'staff'
FROM generate_series(1, %s) AS n,
    (SELECT array_agg(id) AS ids FROM customers_customer) AS c,
    (SELECT array_agg(id) AS ids FROM customers_person) AS p,
    LATERAL (SELECT current_date - 40 - (n %% 3000)::integer AS day) AS d
""".replace("n % ", "n %% ")

_COLUMNS = (
    "t.id, t.public_id, t.number, t.signed_on, t.starts_on, t.ends_on, t.renewal,"
    " t.notice_given_on, c.public_id, c.number, c.company_name, c.kind, c.legal_form, c.owner_id,"
    " p.public_id, p.first_name, p.last_name"
)


def rows_where(condition: str) -> str:
    """The statement of a page of the list."""
    return (
        f"SELECT {_COLUMNS} FROM contracts_contract t"
        " JOIN customers_customer c ON c.id = t.customer_id"
        " LEFT JOIN customers_person p ON p.id = t.signed_by_id"
        f" WHERE {condition} ORDER BY t.id DESC LIMIT {ROWS + 1}"
    )


IN_FORCE = (
    "t.starts_on <= current_date AND t.notice_given_on IS NULL"
    " AND (t.ends_on IS NULL OR t.ends_on >= current_date OR t.renewal = 'renews')"
)
NOTICE_GIVEN = "t.notice_given_on IS NOT NULL AND t.ends_on >= current_date"


def main() -> None:
    words = bench.parser(__doc__ or "", persons=2_000)
    words.add_argument("--contracts", type=int, default=1_000_000, help="how long the list is")
    asked = words.parse_args()
    with bench.own_database():
        bench.fill(asked.persons[0], asked.seed)
        histories = {sizes: a_customer(*sizes) for sizes in (FEW, MANY)}
        with bench.site_connection() as connection:
            connection.execute("SET statement_timeout = 0")
            connection.execute(_MADE, [asked.contracts])
        bench.analyse()
        bench.print_machine()
        client = account_manager()
        measure_list(client, asked.contracts, asked.rounds)
        measure_customers(client, histories, asked.rounds)


# --- the list -------------------------------------------------------------------------------------


def measure_list(client: "Client", contracts: int, rounds: int) -> None:
    """Its first page, two narrowed ones, and one that is a long way from the first."""
    bench.print_goal(f"a page of the contracts ≤ {AT_MOST} × the raw query and template")
    print(f"{contracts:,} contracts, {rounds} rounds; milliseconds")
    print(HEADING)
    key, after = last_before(PAGE)
    for name, query, condition in (
        ("first page", "", "true"),
        ("in force", "?state=in_force", IN_FORCE),
        ("notice given", "?state=notice_given", NOTICE_GIVEN),
        (f"page {PAGE:,}", f"?after={after}", f"t.id < {key}"),
    ):
        compare(name, client, f"{LIST}{query}", rows_where(condition), rounds)


def last_before(page: int) -> tuple[int, str]:
    """The key and the public ID of the last contract on the page before this one."""
    statement = "SELECT id, public_id FROM contracts_contract ORDER BY id DESC OFFSET %s LIMIT 1"
    with bench.site_connection() as connection:
        [row] = connection.execute(statement, [(page - 1) * ROWS - 1]).fetchall()
    return int(row[0]), str(row[1])


# --- the customer page ----------------------------------------------------------------------------


def a_customer(contracts: int, orders: int, entries: int) -> "Customer":
    """A company with so many contracts of four services each, and so many orders and entries.

    The newest orders have lines; the older ones are those of the long history.
    """
    from django.utils import timezone

    from contracts.models import Product
    from tests.builders import a_company, a_contact_person, a_person
    from tests.contract_builders import a_contract, a_subscription, an_order
    from tests.histories import a_long_history

    company, person = a_company(f"Mittaus {contracts} Oy"), a_person("Maija", "Mittaaja")
    a_contact_person(person, company)
    service, *more = Product.objects.filter(kind=Product.Kind.SERVICE).order_by("pk")[:3]
    for _ in range(contracts):
        contract = a_contract(company, signed_by=person)
        for _ in range(4):
            a_subscription(contract, service, user=person)
    with bench.site_connection() as connection:
        a_long_history(connection, company, person, entries)
        [(made,)] = connection.execute(
            "SELECT count(*) FROM contracts_order WHERE customer_id = %s", [company.pk]
        ).fetchall()
    for _ in range(orders - made):
        an_order(company, [service, *more], person, ordered_on=timezone.localdate())
    return company


def measure_customers(
    client: "Client", histories: "dict[tuple[int, int, int], Customer]", rounds: int
) -> None:
    """Each tab of both customers in turn."""
    few, many = histories[FEW], histories[MANY]
    bench.print_goal("customer page: as many statements for ten times as much")
    print(f"{'tab':24} statements {'few':>8} {'p95':>8} {'many':>8} {'p95':>8}  ratio")
    for tab in TABS:
        addresses = [f"/customers/{one.public_id}/{tab}/" for one in (few, many)]
        counts = [statements(client, address) for address in addresses]
        short, long = bench.alternate(
            rounds,
            *(bench.Work(lambda _, address=address: client.get(address)) for address in addresses),  # type: ignore[misc]
        )
        same = f"{counts[1]:10}" if counts[0] == counts[1] else f"{counts[0]:4} → {counts[1]:3}"
        print(f"{tab:24} {same} {short} {long}  {long.median / short.median:5.2f}")


def statements(client: "Client", address: str) -> int:
    """How many statements the page sends, through Django or our own SQL."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from audit import sql

    fetch, own = sql.prepared_rows, []

    def remember(statement: str, params: Any) -> list[dict[str, Any]]:
        own.append(statement)
        return fetch(statement, params)

    with (
        patch.object(sql, "prepared_rows", remember),
        CaptureQueriesContext(connection) as captured,
    ):
        answered = client.get(address)
    if answered.status_code != 200:
        raise RuntimeError(f"{address} answered {answered.status_code}.")
    return len(captured) + len(own)


if __name__ == "__main__":
    main()
