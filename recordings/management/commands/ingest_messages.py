"""ingest_messages: stored e-mail from a drop folder of mbox and .eml files."""

from pathlib import Path

from django.utils.translation import gettext as _

from recordings.ingest.command import IngestCommand
from recordings.ingest.messages import ingest_messages
from recordings.ingest.report import Report


class Command(IngestCommand):
    """Take in messages."""

    help = _("Take in e-mail messages (mbox and .eml files) from a drop folder.")

    def take_in(self, folder: Path, settled_after: float, report: Report) -> None:
        ingest_messages(folder, settled_after, report)
