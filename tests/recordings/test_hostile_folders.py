"""Drop folders that somebody filled to get at other files, to be believed, or to be in the way."""

import fcntl
import os
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.utils import timezone

from recordings.ingest.call_records import BadRow, NoCallRecords, read_call_records
from recordings.models import Quarantine
from tests.recordings.ingesting import content_of, ingest, kept, problems
from tests.recordings.samples import COLUMNS, age, drop, records, row, wav

pytestmark = pytest.mark.django_db


def test_links_pipes_and_folders_are_left_alone(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.wav"
    outside.write_bytes(wav())
    (folder / "link.wav").symlink_to(outside)
    (folder / "broken.wav").symlink_to(tmp_path / "nothing")
    (folder / "loop.wav").symlink_to(folder / "loop.wav")
    (folder / "link-to-folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.wav")
    (folder / "within").mkdir()
    drop(folder / "within", "deep.wav", wav())
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s.wav"))
    names = ("link.wav", "broken.wav", "loop.wav", "link-to-folder", "pipe.wav", "s.wav")
    drop(folder, "r.csv", records(*(row(f"1.{n}", name) for n, name in enumerate(names))))
    there = sorted(os.listdir(folder))

    said = problems(folder)

    assert kept() == []
    assert outside.read_bytes() == wav()
    assert (folder / "within" / "deep.wav").exists()
    assert sorted(os.listdir(folder)) == [name for name in there if name != "r.csv"]
    assert said.count("left alone") == 7


def test_a_file_with_another_name_elsewhere_is_left_alone(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.wav"
    outside.write_bytes(wav())
    os.link(outside, folder / "a.wav")
    age(outside, 60)

    said = problems(folder)

    assert "another name elsewhere" in said
    assert kept() == []
    assert outside.exists()
    assert (folder / "a.wav").exists()


@pytest.mark.parametrize(
    "name",
    ["../outside.wav", "/etc/passwd", "within/../../outside.wav", "..", ".", "C:\\a.wav", "a\0b"],
)
def test_a_call_record_cannot_name_a_file_elsewhere(
    folder: Path, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside.wav"
    outside.write_bytes(wav())
    drop(folder, "r.csv", records(row("1.1", name), row("1.2", "a.wav")))
    drop(folder, "a.wav", wav())

    said = problems(folder)

    assert "row 2: recordingfile is no name of a file in this folder" in said
    assert outside.exists()
    assert [one.external_id for one in kept()] == ["1.2"]


def test_names_of_any_kind_are_only_names(folder: Path) -> None:
    raw = os.fsencode(folder)
    names = [b"\xff\xfe.wav", "ääni ☎.wav".encode(), b"-rf", b"a\nb.wav", b"x" * 250, b"$(id).wav"]
    for number, name in enumerate(names):
        path = os.path.join(raw, name)
        with open(path, "wb") as file:
            file.write(wav(1, pitch=300 + number))
        os.utime(path, (1_700_000_000, 1_700_000_000))
    listed = records(row("1.0", "NAME"), row("1.1", "ääni ☎.wav"), row("1.2", "-rf"))
    drop(folder, "r.csv", listed.replace(b"NAME", names[0]))

    problems(folder)

    found = kept()
    assert sorted(one.external_id for one in found if not one.quarantine) == ["1.0", "1.1", "1.2"]
    assert sum(one.quarantine == Quarantine.NO_RECORD for one in found) == 3
    assert os.listdir(raw) == []


def test_two_call_records_for_one_file(folder: Path) -> None:
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", records(row("1.1", "a.wav")))
    drop(folder, "s.csv", records(row("1.2", "a.wav")))

    said = problems(folder)

    assert "several call records name it" in said
    assert [one.quarantine for one in kept()] == [Quarantine.NO_RECORD]
    assert list(folder.iterdir()) == []


def test_two_files_for_one_call_record(folder: Path) -> None:
    drop(folder, "a.wav", wav(1))
    drop(folder, "b.wav", wav(2))
    drop(folder, "r.csv", records(row("1.1", "a.wav"), row("1.1", "b.wav")))

    said = problems(folder)

    assert said.count("its call record names several files") == 2
    assert [one.quarantine for one in kept()] == [Quarantine.NO_RECORD] * 2
    assert list(folder.iterdir()) == []


def test_the_same_call_record_twice_is_no_problem(folder: Path) -> None:
    drop(folder, "a.wav", wav())
    listed = records(row("1.1", "a.wav"))
    drop(folder, "r.csv", listed)
    drop(folder, "copy of r.csv", listed)

    ingest(folder)

    assert [one.external_id for one in kept()] == ["1.1"]


START = timezone.now() - timedelta(hours=3)
BAD_ROWS = {
    "no number": row("", "b.wav"),
    "a number that is none": row("1.1; DROP TABLE", "b.wav"),
    "a number too long": row("1" * 101, "b.wav"),
    "too few cells": "1.1,2026-01-01 10:00:00",
    "too many cells": row("1.1", "b.wav") + ",more",
    "no time": row("1.1", "b.wav").replace(":", "x"),
    "no end": row("1.1", "b.wav", start=START).replace(f"{START.year}-", "yesterday-"),
    "an end before the start": row("1.1", "b.wav", seconds=-5),
    "a call to come": row("1.1", "b.wav", start=timezone.now() + timedelta(days=3)),
    "the year 1": row("1.1", "b.wav").replace(f"{START.year}-", "0001-"),
    "the year 9999": row("1.1", "b.wav").replace(f"{START.year}-", "9999-"),
    "a half-open quotation": '"1.1' + row("", "b.wav"),
    "a quotation within": 'a"b"c' + row("1.1", "b.wav"),
    "NUL": "\0" + row("1.1", "b.wav"),
}


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_a_bad_row_is_told_and_the_others_count(folder: Path, kind: str) -> None:
    drop(folder, "a.wav", wav(1))
    drop(folder, "b.wav", wav(2))
    good = [row("1.8", "a.wav")]
    drop(folder, "r.csv", records(*good, BAD_ROWS[kind]))

    said = problems(folder)

    assert "row 3: " in said
    assert [one.external_id for one in kept() if not one.quarantine] == ["1.8"]
    assert [one.quarantine for one in kept() if one.quarantine] == [Quarantine.NO_RECORD]
    assert list(folder.iterdir()) == []


def test_a_notice_that_is_no_time_is_no_notice(folder: Path) -> None:
    drop(folder, "a.wav", wav())
    told = row("1.1", "a.wav", informed=None) + "yes"
    drop(folder, "r.csv", records(told))

    said = problems(folder)

    assert "informed_at is no time" in said
    assert [one.quarantine for one in kept()] == [Quarantine.NO_RECORD]


NO_LISTS = {
    "a column short": records(row("1.1", "a.wav")).replace(b",informed_at", b"", 1),
    "a column twice": records(row("1.1", "a.wav")).replace(b"answer", b"start", 1),
    "columns alone in a sentence": b"uniqueid and recordingfile\n",
    "another encoding": records(row("1.1", "a.wav")).decode().encode("utf-16"),
    "rubbish": b"\x00\xff\x13" * 3000,
    "nothing": b"",
}


@pytest.mark.parametrize("kind", NO_LISTS)
def test_a_file_that_lists_no_calls_is_bad_and_sealed(folder: Path, kind: str) -> None:
    drop(folder, "a.wav", wav())
    drop(folder, "r.csv", NO_LISTS[kind])

    problems(folder)

    reasons = {content_of(one): one.quarantine for one in kept()}
    assert reasons == {wav(): Quarantine.NO_RECORD, NO_LISTS[kind]: Quarantine.BAD_FILE}
    assert list(folder.iterdir()) == []


def test_a_line_without_end_fills_no_memory() -> None:
    class Endless:
        def __init__(self) -> None:
            self.left = 300

        def readline(self, limit: int) -> bytes:
            self.left -= 1
            return (COLUMNS + "\n").encode() if self.left == 299 else b"x" * limit * bool(self.left)

    found = list(read_call_records(Endless()))  # type: ignore[arg-type]

    assert found
    assert all(isinstance(one, BadRow) for one in found)


def test_no_columns_no_call_records(tmp_path: Path) -> None:
    with drop(tmp_path, "x", b"a,b\n1,2\n").open("rb") as file, pytest.raises(NoCallRecords):
        list(read_call_records(file))


def test_a_folder_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    for none in (tmp_path / "nothing", drop(tmp_path, "file", b"")):
        with pytest.raises(CommandError, match="no such folder"):
            ingest(none)


def test_two_runs_at_once_are_one(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="Another run"):
            ingest(folder)
    finally:
        os.close(handle)
    ingest(folder)


def test_a_folder_open_to_everybody_is_told(folder: Path) -> None:
    folder.chmod(0o755)

    assert "chmod o-rwx" in ingest(folder)


def test_a_vault_that_is_full_stops_the_run_and_loses_nothing(folder: Path, vault: Path) -> None:
    vault.write_bytes(b"no folder at all")
    original = drop(folder, "a.wav", wav())
    listed = drop(folder, "r.csv", records(row("1.1", "a.wav")))

    with pytest.raises(CommandError, match="the rest stays"):
        ingest(folder)

    assert original.exists()
    assert listed.exists()
    vault.unlink()
    ingest(folder)
    assert [one.external_id for one in kept()] == ["1.1"]
