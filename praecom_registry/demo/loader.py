"""Writes generated batches with COPY, each person with her row in the log.

Everything goes through the site's own role, its constraints and triggers: what a demo register
holds could have been entered by hand. One transaction: all of it, or nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts.models import User
from audit.context import require
from audit.log import Action
from audit.sql import copy_rows, keys_sql, run_sql
from consents.models import MarketingChoice, Wording
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Hold,
    Interaction,
    Person,
    Restriction,
    ServiceUser,
)
from datamap.declarations import registry
from praecom_registry.demo import rows, texts
from praecom_registry.demo.people import (
    FIRST_CUSTOMER_NUMBER,
    FIRST_USER_NUMBER,
    USER_ID_LETTER,
    Plan,
    batches,
)
from praecom_registry.demo.scene import HELSINKI, Scene

KeyOf = Callable[[Any], int | None]


@dataclass(frozen=True)
class Table:
    """Where the rows of one list of a batch go; the references come first in each row."""

    model: type[models.Model]
    batch_list: str
    row: type[tuple[Any, ...]]
    references: tuple[str, ...]

    @property
    def columns(self) -> list[str]:
        fields: tuple[str, ...] = self.row._fields  # type: ignore[attr-defined]
        return [*self.references, *fields[len(self.references) :]]


PERSONS = Table(Person, "persons", rows.PersonRow, ())
CUSTOMERS = Table(Customer, "customers", rows.CustomerRow, ("owner_id",))
THEIRS = (
    Table(ContactPoint, "contact_points", rows.ContactPointRow, ("person_id", "customer_id")),
    Table(ContactPerson, "contact_persons", rows.ContactPersonRow, ("person_id", "customer_id")),
    Table(ServiceUser, "service_users", rows.ServiceUserRow, ("person_id", "customer_id")),
    Table(Address, "addresses", rows.AddressRow, ("person_id", "customer_id")),
    Table(
        Interaction,
        "interactions",
        rows.InteractionRow,
        ("person_id", "customer_id", "handled_by_id"),
    ),
    Table(MarketingChoice, "choices", rows.ChoiceRow, ("person_id", "wording_id")),
)
SAFEGUARDS = (
    Table(
        Restriction,
        "restrictions",
        rows.RestrictionRow,
        ("person_id", "restricted_by_id", "lifted_by_id"),
    ),
    Table(Hold, "holds", rows.HoldRow, ("person_id", "placed_by_id")),
)


@dataclass(frozen=True)
class Staff:
    """Who handled the contacts, and who placed restrictions and holds."""

    handlers: list[int]
    registrars: list[int]


def staff_there_is() -> Staff:
    """The staff of the register by role; demo data names nobody else."""

    def with_role(*roles: str) -> list[int]:
        found = User.objects.filter(groups__name__in=roles).order_by("pk").distinct()
        return list(found.values_list("pk", flat=True))

    return Staff(with_role("agent", "account_manager"), with_role("registrar"))


def persons_there_are() -> int:
    """How many persons the register holds."""
    return Person.objects.count()


def numbers_after_the_last() -> tuple[int, int]:
    """The first free customer number and user number, so that added data collides with none."""
    [last] = keys_sql(
        "SELECT (SELECT coalesce(max(number::bigint), 0) FROM customers_customer"
        " WHERE number ~ '^[0-9]{1,15}$') AS customer,"
        " (SELECT coalesce(max(substr(user_id, 2)::bigint), 0) FROM customers_serviceuser"
        " WHERE user_id ~ %(pattern)s) AS service_user",
        {"pattern": f"^{USER_ID_LETTER}[0-9]{{1,15}}$"},
    )
    return (
        max(last["customer"] + 1, FIRST_CUSTOMER_NUMBER),
        max(last["service_user"] + 1, FIRST_USER_NUMBER),
    )


def load(plan: Plan, staff: Staff, progress: Callable[[int], None]) -> None:
    """Write the plan's persons inside the open access context; tell after each batch how many.

    Foreign keys are checked as the rows come: kept for the commit, the checks of a million
    persons would fill the server's memory.
    """
    run_sql("SET LOCAL statement_timeout = 0")
    run_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    run_sql("SET CONSTRAINTS ALL IMMEDIATE")
    wordings = _wordings(plan.today)
    tables = (*THEIRS, *SAFEGUARDS) if staff.registrars else THEIRS
    done = 0
    for batch in batches(plan):
        persons = _reserve_keys(Person, len(batch.persons))
        customers = _reserve_keys(Customer, len(batch.customers))
        key_of: dict[str, KeyOf] = {
            "person_id": persons.__getitem__,
            "owner_id": persons.__getitem__,
            "customer_id": customers.__getitem__,
            "wording_id": wordings.__getitem__,
            **_staff_keys(staff),
        }
        _copy(PERSONS, batch.persons, key_of, persons)
        _copy(CUSTOMERS, batch.customers, key_of, customers)
        for table in tables:
            _copy(table, getattr(batch, table.batch_list), key_of)
        _write_log(persons, _models_of_persons(batch, tables))
        done += len(persons)
        progress(done)


def _staff_keys(staff: Staff) -> dict[str, KeyOf]:
    """Any place among the staff, by the number that the generator drew."""

    def handler(number: int) -> int | None:
        return staff.handlers[number % len(staff.handlers)] if staff.handlers else None

    def registrar(number: int) -> int:
        return staff.registrars[number % len(staff.registrars)]

    return {
        "handled_by_id": handler,
        "restricted_by_id": registrar,
        "lifted_by_id": registrar,
        "placed_by_id": registrar,
    }


def _wordings(today: date) -> dict[tuple[int, str], int]:
    """The keys of the demo wordings by version and language; made when first needed."""
    keys = {}
    for (version, language), text in texts.WORDINGS.items():
        since = today - timedelta(days=texts.WORDING_SINCE_DAYS[version])
        wording, _made = Wording.objects.get_or_create(
            name=texts.WORDING_NAME,
            version=version,
            language=language,
            defaults={
                "text": text,
                "created_at": datetime.combine(since, time(), HELSINKI),
                "public_id": Scene(Random(f"wording {version} {language}"), today).uuid(),
            },
        )
        keys[version, language] = wording.pk
    return keys


def _reserve_keys(model: type[models.Model], number: int) -> list[int]:
    table = model._meta.db_table
    reserved = keys_sql(
        f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) AS key"
        " FROM generate_series(1, %(number)s::integer)",
        {"number": number},
    )
    return [row["key"] for row in reserved]


def _copy(
    table: Table,
    batch_rows: Sequence[tuple[Any, ...]],
    key_of: dict[str, KeyOf],
    own_keys: list[int] | None = None,
) -> None:
    with_keys = _with_keys(batch_rows, [key_of[name] for name in table.references])
    if own_keys is None:
        copy_rows(table.model._meta.db_table, table.columns, with_keys)
    else:
        numbered = ((key, *row) for key, row in zip(own_keys, with_keys, strict=True))
        copy_rows(table.model._meta.db_table, ["id", *table.columns], numbered)


def _with_keys(
    batch_rows: Iterable[tuple[Any, ...]], getters: list[KeyOf]
) -> Iterator[tuple[Any, ...]]:
    """Each row with keys in the stead of its references."""
    width = len(getters)
    for row in batch_rows:
        yield (
            *(
                None if place is None else get(place)
                for place, get in zip(row, getters, strict=False)
            ),
            *row[width:],
        )


def _models_of_persons(batch: rows.Batch, tables: Iterable[Table]) -> list[set[type[models.Model]]]:
    """For each person the models that hold something of hers."""
    found: list[set[type[models.Model]]] = [{Person} for _ in batch.persons]
    for table in (CUSTOMERS, *tables):
        for row in getattr(batch, table.batch_list):
            if row[0] is not None:
                found[row[0]].add(table.model)
    return found


def _write_log(persons: list[int], models_of: list[set[type[models.Model]]]) -> None:
    """One row for each person created, with the categories of all that was written of her."""
    context = require()
    categories = {
        model: registry[model].categories_of(tuple(registry[model].fields))
        for model in set().union(*models_of)
    }
    words = [
        ",".join(sorted(frozenset().union(*(categories[model] for model in of_one))))
        for of_one in models_of
    ]
    run_sql(
        "INSERT INTO audit_logentry (action, subject, categories, actor_label, unit, purpose,"
        " reason, route, cid, content_type_id, object_pk, object_id)"
        " SELECT %(action)s, p.public_id, string_to_array(n.categories, ','), %(actor)s, '',"
        " %(purpose)s, '', %(route)s, %(cid)s, %(content_type)s, p.id::text, p.id"
        " FROM unnest(%(persons)s::bigint[], %(categories)s::text[]) AS n(id, categories)"
        " JOIN customers_person p ON p.id = n.id ORDER BY p.id",
        {
            "action": int(Action.CREATE),
            "actor": context.actor_label,
            "purpose": context.purpose,
            "route": context.route,
            "cid": str(context.request_id),
            "content_type": ContentType.objects.get_for_model(Person).pk,
            "persons": persons,
            "categories": words,
        },
    )
