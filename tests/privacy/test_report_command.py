"""`subject_report`: the same files by the same code, and nothing unreviewed unless it is said."""

import json
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import pyzipper
from django.core.management import CommandError, call_command

from tests.builders import a_person, an_interaction
from tests.log import Trail
from tests.recording_builders import SOUND, a_recording

pytestmark = pytest.mark.django_db


def report(person: Any, out: Path, *words: str) -> str:
    said = StringIO()
    call_command("subject_report", str(person.public_id), "--out", str(out), *words, stdout=said)
    return said.getvalue()


def test_it_writes_the_files_for_its_owner_alone(tmp_path: Path, trail: Trail) -> None:
    person = a_person("Zetalla", "Qvantelo", phones=["040 000 0011"])
    a_recording(person, caller_number="+358400000011")

    said = report(person, tmp_path / "out")

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"report-1.pdf", "data.json", "recordings.zip"}
    for path in (tmp_path / "out").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads((tmp_path / "out" / "data.json").read_text())["person"]["name"]
    password = said.rsplit(": ", 1)[1].strip()
    with pyzipper.AESZipFile(tmp_path / "out" / "recordings.zip") as archive:
        archive.setpassword(password.encode())
        assert archive.read(archive.namelist()[0]) == SOUND
    assert "export" in trail.actions(person.public_id)


def test_unreviewed_finds_end_it_unless_all_are_blacked_out(tmp_path: Path) -> None:
    person = a_person("Zetalla", "Qvantelo")
    a_person("Bruxana", "Wolframi")
    an_interaction(person, "Soitto", "Bruxana soitti")

    with pytest.raises(CommandError):
        report(person, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    said = report(person, tmp_path / "out", "--redact-all")

    assert "1" in said
    assert "Bruxana" not in (tmp_path / "out" / "data.json").read_text()


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        report(a_person(), tmp_path)


def test_nobody_by_this_id_is_said(tmp_path: Path) -> None:
    from uuid import uuid4

    with pytest.raises(CommandError):
        call_command("subject_report", str(uuid4()), "--out", str(tmp_path / "out"))


def test_the_portable_files_alone(tmp_path: Path) -> None:
    report(a_person(), tmp_path / "out", "--portable", "--language", "sv")

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"portable.json", "portable-csv.zip"}
