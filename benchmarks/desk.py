"""The lists of the staff's desk, beside the bare query and template that they are made of.

    python benchmarks/desk.py [--persons 100000] [--rounds 200]

Ours is the page as an account manager gets it from the WSGI application, in one process: session,
rights, the gate, its rows in the log and the commit included. The limit is the same rows by plain
psycopg over the same socket, and the same template with what the page gave it: the records, whose
values it puts into words.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from collections.abc import Callable  # noqa: E402
from typing import TYPE_CHECKING, Any  # noqa: E402

from benchmarks import bench  # noqa: E402

if TYPE_CHECKING:
    from django.test import Client

AT_MOST = 3.0
HEADING = f"{'page':24} {'ours':>8} {'p95':>8} {'limit':>8} {'p95':>8}  ratio"
_COLUMNS = "id, public_id, first_name, last_name, language, source, changed_at"
FIRST_PAGE = f"SELECT {_COLUMNS} FROM customers_person ORDER BY id DESC LIMIT 51"
FOUND = f"""
SELECT {_COLUMNS} FROM customers_person WHERE id IN (
    SELECT person_id FROM customers_lookupkey WHERE key >= 'virtanen' AND key < 'virtaneo'
    ORDER BY key LIMIT 20) ORDER BY id DESC LIMIT 51
"""


def main() -> None:
    asked = bench.options(__doc__ or "", persons=100_000)
    for persons in asked.persons:
        with bench.own_database():
            bench.fill(persons, asked.seed)
            bench.print_machine()
            print(f"\n{persons:,} persons, {asked.rounds} rounds; milliseconds")
            measure(asked.rounds)


def measure(rounds: int) -> None:
    """The first page of the persons, and the page of a search among them."""
    client = account_manager()
    persons = "/admin/customers/person/"
    bench.print_goal("admin list and search: ≤ 3 × the raw query and template")
    print(HEADING)
    compare("first page", client, persons, FIRST_PAGE, rounds)
    client.post(f"{persons}search/", {"q": "virtanen"})
    compare("search", client, persons, FOUND, rounds)


def compare(name: str, client: "Client", address: str, statement: str, rounds: int) -> None:
    """The page at an address, and the statement and template that it is made of, in turn."""
    template, given, request = what_it_shows(client, address)
    ask = a_browser(client, address)

    with bench.site_connection() as connection:

        def page(_: int) -> None:
            ask()

        def limit(_: int) -> None:
            connection.execute(statement, prepare=True).fetchall()
            template.render(given, request)

        ours, least = bench.alternate(rounds, bench.Work(page), bench.Work(limit))
    print(f"{name:24} {ours} {least}  {bench.verdict(ours.median / least.median, AT_MOST)}")


def what_it_shows(client: "Client", address: str) -> tuple[Any, dict[str, Any], Any]:
    """The template of a list, what the page gave it, and the request."""
    from django.template.loader import get_template
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()  # only while it is asked what the template was given
    try:
        shown: Any = client.get(address)
    finally:
        teardown_test_environment()
    if shown.status_code != 200:
        raise RuntimeError(f"The list answered {shown.status_code}.")
    context = shown.context[0].flatten()
    made_anew = {"request", "user", "perms", "csrf_token"}  # by the context processors
    given = {name: value for name, value in context.items() if name not in made_anew}
    return get_template("admin/change_list.html"), given, context["request"]


def a_browser(client: "Client", address: str) -> Callable[[], None]:
    """Asks the WSGI application for a page as a server does, with the client's cookies."""
    from django.core.wsgi import get_wsgi_application

    application: Any = get_wsgi_application()
    browser: Any = client
    path, _, query = address.partition("?")
    asked = {
        **browser._base_environ(),
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": "GET",
    }

    def ask() -> None:
        answered: list[str] = []
        response = application({**asked}, lambda status, _headers: answered.append(status))
        b"".join(response)
        response.close()
        if not answered[0].startswith("200"):
            raise RuntimeError(f"The list answered {answered[0]}.")

    return ask


def account_manager() -> "Client":
    """A browser in which an account manager is signed in who has said what for."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from tests.builders import a_user

    user = a_user(username="benchmark")
    user.groups.add(Group.objects.get(name="account_manager"))
    client = Client()
    client.force_login(user, backend="accounts.backends.StaffBackend")
    client.post("/admin/purpose/", {"purpose": "customer_care"})
    return client


if __name__ == "__main__":
    main()
