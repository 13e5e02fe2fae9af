"""The checks notice how records cannot go: links that lead nowhere, or cannot be emptied."""

from dataclasses import replace
from typing import Any

import pytest
from django.db.models import Q

from contracts.models import Subscription
from customers.models import Address, ContactPerson
from datamap.checks import check_declaration, check_declarations
from datamap.declarations import Keep, Registry, registry
from privacy.checks import check_holding
from privacy.forgetting import ties


def ids_of(errors: Any) -> set[str]:
    return {error.id for error in errors}


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"goes_with": ["city"], "goes_early_with": []}, "E009"),
        ({"lets_go": ["street"]}, "E009"),
        ({"lets_go": ["person"]}, "E012"),
        ({"goes_early_with": ["street"]}, "E012"),
        ({"needs_little": ["street"]}, "E009"),
        ({"needs_little": ["person"]}, "E012"),
        ({"holds_while": {"city": Q()}}, "E012"),
        ({"reduces_to": {"shoe_size": ""}}, "E013"),
        ({"retention": [Keep(years=1, after="valid_until", because="x")] * 2}, "E014"),
        ({"retention": [Keep(years=1, after="valid_until", because="x", since="y")]}, "E015"),
    ],
)
def test_a_way_to_go_that_cannot_be_gone_is_an_error(values: dict[str, Any], error: str) -> None:
    declaration = replace(registry[Address], **values)
    assert ids_of(list(check_declaration(declaration))) == {f"datamap.{error}"}


def test_a_link_that_cannot_be_empty_is_not_let_go() -> None:
    declaration = replace(registry[ContactPerson], lets_go=["person"])
    assert ids_of(list(check_declaration(declaration))) == {"datamap.E010"}


def test_a_model_outside_the_register_does_not_lead_into_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoiled = Registry()
    spoiled._declared = {
        model: one for model, one in registry._declared.items() if model is not Address
    }
    spoiled._impersonal = {**registry._impersonal, "customers.Address": "A test."}
    monkeypatch.setattr("datamap.checks.registry", spoiled)

    assert "datamap.E011" in ids_of(check_declarations(None))


def test_records_that_hold_each_other_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_holding(None) == []
    going = replace(registry[Subscription], goes_with=["customer"])  # and its contract holds her
    spoiled = Registry()
    spoiled._declared = {**registry._declared, Subscription: going}
    monkeypatch.setattr(ties, "registry", spoiled)
    for found in (ties.ties_of, ties.holders_of, ties.holding_parts, ties.in_order):
        found.cache_clear()
    try:
        assert ids_of(check_holding(None)) == {"privacy.E001"}
    finally:
        for found in (ties.ties_of, ties.holders_of, ties.holding_parts, ties.in_order):
            found.cache_clear()
