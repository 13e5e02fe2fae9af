"""What consents leave to the background worker: what has served its time is deleted."""

from procrastinate.contrib.django import app

from consents.services.due import erase_due, forget_ended_listings
from consents.services.lists import delete_expired_rows

# As in contracts: the worker's clock is UTC and the register's day begins in Helsinki.
EVERY_HOUR = "7 * * * *"


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="consents.delete_expired_lists", pass_context=False)
def delete_expired_lists(timestamp: int) -> int:
    """Delete the rows of marketing lists that have expired; returns how many."""
    return delete_expired_rows(job="delete_expired_lists")


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="consents.erase_supplementary", pass_context=False)
def erase_supplementary(timestamp: int) -> int:
    """Erase what was collected with consents that have been withdrawn; returns how much."""
    return erase_due(job="erase_supplementary")


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="consents.forget_ended_listings", pass_context=False)
def forget_listings(timestamp: int) -> int:
    """Delete Robinson listings that have ended; returns how many."""
    return forget_ended_listings(job="forget_listings")
