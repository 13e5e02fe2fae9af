"""Two marketing lists of a marketer: one that can be used, and one that has expired."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, access_context
from consents.decided_sets import Message
from consents.models import MarketingList
from consents.services.lists import ask_for_list, delete_expired_rows, make_list
from consents.target_groups import Audience, TargetGroup
from praecom_registry.demo.scene import Scene

_IN_USE = ("Tietoturvakartoitus: kutsu", Message("email", "support"), Audience.CONTACTS)
_EXPIRED = ("Pilvipalvelut: soittokierros", Message("phone", "cloud"), Audience.COMPANIES)
_DAYS = 14


def make_lists(job: str) -> None:
    """Make the two, where there is a marketer; those that are there stay as they are."""
    marketer = User.objects.filter(groups__name="marketer").order_by("pk").first()
    if marketer is None:
        return
    purpose = AccessPurpose.MARKETING
    with access_context(job=job, purpose=purpose, actor_id=marketer.pk):
        for name, message, audience in (_IN_USE, _EXPIRED):
            public_id = Scene(Random(f"list {name}"), timezone.localdate()).uuid()
            if MarketingList.objects.filter(public_id=public_id).exists():
                continue
            asked, _is_new = ask_for_list(
                public_id=public_id,
                name=name,
                group=TargetGroup((audience.value,)),
                message=message,
                expires_on=timezone.localdate() + timedelta(days=_DAYS),
                made_by=marketer,
            )
            made = make_list(asked)
            if name == _EXPIRED[0]:
                _date_back(made)
    delete_expired_rows(job=job)


def _date_back(made: MarketingList) -> None:
    """Let a list have been made so long ago that it has expired."""
    ago = timedelta(days=3 * _DAYS)
    made.made_at -= ago
    made.expires_on -= ago
    made.save()
    if made.disclosure is not None:
        made.disclosure.made_at, made.disclosure.expires_on = made.made_at, made.expires_on
        made.disclosure.save()
