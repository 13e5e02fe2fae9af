"""What the calendar does with contracts: terms renew, and services end with their contract.

Done in batches, each a unit of work of its own; what another worker has locked is left to it, and
a restricted person's is left as it is until the restriction is lifted (GDPR Art. 18).
"""

from collections.abc import Callable

from django.utils import timezone

from audit.context import AccessPurpose, access_context
from contracts.models import Contract, Subscription
from customers.models import Restriction

AT_ONCE = 500


def renew_contracts(*, job: str) -> int:
    """Give contracts that renew and whose term is over their next last day; returns how many."""
    return _in_batches(job, _renew_some)


def end_services(*, job: str) -> int:
    """End the open services of contracts that have ended, with them; returns how many."""
    return _in_batches(job, _end_some)


def _in_batches(job: str, do_some: Callable[[], int]) -> int:
    done = 0
    while True:
        with access_context(job=job, purpose=AccessPurpose.UPKEEP):
            batch = do_some()
        if not batch:
            return done
        done += batch


def _renew_some() -> int:
    today = timezone.localdate()
    restricted = Restriction.objects.in_force().values("person")
    contracts = list(
        Contract.objects.filter(
            renewal=Contract.Renewal.RENEWS, notice_given_on__isnull=True, ends_on__lt=today
        )
        .exclude(signed_by__in=restricted)
        .exclude(customer__owner__in=restricted)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .order_by("pk")[:AT_ONCE]
    )
    for contract in contracts:
        contract.ends_on = contract.term_end_from(today)
        contract.save(update_fields=["ends_on"])
    return len(contracts)


def _end_some() -> int:
    restricted = Restriction.objects.in_force().values("person")
    subscriptions = list(
        Subscription.objects.filter(
            terminated_on__isnull=True,
            contract__renewal=Contract.Renewal.ENDS,
            contract__ends_on__lt=timezone.localdate(),
        )
        .exclude(user__in=restricted)
        .exclude(customer__owner__in=restricted)
        .select_related("contract")
        .select_for_update(skip_locked=True, of=("self", "contract"), no_key=True)
        .order_by("pk")[:AT_ONCE]
    )
    for subscription in subscriptions:
        subscription.terminated_on = subscription.contract.ends_on
        subscription.save(update_fields=["terminated_on"])
    return len(subscriptions)
