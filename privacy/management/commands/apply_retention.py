"""`apply_retention`: erases what is due, or shows what would be, what stays, and why."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.forgetting.periods import periods_now
from privacy.forgetting.runs import apply_retention, drop_log_months, dry_run
from privacy.forgetting.saying import by_category, done_by, in_words, name_of
from privacy.forgetting.staying import Stays, staying
from privacy.models import ErasureRun


class Command(BaseCommand):
    help = _("Erase what has been kept for its time; --dry-run shows what would go and what stays.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help=_("erase nothing, say what would go")
        )
        parser.add_argument(
            "--as-of", type=_day, metavar="YYYY-MM-DD", help=_("the day; else today")
        )
        parser.add_argument("--json", action="store_true", help=_("say it as JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or timezone.localdate()
        if options["dry_run"]:
            with dry_run(as_of=as_of, job="apply_retention") as run:
                self._say(run, list(staying(run, periods_now())), **options)
            return
        if as_of > timezone.localdate():
            raise CommandError(_("Nothing is erased before its day: use --dry-run."))
        run = apply_retention(as_of=as_of, job="apply_retention")
        self._say(run, [], log=drop_log_months(job="apply_retention"), **options)

    def _say(
        self,
        run: ErasureRun,
        stays: Sequence[Stays],
        *,
        log: ErasureRun | None = None,
        **options: Any,
    ) -> None:
        if options["json"]:
            facts = {
                "as_of": run.as_of.isoformat(),
                "dry_run": options["dry_run"],
                "status": run.status,
                "plan": run.plan,
                "stays": [one.as_json() for one in stays],
                "erased": run.erased,
                "log": log and {"status": log.status, "plan": log.plan, "erased": log.erased},
            }
            self.stdout.write(json.dumps(facts))
            return
        for line in _plan_in_words(run):
            self.stdout.write(line)
        if options["dry_run"]:
            for line in _stays_in_words(stays):
                self.stdout.write(line)
            self.stdout.write(_("Nothing was erased: this was a dry run."))
            return
        for one in filter(None, (run, log)):
            for line in _plan_in_words(one) if one is log else ():
                self.stdout.write(line)
            for line in _done_in_words(one):
                self.stdout.write(line)
            self.stdout.write(str(one.get_status_display()))


def _plan_in_words(run: ErasureRun) -> list[str]:
    """What is planned, category by category."""
    day = date_format(run.as_of, "SHORT_DATE_FORMAT")
    lines = [_("Due by %(day)s:") % {"day": day}]
    for category in by_category(run.plan):
        lines.append(f"  {category.category}")
        for kind in category.kinds:
            numbers = [
                (kind.erased, _("%(number)d to be erased")),
                (kind.reduced, _("%(number)d to be reduced to what is still needed")),
                (kind.held, _("%(number)d held by a hold or a restriction")),
            ]
            said = ", ".join(text % {"number": number} for number, text in numbers if number)
            lines.append(f"    {kind.records}: {said}")
    return lines if len(lines) > 1 else [_("Nothing is due by %(day)s.") % {"day": day}]


def _stays_in_words(stays: Sequence[Stays]) -> list[str]:
    """What stays, until when, and by which law or need."""
    lines = [_("What stays:")] if stays else []
    return [
        *lines,
        *(
            f"  {one.records}: {one.number} – {one.until}. {one.because}."
            for one in in_words(stays)
        ),
    ]


def _done_in_words(run: ErasureRun) -> Iterator[str]:
    """What was done, kind by kind."""
    for label, done in sorted(done_by(run).items()):
        erased, reduced = done["erase"], done["reduce"]
        said = [
            (erased, ngettext("%(number)d record erased", "%(number)d records erased", erased)),
            (
                reduced,
                ngettext(
                    "%(number)d record reduced to what is still needed",
                    "%(number)d records reduced to what is still needed",
                    reduced,
                ),
            ),
        ]
        words = ", ".join(text % {"number": number} for number, text in said if number)
        yield f"  {name_of(label)}: {words}"


def _day(written: str) -> date:
    return date.fromisoformat(written)
