"""Each rule that the database holds over several rows: broken through a service, and by SQL.

The SQL is written as the site's role. A rule without an attempt to break it is an error.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.context import AccessPurpose, access_context
from audit.sql import run_sql
from contracts.database_functions import CREATE_SAME_CUSTOMER
from contracts.database_rules import CREATE_RULES
from contracts.rules import SENTENCES
from tests.contracts.attempts import ATTEMPTS

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_versions]

NO_SERVICE = {
    "servicechange_subscription_has_its_customer",  # a change takes the subscription's
    "invoice_billing_account_has_its_customer",  # invoices come from the billing system, by sets
}


@pytest.fixture(autouse=True)
def _in_context() -> Iterator[None]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        yield


@pytest.mark.parametrize("rule", sorted(SENTENCES.keys() - NO_SERVICE))
def test_a_service_says_why_it_cannot_be(rule: str) -> None:
    attempt = ATTEMPTS[rule]().service
    assert attempt is not None
    with pytest.raises(ValidationError, match=re.escape(str(SENTENCES[rule]))):
        attempt()


@pytest.mark.parametrize("rule", SENTENCES)
def test_the_database_refuses_whoever_writes(rule: str) -> None:
    for statement, values in ATTEMPTS[rule]().statements:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            run_sql(statement, values)
        cause: Any = refusal.value.__cause__
        assert cause.diag.constraint_name == rule, statement


def test_every_rule_of_the_database_has_its_sentence() -> None:
    named = set(re.findall(r"CONSTRAINT = '(\w+)'", CREATE_RULES))
    keys = set(re.findall(r"\w+_has_its_customer", CREATE_SAME_CUSTOMER))

    assert named | keys == SENTENCES.keys() == ATTEMPTS.keys()
