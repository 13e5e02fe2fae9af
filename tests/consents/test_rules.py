"""The decision table of direct marketing, row by row, and what no order of events may break."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consents.models import MarketingChoice
from consents.rules import BY_CODE, RULES, Facts, RecipientKind, decide
from contracts.models import Product

NATURAL = Facts(
    kind=RecipientKind.NATURAL,
    channel="email",
    product_group="support",
    told_of_marketing=True,
    source_known=True,
)
WORK = replace(NATURAL, kind=RecipientKind.WORK)
GENERIC = replace(NATURAL, kind=RecipientKind.GENERIC)
OWN_CUSTOMER: dict[str, Any] = {"given_in_a_sale": True, "could_opt_out_then": True}
MOBILE: dict[str, Any] = {"channel": "phone", "product_group": "mobile"}

# The table of domain §3: no relation, own customer, consent.
ROWS = [
    (NATURAL, "email", "no_consent", "own_customer", "consent"),
    (NATURAL, "sms", "no_consent", "own_customer", "consent"),
    (NATURAL, "message", "no_consent", "own_customer", "consent"),
    (NATURAL, "robocall", "no_consent", "no_consent", "consent"),
    (NATURAL, "phone", "call", "call", "call"),
    (NATURAL, "post", "post", "post", "post"),
    *((GENERIC, channel, *["company_address"] * 3) for channel in MarketingChoice.Channel.values),
    *(
        (replace(WORK, is_tied_to_duties=True), channel, *["work_duties"] * 3)
        for channel in MarketingChoice.Channel.values
    ),
    (WORK, "email", "no_consent", "own_customer", "consent"),
    (WORK, "phone", "call", "call", "call"),
]


@pytest.mark.parametrize(("facts", "channel", "nothing", "own", "consent"), ROWS)
def test_each_row_of_the_table(
    facts: Facts, channel: str, nothing: str, own: str, consent: str
) -> None:
    facts = replace(facts, channel=channel)

    assert decide(facts).code == nothing
    assert decide(replace(facts, **OWN_CUSTOMER)).code == own
    assert decide(replace(facts, consented=True)).code == consent


@pytest.mark.parametrize(
    ("more", "code", "allowed"),
    [
        ({}, "mobile_by_phone", False),
        ({"is_own_mobile_customer": True}, "own_mobile_customer", True),
        ({"consented": True}, "mobile_by_phone", False),
        ({"consented": True, "asked_to_be_called": True}, "call_request", True),
        (OWN_CUSTOMER, "mobile_by_phone", False),
    ],
)
def test_mobile_subscriptions_by_phone(more: dict[str, Any], code: str, allowed: bool) -> None:
    rule = decide(replace(NATURAL, **MOBILE, **more))

    assert (rule.code, rule.allows) == (code, allowed)


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        (NATURAL, False),  # consumer, e-mail, no consent
        (replace(NATURAL, **OWN_CUSTOMER), True),  # the same with an address from a sale
        (replace(NATURAL, given_in_a_sale=False, could_opt_out_then=True), False),  # sister company
        (replace(NATURAL, given_in_a_sale=True), False),  # no way out offered then
        (GENERIC, True),  # info@company
        (replace(WORK, is_tied_to_duties=True), True),  # IT manager, IT service
        (WORK, False),  # accountant, IT service
        (replace(NATURAL, channel="post", prohibited=True), False),
        (replace(NATURAL, **MOBILE), False),
        (replace(NATURAL, prohibited=True, **OWN_CUSTOMER), False),  # withdrawn, exception met
    ],
)
def test_the_cases_of_the_rulebook(facts: Facts, allowed: bool) -> None:
    assert decide(facts).allows is allowed


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"prohibited": True}, "prohibited"),
        ({"suppressed": True}, "suppressed"),
        ({"restricted": True}, "restricted"),
        ({"told_of_marketing": False}, "not_told"),
        ({"source_known": False}, "source_unknown"),
        ({"listed_by_robinson": True, "channel": "phone"}, "robinson"),
        ({"listed_by_robinson": True, "channel": "post"}, "robinson"),
    ],
)
def test_what_forbids_it_whatever_else_is_so(more: dict[str, Any], code: str) -> None:
    everything_for_it = replace(
        NATURAL,
        consented=True,
        asked_to_be_called=True,
        is_own_mobile_customer=True,
        **OWN_CUSTOMER,
    )

    rule = decide(replace(everything_for_it, **more))

    assert (rule.code, rule.allows) == (code, False)


def test_the_robinson_list_is_of_calls_and_post_alone() -> None:
    assert decide(replace(NATURAL, listed_by_robinson=True, consented=True)).code == "consent"


def any_facts() -> st.SearchStrategy[Facts]:
    flags: dict[str, Any] = {
        name: st.booleans()
        for name, kind in Facts.__annotations__.items()
        if kind in (bool, "bool")
    }
    return st.builds(
        Facts,
        kind=st.sampled_from(RecipientKind),
        channel=st.sampled_from(MarketingChoice.Channel.values),
        product_group=st.sampled_from(Product.Group.values),
        **flags,
    )


@given(any_facts())
def test_a_prohibition_always_wins(facts: Facts) -> None:
    assert not decide(replace(facts, prohibited=True)).allows


@given(any_facts())
def test_every_case_is_decided_by_one_rule_of_the_table(facts: Facts) -> None:
    rule = decide(facts)

    assert BY_CODE[rule.code] is rule
    assert rule.allows == (rule.basis is not None)


@given(any_facts())
def test_without_consent_nothing_is_allowed_by_consent(facts: Facts) -> None:
    rule = decide(replace(facts, consented=False, asked_to_be_called=False))

    assert rule.code not in {"consent", "call_request"}


def test_the_codes_are_unique_and_each_rule_names_the_law() -> None:
    assert len(BY_CODE) == len(RULES)
    assert all(rule.reference and str(rule.sentence) for rule in RULES)
