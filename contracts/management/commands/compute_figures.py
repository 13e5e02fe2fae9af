"""compute_figures: compute what is derived of customers now, without waiting for the worker."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from contracts.summaries import compute_queued


class Command(BaseCommand):
    """Empties the queue of figures to be computed."""

    help = _("Compute the figures of every customer whose records have changed.")

    def handle(self, **options: Any) -> None:
        computed = compute_queued(job="compute_figures")
        self.stdout.write(_("Figures of %(number)d customers computed.") % {"number": computed})
