"""What lies in the file of a request: notes, tasks, attachments and letters."""

from datetime import date
from hashlib import sha256
from io import BytesIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.free_text import refuse_identity_codes
from customers.models import Restriction
from customers.services.errors import SavedBefore
from privacy.letters import Writing
from privacy.models import (
    RequestAttachment,
    RequestLetter,
    RequestNote,
    RequestTask,
    SubjectRequest,
)
from privacy.services.changing import kept, made_once, refuse_days, to_change, today
from privacy.uploads import media_type_of
from recordings.services import destroy_file, seal

# --- notes and tasks ------------------------------------------------------------------------------


@transaction.atomic
def add_note(*, request: SubjectRequest, public_id: UUID, text: str, by: User) -> RequestNote:
    """Note something in the file; the same form sent again adds nothing."""
    request = to_change(request, by)
    refuse_identity_codes(text=text)
    note = RequestNote(request=request, public_id=public_id, text=text, written_by=by)
    return made_once(note, "request_id", "text", "written_by_id")[0]


@transaction.atomic
def add_task(
    *, request: SubjectRequest, public_id: UUID, what: str, due_on: date | None, by: User
) -> RequestTask:
    """Say what is to be done, until when at the latest; the same form sent again adds nothing."""
    request = to_change(request, by)
    refuse_identity_codes(what=what)
    task = RequestTask(request=request, public_id=public_id, what=what, due_on=due_on)
    return made_once(task, "request_id", "what", "due_on")[0]


@transaction.atomic
def finish_task(*, task: RequestTask, by: User) -> RequestTask:
    """Note that a task is done; done twice, it stays as the first one noted it."""
    to_change(task.request, by)
    task = RequestTask.objects.select_for_update(no_key=True).get(pk=task.pk)
    if task.done_at is None:
        task.done_at, task.done_by = timezone.now(), by
        task = kept(task)
    return task


# --- attachments ----------------------------------------------------------------------------------


@transaction.atomic
def attach(
    *,
    request: SubjectRequest,
    public_id: UUID,
    title: str,
    content: bytes,
    is_identity_document: bool,
    by: User,
) -> RequestAttachment:
    """Put a paper that came with the request into the vault; its content says what it is.

    The same form sent again puts nothing there. Raises SavedBefore where it has something else in
    it, ValidationError where it is no PDF, JPEG, PNG or plain text, or larger than MOST_BYTES,
    and for a copy of an identity document that is not needed any more.
    """
    request = to_change(request, by)
    refuse_identity_codes(title=title)
    papers = RequestAttachment.objects.select_related("file")
    there = papers.filter(public_id=public_id, request=request).first()
    if there is not None:
        digest = bytes(there.file.digest)  # empty once it is destroyed
        is_other = bool(digest) and digest != sha256(content).digest()
        if is_other or (there.title, there.is_identity_document) != (title, is_identity_document):
            raise SavedBefore
        return there
    if is_identity_document and (request.identified_by or not request.is_open):
        raise ValidationError(
            {"is_identity_document": _("Nobody needs it any more: no copy is kept.")}
        )
    media_type = media_type_of(content)
    paper = RequestAttachment(
        request=request,
        public_id=public_id,
        title=title,
        media_type=media_type,
        is_identity_document=is_identity_document,
        file=seal(BytesIO(content)),
    )
    return made_once(paper, "request_id", "title", "is_identity_document")[0]


# --- letters --------------------------------------------------------------------------------------


@transaction.atomic
def keep_letter(
    *,
    request: SubjectRequest,
    public_id: UUID,
    template: str,
    writing: Writing,
    pdf: bytes,
    by: User,
) -> RequestLetter:
    """Put a letter into the vault as a draft; the same form sent again makes no second one.

    `writing` is what the PDF was made with. Raises SavedBefore where it is something else.
    """
    request = to_change(request, by)
    digest = writing.digest(template, request.language)
    there = RequestLetter.objects.filter(public_id=public_id, request=request).first()
    if there is not None:
        if there.wording_digest != digest:
            raise SavedBefore
        return there
    if template == RequestLetter.Template.LIFTING:
        _refuse_ending(request, writing)
    letter = RequestLetter(
        request=request,
        public_id=public_id,
        template=template,
        language=request.language,
        wording_digest=digest,
        restriction=writing.restriction,
        ends_on=writing.ends_on,
        file=seal(BytesIO(pdf)),
        made_by=by,
    )
    return made_once(letter, "request_id", "wording_digest")[0]


def _refuse_ending(request: SubjectRequest, writing: Writing) -> None:
    """Refuse a notice that something ends which is not in force, or ended before she reads it."""
    if not request.identified_by:
        raise ValidationError(
            _("Nothing is decided before it is sure who asks: note how she was identified.")
        )
    hers = Restriction.objects.filter(person=request.person_id).in_force()
    if writing.restriction is None or not hers.filter(public_id=writing.restriction).exists():
        raise ValidationError({"restriction": _("No such restriction of hers is in force.")})
    if writing.ends_on is None or writing.ends_on < today():
        raise ValidationError({"ends_on": _("She is told before the restriction ends.")})


@transaction.atomic
def send_letter(*, letter: RequestLetter, sent_on: date, by: User) -> RequestLetter:
    """Note that a letter went out that day; what went out stays as it went."""
    request = to_change(letter.request, by)
    refuse_days(request, sent_on=sent_on)
    letter = RequestLetter.objects.select_for_update(no_key=True).get(pk=letter.pk)
    if letter.destroyed_at is not None:
        raise ValidationError(_("This draft was thrown away."))
    if letter.sent_on is None:
        letter.sent_on = sent_on
        letter = kept(letter)
    return letter


@transaction.atomic
def throw_letter_away(*, letter: RequestLetter, by: User) -> RequestLetter:
    """Destroy a letter that never went out; that there was one remains."""
    to_change(letter.request, by)
    letter = RequestLetter.objects.select_for_update(no_key=True).get(pk=letter.pk)
    if letter.sent_on is not None:
        raise ValidationError(_("The letter went out: it stays as it went."))
    if letter.destroyed_at is None:
        destroy_file(letter.file)
        letter.destroyed_at = timezone.now()
        letter = kept(letter)
    return letter
