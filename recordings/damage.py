"""A file in the vault that is not what was sealed: operations and the registrars are told."""

import logging

from recordings.alerts import VaultAlert
from recordings.models import SealedFile
from recordings.tasks import tell_registrars

logger = logging.getLogger(__name__)


def tell(file: SealedFile | str) -> None:
    """Say which file it is, by itself or by its name (`Tampered.name`), which says nothing of
    anybody. Who opened it is in the log.
    """
    name = file if isinstance(file, str) else file.name
    logger.error("The sealed file %s is not what was sealed.", name)
    tell_registrars.defer(alert=VaultAlert.TAMPERED.value, count=1, files=[name])
