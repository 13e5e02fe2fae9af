"""`apply_retention`: erases what is due, or shows what would be."""

import json
from datetime import date
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from privacy.forgetting.runs import apply_retention, dry_run
from privacy.models import ErasureRun, PlannedErasure


class Command(BaseCommand):
    help = "Erase what has been kept for its time; --dry-run shows what would go and what stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="erase nothing, say what would")
        parser.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="the day; else today")
        parser.add_argument("--json", action="store_true", help="say it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or timezone.localdate()
        if options["dry_run"]:
            with dry_run(as_of=as_of, job="apply_retention") as run:
                self._say(run, options["json"])
            return
        if as_of > timezone.localdate():
            raise CommandError(_("Nothing is erased before its day: use --dry-run."))
        self._say(apply_retention(as_of=as_of, job="apply_retention"), options["json"])

    def _say(self, run: ErasureRun, as_json: bool) -> None:
        if as_json:
            facts = {
                "as_of": run.as_of.isoformat(),
                "status": run.status,
                "plan": run.plan,
                "erased": run.erased,
            }
            self.stdout.write(json.dumps(facts))
            return
        for label, actions in sorted(run.plan.items()):
            name = capfirst(str(apps.get_model(label)._meta.verbose_name_plural))
            said = ", ".join(
                f"{PlannedErasure.Action(action).label}: {number}"
                for action, number in sorted(actions.items())
            )
            self.stdout.write(f"{name}: {said}")
        self.stdout.write(str(run.get_status_display()))


def _day(written: str) -> date:
    return date.fromisoformat(written)
