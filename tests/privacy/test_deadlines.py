"""Deadlines: the nine vectors, and what must hold for any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dates import add_months
from privacy.deadlines import Pause, due_on, next_working_day, public_holidays

VECTORS = [
    ("2026-03-05", "2026-04-07", "2026-06-05"),
    ("2026-05-19", "2026-06-19", "2026-08-19"),
    ("2026-08-31", "2026-09-30", "2026-11-30"),
    ("2026-11-24", "2026-12-24", "2027-02-24"),
    ("2026-11-25", "2026-12-28", "2027-02-25"),
    ("2026-12-06", "2027-01-07", "2027-03-08"),
    ("2027-01-31", "2027-03-01", "2027-04-30"),
    ("2027-02-26", "2027-03-30", "2027-05-26"),
    ("2027-11-30", "2027-12-30", "2028-02-29"),
]
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(("received", "due", "extended"), VECTORS)
def test_a_request_is_due_after_a_month_or_three(received: str, due: str, extended: str) -> None:
    day = date.fromisoformat(received)
    assert due_on(day, today=day) == date.fromisoformat(due)
    assert due_on(day, is_extended=True, today=day) == date.fromisoformat(extended)


@given(received=DAYS, is_extended=st.booleans())
def test_it_is_due_on_a_working_day_and_never_before_the_month(
    received: date, is_extended: bool
) -> None:
    due = due_on(received, is_extended=is_extended, today=received)
    month = add_months(received, 3 if is_extended else 1)

    assert due.weekday() < 5
    assert due not in public_holidays(due.year)
    assert due >= month
    between = (month + timedelta(days=number) for number in range((due - month).days))
    assert all(day.weekday() >= 5 or day in public_holidays(day.year) for day in between)


@given(received=DAYS, asked=st.integers(0, 40), answered=st.integers(0, 60))
def test_days_on_which_the_clock_stood_are_added(received: date, asked: int, answered: int) -> None:
    start = received + timedelta(days=asked)
    pause = Pause(start, start + timedelta(days=answered))
    due = due_on(received, pauses=[pause], today=start)
    assert due == next_working_day(add_months(received, 1) + timedelta(days=answered))


def test_while_it_stands_the_due_date_moves_day_by_day() -> None:
    pause = Pause(date(2026, 11, 30))
    first = due_on(date(2026, 11, 24), pauses=[pause], today=date(2026, 11, 30))
    later = due_on(date(2026, 11, 24), pauses=[pause], today=date(2026, 12, 14))
    assert (first, later) == (date(2026, 12, 24), date(2027, 1, 7))


@pytest.mark.parametrize(
    ("year", "easter"),
    [(2026, "2026-04-05"), (2027, "2027-03-28"), (2028, "2028-04-16"), (2029, "2029-04-01")],
)
def test_the_public_holidays_of_finland(year: int, easter: str) -> None:
    sunday = date.fromisoformat(easter)
    movable = {sunday + timedelta(days=days) for days in (-2, 0, 1, 39, 49)}
    fixed = {date(year, *day) for day in ((1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26))}
    found = public_holidays(year)

    assert movable | fixed <= found
    [midsummer] = [day for day in found if day.month == 6 and day not in movable]
    assert midsummer.weekday() == 5
    assert 20 <= midsummer.day <= 26
    assert len(found) == len(movable | fixed) + 2  # Midsummer Day and All Saints' Day
