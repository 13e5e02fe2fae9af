"""The report holds everything that is declared about a person, and nothing of somebody else."""

import io
import json
import re
from itertools import groupby
from typing import Any

import psycopg
import pytest
from django.utils.translation import override
from pypdf import PdfReader

from audit.context import AccessPurpose, access_context
from datamap.declarations import registry
from privacy.report import json_file
from privacy.report.collecting import Whose, declared
from privacy.report.drafts import read, redacted, spans_by_place, steps_of, write
from privacy.report.files import access_files
from privacy.report.third_persons import find
from tests.builders import a_person, an_interaction
from tests.filled import empty_fields, fill, rows_of, without_checks
from tests.package_builders import working
from tests.request_builders import the_registrar

pytestmark = pytest.mark.django_db(transaction=True)


def draft_of(whose: Whose, language: str = "fi") -> bytes:
    draft = io.BytesIO()
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST), override(language):
        for step in steps_of(whose, language):
            write(step(), draft)
    return draft.getvalue()


def files_of(draft: bytes, spans: Any = None, language: str = "fi") -> dict[tuple[str, int], bytes]:
    files = {line["file"]["key"] for line in read([draft]) if "file" in line}

    def lines() -> Any:
        return redacted(read([draft]), spans or {}, files)

    with override(language):
        return {
            (made.kind.value, made.volume): made.content.read()
            for made in access_files(lines, addressee=["Aino Mallikas"], password="salasana")
        }


def text_of(pdf: bytes) -> str:
    """The text of a PDF without any space: a line may break anywhere."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return re.sub(r"[\s\u200b\u00ad]+", "", "".join(pages))


def test_everything_declared_is_in_the_data_and_in_the_pdf(
    owner: psycopg.Connection[Any],
) -> None:
    with without_checks(owner):
        registrar = the_registrar()
        person = a_person(
            "Zetalla", "Qvantelo", phones=["040 000 0011"], emails=["z@posti.example"]
        )
        beside = a_person(
            "Bruxana", "Wolframi", phones=["040 000 0022"], emails=["b@toinen.example"]
        )
        fill(beside, registrar, owner)
        fill(person, registrar, owner)
        assert empty_fields(person) == []

        draft = draft_of(Whose(person))
        files = files_of(draft)

        data = json.loads(files["data", 1])
        json_file.check("", data)
        sections = {section["model"]: section for section in data["sections"]}
        text = "".join(text_of(pdf) for (kind, _), pdf in files.items() if kind == "report")
        assert set(sections) == {one.model._meta.label_lower for one in declared()}
        for declaration in declared():
            section = sections[declaration.model._meta.label_lower]
            assert {column["name"] for column in section["columns"]} >= set(declaration.fields)
            for name in declaration.fields:
                found = [
                    record["values"][name]
                    for record in section["records"]
                    if name in record["values"]
                ]
                assert found, (declaration.model, name)
            if declaration.model._meta.label != "audit.LogEntry":  # it grows while we look
                assert len(section["records"]) == len(rows_of(declaration, person))
        for section in data["sections"]:
            for column in section["columns"]:
                for record in section["records"]:
                    if column["type"] in ("text", "code") and column["name"] in record["values"]:
                        words = re.sub(r"\s+", "", record["values"][column["name"]])
                        assert words in text, (section["model"], column["name"])
        headings = [section["categories"][0] for section in data["sections"]]
        assert len([one for one, _ in groupby(headings)]) == len(set(headings))
        assert sections["customers.lookupkey"]["categories"][0] == "name"
        assert sections["recordings.recording"]["categories"] == ["recordings", "phone"]
        whole = files["data", 1].decode()
        for hers in ("Bruxana", "Wolframi", "0000022", "toinen.example", str(beside.public_id)):
            assert hers not in whole
            assert hers not in text
        assert [one for one in registry if not one.subjects]  # devices: named where she has them


def test_another_person_in_a_text_is_found_and_blacked_out(owner: Any) -> None:
    person = a_person("Zetalla", "Qvantelo")
    a_person("Bruxana", "Wolframinen")
    an_interaction(person, "Soitto", "Zetalla kertoi, että Bruxana Wolframisen numero on vaihtunut")

    draft = draft_of(Whose(person))
    finds = list(find(lambda: read([draft]), person, working))
    assert [(one.what, one.stop - one.start) for one in finds] == [("name", 7), ("name", 11)]
    files = files_of(draft, spans_by_place((f.pointer, f.start, f.stop) for f in finds))
    for content in (files["data", 1].decode(), text_of(files["report", 1])):
        assert "Bruxana" not in content
        assert "Wolframi" not in content
        assert "Zetalla" in content
