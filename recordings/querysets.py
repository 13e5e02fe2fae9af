"""Which rows: query sets of recordings and stored messages, from what a user may see."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from accounts.models import User
from audit.gate import RecordedQuerySet
from customers.models import Hold, Interaction, Restriction
from recordings.periods import (
    LOOKED_AFTER_EVERY,
    MESSAGE_MONTHS,
    QUARANTINE_DAYS,
    SOON_DAYS,
)

if TYPE_CHECKING:
    from recordings.models import (  # noqa: F401  (named in the bases below)
        MessageConcerns,
        Reassignment,
        Recording,
        RecordingConcerns,
        RecordingHold,
        SealedFile,
        StoredMessage,
    )

K = TypeVar("K", bound=models.Model)

OF_NO_CUSTOMER = Q(
    interaction__isnull=False,
    interaction__closed_at__isnull=True,
    interaction__customer__isnull=True,
)
"""Messages of an open case that belongs to no customer: there is no end to wait for."""


class SealedFileQuerySet(models.QuerySet["SealedFile"]):
    """Files in the vault; about nobody by themselves."""

    def with_key(self) -> Self:
        return self.filter(wrapped_key__isnull=False)

    def wrapped_with_another_than(self, version: int) -> Self:
        return self.with_key().exclude(key_version=version)

    def to_be_removed(self) -> Self:
        """Those whose key is gone and whose file is not yet."""
        return self.filter(wrapped_key__isnull=True, removed_at__isnull=True)


def mark_of(external_id: str) -> str:
    """What is left of a number in its source after destruction: enough to know it again."""
    return f"sha256:{sha256(external_id.encode()).hexdigest()}"


class KeptQuerySet(RecordedQuerySet[K]):
    """What recordings and messages have in common: due dates, holds, quarantine."""

    field: str
    """What a hold, a correction and a person's row call one of these."""
    happened: str
    """When it was."""

    def in_quarantine(self) -> Self:
        return self.filter(quarantined_at__isnull=False, destroyed_at__isnull=True)

    def playable(self) -> Self:
        return self.filter(quarantined_at__isnull=True, destroyed_at__isnull=True)

    def taken_in(self, external_id: str) -> Self:
        """The one with this number in its source, also where it was destroyed since."""
        return self.filter(external_id__in=[external_id, mark_of(external_id)])

    # --- how they are shown

    def with_holds(self) -> Self:
        """Each knows whether a hold or a restriction keeps it (`is_held`), whether it goes soon
        unless they do (`is_soon`), and whether its case decides on its day (`goes_by_case`).
        """
        soon = timezone.localdate() + timedelta(days=SOON_DAYS)
        asked = {
            "is_held": self._held() | self._restricted(),
            "is_soon": Q(due_on__lte=soon) & ~self._case_goes_on(soon),
            "goes_by_case": self._case_goes_on(OuterRef("due_on")),
        }
        yes_or_no = models.BooleanField()
        return self.annotate(
            **{name: ExpressionWrapper(one, yes_or_no) for name, one in asked.items()}
        )

    def _case_goes_on(self, day: Any) -> Q:
        """Whether a case keeps one of these beyond a day: none has anything to do with calls."""
        return Q(pk__in=[])

    def concerning_nobody(self) -> Self:
        """Those of which it is not known whom they concern."""
        return self.filter(concerns__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by(f"-{self.happened}", "-id")

    def older_than(self, at: datetime, key: int) -> Self:
        """Those that come after one in the order of `newest_first`."""
        same = {self.happened: at, "id__gte": key}
        return self.filter(**{f"{self.happened}__lte": at}).exclude(**same)

    def first_due_first(self) -> Self:
        return self.order_by("due_on", "id")

    def due_after(self, day: date, key: int) -> Self:
        """Those that come after one in the order of `first_due_first`."""
        return self.filter(due_on__gte=day).exclude(due_on=day, id__lte=key)

    # --- when they go

    def past_their_day(self, day: date | None = None) -> Self:
        """Those whose time is over by that day (today), whether or not something keeps them."""
        return self.filter(destroyed_at__isnull=True, due_on__lte=day or timezone.localdate())

    def due_on(self, day: date | None = None) -> Self:
        """Those to be destroyed by that day (today): past their day, and kept by nothing."""
        return self.past_their_day(day).exclude(self._held(day) | self._restricted())

    def past_quarantine(self, now: datetime | None = None) -> Self:
        """Those to be destroyed now, so that none is there longer than seven days."""
        since = (now or timezone.now()) - timedelta(days=QUARANTINE_DAYS) + LOOKED_AFTER_EVERY
        rows = self.in_quarantine().filter(quarantined_at__lte=since)
        return rows.exclude(self._kept_in_quarantine())

    # --- what keeps them

    def held(self, day: date | None = None) -> Self:
        """Those that a hold keeps: their own, a person's, or a customer's."""
        return self.filter(self._held(day))

    def held_or_restricted(self, day: date | None = None) -> Self:
        """Those that a hold keeps, or the restriction of somebody's data (GDPR Art. 18)."""
        return self.filter(self._held(day) | self._restricted())

    def kept_in_quarantine(self) -> Self:
        """Those held or restricted; without the notice a call is kept by nothing (S9)."""
        return self.filter(self._kept_in_quarantine())

    def _held(self, day: date | None = None) -> Q:
        from recordings.models import RecordingHold

        own = RecordingHold.objects.in_force(day).filter(**{self.field: OuterRef("pk")})
        holds = Hold.objects.in_force(day)
        of_persons = holds.filter(
            Q(person=OuterRef("person")) | Q(customer__owner=OuterRef("person"))
        )
        of_customer = holds.filter(customer=OuterRef("interaction__customer"))
        return Q(Exists(own)) | Q(self._concerns(of_persons)) | Q(Exists(of_customer))

    def _restricted(self) -> Q:
        in_force = Restriction.objects.in_force().filter(person=OuterRef("person"))
        return Q(self._concerns(in_force))

    def _kept_in_quarantine(self) -> Q:
        from recordings.models import Quarantine

        may_be_put_right = ~Q(quarantine=Quarantine.NOT_INFORMED)
        return may_be_put_right & (self._held() | self._restricted())

    def _concerns(self, of_person: models.QuerySet[Any]) -> Exists:
        """Whether one of these concerns a person of whom there is such a row."""
        persons: Any = self.model._meta.get_field("concerns").related_model
        of_it = persons.objects.filter(**{self.field: OuterRef("pk")})
        return Exists(of_it.filter(Exists(of_person)))


class RecordingQuerySet(KeptQuerySet["Recording"]):
    field, happened = "recording", "started_at"

    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("recordings.view_recording") else self.none()


class StoredMessageQuerySet(KeptQuerySet["StoredMessage"]):
    field, happened = "message", "sent_at"

    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("recordings.view_storedmessage") else self.none()

    def _case_goes_on(self, day: Any) -> Q:
        """Whether the case is open, a customer's, or has not been over for long enough by a day."""
        over_on = Coalesce(_day_of("closed_at"), F("customer__ended_on"))
        not_yet = Q(models.lookups.GreaterThan(_long_after(over_on), day))
        is_one = Q(closed_at__isnull=False) | Q(customer__isnull=False)
        its_case = Interaction.objects.filter(is_one, pk=OuterRef("interaction"))
        return Q(Exists(its_case.filter(Q(models.lookups.IsNull(over_on, True)) | not_yet)))

    def past_their_day(self, day: date | None = None) -> Self:
        """As for all; a message of a case stays until the case has been closed long enough.

        One that nobody closed stays as long from the end of its customer's relationship.
        """
        day = day or timezone.localdate()
        is_open = Q(interaction__closed_at__isnull=True)
        of_former = is_open & _long_enough(F("interaction__customer__ended_on"), day)
        is_over = (
            Q(interaction__isnull=True)
            | OF_NO_CUSTOMER
            | _long_enough(_day_of("interaction__closed_at"), day)
        )
        return super().past_their_day(day).filter(is_over | of_former)


def _long_enough(ended_on: Any, day: date) -> Q:
    """Whether messages have been kept long enough by a day, counted from another."""
    return Q(models.lookups.LessThanOrEqual(_long_after(ended_on), day))


def _long_after(ended_on: Any) -> Func:
    """The day until which messages are kept, counted from another."""
    return Func(
        ended_on,
        template=f"(%(expressions)s + interval '{MESSAGE_MONTHS} months')::date",
        output_field=models.DateField(),
    )


def _day_of(moment: str) -> TruncDate:
    return TruncDate(moment, tzinfo=timezone.get_default_timezone())


class RecordingConcernsQuerySet(RecordedQuerySet["RecordingConcerns"]):
    """Whom recordings concern."""


class MessageConcernsQuerySet(RecordedQuerySet["MessageConcerns"]):
    """Whom messages concern."""


class ReassignmentQuerySet(RecordedQuerySet["Reassignment"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("recordings.view_reassignment") else self.none()


class RecordingHoldQuerySet(RecordedQuerySet["RecordingHold"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("recordings.view_recordinghold") else self.none()

    def in_force(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(released_at__isnull=True).filter(
            Q(until__isnull=True) | Q(until__gte=day)
        )
