"""compute_figures: compute what is derived of customers now, without waiting for the worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from contracts.summaries import compute_queued, queue_all


class Command(BaseCommand):
    """Empties the queue of figures to be computed."""

    help = _("Compute the figures of every customer whose records have changed.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help=_("of every customer, changed or not")
        )

    def handle(self, **options: Any) -> None:
        if options["all"]:
            queue_all(job="compute_figures")
        computed = compute_queued(job="compute_figures")
        self.stdout.write(_("Figures of %(number)d customers computed.") % {"number": computed})
