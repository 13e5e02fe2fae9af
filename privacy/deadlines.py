"""When a data-subject request must be answered: pure functions of days in Finland.

One month from receipt, three when extended (GDPR Art. 12(3)); a period that would end on a
Saturday, a Sunday or a public holiday ends on the next working day (Regulation 1182/71, Art. 3(4)).
Midsummer Eve and Christmas Eve are no public holidays and do not extend it (ADR 16).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from contracts.dates import add_months

MONTHS, EXTENDED_MONTHS = 1, 3
REMINDERS = (10, 5, 1)
"""Days before the due date on which the registrar is reminded."""

_SATURDAY = 5


@dataclass(frozen=True)
class Pause:
    """Days on which the clock stood, since the person had to show who she is; open without end."""

    asked_on: date
    answered_on: date | None = None

    def days(self, today: date) -> int:
        """How many days the clock stood until today."""
        return max(0, ((self.answered_on or today) - self.asked_on).days)


def due_on(
    received_on: date, *, is_extended: bool = False, pauses: Iterable[Pause] = (), today: date
) -> date:
    """The last day on which the answer is in time.

    Days for which the clock stood are added to the month before it is rolled to a working day:
    the date without them stays known as the original one (domain §2).
    """
    months = EXTENDED_MONTHS if is_extended else MONTHS
    paused = sum(pause.days(today) for pause in pauses)
    return next_working_day(add_months(received_on, months) + timedelta(days=paused))


def next_working_day(day: date) -> date:
    """The day itself, or the first working day after it."""
    while day.weekday() >= _SATURDAY or day in public_holidays(day.year):
        day += timedelta(days=1)
    return day


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year in Finland, without the two eves."""
    return frozenset(day for day in holidays.country_holidays("FI", years=year) if not _is_eve(day))


def holiday_name(day: date, language: str) -> str:
    """How a public holiday is called in a language of ours; empty on any other day."""
    if day not in public_holidays(day.year):
        return ""
    name = str(_named_holidays(day.year, language)[day])
    return name if language == "en" else name[:1].lower() + name[1:]


@cache
def _named_holidays(year: int, language: str) -> Mapping[date, str]:
    known = {"fi": "fi", "sv": "sv_FI"}.get(language, "en_US")
    return holidays.country_holidays("FI", years=year, language=known)


def _is_eve(day: date) -> bool:
    """Whether it is Midsummer Eve, the Friday of 19 to 25 June, or Christmas Eve."""
    is_midsummer_eve = day.month == 6 and day.weekday() == _SATURDAY - 1
    return is_midsummer_eve or (day.month, day.day) == (12, 24)
