"""Mail from a drop folder: sealed as it came, with no more than addresses and times beside it."""

import os
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from django.utils import timezone

from audit.context import AccessPurpose, access_context
from customers.models import Interaction
from recordings.ingest.mail import MOST_LINES, MOST_PARTS
from recordings.models import Quarantine, StoredMessage
from tests.builders import a_person, an_interaction
from tests.log import Trail
from tests.recordings.ingesting import concerned, content_of, ingest, messages, problems
from tests.recordings.samples import drop
from tests.recordings.stored import everything_in, names_in

pytestmark = pytest.mark.django_db

COMMAND = "ingest_messages"
SENT = datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
DESK = "palvelu@example.com"


def mail(
    sender: str = "Aino Mallikas <aino@example.com>",
    to: str = DESK,
    number: str | None = "<1@example.com>",
    sent: datetime | None = SENT,
    text: str = "Lasku on väärin.",
    files: int = 0,
) -> EmailMessage:
    """A message."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, "Salainen aihe"
    if number is not None:
        made["Message-ID"] = number
    if sent is not None:
        made["Date"] = format_datetime(sent)
    made.set_content(text)
    for place in range(files):
        made.add_attachment(b"%PDF-1.7 secret", maintype="application", subtype="pdf",
                            filename=f"lasku{place}.pdf")  # fmt: skip
    return made


def mbox(*mails: EmailMessage) -> bytes:
    """Mails as a mailbox holds them."""
    begins = b"From aino@example.com Sun May 31 09:30:00 2026\n"
    return b"".join(begins + one.as_bytes() + b"\n\n" for one in mails)


def test_a_message_is_sealed_as_it_came(folder: Path) -> None:
    raw = mail(files=2).as_bytes()
    drop(folder, "1.eml", raw)

    said = ingest(folder, command=COMMAND)

    [found] = messages()
    assert "Taken in: 1." in said
    assert content_of(found) == raw
    assert (found.kind, found.sender, found.recipients) == ("email", "aino@example.com", [DESK])
    assert (found.sent_at, found.attachments) == (SENT, 2)
    assert found.external_id == "<1@example.com>"
    assert f"{found.due_on}" == "2028-05-31"
    assert found.quarantine == ""
    assert list(folder.iterdir()) == []


def test_what_it_says_stands_nowhere_in_clear(folder: Path, tmp_path: Path) -> None:
    drop(folder, "Salainen aihe.eml", mail(files=1).as_bytes())

    ingest(folder, command=COMMAND)

    stored = everything_in(tmp_path)
    for clear in (b"Salainen", b"lasku0", b"aino@", b"%PDF", b"Mallikas"):
        assert clear not in stored
    columns = [str(getattr(messages()[0], one.attname)) for one in StoredMessage._meta.fields]
    assert not any("Salainen" in value or "lasku" in value for value in columns)


def test_a_mailbox_is_its_messages(folder: Path, vault: Path) -> None:
    mails = [
        mail(number=f"<{n}@example.com>", text=f"Viesti {n}\n\nFrom here on\nFrom: me")
        for n in range(5)
    ]
    drop(folder, "inbox", mbox(*mails).replace(b"\nFrom here", b"\n>From here"))

    ingest(folder, command=COMMAND)

    found = messages()
    assert [one.external_id for one in found] == [f"<{n}@example.com>" for n in range(5)]
    for number, one in enumerate(found):
        content = content_of(one)
        assert content.startswith(b"From: Aino")
        assert f"Viesti {number}".encode() in content
    assert len(names_in(vault)) == 5


def test_it_concerns_whoever_alone_has_one_of_the_addresses(folder: Path, trail: Trail) -> None:
    aino = a_person(emails=["aino@example.com"])
    eino = a_person("Eino", emails=["Eino@Example.com"])
    a_person("Maija", emails=["yhteinen@example.com"])
    a_person("Pekka", emails=["yhteinen@example.com"])
    a_person("Longer", emails=["aino@example.com.example.com"])
    to = f"{DESK}, EINO@example.com, yhteinen@example.com"
    drop(folder, "1.eml", mail(to=to).as_bytes())
    before = trail.last_id()

    ingest(folder, command=COMMAND)

    assert set(concerned(messages()[0])) == {aino.pk, eino.pk}
    assert trail.subjects(id__gt=before) == {aino.public_id, eino.public_id}


def test_an_address_is_taken_to_the_letter(folder: Path) -> None:
    a_person(emails=["päivi@example.com"])
    long = "a" * 60 + "@" + "b" * 50 + ".example.com"
    a_person(emails=[long.replace(".example.com", ".example.org")])
    drop(folder, "1.eml", mail(sender="paivi@example.com", to=long).as_bytes())

    ingest(folder, command=COMMAND)

    assert concerned(messages()[0]) == []


@pytest.mark.parametrize("closed", [True, False])
def test_a_message_of_a_case_is_kept_by_the_case(folder: Path, closed: bool) -> None:
    aino = a_person(emails=["aino@example.com"])
    contact = an_interaction(aino, happened_at=SENT + timedelta(minutes=5))
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        contact.channel = Interaction.Channel.EMAIL
        contact.closed_at = SENT + timedelta(days=31) if closed else None
        contact.save()
    drop(folder, "1.eml", mail().as_bytes())

    ingest(folder, command=COMMAND)

    [found] = messages()
    assert found.interaction_id == contact.pk
    assert f"{found.due_on}" == ("2028-07-01" if closed else "2028-05-31")


def test_a_call_at_that_time_is_not_the_case_of_a_message(folder: Path) -> None:
    an_interaction(a_person(emails=["aino@example.com"]), happened_at=SENT)
    drop(folder, "1.eml", mail().as_bytes())

    ingest(folder, command=COMMAND)

    assert messages()[0].interaction_id is None


@pytest.mark.parametrize("as_mailbox", [True, False])
def test_the_same_mail_twice_is_one(folder: Path, vault: Path, as_mailbox: bool) -> None:
    mails = [mail(), mail(number=None, text="Ei numeroa")]
    for _time in range(2):
        if as_mailbox:
            drop(folder, "inbox", mbox(*mails))
        else:
            for number, one in enumerate(mails):
                drop(folder, f"{number}.eml", one.as_bytes())
        said = ingest(folder, command=COMMAND)

    assert "Taken in before: 2." in said
    assert len(messages()) == len(names_in(vault)) == 2
    assert list(folder.iterdir()) == []


def test_a_number_that_another_message_has_hides_none(folder: Path) -> None:
    drop(folder, "1.eml", mail(text="Ensimmäinen").as_bytes())
    drop(folder, "2.eml", mail(text="Toinen").as_bytes())

    ingest(folder, command=COMMAND)

    texts = [content_of(one) for one in messages()]
    assert len(texts) == 2
    assert texts[0] != texts[1]


def test_what_is_still_being_written_waits(folder: Path) -> None:
    young = drop(folder, "1.eml", mail().as_bytes(), minutes_ago=0)

    assert "Left for the next run: 1." in ingest(folder, command=COMMAND)
    assert young.exists()
    assert messages() == []


# --- hostile -------------------------------------------------------------------------------------

RAW = mail().as_bytes()
NO_MAIL = {
    "nothing": b"",
    "one byte": b"x",
    "noise": bytes(range(256)) * 40,
    "a sentence": b"Hello: there\n\nFrom me\n",
    "a page": b"<html><body>Hei</body></html>",
    "too many lines": RAW + b"\n" * (MOST_LINES + 1),
    "too many parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n)
        for n in range(MOST_PARTS + 2)
    ),
    "messages within messages": b"From: a@example.com\nDate: x\n"
    + b"Content-Type: message/rfc822\n\n" * 5000,
    "remarks within remarks": b"From: " + b"(" * 70_000 + b"\nDate: x\n\n",
    "an mbox of nothing": b"From ",
}


@pytest.mark.parametrize("kind", NO_MAIL)
def test_what_is_no_message_goes_into_quarantine(folder: Path, kind: str) -> None:
    drop(folder, "1.eml", NO_MAIL[kind])

    said = problems(folder, command=COMMAND)

    [found] = messages()
    assert "no message" in said
    assert found.quarantine == Quarantine.BAD_FILE
    assert (found.sender, found.recipients) == ("", [])
    assert content_of(found) == NO_MAIL[kind].removeprefix(b"From ")
    assert list(folder.iterdir()) == []


HEADERS = {
    "no date": b"X: y",
    "a date that is none": b"Date: yesterday",
    "a date to come": b"Date: Mon, 01 Jan 2099 00:00:00 +0000",
    "a date long ago": b"Date: Thu, 01 Jan 1970 00:00:00 +0000",
    "a date beyond": b"Date: Mon, 01 Jan 99999 00:00:00 +9999",
    "a zone beyond": b"Date: Mon, 01 Jan 2026 00:00:00 +99999999",
    "NUL in a date": b"Date: \x00\x00",
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_message_without_a_date_counts_from_when_it_came(folder: Path, kind: str) -> None:
    raw = mail(sent=None).as_bytes()
    drop(folder, "1.eml", HEADERS[kind] + b"\n" + raw, minutes_ago=60)

    said = ingest(folder, command=COMMAND)

    [found] = messages()
    assert "has no date" in said
    assert abs(timezone.now() - timedelta(minutes=60) - found.sent_at) < timedelta(minutes=10)


ADDRESSES = {
    b"From: aino@example.com\x00": "",
    b"From: \xff\xfe@example.com": "",
    b"From: a@b@c": "",
    b"From: " + b"<" * 70_000 + b"@": "",
    b"From: " + b"a" * 300 + b"@example.com": "",
    b"From: =?utf-8?q?Aino?= <aino@example.com>": "aino@example.com",
    b'From: "Aino, M" <aino@example.com>': "aino@example.com",
    b"From: aino@example.com\nFrom: eino@example.com": "aino@example.com",
    b"From: Aino\n <aino@example.com>": "aino@example.com",
    b"From: Aino <Aino.M@Example.COM>": "aino.m@example.com",
}


@pytest.mark.parametrize("header", ADDRESSES, ids=lambda header: header[:30].decode("latin-1"))
def test_only_what_looks_like_an_address_is_one(folder: Path, header: bytes) -> None:
    raw = b"To: palvelu@example.com\nSubject: x\nMessage-ID: <1@example.com>\n\nHei\n"
    drop(folder, "1.eml", header + b"\n" + raw)

    ingest(folder, command=COMMAND)

    assert messages()[0].sender == ADDRESSES[header]


def test_recipients_are_kept_in_one_way_of_writing(folder: Path) -> None:
    drop(folder, "1.eml", mail(to="Palvelu@Example.com, PALVELU@example.com").as_bytes())

    ingest(folder, command=COMMAND)

    assert messages()[0].recipients == [DESK]


def test_a_message_to_everybody_names_a_hundred(folder: Path) -> None:
    to = ", ".join(f"n{number}@example.com" for number in range(5000))
    drop(folder, "1.eml", b"From: a@example.com\nTo: " + to.encode() + b"\n\nHei\n")

    ingest(folder, command=COMMAND)

    assert len(messages()[0].recipients) == 100


@pytest.mark.parametrize(
    "number", [b"<\xff@example.com>", b"<" + b"x" * 500 + b">", b"<a b@example.com>", b"", b"\x00"]
)
def test_a_number_that_cannot_be_kept_is_none(folder: Path, number: bytes) -> None:
    drop(folder, "1.eml", b"Message-ID: " + number + b"\n" + mail(number=None).as_bytes())

    ingest(folder, command=COMMAND)

    assert messages()[0].external_id.startswith("content:")


def test_links_pipes_and_folders_are_left_alone(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.eml"
    outside.write_bytes(RAW)
    (folder / "link.eml").symlink_to(outside)
    os.mkfifo(folder / "pipe.eml")
    (folder / "Maildir").mkdir()

    assert problems(folder, command=COMMAND).count("left alone") == 3
    assert messages() == []
    assert outside.exists()


def test_a_good_message_beside_a_bad_one_is_taken(folder: Path) -> None:
    drop(
        folder, "inbox", mbox(mail()) + b"From x\n\x00\x01\n\n" + mbox(mail(number="<2@b.example>"))
    )

    problems(folder, command=COMMAND)

    assert [one.quarantine for one in messages()] == ["", Quarantine.BAD_FILE, ""]
    assert list(folder.iterdir()) == []
