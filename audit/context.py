"""The access context: who reads, why, and in which request; without one there is no data.

A context gathers what was read and changed in one unit of work (a request, a job, a command) and
hands it to the log as the last statement of the same transaction (architecture: "One request,
one transaction").
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from audit import log
from audit.log import Action, Event

P = ParamSpec("P")
R = TypeVar("R")

FLUSH_AFTER = 1000
"""How many persons a job may read before their rows are written."""


class AccessPurpose(models.TextChoices):
    """Why somebody looks: what the person is told when she asks (C-579/21)."""

    SERVICE_CALL = "service_call", _("Service call")
    CUSTOMER_CARE = "customer_care", _("Care of the customer relationship")
    BILLING = "billing", _("Billing")
    MARKETING = "marketing", _("Direct marketing")
    SUBJECT_REQUEST = "subject_request", _("Data-subject request")
    VERIFICATION = "verification", _("Verifying a service event")
    PROBLEM_SOLVING = "problem_solving", _("Solving a problem")
    LOG_CONTROL = "log_control", _("Control of the access log")
    UPKEEP = "upkeep", _("Upkeep of the register")
    RETENTION = "retention", _("Retention and erasure")
    OWN_CHOICE = "own_choice", _("The person's own choice")


class NoAccessContext(Exception):  # noqa: N818  (it reads as what it says)
    """Personal data was touched outside an access context."""


class NoPurpose(Exception):  # noqa: N818
    """Personal data was read in a context that does not say what for."""


class UnrecordedRead(Exception):  # noqa: N818
    """A read whose data subjects cannot be recorded."""


class UnrecordedWrite(Exception):  # noqa: N818
    """A write that would leave no row in the log."""


@dataclass
class AccessContext:
    """One unit of work: the actor, the purpose, and what has been read and done so far."""

    purpose: AccessPurpose | None = None
    actor_id: int | None = None
    actor_label: str = ""
    unit: str = ""
    route: str = ""
    reason: str = ""
    remote_addr: str | None = None
    request_id: UUID = field(default_factory=uuid4)
    reading_as: Action = Action.ACCESS
    failed: bool = False
    _by_uuid: dict[UUID, set[str]] = field(default_factory=dict)
    _by_key: dict[int, set[str]] = field(default_factory=dict)
    _uuid_of_key: dict[int, UUID] = field(default_factory=dict)
    _rows: dict[type[models.Model], dict[Any, set[str]]] = field(default_factory=dict)
    _events: list[Event] = field(default_factory=list)
    _committed: frozenset[UUID] | None = None

    # --- what was read

    def saw_person(self, key: int, public_id: UUID | None, categories: frozenset[str]) -> None:
        """Note that data of the person with this key was read; her UUID may be known or not."""
        self._require_purpose()
        if public_id is not None:
            self._uuid_of_key[key] = public_id
        if self._committed is not None:
            self._require_committed(self._uuid_of_key.get(key))
        self._by_key.setdefault(key, set()).update(categories)

    def saw_subject(self, public_id: UUID, categories: frozenset[str]) -> None:
        """Note that data of the person with this public_id was read."""
        self._require_purpose()
        if self._committed is not None:
            self._require_committed(public_id)
        self._by_uuid.setdefault(public_id, set()).update(categories)

    def saw_row(self, model: type[models.Model], key: Any, categories: frozenset[str]) -> None:
        """Note that a row was read whose subjects are looked up when the log is written."""
        self._require_purpose()
        if self._committed is not None:
            self._require_committed(None)
        self._rows.setdefault(model, {}).setdefault(key, set()).update(categories)

    def remember_person(self, key: int, public_id: UUID) -> None:
        """Know a person's UUID beyond her deletion."""
        self._uuid_of_key[key] = public_id

    def uuid_of(self, key: int | None) -> UUID | None:
        """The UUID of a person's key where it is known already."""
        return None if key is None else self._uuid_of_key.get(key)

    def _require_purpose(self) -> None:
        if self.purpose is None:
            raise NoPurpose("Say what for (audit.context.for_purpose) before reading.")

    def _require_committed(self, public_id: UUID | None) -> None:
        if self._committed is None or public_id not in self._committed:
            raise UnrecordedRead("A resumed context reads only whom the log already names.")

    # --- what was done

    def record(self, event: Event) -> None:
        """Add a row that is not a read of one person: a search, a refusal, an export."""
        self._events.append(event)

    def record_search(self) -> None:
        """A search makes one row, hit or miss, without its term."""
        self._require_purpose()
        self._events.append(Event(Action.SEARCH))

    # --- writing

    def has_reads(self) -> bool:
        """Whether anything was read or refused that is not in the log yet."""
        return bool(self._events or self.pending_reads())

    def pending_reads(self) -> int:
        """How many persons and rows have been read that are not in the log yet."""
        return len(self._by_uuid) + len(self._by_key) + sum(map(len, self._rows.values()))

    def resolve_rows(self) -> None:
        """Turn rows read into their subjects; must come before such a row is deleted."""
        from audit.subjects import subjects_of

        rows, self._rows = self._rows, {}
        for model, keys in rows.items():
            for row_key, subjects in subjects_of(model, list(keys)).items():
                for subject in subjects:
                    self._by_uuid.setdefault(subject, set()).update(keys[row_key])

    def resolve_keys(self) -> None:
        """Turn keys of persons into UUIDs; must come before a person is deleted."""
        from audit.subjects import uuids_of

        missing = [key for key in self._by_key if key not in self._uuid_of_key]
        self._uuid_of_key.update(uuids_of(missing))

    def flush(self) -> None:
        """Write every row gathered so far, as one statement in the open transaction."""
        self._write(with_changes=True)

    def flush_after_failure(self) -> None:
        """Write what was read, searched and refused: the changes themselves were rolled back."""
        self._write(with_changes=False)

    def _write(self, *, with_changes: bool) -> None:
        self.resolve_rows()
        reads = log.Reads(dict(self._by_uuid), {})
        for key, categories in self._by_key.items():
            public_id = self._uuid_of_key.get(key)
            if public_id is None:
                reads.by_key[key] = categories
            else:
                reads.by_uuid.setdefault(public_id, set()).update(categories)
        events = [*self._events, *(log.surviving_changes(self) if with_changes else [])]
        if reads or events:
            log.write(self, reads, events)
        self._by_uuid, self._by_key, self._events = {}, {}, []


