"""What the registrars are told of the vault by mail: files by their numbers, and no person."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import alerts
from accounts.alerts import Wording

MOST_NAMED = 20


class VaultAlert(StrEnum):
    """What is wrong; a job carries the word and the numbers of the files, nothing else."""

    MISSING = "missing"
    MANY_ORPHANS = "many orphans"


WORDINGS = {
    VaultAlert.MISSING: Wording(
        _("Recordings: files are missing"),
        _(
            "%(count)d files that should be in the vault are not there, and what they held cannot "
            "be opened. Look for them in the backup of the store.\n\nTheir numbers: %(files)s"
        ),
    ),
    VaultAlert.MANY_ORPHANS: Wording(
        _("Recordings: many unknown files"),
        _(
            "The vault holds %(count)d files that the register does not know. Interrupted work "
            "leaves only a few, so none was removed: the database may be older than the store, or "
            "belong to another one."
        ),
    ),
}


def mail_registrars(alert: VaultAlert, files: list[str], count: int) -> int:
    """Tell every registrar; returns how many have an address. Twenty files are named at most."""
    named = ", ".join(files[:MOST_NAMED]) + (" …" if len(files) > MOST_NAMED else "")
    said: dict[str, Any] = {"count": count or len(files), "files": named}
    return alerts.mail_registrars(WORDINGS[alert], lambda: said)
