"""Every row of the table of periods, one day before and one day after (domain §5)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models

from audit.models import LogEntry
from datamap.declarations import registry
from privacy.forgetting.periods import is_due
from tests.aging import long_ago, write_all
from tests.builders import a_person
from tests.filled import fill, without_checks
from tests.request_builders import the_registrar

pytestmark = pytest.mark.django_db(transaction=True)

NEVER = date(2100, 1, 1)
CALENDAR_YEAR = (12, 31)


@dataclass(frozen=True)
class Row:
    """A rule: what it is counted from, that day, and the first day on which the record goes.

    `also` is what else is written into the records of the model, as SQL.
    """

    model: str
    after: str
    day: date
    goes_on: date | None
    also: str = ""
    year_ends: tuple[int, int] = CALENDAR_YEAR


LEAP = date(2024, 2, 29)
NOTICE = "renewal = 'renews', notice_given_on = '2023-02-01'"
RENEWS = "renewal = 'renews', notice_given_on = NULL"
NO_CUSTOMER, NO_CASE = "customer_id = NULL", "interaction_id = NULL"
A_CUSTOMER = "customer_id = (SELECT min(id) FROM customers_customer)"
A_CASE = (
    "interaction_id = (SELECT min(id) FROM customers_interaction WHERE customer_id IS NOT NULL)"
)
BEFORE = date(2000, 1, 1)
HAPPENED_BEFORE = "happened_at = '2000-01-01'"
HAPPENED = "happened_at = '2024-02-29 00:30 Europe/Helsinki'"
SENT_BEFORE = f"{A_CASE}, sent_at = '2000-01-01'"
CUSTOMER_ENDED = "interaction__customer__ended_on"
ROWS = [
    # Customer and user identity: relationship ended, 3 years
    Row("customers.customer", "ended_on", date(2023, 5, 4), date(2026, 5, 4)),
    Row("customers.customer", "ended_on", LEAP, date(2027, 2, 28)),
    Row("customers.serviceuser", "ended_on", LEAP, date(2027, 2, 28)),
    Row("customers.serviceuser", "customer__ended_on", LEAP, date(2027, 2, 28)),
    Row("customers.person", "created_at", date(2023, 2, 28), date(2024, 2, 28)),
    Row("customers.contactpoint", "ended_on", LEAP, date(2025, 2, 28)),
    Row("customers.address", "valid_until", date(2021, 2, 28), date(2024, 2, 28)),
    # Company contact: role ended, 12 months
    Row("customers.contactperson", "ended_on", LEAP, date(2025, 2, 28)),
    Row("customers.contactperson", "ended_on", date(2023, 3, 1), date(2024, 3, 1)),
    Row("customers.contactperson", "customer__ended_on", LEAP, date(2025, 2, 28)),
    Row("consents.workduty", "ended_on", LEAP, date(2025, 2, 28)),
    Row("consents.workduty", "contact_person__ended_on", LEAP, date(2025, 2, 28)),
    Row("contracts.billingcontact", "ended_on", LEAP, date(2025, 2, 28)),
    Row("contracts.billingcontact", "billing_account__closed_on", LEAP, date(2025, 2, 28)),
    Row("contracts.billingcontact", "billing_account__customer__ended_on", LEAP, date(2025, 2, 28)),
    # Contract, services, devices: contract ended, 3 years
    Row("contracts.contract", "ends_on", LEAP, date(2027, 2, 28), "renewal = 'ends'"),
    Row("contracts.contract", "ends_on", LEAP, None, RENEWS),
    Row("contracts.contract", "ends_on", LEAP, date(2027, 2, 28), NOTICE),
    Row("contracts.contract", "customer__ended_on", LEAP, date(2027, 2, 28), RENEWS),
    Row("contracts.subscription", "terminated_on", LEAP, date(2027, 2, 28)),
    Row("contracts.subscription", "customer__ended_on", LEAP, date(2027, 2, 28)),
    Row("contracts.servicechange", "changed_on", LEAP, date(2027, 2, 28)),
    Row("contracts.devicehandover", "came_back_on", LEAP, date(2027, 2, 28)),
    Row("contracts.devicehandover", "customer__ended_on", LEAP, date(2027, 2, 28)),
    Row("contracts.device", "created_at", LEAP, date(2027, 2, 28)),
    Row("contracts.billingaccount", "closed_on", LEAP, date(2027, 2, 28)),
    Row("contracts.billingaccount", "customer__ended_on", LEAP, date(2027, 2, 28)),
    # Orders, invoices, vouchers: six years from the end of the calendar year of the financial year
    Row("contracts.invoice", "issued_on", date(2026, 1, 1), date(2033, 1, 1)),
    Row("contracts.invoice", "issued_on", date(2026, 12, 31), date(2033, 1, 1)),
    Row("contracts.invoice", "issued_on", date(2024, 3, 31), date(2031, 1, 1), year_ends=(3, 31)),
    Row("contracts.invoice", "issued_on", date(2023, 4, 1), date(2031, 1, 1), year_ends=(3, 31)),
    Row("contracts.invoice", "issued_on", date(2024, 4, 1), date(2032, 1, 1), year_ends=(3, 31)),
    Row("contracts.order", "ordered_on", date(2024, 2, 28), date(2031, 1, 1), year_ends=(2, 28)),
    Row("contracts.order", "ordered_on", LEAP, date(2031, 1, 1), year_ends=(2, 28)),
    Row("contracts.order", "ordered_on", date(2024, 3, 1), date(2032, 1, 1), year_ends=(2, 28)),
    Row("contracts.return", "happened_on", date(2024, 6, 30), date(2031, 1, 1), year_ends=(6, 30)),
    Row("contracts.return", "happened_on", date(2024, 7, 1), date(2032, 1, 1), year_ends=(6, 30)),
    # Collection: paid or time-barred, then as a voucher
    Row("contracts.collectioncase", "closed_on", date(2026, 12, 31), date(2033, 1, 1)),
    # Service history: contact closed, 3 years
    Row("customers.interaction", "closed_at", LEAP, date(2027, 2, 28)),
    Row("customers.interaction", "customer__ended_on", LEAP, date(2027, 2, 28), HAPPENED_BEFORE),
    Row("customers.interaction", "customer__ended_on", BEFORE, date(2027, 2, 28), HAPPENED),
    Row("customers.interaction", "happened_at", LEAP, date(2027, 2, 28), NO_CUSTOMER),
    Row("customers.interaction", "happened_at", LEAP, None, A_CUSTOMER),
    Row("customers.identitycheck", "interaction__closed_at", LEAP, date(2027, 2, 28)),
    # Offer not accepted: expired or declined, 12 months
    Row("contracts.offer", "declined_on", LEAP, date(2025, 2, 28)),
    Row("contracts.offer", "valid_until", LEAP, date(2025, 2, 28)),
    # Offer accepted: a part of the contract, as a voucher
    Row("contracts.offer", "accepted_on", LEAP, date(2031, 1, 1)),
    Row("contracts.offer", "accepted_on", date(2024, 4, 1), date(2032, 1, 1), year_ends=(3, 31)),
    # Calls and video: recorded, 6 months
    Row("recordings.recording", "started_at", date(2023, 8, 31), LEAP),
    Row("recordings.recording", "started_at", date(2024, 8, 31), date(2025, 2, 28)),
    Row("recordings.recordinghold", "released_at", LEAP, date(2027, 2, 28)),
    Row("recordings.recordinghold", "until", LEAP, date(2027, 2, 28)),
    Row("recordings.reassignment", "made_at", LEAP, date(2027, 2, 28)),
    # E-mail and messages: case closed, 24 months
    Row("recordings.storedmessage", "interaction__closed_at", LEAP, date(2026, 2, 28)),
    Row("recordings.storedmessage", "sent_at", LEAP, None, A_CASE),
    Row("recordings.storedmessage", CUSTOMER_ENDED, LEAP, date(2026, 2, 28), SENT_BEFORE),
    Row("recordings.storedmessage", "sent_at", LEAP, date(2026, 2, 28), NO_CASE),
    # Consent evidence: withdrawn, 3 years; extras 30 days
    Row("consents.consent", "withdrawn_at", LEAP, date(2027, 2, 28)),
    Row("consents.consent", "given_at", LEAP, None),  # others rest on it: test_what_holds
    Row("consents.supplementaryinformation", "consent__withdrawn_at", LEAP, date(2024, 3, 30)),
    Row("consents.supplementaryinformation", "erase_by", LEAP, LEAP),
    Row("consents.supplementaryinformation", "collected_at", LEAP, date(2027, 2, 28)),
    Row("consents.marketinglistrow", "marketing_list__expires_on", LEAP, date(2024, 3, 1)),
    # Prohibition: until revoked; what was chosen before it, 3 years after
    Row("consents.marketingchoice", "at", date(2000, 1, 1), None),
    # Request files: closed, 3 years
    Row("privacy.subjectrequest", "closed_at", LEAP, date(2027, 2, 28)),
    *(
        Row(f"privacy.{name}", "request__closed_at", LEAP, date(2027, 2, 28))
        for name in (
            *("requestpause", "requesttask", "requestnote", "requestattachment", "requestletter"),
            *("package", "rectification", "erasuredecision", "objection", "staffnamesdecision"),
            *("recipientnotice", "statechange", "requestreminder"),
        )
    ),
    Row("privacy.packagefile", "package__expires_on", LEAP, LEAP),
    Row("privacy.proposedredaction", "package__request__closed_at", LEAP, date(2027, 2, 28)),
    Row("customers.restriction", "lifted_at", LEAP, date(2027, 2, 28)),
    Row("customers.hold", "released_at", LEAP, date(2027, 2, 28)),
    Row("customers.hold", "until", LEAP, date(2027, 2, 28)),
    Row("accounts.disclosedperson", "disclosure__made_at", LEAP, date(2027, 2, 28)),
    # Breach register: closed, 5 years
    Row("privacy.breachaffected", "breach__closed_at", LEAP, date(2029, 2, 28)),
]


def test_each_record_stays_to_its_last_day_and_goes_on_the_next(
    owner: psycopg.Connection[Any], settings: Any
) -> None:
    wrong = []
    with without_checks(owner):
        fill(a_person("Zetalla", "Qvantelo", phones=["040 000 0011"]), the_registrar(), owner)
        long_ago(owner)
        for row in ROWS:
            settings.FINANCIAL_YEAR_END = row.year_ends
            with owner.transaction(force_rollback=True):
                _let_it_be(owner, row)
                last = (row.goes_on or NEVER) - timedelta(days=1)
                found = [_is_due(owner, row, last), _is_due(owner, row, last + timedelta(days=1))]
            if found != [False, row.goes_on is not None]:
                wrong.append((row, found))
        with owner.transaction(force_rollback=True):
            choice = Row("consents.marketingchoice", "at", date(2000, 1, 1), date(2027, 2, 28))
            _let_it_be(owner, choice)
            owner.execute(_ANOTHER_CHOICE)
            assert not _is_due(owner, choice, date(2027, 2, 27))
            assert _is_due(owner, choice, date(2027, 2, 28))
    assert wrong == []


def test_the_table_has_every_rule_that_ends_by_itself() -> None:
    tabled = {(row.model, row.after) for row in ROWS}
    declared = {
        (one.model._meta.label_lower, rule.after)
        for one in registry
        for rule in one.retention
        if one.model is not LogEntry and not (rule.ends_with and one.goes_with)
    }
    assert declared == tabled


# --- a record as it would be ----------------------------------------------------------------------

_ANOTHER_CHOICE = """
ALTER TABLE consents_marketingchoice DISABLE TRIGGER USER;
INSERT INTO consents_marketingchoice
    (public_id, person_id, channel, product_group, choice, source, evidence, at)
