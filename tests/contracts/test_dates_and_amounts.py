"""Whatever the days and the amounts are: sums, periods and notices hold."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from audit.context import AccessPurpose, access_context
from contracts import services
from contracts.dates import add_months, add_terms
from contracts.models import Contract, Offer, OrderLine, Return
from tests.builders import a_company
from tests.contract_builders import (
    DAY,
    a_contract,
    a_device,
    a_device_model,
    a_handover,
    a_service,
    a_subscription,
    an_offer,
    an_order,
)

pytestmark = pytest.mark.django_db

# One context around all examples is what a long unit of work is, too.
many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)

CENT = Decimal("0.01")
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
soon = st.integers(0, 12).map(lambda number: DAY + timedelta(days=number))
perhaps_soon = st.none() | soon


@pytest.fixture(autouse=True)
def _in_context() -> Iterator[None]:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        yield


# --- amounts --------------------------------------------------------------------------------------

lines = st.fixed_dictionaries(
    {
        "quantity": st.integers(1, 2000),
        "unit_price": st.decimals(0, 9999, places=2),
        "charged": st.sampled_from(["once", "monthly"]),
        "vat_percent": st.sampled_from(["25.50", "24.00", "14.00", "13.50", "0.00", "99.99"]).map(
            Decimal
        ),
    }
)


@many
@given(st.lists(lines, max_size=6), st.data())
def test_a_document_comes_to_the_sum_of_its_rounded_lines(
    wanted: list[dict[str, Any]], data: st.DataObject
) -> None:
    order, product = an_order(a_company()), a_service()
    made = [
        OrderLine.objects.create(order=order, product=product, position=position, **line)
        for position, line in enumerate(wanted, start=1)
    ]
    if made:  # one goes, and one becomes another
        gone = data.draw(st.integers(0, len(made) - 1))
        made.pop(gone).delete()
        wanted = [line for index, line in enumerate(wanted) if index != gone]
    if made:
        made[0].quantity = wanted[0]["quantity"] = data.draw(st.integers(1, 2000))
        made[0].save()

    order.refresh_from_db()
    for charged in ("once", "monthly"):
        of_kind = [line for line in wanted if line["charged"] == charged]
        net = [line["quantity"] * line["unit_price"] for line in of_kind]
        vat = [
            (one * line["vat_percent"] / 100).quantize(CENT, ROUND_HALF_UP)
            for one, line in zip(net, of_kind, strict=True)
        ]
        assert getattr(order, f"{charged}_net") == sum(net)
        assert getattr(order, f"{charged}_gross") == sum(net) + sum(vat)


# --- months ---------------------------------------------------------------------------------------


@given(days, st.integers(0, 240))
def test_a_month_later_is_in_the_next_month(day: date, months: int) -> None:
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(days, st.integers(1, 60))
@example(date(2026, 2, 28), 12)
@example(date(2027, 2, 28), 12)
@example(date(2026, 6, 30), 1)
def test_a_term_that_ends_with_a_month_goes_on_so(day: date, months: int) -> None:
    following = add_terms(day, months)

    ends_month = (day + timedelta(days=1)).day == 1
    assert following > day
    assert not ends_month or (following + timedelta(days=1)).day == 1


terms: Any = st.fixed_dictionaries(
    {
        "signed_on": st.just(date(1990, 1, 1)),
        "starts_on": st.just(date(1990, 1, 1)),
        "notice_months": st.integers(0, 12),
    }
)


@given(terms, days)
def test_notice_never_ends_before_it_is_given(values: dict[str, Any], on: date) -> None:
    contract = Contract(**values)

    assert contract.last_day_after_notice(on) == add_months(on, contract.notice_months) >= on


@given(terms, days, days, st.integers(1, 36))
def test_notice_of_what_renews_ends_with_a_term(
    values: dict[str, Any], ends_on: date, on: date, months: int
) -> None:
    contract = Contract(renewal="renews", renewal_months=months, ends_on=ends_on, **values)
    last_day = contract.last_day_after_notice(on)

    ends = [ends_on]
    while ends[-1] < last_day:
        ends.append(add_terms(ends[-1], months))
    assert last_day == ends[-1]
    assert last_day >= add_months(on, contract.notice_months)
    assert len(ends) == 1 or ends[-2] < add_months(on, contract.notice_months)


# --- what the database takes, and what it does not ------------------------------------------------


def is_taken(save: Any) -> bool:
    """Whether what is done inside a savepoint is not refused."""
    try:
        with transaction.atomic():
            save()
    except (IntegrityError, ValidationError):
        return False
    return True


@many
@given(soon, soon, soon, st.booleans())
def test_an_offer_is_answered_while_it_is_valid(
    sent: date, valid_until: date, answered: date, accepts: bool
) -> None:
    offer = an_offer(a_company(), [a_device_model()], valid_until=valid_until)

    def answer() -> None:
        sent_offer = services.send_offer(offer=offer, on=sent)
        if accepts:
            services.accept_offer(offer=sent_offer, on=answered)
        else:
            services.decline_offer(offer=sent_offer, on=answered)

    in_time = sent <= answered and (answered <= valid_until or not accepts)
    assert is_taken(answer) == (sent <= valid_until and in_time)
    assert not Offer.objects.filter(pk=offer.pk, accepted_on__gt=valid_until).exists()


@many
@given(soon, perhaps_soon, soon, perhaps_soon)
def test_a_service_lies_inside_its_contract(
    starts: date, ends: date | None, opened: date, terminated: date | None
) -> None:
    if ends is not None and ends < starts:
        return
    contract = a_contract(a_company(), signed_on=DAY, starts_on=starts, ends_on=ends)

    taken = is_taken(
        lambda: a_subscription(contract, a_service(), opened_on=opened, terminated_on=terminated)
    )

    last = ends or date.max
    assert taken == (
        starts <= opened <= last and (terminated is None or opened <= terminated <= last)
    )


@many
@given(st.lists(st.tuples(soon, perhaps_soon), max_size=6))
@example([(DAY, DAY + timedelta(days=9)), (DAY + timedelta(days=3),) * 2])
@example([(DAY + timedelta(days=3),) * 2, (DAY, DAY + timedelta(days=9))])
@example([(DAY, DAY), (DAY, DAY), (DAY, None)])
def test_a_device_is_in_one_place(periods: list[tuple[date, date | None]]) -> None:
    device, company = a_device(), a_company()
    taken: list[tuple[date, date]] = []
    for out, back in periods:
        came = back or date.max
        fits = out <= came and all(
            out >= other_came or came <= other_out for other_out, other_came in taken
        )

        assert fits == is_taken(
            lambda out=out, back=back: a_handover(
                device, company, went_out_on=out, came_back_on=back
            )
        )
        if fits:
            taken.append((out, came))


@many
@given(
    st.integers(1, 5),
    perhaps_soon,
    st.lists(st.tuples(st.sampled_from(Return.Kind.values), st.integers(1, 4), soon), max_size=6),
)
def test_what_comes_back_was_ordered_and_has_left(
    ordered: int, delivered: date | None, wanted: list[tuple[str, int, date]]
) -> None:
    order = an_order(a_company(), [a_device_model()], quantity=ordered, delivered_on=delivered)
    line, left = OrderLine.objects.get(order=order), ordered
    for kind, quantity, day in wanted:
        if kind == Return.Kind.RETURN:
            in_time = delivered is not None and day >= delivered
        else:
            in_time = delivered is None or day < delivered
        fits = in_time and quantity <= left

        assert fits == is_taken(
            lambda kind=kind, quantity=quantity, day=day: services.take_back(
                order_line=line, kind=kind, quantity=quantity, on=day, reason="other"
            )
        )
        left -= quantity if fits else 0
    assert sum(one.quantity for one in Return.objects.filter(order_line=line)) == ordered - left
