"""What packages leave to the background worker: collecting, making, and destroying in time.

Each step is a unit of work of its own, so that the page can show how far it is; what a package is
made of comes into being in the last one. A job that was killed is begun anew, and what it had
sealed is swept away (ADR "A draft, its finds, then the files").
"""

import io
import tempfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django import app

from audit.context import AccessPurpose, access_context
from audit.log import Action
from audit.sets import record_set
from audit.sql import copy_rows
from contracts.documents.letters import DocumentNotMade
from customers.services.locks import locked
from datamap.vocabulary import Category
from privacy.letters import addressee
from privacy.models import Package, PackageFile, ProposedRedaction, StaffNamesDecision
from privacy.package_drafts import as_it_goes_out
from privacy.package_services import IN_WORK, destroy_expired
from privacy.report.collecting import Whose
from privacy.report.drafts import lines_in, steps_of, write
from privacy.report.files import access_files, portable_files
from privacy.report.json_file import NotByTheSchema
from privacy.report.third_persons import Find, find
from privacy.report.zips import new_password
from recordings import damage
from recordings.models import SealedFile
from recordings.services import seal
from recordings.vault import Tampered

Status = Package.Status
# As in contracts: the worker's clock is UTC and the register's day begins in Helsinki.
EVERY_NIGHT = "23 22 * * *"
EVERY_TEN_MINUTES = "*/10 * * * *"
SILENT = timedelta(minutes=10)
"""A package in work that has not moved for so long has lost its job."""

FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (Tampered, "damaged_file"),
    (DocumentNotMade, "document"),
    (NotByTheSchema, "schema"),
    (DatabaseError, "database"),
    (OSError, "storage"),
)


@app.task(queue="packages", pass_context=False)
def collect_package(package_id: int) -> int:
    """Collect the draft of a package and propose what is to be blacked out; returns how much."""
    return _or_failed(_collect, package_id)


@app.task(queue="packages", pass_context=False)
def make_package(package_id: int) -> int:
    """Make the files of an approved package; returns how many."""
    return _or_failed(_make, package_id)


@app.periodic(cron=EVERY_NIGHT)
@app.task(queueing_lock="privacy.destroy_packages", pass_context=False)
def destroy_packages(timestamp: int) -> int:
    """Destroy the packages whose term is over; returns how many."""
    return destroy_expired(job="destroy_packages")


@app.periodic(cron=EVERY_TEN_MINUTES)
@app.task(queueing_lock="privacy.take_up_packages", pass_context=False)
def take_up_packages(timestamp: int) -> int:
    """Begin anew what a killed worker left in work; returns how many."""
    with access_context(job="take_up_packages", purpose=AccessPurpose.SUBJECT_REQUEST):
        silent = Package.objects.filter(
            status__in=IN_WORK, changed_at__lt=timezone.now() - SILENT
        ).order_by("pk")
        left = list(silent)
        for package in left:
            begin(package)
            package.steps_done, package.changed_at = 0, timezone.now()
            package.save(update_fields=["steps_done", "changed_at"])
    return len(left)


def begin(package: Package) -> None:
    """Leave the next work on a package to the worker."""
    task = collect_package if package.status == Status.COLLECTING else make_package
    task.defer(package_id=package.pk)


def _or_failed(work: Callable[[Package], int], package_id: int) -> int:
    """Do the work; where it fails the page says of which kind the failure was."""
    with _context():
        package = Package.objects.select_related("request__person", "draft").get(pk=package_id)
    try:
        return work(package)
    except Exception as error:
        kind = next((name for of, name in FAILURES if isinstance(error, of)), "other")
        with _context():
            package = locked(package)
            if package.status in IN_WORK:
                package.status, package.failure = Status.FAILED, kind
                package.save()
        if isinstance(error, Tampered) and error.name:
            damage.tell(error.name)
        raise


def _context() -> Any:
    return access_context(job="package", purpose=AccessPurpose.SUBJECT_REQUEST)


def _progress(package: Package, done: int, steps: int) -> None:
    """Let the page show how far it is; a unit of work may end with it."""
    package.steps_done, package.steps = done, steps
    package.save(update_fields=["steps_done", "steps"])


# --- collecting -----------------------------------------------------------------------------------


def _collect(package: Package) -> int:
    if package.status != Status.COLLECTING or package.request.person is None:
        return 0
    language = package.request.language
    begun = timezone.now()
    with _context():
        whose = Whose(
            package.request.person,
            only_portable=package.contents == Package.Contents.PORTABLE,
            names_staff=_names_staff(package),
        )
    steps = steps_of(whose, language)
    last = len(steps) + 2
    with tempfile.TemporaryFile() as draft:  # private to this process, and without a name
        for number, step in enumerate(steps, start=1):
            with _context(), override(language):
                write(step(), draft)
                _progress(package, number, last)
        finds = list(find(lambda: lines_in(draft), whose.person, _context))
        with _context():
            _progress(package, last - 1, last)
        draft.seek(0)
        sealed = seal(draft)
    with _context():
        package = locked(package)
        if package.status != Status.COLLECTING:
            return 0
        package.draft, package.collected_at, package.status = sealed, begun, Status.REVIEW
        package.steps_done = package.steps = last
        package.save()
        _propose(package, finds)
    return len(finds)


def _propose(package: Package, finds: list[Find]) -> None:
    """Write the finds and their log rows, two statements whatever their number."""
    rows = ((package.pk, one.pointer, one.start, one.stop, one.what) for one in finds)
    copy_rows("privacy_proposedredaction", ("package_id", "pointer", "start", "stop", "what"), rows)
    record_set(
        Action.CREATE,
        _PROPOSED,
        {"package": package.pk, "person": package.request.person_id},
        categories=[Category.RIGHTS],
        of=ProposedRedaction,
    )


_PROPOSED = """
SELECT p.public_id AS subject, r.id AS object_id
FROM privacy_proposedredaction r, customers_person p
WHERE r.package_id = %(package)s AND p.id = %(person)s
"""


def _names_staff(package: Package) -> bool:
    """The newest decision of the request; without one nobody is named (C-579/21)."""
    decisions = StaffNamesDecision.objects.filter(request=package.request)
    newest = decisions.order_by("-decided_at", "-pk").first()
    return newest is not None and newest.names_staff


# --- making ---------------------------------------------------------------------------------------


def _make(package: Package) -> int:
    if package.status != Status.MAKING:
        return 0
    request = package.request
    password = new_password()

    def lines() -> Any:
        with _context():
            return as_it_goes_out(package)

    files = (
        portable_files(lines)
        if package.contents == Package.Contents.PORTABLE
        else access_files(lines, addressee=addressee(request), password=password)
    )
    sealed: list[tuple[str, int, SealedFile]] = []
    with override(request.language):
        for made in files:
            with made.content:
                sealed.append((made.kind, made.volume, seal(made.content)))
            with _context():
                _progress(package, len(sealed), 0)
    has_recordings = any(kind == PackageFile.Kind.RECORDINGS for kind, _, _ in sealed)
    kept_password = seal(io.BytesIO(password.encode())) if has_recordings else None
    with _context():
        package = locked(package)
        if package.status != Status.MAKING:
            return 0
        for kind, volume, file in sealed:
            PackageFile.objects.create(package=package, kind=kind, volume=volume, file=file)
        package.status, package.password = Status.READY, kept_password
        package.save()
    return len(sealed)
