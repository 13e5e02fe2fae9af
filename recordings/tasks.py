"""What recordings leave to the background worker: what is due goes, the vault is swept."""

from procrastinate.contrib.django import app

from accounts.alerts import mail_registrars
from recordings.alerts import MOST_NAMED, WORDINGS, VaultAlert
from recordings.models import SealedFile
from recordings.services import destroy_due, destroy_quarantined, remove_bytes, sweep

# As in contracts: the worker's clock is UTC and the register's day begins in Helsinki.
EVERY_HOUR = "11 * * * *"
EVERY_NIGHT = "41 1 * * *"


@app.task(pass_context=False)
def remove_file(file: int) -> bool:
    """Remove the bytes of a file whose key was destroyed; returns whether there were any."""
    return remove_bytes(SealedFile.objects.get(pk=file))


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="recordings.destroy_due", pass_context=False)
def destroy_what_is_due(timestamp: int) -> int:
    """Destroy recordings and messages whose time or quarantine is over; returns how many."""
    return destroy_due(job="destroy_due") + destroy_quarantined(job="destroy_quarantined")


@app.periodic(cron=EVERY_NIGHT)
@app.task(queueing_lock="recordings.sweep", pass_context=False)
def sweep_vault(timestamp: int) -> int:
    """Compare store and database, and tell the registrars what does not agree; returns how much."""
    swept = sweep(job="sweep_vault")
    if swept.missing:
        tell_registrars.defer(
            alert=VaultAlert.MISSING.value,
            count=len(swept.missing),
            files=[file.hex for file in swept.missing[:MOST_NAMED]],
        )
    if swept.orphans_left:
        tell_registrars.defer(
            alert=VaultAlert.MANY_ORPHANS.value, count=swept.orphans_left, files=[]
        )
    return len(swept.missing) + swept.orphans_left


@app.task(queue="alerts", pass_context=False)
def tell_registrars(alert: str, count: int, files: list[str]) -> int:
    """Tell every registrar what is wrong with the vault; returns how many have an address."""
    values: dict[str, str | int] = {"count": count, "files": ", ".join(files)}
    return mail_registrars(WORDINGS[VaultAlert(alert)], lambda: values)
