"""What consents leave to the background worker: lists are made, and what is over is deleted."""

from procrastinate.contrib.django import app

from audit.context import AccessPurpose, access_context
from consents.models import MarketingList
from consents.services.due import erase_due, forget_ended_listings
from consents.services.lists import delete_expired_rows, give_up_list, make_list

# As in contracts: the worker's clock is UTC and the register's day begins in Helsinki.
EVERY_HOUR = "7 * * * *"


@app.task(queue="lists", pass_context=False)
def make_asked_list(list_id: int) -> int:
    """Make a list on behalf of the marketer who asked for it; returns how many are on it.

    All of it is made or nothing; where it fails, its page says so and she can ask anew.
    """
    asked = MarketingList.objects.select_related("made_by").get(pk=list_id)
    purpose, marketer = AccessPurpose.MARKETING, asked.made_by
    try:
        with access_context(job="make_list", purpose=purpose, actor_id=marketer.pk) as context:
            context.unit = marketer.unit
            return make_list(asked).allowed
    except Exception:
        give_up_list(asked)
        raise


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
