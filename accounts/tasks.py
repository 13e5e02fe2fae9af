"""Upkeep of staff sessions, run by the background worker."""

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="accounts.forget_ended_sessions", pass_context=False)
def forget_ended_sessions(timestamp: int) -> None:
    """Remove sessions that have ended, with whatever was searched for in them."""
    call_command("clearsessions")
