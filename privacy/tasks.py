"""What requests of data subjects leave to the background worker."""

from django.utils import timezone
from procrastinate.contrib.django import app

from audit.context import AccessPurpose, in_context
from privacy import (  # noqa: F401  (the worker finds its tasks here)
    package_tasks,
    retention_tasks,
)
from privacy.breach_alerts import mail_breach, note_due_breaches
from privacy.breaches import forget_breaches
from privacy.reminders import mail_reminders, note_reminders
from privacy.statistics import count_finished_months

# As in contracts: the worker's clock is UTC and the register's day begins in Helsinki.
EVERY_MORNING = "23 4 * * *"


@app.periodic(cron=EVERY_MORNING)
@app.task(queueing_lock="privacy.remind", pass_context=False)
def remind(timestamp: int) -> int:
    """Note which due dates the registrars are reminded of today; returns how many."""
    return len(note_reminders(job="remind_of_requests"))


@app.periodic(cron=EVERY_MORNING)
@app.task(queueing_lock="privacy.count_statistics", pass_context=False)
def count_statistics(timestamp: int) -> int:
    """Count the months that are over for the statistics; returns how many rows were kept."""
    return count_finished_months(today=timezone.localdate(), job="count_statistics")


@app.task(queue="alerts", pass_context=False)
def send_reminders(reminders: list[int]) -> int:
    """Mail the reminders; returns how many registrars have an address."""
    return mail_reminders(reminders, job="remind_of_requests")


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="privacy.watch_breaches", pass_context=False)
@in_context(job="watch_breaches", purpose=AccessPurpose.UPKEEP)
def watch_breaches(timestamp: int) -> int:
    """Note which breaches' clocks run out soon; the mails go once that is committed."""
    due = note_due_breaches()
    for breach_id, _hours in due:
        mail_of_breach.defer(breach_id=breach_id)
    return len(due)


@app.periodic(cron=EVERY_MORNING)
@app.task(queueing_lock="privacy.forget_breaches", pass_context=False)
def forget_old_breaches(timestamp: int) -> int:
    """Delete the records of breaches that have had their time; returns how many."""
    return forget_breaches(day=timezone.localdate(), job="forget_breaches")


@app.task(queue="alerts", pass_context=False)
def mail_of_breach(breach_id: int) -> int:
    """Mail the registrars what is left of a breach's clock; returns how many have an address."""
    return mail_breach(breach_id)
