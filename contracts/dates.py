"""Months from a day on, as periods of notice and terms of contracts count them."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is too short for it.

    So periods of months end by the Act on the calculation of time limits (150/1930, section 3).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, _length(date(year, month, 1))))


def add_terms(last_day: date, months: int) -> date:
    """The last day of the next term of so many months: what ended with its month does so again."""
    following = add_months(last_day, months)
    if last_day.day < _length(last_day):
        return following
    return following.replace(day=_length(following))


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]