_current: ContextVar[AccessContext | None] = ContextVar("access_context", default=None)


def current() -> AccessContext | None:
    """The open access context, or None."""
    return _current.get()


def require() -> AccessContext:
    """The open access context; raises where there is none."""
    context = _current.get()
    if context is None:
        raise NoAccessContext("Personal data can be touched only inside an access context.")
    return context


@contextmanager
def activate(context: AccessContext) -> Iterator[AccessContext]:
    """Make the context the open one."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


@contextmanager
def unit_of_work(context: AccessContext) -> Iterator[None]:
    """One transaction whose last statement writes the context's log rows.

    If the work fails, it is rolled back and what had been read is written in a second
    transaction before the error goes on: the reading did happen.
    """
    try:
        with transaction.atomic():
            yield
            context.flush()
    except BaseException:
        if context.has_reads() and not connection.needs_rollback:
            with transaction.atomic():
                context.flush_after_failure()
        raise


@contextmanager
def access_context(
    *, job: str, purpose: AccessPurpose, actor_id: int | None = None, reason: str = ""
) -> Iterator[AccessContext]:
    """Open a context and its transaction for a job or a command, under the job's name."""
    context = AccessContext(
        purpose=purpose, actor_id=actor_id, actor_label=job, route=f"job:{job}", reason=reason
    )
    with activate(context), unit_of_work(context):
        yield context


def in_context(*, job: str, purpose: AccessPurpose) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run the decorated job or command inside a context of its own."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            with access_context(job=job, purpose=purpose):
                return function(*args, **kwargs)

        return inside

    return decorate


def flush_when_full() -> None:
    """For long jobs: write the rows once many persons have been read."""
    context = require()
    if context.pending_reads() >= FLUSH_AFTER:
        context.flush()


@contextmanager
def resume(context: AccessContext, subjects: frozenset[UUID]) -> Iterator[AccessContext]:
    """Read again, after the commit, those persons whom the log already names.

    For streams: the rows of all `subjects` are committed before the first byte, then each chunk
    is fetched inside `resume`; anybody else raises. No context stays open around a `yield`.
    """
    resumed = AccessContext(
        purpose=context.purpose,
        actor_id=context.actor_id,
        actor_label=context.actor_label,
        unit=context.unit,
        route=context.route,
        request_id=context.request_id,
        _committed=subjects,
    )
    with activate(resumed):
        yield resumed


def for_purpose(purpose: AccessPurpose) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say on a view what its readers read for; the middleware puts it into the context."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            require().purpose = purpose
            return view(*args, **kwargs)

        inside.access_purpose = purpose  # type: ignore[attr-defined]
        return inside

    return decorate
