"""A night's recordings with their call records, from the drop folder into the vault."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, access_context
from recordings.models import Quarantine, Recording
from tests.builders import a_company, a_person, an_interaction
from tests.log import Trail
from tests.recordings.ingesting import (
    concerned,
    content_of,
    destroy_now,
    ingest,
    kept,
    problems,
)
from tests.recordings.samples import (
    COLUMNS,
    FORMATS,
    NUMBER,
    age,
    drop,
    mp4,
    records,
    row,
    wav,
)
from tests.recordings.stored import everything_in, names_in

pytestmark = pytest.mark.django_db


# --- in order ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_a_recording_of_each_format_is_kept_as_it_came(kind: str, folder: Path) -> None:
    content = FORMATS[kind](3)
    drop(folder, "one", content)
    drop(folder, "records.csv", records(row("1732590000.1", "one")))

    ingest(folder)

    [found] = kept()
    assert (found.format, found.duration, found.medium) == (kind, 3, "call")
    assert content_of(found) == content
    assert found.quarantine == ""
    assert found.quarantined_at is None


def test_a_call_record_is_written_down_with_its_recording(
    folder: Path, staff: Callable[..., User]
) -> None:
    start = timezone.now().replace(microsecond=0) - timedelta(hours=5)
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("17.1", "a.wav", start=start, informed=4)))

    ingest(folder)

    [found] = kept()
    assert found.external_id == "17.1"
    assert found.caller_number == "+358400000101"
    assert found.line_number == "+358400000900"
    assert found.started_at == start
    assert found.informed_at == start - timedelta(seconds=4)
    assert found.handled_by is None
    assert (found.due_on.year * 12 + found.due_on.month) - (start.year * 12 + start.month) in {6, 7}


def test_nothing_in_clear_is_left_anywhere(folder: Path, vault: Path, tmp_path: Path) -> None:
    secret = wav(2, pitch=777)
    drop(folder, "in-0400000101.wav", secret)
    drop(folder, "lonely.wav", wav(1, pitch=555))
    drop(folder, "untold.mp4", mp4(2))
    drop(
        folder,
        "r.csv",
        records(row("17.1", "in-0400000101.wav"), row("17.2", "untold.mp4", informed=None)),
    )

    problems(folder)

    assert list(folder.iterdir()) == []
    stored = everything_in(tmp_path)
    for clear in (secret[44:300], b"RIFF", b"ftyp", b"uniqueid", b"0400000101", b"400000101"):
        assert clear not in stored
    assert len(names_in(vault)) == len(kept()) == 3


def test_files_of_call_records_come_in_any_number_and_order(folder: Path) -> None:
    for number in range(6):
        drop(folder, f"{number}.wav", wav(1, pitch=300 + number))
    drop(folder, "z.csv", records(*(row(f"1.{n}", f"{n}.wav") for n in (3, 1))))
    drop(folder, "0.csv", records(*(row(f"1.{n}", f"{n}.wav") for n in (5, 0))))
    shuffled = COLUMNS.split(",")[::-1]
    turned = [",".join(row(f"1.{n}", f"{n}.wav").split(",")[::-1]) for n in (2, 4)]
    drop(folder, "m", b"\xef\xbb\xbf" + "\r\n".join([",".join(shuffled), *turned]).encode())

    said = ingest(folder)

    assert "Taken in: 6." in said
    assert [one.external_id for one in kept()] == [f"1.{n}" for n in range(6)]
    assert list(folder.iterdir()) == []


def test_an_empty_folder_is_no_problem(folder: Path) -> None:
    assert "Taken in: 0." in ingest(folder)


def test_a_call_without_a_recording_of_its_own_is_none_of_ours(folder: Path) -> None:
    drop(folder, "r.csv", records(row("1.1", ""), row("1.2", "", disposition="NO ANSWER")))

    ingest(folder)

    assert kept() == []
    assert list(folder.iterdir()) == []


def test_legs_of_one_call_are_one_recording(folder: Path) -> None:
    drop(folder, "a.wav", wav())
    drop(
        folder,
        "r.csv",
        records(
            row("1.1", "a.wav", seconds=9, disposition="NO ANSWER"),
            row("1.1", "a.wav", seconds=200, dst="agentti"),
            row("1.1", "a.wav", seconds=20),
        ),
    )

    ingest(folder)

    [found] = kept()
    assert found.line_number == "agentti"


# --- whom it concerns ----------------------------------------------------------------------------


def test_the_one_person_with_the_number_is_the_one_it_concerns(folder: Path, trail: Trail) -> None:
    caller = a_person(phones=["+358 40 000 0101"])
    a_person(phones=["040 000 0102"])
    a_person(phones=["040 000 01011"])
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav")))
    before = trail.last_id()

    ingest(folder)

    assert concerned(kept()[0]) == [caller.pk]
    assert trail.subjects(id__gt=before) == {caller.public_id}


def test_a_number_of_several_concerns_nobody_for_now(folder: Path, trail: Trail) -> None:
    a_person("Aino", phones=[NUMBER])
    a_person("Eino", phones=[NUMBER])
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav")))
    before = trail.last_id()

    ingest(folder)

    [found] = kept()
    assert concerned(found) == []
    assert found.caller_number == "+358400000101"
    assert found.quarantine == ""
    assert trail.subjects(id__gt=before) == set()


@pytest.mark.parametrize("src", ["anonymous", "", "040 000 0199", "matti@example.com", "*31#"])
def test_an_unknown_or_hidden_number_concerns_nobody(folder: Path, src: str) -> None:
    a_person(phones=[NUMBER])
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav", src=src)))

    ingest(folder)

    [found] = kept()
    assert concerned(found) == []
    assert found.caller_number == ("+358400000199" if "99" in src else "")


def test_an_extension_is_no_number_of_a_person(folder: Path) -> None:
    a_person(phones=["040 000 0201"])
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav", src="201", dst="s")))

    ingest(folder)

    [found] = kept()
    assert (found.caller_number, found.line_number, concerned(found)) == ("201", "s", [])


def test_a_company_is_nobody(folder: Path) -> None:
    a_company()
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav", src="050 000 0300")))

    ingest(folder)

    assert concerned(kept()[0]) == []


@pytest.mark.parametrize("minutes", [-11, -9, 0, 9, 11])
def test_the_contact_near_the_call_is_its_contact(folder: Path, minutes: int) -> None:
    start = timezone.now() - timedelta(hours=5)
    caller = a_person(phones=[NUMBER])
    contact = an_interaction(caller, happened_at=start + timedelta(minutes=minutes))
    an_interaction(a_person(), happened_at=start)
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav", start=start, seconds=30)))

    ingest(folder)

    [found] = kept()
    assert found.interaction_id == (contact.pk if abs(minutes) < 10 else None)


def test_of_two_contacts_near_the_call_neither_is_taken(folder: Path) -> None:
    start = timezone.now() - timedelta(hours=5)
    caller = a_person(phones=[NUMBER])
    for minutes in (1, 2):
        an_interaction(caller, happened_at=start + timedelta(minutes=minutes))
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav", start=start)))

    ingest(folder)

    assert kept()[0].interaction_id is None


def test_the_agent_is_the_one_called_or_the_one_who_logged_the_contact(
    folder: Path, staff: Callable[..., User]
) -> None:
    agent, other = staff("agent"), staff("account_manager")
    start = timezone.now() - timedelta(hours=5)
    contact = an_interaction(a_person(phones=[NUMBER]), happened_at=start)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        contact.handled_by = other
        contact.save()
    drop(folder, "a.wav", wav())
    drop(folder, "b.wav", wav(1))
    drop(
        folder,
        "r.csv",
        records(row("1.1", "a.wav", start=start, dst="Agent"), row("1.2", "b.wav", start=start)),
    )

    ingest(folder)

    called, logged = kept()
    assert (called.handled_by, called.line_number) == (agent, "")
    assert (logged.handled_by, logged.line_number) == (other, "+358400000900")


# --- quarantine ----------------------------------------------------------------------------------


@pytest.mark.parametrize("informed", [None, -1, -3600])
def test_without_the_notice_it_goes_into_quarantine(folder: Path, informed: int | None) -> None:
    caller = a_person(phones=[NUMBER])
    content = wav()
    drop(folder, "a.wav", content)
    drop(folder, "r.csv", records(row("1.1", "a.wav", informed=informed)))

    said = problems(folder)

    [found] = kept()
    assert found.quarantine == Quarantine.NOT_INFORMED
    assert found.quarantined_at is not None
    assert concerned(found) == [caller.pk]
    assert content_of(found) == content
    assert "was not told" in said


def test_told_at_the_start_is_told(folder: Path) -> None:
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav", informed=0)))

    ingest(folder)

    assert kept()[0].quarantine == ""


def test_a_file_without_a_call_record_goes_into_quarantine(folder: Path) -> None:
    drop(folder, "in-0400000101.wav", wav(7))

    said = problems(folder)

    [found] = kept()
    assert (found.quarantine, found.duration) == (Quarantine.NO_RECORD, 7)
    assert "0400000101" not in found.external_id
    assert "no call record" in said


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, wav(5)[:-9000], b"not a sound"])
def test_a_bad_file_goes_into_quarantine_with_its_call_record(folder: Path, content: bytes) -> None:
    drop(folder, "a.wav", content)
    drop(folder, "r.csv", records(row("1.1", "a.wav")))

    problems(folder)

    [found] = kept()
    assert (found.external_id, found.quarantine) == ("1.1", Quarantine.BAD_FILE)
    assert found.format == Recording.Format.UNKNOWN
    assert content_of(found) == content
    assert list(folder.iterdir()) == []


def test_a_recording_longer_than_the_call_is_of_another_call(folder: Path) -> None:
    drop(folder, "a.wav", wav(90))
    drop(folder, "r.csv", records(row("1.1", "a.wav", seconds=20)))

    assert "longer than the call" in problems(folder)
    assert kept()[0].quarantine == Quarantine.NO_RECORD


def test_sentences_name_neither_number_nor_file(folder: Path) -> None:
    drop(folder, "in-0400000101-virtanen.wav", wav())
    drop(folder, "gone.csv", records(row("1.1", "in-0400000102.wav")))

    said = problems(folder)

    assert str(folder / "in") not in said
    for secret in ("0400000101", "virtanen", "0400000102", "400000101"):
        assert secret not in said


# --- the rest of the night -----------------------------------------------------------------------


def test_a_call_record_that_comes_late_puts_its_recording_right(folder: Path) -> None:
    caller = a_person(phones=[NUMBER])
    drop(folder, "a.wav", wav())
    problems(folder)
    drop(folder, "r.csv", records(row("1.1", "a.wav")))

    said = ingest(folder)

    [found] = kept()
    assert "Put right in quarantine: 1." in said
    assert (found.external_id, found.quarantine, found.quarantined_at) == ("1.1", "", None)
    assert found.caller_number == "+358400000101"
    assert concerned(found) == [caller.pk]
    assert list(folder.iterdir()) == []


def test_a_late_call_record_does_not_put_right_what_nobody_was_told_of(folder: Path) -> None:
    drop(folder, "a.wav", wav())
    problems(folder)
    drop(folder, "r.csv", records(row("1.1", "a.wav", informed=None)))

    ingest(folder)

    [found] = kept()
    assert (found.external_id, found.quarantine) == ("1.1", Quarantine.NOT_INFORMED)


def test_a_call_record_waits_an_hour_for_its_recording(folder: Path) -> None:
    listed = drop(folder, "r.csv", records(row("1.1", "a.wav")), minutes_ago=30)

    assert "there is no recording of this call" in problems(folder)
    assert listed.exists()

    drop(folder, "a.wav", wav(), minutes_ago=2)
    ingest(folder)
    assert [one.external_id for one in kept()] == ["1.1"]
    assert list(folder.iterdir()) == []


def test_after_an_hour_a_call_record_without_recording_is_removed(folder: Path) -> None:
    drop(folder, "r.csv", records(row("1.1", "a.wav")), minutes_ago=61)

    assert "row 2: there is no recording of this call" in problems(folder)
    assert list(folder.iterdir()) == []


def test_what_is_still_being_written_waits(folder: Path) -> None:
    young = drop(folder, "a.wav", wav(), minutes_ago=0)
    listed = drop(folder, "r.csv", records(row("1.1", "a.wav")))

    assert "Left for the next run: 2." in ingest(folder)
    assert young.exists()
    assert listed.exists()
    assert kept() == []

    age(young, 2)
    ingest(folder)
    assert len(kept()) == 1
    assert list(folder.iterdir()) == []


def test_a_recording_waits_while_call_records_are_being_written(folder: Path) -> None:
    drop(folder, "a.wav", wav())
    drop(folder, "b.wav", wav(1))
    drop(folder, "old.csv", records(row("1.2", "b.wav")))
    young = drop(folder, "young.csv", records(row("1.1", "a.wav")), minutes_ago=0)

    assert "Left for the next run: 2." in ingest(folder)
    assert [one.external_id for one in kept()] == ["1.2"]

    age(young, 5)
    ingest(folder)
    assert [one.external_id for one in kept()] == ["1.1", "1.2"]


def test_how_long_to_wait_can_be_said(folder: Path) -> None:
    drop(folder, "a.wav", wav(), minutes_ago=0)
    drop(folder, "r.csv", records(row("1.1", "a.wav")), minutes_ago=0)

    ingest(folder, "--settled=0")

    assert len(kept()) == 1


# --- again ---------------------------------------------------------------------------------------


def test_the_same_night_twice_is_one_night(folder: Path, vault: Path) -> None:
    content = {"a.wav": wav(), "b.wav": wav(1), "c.wav": wav(3)}
    listed = records(row("1.1", "a.wav"), row("1.2", "b.wav", informed=None))
    for _night in range(2):
        for name, sound in content.items():
            drop(folder, name, sound)
        drop(folder, "r.csv", listed)
        said = problems(folder)

    assert "Taken in before: 3." in said
    assert len(kept()) == len(names_in(vault)) == 3
    assert list(folder.iterdir()) == []


def test_what_was_destroyed_does_not_come_back(folder: Path, vault: Path) -> None:
    drop(folder, "a.wav", wav(1))
    drop(folder, "r.csv", records(row("1.1", "a.wav", start=timezone.now() - timedelta(days=300))))
    ingest(folder)
    destroy_now(kept()[0])
    drop(folder, "a.wav", wav(1))
    drop(folder, "r.csv", records(row("1.1", "a.wav", start=timezone.now() - timedelta(days=300))))

    said = ingest(folder)

    assert "destroyed before" in said
    assert len(kept()) == 1
    assert kept()[0].destroyed_at is not None
    assert list(folder.iterdir()) == []


def test_another_file_of_the_same_call_is_not_taken_for_it(folder: Path) -> None:
    for pitch, run in ((400, ingest), (500, problems)):
        drop(folder, "a.wav", wav(1, pitch=pitch))
        drop(folder, "r.csv", records(row("1.1", "a.wav")))
        said = run(folder)

    assert "has a recording already" in said
    assert [one.quarantine for one in kept()] == ["", Quarantine.NO_RECORD]


def test_an_original_whose_copy_is_damaged_stays(folder: Path, vault: Path) -> None:
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav")))
    ingest(folder)
    [name] = names_in(vault)
    stored = vault / name[:2] / name
    stored.write_bytes(stored.read_bytes()[:-1])
    original = drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav")))

    said = problems(folder)

    assert "not whole" in said
    assert original.exists()
