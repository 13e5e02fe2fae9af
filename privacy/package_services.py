"""What is done with packages: asked for, reviewed, approved, sent, discarded (Art. 15(4)).

The request is locked first, then the package, so that what two registrars do to one comes one
after the other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import AccessPurpose, access_context
from customers.services.locks import locked
from privacy.models import Package, PackageFile, ProposedRedaction, SubjectRequest
from privacy.package_drafts import draft_lines, texts_of
from privacy.rules import said
from privacy.services.changing import kept, made_once, to_change
from recordings.services import clear_bytes, destroy_file

Status = Package.Status
IN_WORK = (Status.COLLECTING, Status.MAKING)
DISCARDED_FROM = (Status.REVIEW, Status.READY, Status.FAILED)
"""Where a package can be given up: no job is at work on it, and it has not gone out."""


MOVED_ON, REVIEWED_ANEW = "package_moved_on", "package_reviewed_anew"
"""The codes of what is refused because somebody else did something meanwhile."""


class DecidedMeanwhile(Exception):  # noqa: N818  (it reads as what it says)
    """Somebody else has decided this find otherwise since the page was shown."""


@transaction.atomic
def ask_for_package(
    *, request: SubjectRequest, public_id: UUID, contents: str, by: User
) -> tuple[Package, bool]:
    """Ask for a package; the same form sent again gives the one that is there.

    Returns whether it is new: then the caller has it collected. A restriction of her data does not
    stand in the way.
    """
    request = to_change(request, by)
    if request.person_id is None:
        raise ValidationError(_("First say whose data the request is about."))
    if not request.identified_by:
        raise ValidationError(_("First make sure who asks."))
    there = Package.objects.filter(public_id=public_id, request=request).first()
    if there is not None and there.contents == contents:
        return there, False
    package = Package(
        request=request,
        public_id=public_id,
        contents=contents,
        asked_by=by,
        needs_second_person=settings.PACKAGE_SECOND_PERSON,
        expires_on=timezone.localdate() + timedelta(days=settings.PACKAGE_DAYS),
    )
    return made_once(package, "request_id", "contents", "asked_by_id")


def _to_change(package: Package, by: User, *statuses: Status) -> Package:
    """The package as it is now, locked; refused where it is in another state than these."""
    to_change(package.request, by)
    package = locked(package)
    if package.status not in statuses:
        raise ValidationError(
            _("The package has moved on: it is “%(status)s” now.")
            % {"status": package.get_status_display()},
            code=MOVED_ON,
        )
    return package


@transaction.atomic
def try_again(*, package: Package, by: User) -> Package:
    """Begin anew what failed: from the review on if it was approved, else from the beginning."""
    package = _to_change(package, by, Status.FAILED)
    package.status = Status.COLLECTING if package.approved_at is None else Status.MAKING
    package.failure, package.steps_done = "", 0
    return kept(package)


# --- the review -----------------------------------------------------------------------------------


@transaction.atomic
def decide(
    *, find: ProposedRedaction, seen: bool | None, is_accepted: bool, everywhere: bool, by: User
) -> int:
    """Decide whether a find is blacked out, or all undecided ones with the same words.

    `seen` is the decision as the page showed it. Returns how many were decided; raises
    DecidedMeanwhile where somebody else has decided it otherwise since.
    """
    package = _to_change(find.package, by, Status.REVIEW)
    find = ProposedRedaction.objects.select_for_update(no_key=True).get(pk=find.pk)
    if find.is_accepted != seen and find.is_accepted != is_accepted:
        raise DecidedMeanwhile
    _decide(find, is_accepted, by)
    return 1 + (_decide_same(package, find, is_accepted, by) if everywhere else 0)


def _decide(find: ProposedRedaction, is_accepted: bool, by: User) -> None:
    find.is_accepted, find.decided_by, find.decided_at = is_accepted, by, timezone.now()
    said(find.save)


def _decide_same(package: Package, find: ProposedRedaction, is_accepted: bool, by: User) -> int:
    others = list(
        ProposedRedaction.objects.select_for_update(no_key=True)
        .filter(package=package, what=find.what)
        .undecided()
    )
    words = words_of_finds(package, [find, *others])
    same = [one for one in others if words.get(one.pk) == words.get(find.pk)]
    for one in same:
        _decide(one, is_accepted, by)
    return len(same)


def words_of_finds(package: Package, finds: Iterable[ProposedRedaction]) -> dict[int, str]:
    """The words that each find would black out, in small letters, by the find's key."""
    found = list(finds)
    texts = texts_of(package, {find.pointer for find in found})
    return {
        find.pk: texts[find.pointer][find.start : find.stop].casefold()
        for find in found
        if find.pointer in texts
    }


