"""What the registrars are told of the vault by mail: files by their numbers, and no person."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from accounts.alerts import Wording

MOST_NAMED = 20
"""Of so many files at most the mail gives the numbers."""


class VaultAlert(StrEnum):
    """What is wrong; a job carries the word and the numbers of the files, nothing else."""

    MISSING = "missing"
    MANY_ORPHANS = "many orphans"
    TAMPERED = "tampered"


WORDINGS = {
    VaultAlert.MISSING: Wording(
        _("Recordings: files are missing"),
        _(
            "Files that should be in the vault and are not there: %(count)d. What they held "
            "cannot be opened. Look for them in the backup of the store.\n\n"
            "Their numbers, twenty at most: %(files)s"
        ),
    ),
    VaultAlert.MANY_ORPHANS: Wording(
        _("Recordings: many unknown files"),
        _(
            "Files in the vault that the register does not know: %(count)d. Interrupted work "
            "leaves only a few, so none was removed: the database may be older than the store, or "
            "belong to another one."
        ),
    ),
    VaultAlert.TAMPERED: Wording(
        _("Recordings: a file was changed"),
        _(
            "A file in the vault is not what was put there: it is missing, or was changed, cut or "
            "swapped. What it should hold was to be opened, and was not given out. Compare it with "
            "the backup of the store.\n\nIts number: %(files)s"
        ),
    ),
}
