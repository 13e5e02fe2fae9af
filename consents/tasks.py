"""What consents leave to the background worker: what has served its time is deleted."""

from procrastinate.contrib.django import app

from consents.services.lists import delete_expired_rows

# As in contracts: the worker's clock is UTC and the register's day begins in Helsinki.
EVERY_HOUR = "7 * * * *"


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="consents.delete_expired_lists", pass_context=False)
def delete_expired_lists(timestamp: int) -> int:
    """Delete the rows of marketing lists that have expired; returns how many."""
    return delete_expired_rows(job="delete_expired_lists")
