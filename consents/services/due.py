"""What has served its time: supplementary information whose consent was withdrawn (GDPR
Art. 17(1)(b), domain §5), and Robinson listings that have ended.
"""

from django.utils import timezone

from audit.context import AccessPurpose, access_context
from consents.models import RobinsonEntry, SupplementaryInformation
from customers.models import Hold, Restriction

AT_ONCE = 500


def erase_due(*, job: str) -> int:
    """Erase what was collected with a consent that has been withdrawn and is due; returns how much.

    In batches, each a unit of work of its own. What is of somebody restricted or held stays until
    that ends (GDPR Art. 18); running it again erases nothing more.
    """
    erased = 0
    while True:
        with access_context(job=job, purpose=AccessPurpose.RETENTION):
            batch = _erase_some()
        if not batch:
            return erased
        erased += batch


def _erase_some() -> int:
    kept = (
        Restriction.objects.in_force().values("person"),
        Hold.objects.in_force().filter(person__isnull=False).values("person"),
        Hold.objects.in_force().filter(customer__owner__isnull=False).values("customer__owner"),
    )
    due = SupplementaryInformation.objects.due_on(timezone.localdate())
    for persons in kept:
        due = due.exclude(person__in=persons)
    some = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:AT_ONCE])
    for one in some:
        one.delete()
    return len(some)


def forget_ended_listings(*, job: str) -> int:
    """Delete the Robinson listings that have ended; returns how many. They name nobody."""
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        ended, _kinds = RobinsonEntry.objects.filter(expires_on__lt=timezone.localdate()).delete()
    return ended
