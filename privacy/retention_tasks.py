"""What retention leaves to the background worker: the nightly run, looking ahead, telling."""

from procrastinate.contrib.django import app

from privacy.forgetting import ledger
from privacy.forgetting.nightly import (
    drop_log_months_tonight,
    mail_about,
    of_which_to_tell,
    run_tonight,
)
from privacy.forgetting.outlooks import ask, make, month_ends
from privacy.models import RetentionOutlook

# As in contracts: the worker's clock is UTC and the register's day begins in Helsinki.
EVERY_HOUR_OF_THE_NIGHT = "37 0-3 * * *"
EVERY_MORNING = "7 4 * * *"


@app.periodic(cron=EVERY_HOUR_OF_THE_NIGHT)
@app.task(queueing_lock="privacy.retention", pass_context=False)
def run_retention(timestamp: int) -> str:
    """Erase what is due; the later hours go on with a run that was cut off."""
    return _run()


@app.task(pass_context=False)
def carry_out_retention() -> str:
    """Carry out the run that was just approved."""
    return _run()


def _run() -> str:
    run = run_tonight(job="apply_retention")
    return "" if run is None else run.status


@app.periodic(cron=EVERY_HOUR_OF_THE_NIGHT)
@app.task(queueing_lock="privacy.log_months", pass_context=False)
def run_log_months(timestamp: int) -> str:
    """Drop the months of the log that are due and approved."""
    return _drop()


@app.task(pass_context=False)
def carry_out_log_months() -> str:
    """Drop the months of the log that were just approved."""
    return _drop()


def _drop() -> str:
    run = drop_log_months_tonight(job="drop_log_months")
    return "" if run is None else run.status


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="privacy.keep_ledger", pass_context=False)
def keep_ledger(timestamp: int) -> str:
    """Tell the ledger of erasures what a crash kept from it; returns how it stands."""
    return ledger.standing_made_good().value


@app.periodic(cron=EVERY_MORNING)
@app.task(queueing_lock="privacy.tell_of_retention", queue="alerts", pass_context=False)
def tell_of_retention(timestamp: int) -> int:
    """Tell the registrars of each run that waits or was stopped; returns how many mails went."""
    return sum(mail_about(run.pk) for run in of_which_to_tell())


@app.periodic(cron=EVERY_MORNING)
@app.task(queueing_lock="privacy.look_ahead", pass_context=False)
def look_ahead(timestamp: int) -> int:
    """Count what will be due in this month and in the next ones; returns how many months."""
    days = month_ends()
    for day in days:
        make(ask(day=day), job="look_ahead")
    return len(days)


@app.task(pass_context=False)
def make_outlook(outlook: int) -> int:
    """Count what would go on the day that somebody asked about; returns of how many kinds."""
    made = make(RetentionOutlook.objects.get(pk=outlook), job="make_outlook")
    return len(made.goes)
