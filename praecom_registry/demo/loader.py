"""Writes generated batches with COPY, each person with her row in the log.

Everything goes through the site's own role, its constraints and triggers: what a demo register
holds could have been entered by hand. One transaction: all of it, or nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import models

from accounts.models import User
from audit.sql import copy_rows, keys_sql, run_sql
from consents.hashing import digest_of
from consents.models import RobinsonEntry, Survey, SurveyQuestion, Wording
from contracts.dates import add_months
from contracts.models import Product
from customers.models import Person
from praecom_registry.demo import consent_texts, texts
from praecom_registry.demo.catalogue import CATALOGUE
from praecom_registry.demo.people import (
    FIRST_CUSTOMER_NUMBER,
    FIRST_USER_NUMBER,
    USER_ID_LETTER,
    Plan,
    batches,
)
from praecom_registry.demo.recording import write_log
from praecom_registry.demo.rows import Batch
from praecom_registry.demo.scene import HELSINKI, Scene
from praecom_registry.demo.tables import REFERRED_TO, SAFEGUARDS, TABLES, Table

KeyOf = Callable[[Any], int | None]

_ONE_LISTED_OF = 23
"""Of so many contact points one, if it is a number, stands on the Robinson list."""


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
    fixed: dict[Any, KeyOf] = {
        Wording: _wordings(plan.today).__getitem__,
        Product: _products(plan.today).__getitem__,
    }
    tables = [table for table in TABLES if staff.registrars or table not in SAFEGUARDS]
    _survey(plan.today)
    done = 0
    for batch in batches(plan):
        if plan.persons_before:
            _give_no_identifier_twice(batch)
        persons = _load(batch, tables, fixed, staff)
        write_log(batch, tables, persons)
        _list_some(batch, plan.today)
        done += len(persons)
        progress(done)


def _load(
    batch: Batch, tables: Sequence[Table], fixed: Mapping[Any, KeyOf], staff: Staff
) -> Sequence[int]:
    """Write a batch; returns the keys of its persons, in order."""
    keys: dict[type[models.Model], Sequence[int]] = {}
    for table in tables:
        batch_rows = getattr(batch, table.batch_list)
        if table.model in REFERRED_TO:
            keys[table.model] = _reserve_keys(table, len(batch_rows))
        getters = [
            fixed[target]
            if target in fixed
            else _staff_key(staff, name)
            if target is User
            else keys[target].__getitem__
            for name, target in zip(table.fields, table.targets, strict=False)
        ]
        _copy(table, batch_rows, getters, keys.get(table.model))
        if table.lines_of is not None:
            whole = table.lines_of
            _complete(whole, getattr(batch, whole.batch_list), keys[whole.model])
    return keys[Person]


def _staff_key(staff: Staff, name: str) -> KeyOf:
    """Any place among the staff, by the number that the generator drew."""
    places = staff.handlers if name == "handled_by" else staff.registrars

    def key(number: int) -> int | None:
        return places[number % len(places)] if places else None

    return key


def _wordings(today: date) -> dict[tuple[int | str, str], int]:
    """The keys of the demo wordings; made when first needed.

    One of direct marketing is named by its version and language, one of a consent by its purpose.
    """
    keys: dict[tuple[int | str, str], int] = {}
    for (version, language), text in texts.WORDINGS.items():
        keys[version, language] = _wording(today, texts.WORDING_NAME, version, language, text)
    for (purpose, language), text in consent_texts.WORDINGS.items():
        keys[purpose, language] = _wording(today, purpose, 1, language, text)
    return keys


def _wording(today: date, name: str, version: int, language: str, text: str) -> int:
    since = today - timedelta(days=texts.WORDING_SINCE_DAYS[version])
    of = f"{version} {language}" if name == texts.WORDING_NAME else f"{name} {language}"
    wording, _made = Wording.objects.get_or_create(
        name=name,
        version=version,
        language=language,
        defaults={
            "text": text,
            "created_at": datetime.combine(since, time(), HELSINKI),
            "public_id": Scene(Random(f"wording {of}"), today).uuid(),
        },
    )
    key: int = wording.pk
    return key


def _survey(today: date) -> None:
    """The survey that is open, with its two questions; made when first needed."""
    scene = Scene(Random("survey"), today)
    survey, is_new = Survey.objects.get_or_create(
        topic=consent_texts.SURVEY,
        defaults={
            "public_id": scene.uuid(),
            "closes_on": today + timedelta(days=90),
            **{f"title_{language}": text for language, text in consent_texts.TITLES.items()},
        },
    )
    if not is_new:
        return
    for number, kind in enumerate(SurveyQuestion.Kind.values):
        texts_of = {
            f"text_{name}": asked[number] for name, asked in consent_texts.QUESTIONS.items()
        }
        SurveyQuestion.objects.create(
            public_id=scene.uuid(), survey=survey, place=number + 1, kind=kind, **texts_of
        )


def _list_some(batch: Batch, today: date) -> None:
    """Some of the numbers stand on the Robinson list, as keyed hashes."""
    since = today - timedelta(days=200)
    listed = [
        RobinsonEntry(
            list=RobinsonEntry.List.PHONE,
            digest=digest_of(f"phone:{point.normalised}"),
            listed_on=since,
            expires_on=add_months(since, 36),
        )
        for point in batch.contact_points[::_ONE_LISTED_OF]
        if point.kind == "phone"
    ]
    RobinsonEntry.objects.bulk_create(listed, ignore_conflicts=True)


def _products(today: date) -> dict[str, int]:
    """The keys of the demo products by code; made when first needed."""
    keys = {}
    for code, item in CATALOGUE.items():
        scene = Scene(Random(f"product {code}"), today)
        defaults = {**item._asdict(), "public_id": scene.uuid()}
        product, _made = Product.objects.get_or_create(code=code, defaults=defaults)
        keys[code] = product.pk
    return keys


def _give_no_identifier_twice(batch: Batch) -> None:
    """Leave out subscriber numbers in use: people made with another seed may have them."""
    used = keys_sql(
        "SELECT n.place::integer - 1 AS place"
        " FROM unnest(%(identifiers)s::text[]) WITH ORDINALITY AS n(identifier, place)"
        " WHERE n.identifier <> '' AND EXISTS (SELECT FROM contracts_subscription s"
        " WHERE s.identifier = n.identifier AND s.identifier <> '')",
        {"identifiers": [row.identifier for row in batch.subscriptions]},
    )
    for row in used:
        service = batch.subscriptions[row["place"]]
        batch.subscriptions[row["place"]] = service._replace(identifier="")


def _reserve_keys(table: Table, number: int) -> Sequence[int]:
    """So many keys one after another; where somebody else took one between, others are taken."""
    while number:
        [taken] = keys_sql(
            "SELECT min(k.key) AS first, max(k.key) AS last FROM (SELECT nextval(("
            f"SELECT pg_get_serial_sequence('{table.name}', 'id')::regclass)) AS key"
            " FROM generate_series(1, %(number)s::integer)) AS k",
            {"number": number},
        )
        if taken["last"] - taken["first"] == number - 1:
            return range(taken["first"], taken["last"] + 1)
    return range(0)


def _copy(
    table: Table,
    batch_rows: Sequence[tuple[Any, ...]],
    getters: Sequence[KeyOf],
    own_keys: Sequence[int] | None,
) -> None:
    with_keys = _with_keys(batch_rows, getters, table.later)
    if own_keys is None:
        copy_rows(table.name, table.columns, with_keys)
    else:
        numbered = ((key, *row) for key, row in zip(own_keys, with_keys, strict=True))
        copy_rows(table.name, ["id", *table.columns], numbered)


def _with_keys(
    batch_rows: Sequence[tuple[Any, ...]], getters: Sequence[KeyOf], later: int
) -> Iterator[tuple[Any, ...]]:
    """Each row with keys in the stead of its references, and without what is set later."""
    width = len(getters)
    for row in batch_rows:
        yield (
            *(
                None if place is None else get(place)
                for place, get in zip(row, getters, strict=False)
            ),
            *row[width : len(row) - later],
        )


def _complete(table: Table, batch_rows: Sequence[tuple[Any, ...]], keys: Sequence[int]) -> None:
    """Set, in one statement, what becomes of documents once their lines are there."""
    names = table.fields[-table.later :]
    columns = zip(*(row[-table.later :] for row in batch_rows), strict=True)
    arrays = ", ".join(f"%({name})s::date[]" for name in names)
    run_sql(
        f"UPDATE {table.name} t SET {', '.join(f'{name} = n.{name}' for name in names)}"
        f" FROM unnest(%(keys)s::bigint[], {arrays}) AS n(id, {', '.join(names)})"
        f" WHERE t.id = n.id AND num_nonnulls({', '.join(f'n.{name}' for name in names)}) > 0",
        {"keys": list(keys), **dict(zip(names, map(list, columns), strict=True))},
    )
