"""The letters: tagged PDF in the right language, with what the law wants in them."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from audit.context import AccessPurpose, access_context
from customers.models import Language, Person
from privacy.letters import Template, Writing, fitting, pdf_of
from privacy.models import SubjectRequest
from privacy.states import State
from tests.builders import a_person
from tests.documents import ZERO_WIDTH
from tests.request_builders import a_request

pytestmark = pytest.mark.django_db

OMBUDSMAN = ("Tietosuojavaltuutetun toimisto", "00531 Helsinki", "tietosuoja@om.fi")
COMPLAINING = {
    Template.EXTENSION,
    Template.ANSWER,
    Template.REFUSAL,
    Template.NOTHING_HELD,
    Template.LIFTING,
}

FITS: dict[State, set[Template]] = {
    State.RECEIVED: {Template.RECEIPT, Template.LIFTING},
    State.IDENTIFYING: {Template.RECEIPT, Template.IDENTITY, Template.LIFTING},
    State.IN_PROGRESS: {Template.RECEIPT, Template.ANSWER, Template.LIFTING},
    State.EXTENDED: {Template.RECEIPT, Template.EXTENSION, Template.ANSWER, Template.LIFTING},
    State.ANSWERED: {Template.ANSWER, Template.LIFTING},
    State.PARTLY_REFUSED: {Template.ANSWER, Template.REFUSAL, Template.LIFTING},
    State.REFUSED: {Template.REFUSAL, Template.LIFTING},
    State.CLOSED: set(),
}
STATE_FOR = {
    Template.RECEIPT: State.RECEIVED,
    Template.IDENTITY: State.IDENTIFYING,
    Template.EXTENSION: State.EXTENDED,
    Template.ANSWER: State.IN_PROGRESS,
    Template.REFUSAL: State.REFUSED,
    Template.LIFTING: State.IN_PROGRESS,
}


@pytest.fixture
def aino() -> Person:
    return a_person("Aino", "Mallikas")


def read(request: SubjectRequest, template: Template, **writing: Any) -> PdfReader:
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        return PdfReader(BytesIO(pdf_of(request, template, Writing(**writing))))


def text(reader: PdfReader) -> str:
    """The text of a letter; what was broken into lines is whole again."""
    pages = [page.extract_text().replace(ZERO_WIDTH, "") for page in reader.pages]
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize("state", State)
def test_only_letters_that_fit_are_offered(aino: Person, state: State) -> None:
    assert set(fitting(a_request(aino, state))) == FITS[state]


def test_who_is_unknown_is_told_that_nothing_is_held() -> None:
    from privacy.services import move
    from tests.request_builders import the_registrar

    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        request = move(request=a_request(None), to=State.IN_PROGRESS, by=the_registrar())
    assert Template.NOTHING_HELD in fitting(request)
    assert Template.ANSWER not in fitting(request)
    said = text(read(request, Template.NOTHING_HELD))
    assert all(word in said for word in OMBUDSMAN)


@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize("template", STATE_FOR)
def test_a_letter_is_tagged_and_in_her_language(
    aino: Person, template: Template, language: str
) -> None:
    request = a_request(aino, STATE_FOR[template], language=language)
    reader = read(request, template, words="Omin sanoin kerrottu.", ends_on=date(2026, 12, 1))
    root: Any = reader.trailer["/Root"]
    said = text(reader)

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(language)
    assert request.number in said
    assert "Aino Mallikas" in said
    assert "Mallitie 1" in said
    assert "Omin sanoin kerrottu." in said
    assert all(word in said for word in OMBUDSMAN) == (template in COMPLAINING)


def test_the_languages_differ(aino: Person) -> None:
    said = {
        language: text(read(a_request(aino, language=language), Template.RECEIPT))
        for language in Language.values
    }
    assert "Olemme vastaanottaneet pyyntönne" in said["fi"]
    assert "Vi har fått er begäran" in said["sv"]
    assert "We have received your request" in said["en"]


def test_an_extension_says_until_when_and_why(aino: Person) -> None:
    from django.utils.formats import date_format
    from django.utils.translation import override

    request = a_request(aino, State.EXTENDED)
    said = text(read(request, Template.EXTENSION))
    with override("fi"):
        assert date_format(request.due_on, "SHORT_DATE_FORMAT") in said
    assert "Monta pyyntöä yhtä aikaa" in said


def test_a_refusal_says_its_ground_and_its_reasons(aino: Person) -> None:
    said = text(read(a_request(aino, State.REFUSED), Template.REFUSAL))
    assert "12(5)" in said
    assert "Pyyntö on ilmeisen perusteeton." in said


def test_a_representative_is_written_to_on_her_behalf(aino: Person) -> None:
    request = a_request(aino, representative="Asianajaja Oy", authorisation="Valtakirja 1.2.2026")
    said = text(read(request, Template.RECEIPT))
    assert "Asianajaja Oy" in said
    assert "Aino Mallikas" in said


def test_what_is_typed_is_never_markup(aino: Person) -> None:
    odd = '#eval("1+1") *lihava* = otsikko $x$ @viite <merkki>'
    said = text(read(a_request(aino), Template.RECEIPT, words=odd))
    assert odd in said
