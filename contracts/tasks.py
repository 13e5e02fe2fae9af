"""What contracts leave to the background worker: figures, renewals, and services that end."""

from procrastinate.contrib.django import app

from contracts.services.upkeep import end_services, renew_contracts
from contracts.summaries import compute_queued, queue_aged

# The worker's clock is UTC and the register's day begins in Helsinki: what a new day brings is
# looked for every hour, also where the worker stood still at midnight. Nothing is done twice.
EVERY_HOUR = "1 * * * *"


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="contracts.compute_figures", pass_context=False)
def compute_figures(timestamp: int) -> int:
    """Compute the figures that changes have made untrue; returns of how many customers."""
    return compute_queued(job="compute_figures")


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="contracts.queue_aged_figures", pass_context=False)
def queue_aged_figures(timestamp: int) -> int:
    """Queue the figures that a new day has made untrue; returns of how many customers."""
    return queue_aged(job="queue_aged_figures")


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="contracts.follow_terms", pass_context=False)
def follow_terms(timestamp: int) -> int:
    """Renew the contracts that renew, end the services of those that ended; returns how many."""
    return renew_contracts(job="follow_terms") + end_services(job="follow_terms")
