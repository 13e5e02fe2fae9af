"""ingest_recordings: call recordings from a drop folder with their call records."""

from pathlib import Path

from django.utils.translation import gettext as _

from recordings.ingest.command import IngestCommand
from recordings.ingest.recordings import ingest_recordings
from recordings.ingest.report import Report


class Command(IngestCommand):
    """Take in call recordings."""

    help = _("Take in call recordings and their call records from a drop folder.")

    def take_in(self, folder: Path, settled_after: float, report: Report) -> None:
        ingest_recordings(folder, settled_after, report)
