"""What the makers of one batch share: the batch, its random numbers, and what day it is."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from praecom_registry.demo.rows import Batch

HELSINKI = ZoneInfo("Europe/Helsinki")


class Scene:
    """A batch in the making, seen on one day; nothing in it happens after the day before."""

    def __init__(self, rng: Random, today: date, batch: Batch | None = None) -> None:
        self.rng, self.today, self.batch = rng, today, batch or Batch()
        self.now = datetime.combine(today, time(), HELSINKI)

    def uuid(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def day(self, at_most: int, at_least: int) -> date:
        """A day so many days ago."""
        return self.today - timedelta(days=at_least + int((at_most - at_least) * self.rng.random()))

    def day_after(self, day: date) -> date:
        """A day between this one and yesterday."""
        return day + timedelta(days=int((self.today - day).days * self.rng.random()))

    def office_hour(self, day: date) -> datetime:
        """A moment of work on that day, or on the Friday before a weekend."""
        day -= timedelta(days=max(day.weekday() - 4, 0))
        minutes = int(9 * 60 * self.rng.random())
        return datetime.combine(day, time(8 + minutes // 60, minutes % 60), HELSINKI)

    def days_after(self, day: date, at_least: int, at_most: int) -> date:
        """A day so many days after another one, be it to come."""
        return day + timedelta(days=at_least + int((at_most - at_least + 1) * self.rng.random()))
