"""The files of a report: each volume of the PDF, and the data by its published schema."""

import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from customers.models import Interaction
from datamap.declarations import registry
from privacy.report import json_file, pdf
from privacy.report.collecting import Line, Whose, lines_of
from privacy.report.drafts import head_of
from tests.builders import a_person, an_interaction
from tests.package_builders import working

pytestmark = pytest.mark.django_db

RECORD = {"id": None, "values": {"subject": "Liittymän vika"}}


def test_every_volume_of_a_report_is_pdf_ua() -> None:
    person = a_person()
    an_interaction(person, "Liittymän vika", "Yhteys katkeili")
    whose = Whose(person)
    with working(), override("en"):
        head = head_of(whose, "en")
        section, record = lines_of(registry[Interaction], whose)

    def read() -> Iterator[Line]:
        yield from (head, section)
        yield from (record for _ in range(pdf.MOST_ROWS + 1))

    with override("en"):
        volumes = dict(pdf.volumes(read, addressee=["Teija Testi"]))

    assert set(volumes) == {1, 2}
    assert all(b"<pdfuaid:part>1</pdfuaid:part>" in volume for volume in volumes.values())


def test_a_record_that_is_not_by_the_schema_is_refused_without_its_values() -> None:
    json_file.check("record", RECORD)

    with pytest.raises(json_file.NotByTheSchema) as refused:
        json_file.check("record", {**RECORD, "values": {"subject": {"Liittymän": "vika"}}})
    assert str(refused.value) == "record"


def test_the_data_names_its_schema_and_strangers_read_it_there(client: Client) -> None:
    with working():
        head = head_of(Whose(a_person()), "fi")
    data = json.loads(b"".join(json_file.pieces(iter([head]))))

    response = client.get(data["$schema"].removeprefix(settings.SITE_ADDRESS))

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/schema+json"
    assert json.loads(response.getvalue()) == json.loads(json_file.SCHEMA.read_bytes())