@transaction.atomic
def mark_words(*, package: Package, words: str, by: User) -> int:
    """Black out words wherever they stand in the draft; returns in how many places they do.

    A place that was left as it is, or not decided, is blacked out from now on too.
    """
    package = _to_change(package, by, Status.REVIEW)
    sought = re.compile(r"\s+".join(map(re.escape, words.casefold().split())))
    if not sought.pattern:
        raise ValidationError({"words": _("Type what is to be blacked out.")})
    places = {
        (pointer, start, stop): None
        for pointer, text in draft_lines(package).strings()
        for start, stop in _occurrences(text, sought)
    }
    if not places:
        raise ValidationError({"words": _("This stands nowhere in the draft.")})
    finds = ProposedRedaction.objects.select_for_update(no_key=True).filter(package=package)
    known = {
        (one.pointer, one.start, one.stop): one
        for one in finds.filter(pointer__in={pointer for pointer, _start, _stop in places})
    }
    for place in places:
        if place in known and not known[place].is_accepted:
            _decide(known[place], True, by)
    now = timezone.now()
    marked = [
        ProposedRedaction(
            package=package,
            pointer=pointer,
            start=start,
            stop=stop,
            what=ProposedRedaction.What.MARKED,
            is_accepted=True,
            decided_by=by,
            decided_at=now,
        )
        for pointer, start, stop in places
        if (pointer, start, stop) not in known
    ]
    said(lambda: ProposedRedaction.objects.bulk_create(marked))
    return len(places)


def _occurrences(text: str, sought: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where words stand in a text, from and to, in small or capital letters.

    Folded, a text can be longer than it is (ß, ﬃ): then each letter says whose it was.
    """
    small = text.casefold()
    of: Sequence[int] = range(len(text))
    if len(small) != len(text):
        of = [place for place, letter in enumerate(text) for _ in letter.casefold()]
    for match in sought.finditer(small):
        yield of[match.start()], of[match.end() - 1] + 1


@transaction.atomic
def approve(*, package: Package, seen: str, by: User) -> Package:
    """Let the files be made: every find is decided, by somebody who did not ask if so set.

    `seen` is the digest of the decisions as the page showed them: exactly these are approved.
    """
    package = _to_change(package, by, Status.REVIEW)
    finds = ProposedRedaction.objects.filter(package=package)
    if finds.undecided().exists():
        raise ValidationError(_("There are finds to be decided first."))
    if finds.decided_digest() != seen:
        raise ValidationError(
            _("What is blacked out has changed since you saw it: look at it again."),
            code=REVIEWED_ANEW,
        )
    package.approved_by, package.approved_at = by, timezone.now()
    package.status, package.steps, package.steps_done = Status.MAKING, 0, 0
    return kept(package)


# --- going out, and going -------------------------------------------------------------------------


@transaction.atomic
def note_sent(*, package: Package, by: User) -> Package:
    """Note that the package has gone out; its password is kept no longer."""
    package = _to_change(package, by, Status.READY)
    if package.password is not None:
        destroy_file(package.password)
    package.status, package.sent_at = Status.SENT, timezone.now()
    return kept(package)


@transaction.atomic
def password_of(*, package: Package, by: User) -> str:
    """The password of the archive, as often as it is asked for until it is written down."""
    package = _to_change(package, by, Status.READY)
    if package.password is None or package.password.key is None:
        raise ValidationError(_("The password is not kept any more."))
    return b"".join(clear_bytes(package.password)).decode()


@transaction.atomic
def password_written_down(*, package: Package, by: User) -> Package:
    """Keep the password no longer: from now on nobody can read it here."""
    package = _to_change(package, by, Status.READY)
    if package.password is not None:
        destroy_file(package.password)
    return package


@transaction.atomic
def discard(*, package: Package, because: str, by: User) -> Package:
    """Destroy a package that is not to go out, and say why; then another can be asked for."""
    package = _to_change(package, by, *DISCARDED_FROM)
    _destroy(package)
    package.discarded_by, package.discarded_because = by, because
    return kept(package)


@transaction.atomic
def destroy_package(*, package: Package) -> bool:
    """Destroy what a package holds, the keys first; returns False where that was done before."""
    package = locked(package)
    if package.destroyed_at is not None:
        return False
    _destroy(package)
    package.save()
    return True


def _destroy(package: Package) -> None:
    files = PackageFile.objects.filter(package=package).select_related("file")
    for file in [*(one.file for one in files), package.draft, package.password]:
        if file is not None:
            destroy_file(file)
    package.status, package.destroyed_at = Status.DESTROYED, timezone.now()


def destroy_expired(*, job: str) -> int:
    """Destroy the packages whose day has come, each in a unit of work of its own."""
    with access_context(job=job, purpose=AccessPurpose.RETENTION):
        due = list(Package.objects.due_on(timezone.localdate()).order_by("pk").keys_only())
    destroyed = 0
    for key in due:
        with access_context(job=job, purpose=AccessPurpose.RETENTION):
            destroyed += destroy_package(package=Package.objects.get(pk=key))
    return destroyed
