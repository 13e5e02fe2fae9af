"""Taking in e-mail: each message sealed as it came, with who wrote to whom and when beside it.

Subject, text and attachments are in the vault alone. What is no message, or was made to harm, goes
into quarantine, sealed as well.
"""

from pathlib import Path
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from recordings import callers
from recordings.ingest.folder import DropFolder, Dropped, NotPermitted, Replaced, drop_folder
from recordings.ingest.mail import Mail, NoMail, messages_in, read_mail
from recordings.ingest.report import Report
from recordings.ingest.storing import Here, digest_of_file, is_here, unit_of_work
from recordings.models import Quarantine, SealedFile, StoredMessage
from recordings.periods import message_due
from recordings.services import concerns, seal
from recordings.vault import Tampered

JOB = "ingest_messages"


def ingest_messages(folder: Path, settled_after: float, report: Report) -> None:
    """Take in what lies in the folder; raises UnusableFolder."""
    with drop_folder(folder, report, settled_after) as drop:
        for file in drop.files(report):
            if drop.is_settled(file):
                _take_in(file, drop, report)
            else:
                report.waiting += 1


def _take_in(file: Dropped, drop: DropFolder, report: Report) -> None:
    """Take in a file of one message or of many; it is removed once all of it is in the vault."""
    try:
        with drop.opened(file) as opened:
            for source in messages_in(opened):
                _take_one_in(file, opened, source, drop, report)
        drop.remove(file)
    except Replaced:
        report.waiting += 1
    except Tampered:
        report.problem(file.number, _("its copy in the vault is not whole, so the file stays"))
    except NotPermitted:
        report.problem(file.number, _("it may not be opened or removed"))


def _take_one_in(
    file: Dropped, opened: BinaryIO, source: BinaryIO, drop: DropFolder, report: Report
) -> None:
    mail = _read(source)
    digest = digest_of_file(source)
    here, external_id = Here.ANOTHER, ""
    if mail is not None and mail.message_id:
        external_id = mail.message_id
        here = is_here(StoredMessage, external_id, source, job=JOB)
    if here is Here.ANOTHER:
        # It says no number, or one that another message has: anybody can write anything there.
        external_id = f"content:{digest.hex()}"
        here = is_here(StoredMessage, external_id, source, job=JOB)
    if here is not Here.NO:
        report.known += 1
        return
    source.seek(0)
    with unit_of_work(JOB):
        sealed = seal(source)
        drop.refuse_changed(file, opened)
        _write_down(sealed, mail, file, external_id)
    if mail is None:
        report.problem(file.number, _("it is no message, or not all of one"))
        report.quarantined[Quarantine.BAD_FILE] += 1
        return
    report.taken += 1
    if mail.sent_at is None:
        report.remark(file.number, _("a message has no date; it counts from when the file came"))


def _read(source: BinaryIO) -> Mail | None:
    try:
        return read_mail(source)
    except NoMail:
        return None


def _write_down(sealed: SealedFile, mail: Mail | None, file: Dropped, external_id: str) -> None:
    mail, is_bad = mail or Mail("", "", [], None, 0), mail is None
    sent_at = mail.sent_at or file.written_at
    addresses = [mail.sender, *mail.recipients] if mail.sender else mail.recipients
    persons = callers.persons_with_addresses(addresses)
    contact = callers.contact_of(persons, callers.MAIL, sent_at, sent_at)
    message = StoredMessage.objects.create(
        file=sealed,
        external_id=external_id,
        kind=StoredMessage.Kind.EMAIL,
        sender=mail.sender,
        recipients=mail.recipients,
        sent_at=sent_at,
        attachments=mail.attachments,
        interaction=contact,
        due_on=message_due(sent_at, contact.closed_at if contact else None),
        quarantine=Quarantine.BAD_FILE if is_bad else "",
        quarantined_at=timezone.now() if is_bad else None,
    )
    concerns(message, callers.persons(persons))