SELECT gen_random_uuid(), person_id, channel, product_group, 'withdrawn', source, evidence,
    '2024-02-29 00:30 Europe/Helsinki'
FROM consents_marketingchoice;
"""


def _let_it_be(owner: psycopg.Connection[Any], row: Row) -> None:
    """Let the day of the row be the only one from which records of its model are kept."""
    model = apps.get_model(row.model)
    for rule in registry[model].retention:
        if rule.after != row.after:
            _write(owner, *_column(model, rule.after), None)
    if row.also:
        write_all(owner, model._meta.db_table, row.also)
    _write(owner, *_column(model, row.after), row.day)


def _column(model: Any, path: str) -> tuple[str, Any]:
    """The table and the field at the end of a path."""
    *steps, last = path.split("__")
    for name in steps:
        model = model._meta.get_field(name).related_model
    return model._meta.db_table, model._meta.get_field(last)


def _write(owner: psycopg.Connection[Any], table: str, field: Any, day: date | None) -> None:
    if day is None and not field.null:
        day = NEVER
    if day is None:
        write_all(owner, table, f"{field.column} = NULL")
    elif isinstance(field, models.DateTimeField):  # the day before, by the clock of UTC
        write_all(owner, table, f"{field.column} = '{day} 00:30 Europe/Helsinki'")
    else:
        write_all(owner, table, f"{field.column} = '{day}'")


def _is_due(owner: psycopg.Connection[Any], row: Row, day: date) -> bool:
    """Whether any record of the model has had its time; asked where nothing is committed."""
    declaration = registry[apps.get_model(row.model)]
    question = is_due(declaration, day, {})
    assert question is not None
    rows: Any = declaration.model._default_manager.filter(question).order_by()
    asked, params = rows.keys_only().query.sql_with_params()
    return bool(owner.execute(asked.encode(), params).fetchall())
