"""seed_demo: reproducible, realistic Finnish demo data across every app."""

import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.context import AccessPurpose, access_context
from contracts.summaries import compute_queued
from praecom_registry.demo.asking import make_requests
from praecom_registry.demo.calls import take_in_demo_calls
from praecom_registry.demo.forgetting import count_months, look_ahead, set_periods
from praecom_registry.demo.lists import make_lists
from praecom_registry.demo.loader import (
    Staff,
    load,
    numbers_after_the_last,
    persons_there_are,
    staff_there_is,
)
from praecom_registry.demo.people import Plan
from praecom_registry.demo.records import make_records


class Command(BaseCommand):
    """The same persons, seed and day give the same values, in an empty register byte for byte.

    All but times that the database takes itself: when a document last changed, the figures and
    the marketing lists, which are as of now, and what recordings are sealed with.
    """

    help = _("Fill the register with people who do not exist.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--persons", type=int, default=500, help=_("how many persons"))
        parser.add_argument("--seed", type=int, default=1, help=_("another seed, other people"))
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            default=None,
            help=_("the day (YYYY-MM-DD) the data is as of; recent contacts lie before it"),
        )
        parser.add_argument(
            "--add", action="store_true", help=_("add to a register that holds persons already")
        )
        parser.add_argument(
            "--recordings", type=int, default=12, help=_("how many recordings of calls, or none: 0")
        )

    def handle(
        self,
        *,
        persons: int,
        seed: int,
        today: date | None,
        add: bool,
        recordings: int,
        **options: Any,
    ) -> None:
        if persons < 1:
            raise CommandError(_("Say how many persons, one at least."))
        with access_context(job="seed_demo", purpose=AccessPurpose.UPKEEP):
            plan = _plan(persons, seed, today or timezone.localdate(), add=add)
            staff = staff_there_is()
            self._warn(staff)
            self._load(plan, staff)
        compute_queued(job="seed_demo")
        make_lists(job="seed_demo")
        set_periods(job="seed_demo")
        make_records(job="seed_demo")
        if recordings > 0:
            take_in_demo_calls(plan.today, recordings)
        make_requests(job="seed_demo")
        look_ahead(persons, job="seed_demo")
        count_months(persons, job="seed_demo")

    def _warn(self, staff: Staff) -> None:
        if not staff.registrars:
            self.stderr.write(
                _("There is no registrar yet, so no restrictions and holds are made.")
            )

    def _load(self, plan: Plan, staff: Staff) -> None:
        started = time.monotonic()

        def progress(done: int) -> None:
            seconds = time.monotonic() - started
            self.stderr.write(
                _("%(done)d of %(all)d persons, %(speed)d per second")
                % {"done": done, "all": plan.persons, "speed": done / max(seconds, 0.001)}
            )

        load(plan, staff, progress)


def _plan(persons: int, seed: int, today: date, *, add: bool) -> Plan:
    before = persons_there_are()
    if not before:
        return Plan(persons, seed, today)
    if not add:
        raise CommandError(
            _(
                "The register holds persons already, and demo data does not belong among real"
                " people. Give --add if they are demo data too."
            )
        )
    customer, user = numbers_after_the_last()
    return Plan(persons, seed, today, before, customer, user)
