"""The files of a report: each volume of the PDF, and the data by its published schema."""

import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from contracts.models import Invoice
from customers.models import Interaction
from datamap.declarations import registry
from datamap.words import kept
from privacy.models import RequestReminder, RequestTask, SubjectRequest
from privacy.report import json_file, pdf
from privacy.report.collecting import Line, Whose, lines_of
from privacy.report.columns import AMOUNT, words_of
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


@pytest.mark.parametrize(("language", "due"), [("fi", "määräpäivä"), ("sv", "sista svarsdag")])
def test_a_request_is_due_and_not_destroyed(language: str, due: str) -> None:
    with override(language):
        labels = {
            str(model._meta.get_field("due_on").verbose_name)
            for model in (SubjectRequest, RequestTask, RequestReminder)
        }
    assert labels == {due}


@pytest.mark.parametrize(("amount", "words"), [("19.90", "19,90"), ("1234.5", "1\u00a0234,50")])
def test_an_amount_shows_its_cents(amount: str, words: str) -> None:
    with override("fi"):
        assert words_of(amount, {"type": AMOUNT, "choices": {}}) == words


def test_a_voucher_is_kept_from_the_end_of_the_year() -> None:
    with override("en"):
        [rule] = kept(registry[Invoice], {})
    assert (rule.period, rule.since) == (
        "6 years",
        "end of the calendar year in which the financial year ended (invoice date)",
    )


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
