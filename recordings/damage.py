"""A file in the vault that is not what was sealed: operations and the registrars are told."""

import logging

from recordings.alerts import VaultAlert
from recordings.models import SealedFile
from recordings.tasks import tell_registrars

logger = logging.getLogger(__name__)


def tell(file: SealedFile) -> None:
    """Say which file it is; its name says nothing of anybody. Who opened it is in the log."""
    logger.error("The sealed file %s is not what was sealed.", file.name)
    tell_registrars.defer(alert=VaultAlert.TAMPERED.value, count=1, files=[file.name])
