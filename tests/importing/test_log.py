"""What the log says of an import, what a dry run leaves, and what a failure does not leave."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connections

from accounts.models import User
from audit.context import AccessPurpose, access_context
from customers.models import Person, Restriction
from tests.builders import a_company, a_contact_person, a_person
from tests.database import site_connection
from tests.importing.files import (
    CONTACT,
    DATA,
    PRIVATE,
    SAMPLES,
    TABLES,
    USER,
    a_file,
    contents,
    imported,
    problems,
    query,
    run,
)
from tests.log import Trail

ROOT = Path(__file__).resolve().parents[2]
READ, CREATED, UPDATED = 3, 0, 1


def models_of(rows: list[dict[str, Any]]) -> Counter[str]:
    """How many rows there are of each kind of object."""
    names = dict(query("SELECT id, model FROM django_content_type"))
    return Counter(names[row["content_type_id"]] for row in rows)


@pytest.mark.django_db
def test_a_new_person_has_one_row_that_says_what_was_written(tmp_path: Path, trail: Trail) -> None:
    imported(tmp_path, {**PRIVATE, "marketing_sms": "no"})

    [row] = trail.rows()
    [(public_id, key)] = query("SELECT public_id, id FROM customers_person")
    assert (row["action"], row["subject"], row["object_id"]) == (CREATED, public_id, key)
    assert (row["actor_label"], row["purpose"]) == ("import_customers", "upkeep")
    assert set(row["categories"]) == {
        "name",
        "phone",
        "email",
        "identifier",
        "services",
        "marketing",
    }
    assert row["changes"]["last_name"] == [None, "***"]


@pytest.mark.django_db
def test_a_new_company_has_a_row_and_a_sole_trader_is_its_subject(
    tmp_path: Path, trail: Trail
) -> None:
    imported(tmp_path, {**CONTACT, "company_name": "Esimerkki Tmi"})
    imported(tmp_path, {**USER, "customer_number": "3"})

    [(trader,)] = query("SELECT public_id FROM customers_person WHERE first_name = 'Eero'")
    companies = [row for row in trail.rows() if row["changes"] and "company_name" in row["changes"]]
    assert [(row["action"], row["subject"]) for row in companies] == [
        (CREATED, trader),
        (CREATED, None),
    ]


@pytest.mark.django_db
def test_each_changed_object_has_a_row_with_its_fields_and_its_person(
    tmp_path: Path, trail: Trail
) -> None:
    imported(tmp_path, CONTACT)
    before = trail.count()

    imported(
        tmp_path,
        {
            **CONTACT,
            "language": "sv",
            "phone": "044 000 0003",
            "position": "ostaja",
            "marketing_email": "yes",
            "source": "letter",
            "company_name": "Uusi Oy",
        },
    )

    new = trail.rows()[before:]
    [(person,)] = query("SELECT public_id FROM customers_person")
    assert [(r["action"], r["subject"]) for r in new if not r["changes"]] == [(READ, person)]
    changed = [row for row in new if row["changes"]]
    assert models_of(changed) == {
        "person": 1,
        "contactpoint": 1,
        "contactperson": 1,
        "marketingchoice": 1,
        "customer": 1,
    }
    fields = {tuple(sorted(row["changes"])): row for row in changed}
    update = fields["language", "source", "source_wording"]
    assert (update["action"], update["subject"], update["categories"]) == (
        (UPDATED, person, ["name"])
    )
    assert {json.dumps(v) for v in update["changes"].values()} == {'["***", "***"]'}
    assert {row["subject"] for row in changed} == {person, None}  # the company is about nobody
    assert len({row["cid"] for row in new}) == 1


@pytest.mark.django_db
def test_the_log_names_nobody_whom_the_file_is_not_about(tmp_path: Path, trail: Trail) -> None:
    company = a_company(CONTACT["company_name"], CONTACT["customer_number"])
    for number in range(5):
        a_contact_person(a_person("Eero", f"Muu{number}", emails=[CONTACT["email"]]), company)
    before = trail.count()

    imported(tmp_path, CONTACT)

    [(new,)] = query("SELECT public_id FROM customers_person ORDER BY id DESC LIMIT 1")
    assert {row["subject"] for row in trail.rows()[before:]} - {None} == {new}


@pytest.mark.django_db
@pytest.mark.parametrize("name", SAMPLES)
def test_everybody_in_a_sample_file_is_in_the_log(name: str, trail: Trail) -> None:
    run(DATA / name)

    everybody = {subject for (subject,) in query("SELECT public_id FROM customers_person")}
    assert trail.subjects() == everybody
    changes = json.dumps([row["changes"] for row in trail.rows()], ensure_ascii=False)
    assert "***" in changes
    values = query(
        "SELECT last_name FROM customers_person UNION SELECT normalised FROM customers_contactpoint"
        " UNION SELECT company_name FROM customers_customer WHERE company_name <> ''"
    )
    assert [value for (value,) in values if value in changes] == []


# --- dry runs and restrictions


@pytest.mark.django_db
def test_a_dry_run_says_what_would_happen_and_changes_nothing(tmp_path: Path, trail: Trail) -> None:
    imported(tmp_path, CONTACT)
    before, rows_before = contents(), trail.count()
    file = a_file(tmp_path, {**CONTACT, "language": "en", "marketing_sms": "no"}, PRIVATE)

    dry = run(file, "--dry-run")

    assert contents() == before
    [row] = trail.rows()[rows_before:]  # she was read, and that did happen
    assert row["action"] == READ
    wet = run(file)
    assert wet.error is None
    assert dry.said.splitlines()[:3] == wet.said.splitlines()[:3]
    assert len(dry.said.splitlines()) == 4
    assert contents() != before


@pytest.fixture
def restricted(staff: Callable[..., User]) -> Person:
    """A contact person whose data is restricted."""
    registrar = staff("registrar")
    person = a_person("Eero", "Esimerkki", emails=[CONTACT["email"]], phones=[CONTACT["phone"]])
    company = a_company(CONTACT["company_name"], CONTACT["customer_number"], CONTACT["business_id"])
    a_contact_person(person, company, position="")
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        Restriction.objects.create(person=person, ground="accuracy", restricted_by=registrar)
    return person


@pytest.mark.parametrize(
    "change",
    [
        {"language": "sv"},
        {"phone": "044 000 0003"},
        {"position": "ostaja"},
        {"marketing_email": "yes"},
        {"marketing_email": "no"},
    ],
)
def test_what_is_restricted_is_not_changed(
    tmp_path: Path, restricted: Person, trail: Trail, change: dict[str, str]
) -> None:
    before, rows_before = contents(), trail.count()

    assert problems(tmp_path, PRIVATE, {**CONTACT, **change}) == [(3, "")]

    assert contents() == before
    [row] = trail.rows()[rows_before:]
    assert (row["action"], row["subject"]) == (READ, restricted.public_id)
    assert "rights" in row["categories"]


def test_a_restricted_person_does_not_stop_a_file_that_changes_nothing_of_hers(
    tmp_path: Path, restricted: Person
) -> None:
    before = query("SELECT * FROM customers_person")

    imported(tmp_path, CONTACT, USER, PRIVATE)

    assert query("SELECT * FROM customers_person ORDER BY id")[:1] == before


def test_a_restriction_that_was_lifted_stops_nothing(tmp_path: Path, restricted: Person) -> None:
    query(
        "UPDATE customers_restriction SET lifted_at = clock_timestamp(),"
        " lifted_by_id = restricted_by_id"
        " RETURNING 1"
    )

    imported(tmp_path, {**CONTACT, "language": "sv"})


# --- failures


@pytest.fixture
def refusing_choices(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """The database refuses every marketing choice, with a message that quotes personal data."""
    owner.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no %', NEW.person_id USING DETAIL = 'Salanimi'; END $$"
    )
    owner.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON consents_marketingchoice"
        " FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    yield
    owner.execute("DROP FUNCTION refuse() CASCADE")


def everything(owner: psycopg.Connection[Any]) -> dict[str, int]:
    counts = {}
    for table in (*TABLES, "audit_logentry"):
        [counts[table]] = owner.execute(f"SELECT count(*) FROM {table}").fetchone() or [0]
    return counts


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_leaves_nothing_and_is_one_sentence(
    refusing_choices: None, owner: psycopg.Connection[Any]
) -> None:
    done = run(DATA / "customers.csv")

    assert done.error is not None
    assert "Salanimi" not in done.error
    assert "\n" not in done.error
    assert set(everything(owner).values()) == {0}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_line", [1, 2])
def test_an_import_killed_on_the_way_leaves_nothing(
    tmp_path: Path, owner: psycopg.Connection[Any], at_line: int
) -> None:
    rows = [{**PRIVATE, "customer_number": str(n), "marketing_sms": "no"} for n in range(20_000)]
    command = [
        *(sys.executable, "manage.py", "import_customers"),
        str(a_file(tmp_path, *rows)),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, env=site_environment(), stderr=subprocess.PIPE, text=True
    ) as importing:
        assert importing.stderr is not None
        for _number in range(at_line):
            assert importing.stderr.readline()
        importing.send_signal(signal.SIGKILL)
    assert importing.returncode == -signal.SIGKILL

    assert set(everything(owner).values()) == {0}


def site_environment() -> dict[str, str]:
    """The environment in which a command works on the test database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = connections["default"].settings_dict["NAME"]
    address = urlunsplit(parts._replace(path=f"/{name}"))
    # A socket's address has no host, and urlunsplit then drops the slashes.
    if "://" not in address:
        address = address.replace(f"{parts.scheme}:", f"{parts.scheme}://", 1)
    return {**os.environ, "DATABASE_URL": address}


@pytest.mark.django_db
def test_an_import_does_not_begin_beside_another_one(tmp_path: Path) -> None:
    with site_connection() as other, other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(hashtext('import_customers'))")

        assert run(a_file(tmp_path, PRIVATE)).error is not None
    assert not any(contents().values())
    imported(tmp_path, PRIVATE)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_do_not_write_the_same_twice(
    tmp_path: Path, owner: psycopg.Connection[Any]
) -> None:
    file = a_file(tmp_path, *({**PRIVATE, "customer_number": str(n)} for n in range(2_000)))
    command = [sys.executable, "manage.py", "import_customers", str(file)]
    both = [
        subprocess.Popen(
            command, cwd=ROOT, env=site_environment(), stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [one.communicate()[1] for one in both]

    assert {one.returncode for one in both} <= {0, 1}, said
    assert 0 in {one.returncode for one in both}, said
    assert "Traceback" not in "".join(said)
    assert everything(owner)["customers_person"] == 2_000
