"""The letters: tagged PDF in the right language, with what the law wants in them."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from audit.context import AccessPurpose, access_context
from customers.models import Interaction, Language, Person
from datamap.vocabulary import Category
from privacy.correctable import Value
from privacy.letters import Template, Writing, fitting, pdf_of
from privacy.models import Objection, SubjectRequest
from privacy.services import (
    complete,
    decide_erasure,
    decide_objection,
    decide_refusal,
    move,
    rectify,
    restrict,
)
from privacy.states import State
from tests.builders import a_person, an_interaction, restricted
from tests.documents import ZERO_WIDTH
from tests.request_builders import a_request, the_registrar

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
    State.RECEIVED: {Template.RECEIPT},
    State.IDENTIFYING: {Template.RECEIPT, Template.IDENTITY},
    State.IN_PROGRESS: {Template.RECEIPT, Template.ANSWER},
    State.EXTENDED: {Template.RECEIPT, Template.EXTENSION, Template.ANSWER},
    State.ANSWERED: {Template.ANSWER},
    State.PARTLY_REFUSED: {Template.ANSWER, Template.REFUSAL},
    State.REFUSED: {Template.REFUSAL},
    State.WITHDRAWN: set(),
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
    return a_person("Aino", "Mallikas", phones=["040 000 1234"])


def offered(request: SubjectRequest) -> list[Template]:
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        return fitting(request)


def read(request: SubjectRequest, template: Template, **writing: Any) -> PdfReader:
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        return PdfReader(BytesIO(pdf_of(request, template, Writing(**writing))))


def text(reader: PdfReader) -> str:
    """The text of a letter; what was broken into lines is whole again."""
    pages = [page.extract_text().replace(ZERO_WIDTH, "") for page in reader.pages]
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize("state", State)
def test_only_letters_that_fit_are_offered(aino: Person, state: State) -> None:
    assert set(offered(a_request(aino, state))) == FITS[state]


@pytest.mark.parametrize("state", State)
def test_only_what_is_restricted_is_said_to_end(aino: Person, state: State) -> None:
    restricted(aino)
    is_known = state not in (State.RECEIVED, State.IDENTIFYING, State.REFUSED, State.WITHDRAWN)
    assert (Template.LIFTING in offered(a_request(aino, state))) == (
        is_known and state != State.CLOSED
    )


@pytest.mark.parametrize("is_partly", [False, True])
def test_a_refusal_is_written_before_it_counts(aino: Person, is_partly: bool) -> None:
    request = a_request(aino, State.IN_PROGRESS)
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        request = decide_refusal(
            request=request, ground="exempt", reasons="Pykälän 34 vuoksi.", is_partly=is_partly,
            by=the_registrar(),
        )  # fmt: skip
    assert Template.REFUSAL in offered(request)
    assert (Template.ANSWER in offered(request)) == is_partly
    said = text(read(request, Template.REFUSAL))
    assert "Pykälän 34 vuoksi." in said
    assert ("emme voi tehdä kaikkea" in said.lower()) == is_partly


def test_who_is_unknown_is_told_that_nothing_is_held() -> None:
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        request = move(request=a_request(None), to=State.IN_PROGRESS, by=the_registrar())
    assert Template.NOTHING_HELD in offered(request)
    assert Template.ANSWER not in offered(request)
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


def test_the_answer_says_what_was_decided_and_why(aino: Person) -> None:
    request, by = a_request(aino, State.IN_PROGRESS, language="en"), the_registrar()
    values: dict[str, Any] = {"seen_at": aino.changed_at, "statement": "", "by": by}
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        rectify(
            request=request, public_id=uuid4(), value=Value(aino, "last_name"), is_accepted=False,
            new_value="Toinen", reason="It is the official one.", **values,
        )  # fmt: skip
        rectify(
            request=request, public_id=uuid4(), value=Value(aino, "first_name"), is_accepted=True,
            new_value="Aina", reason="", **values,
        )  # fmt: skip
        complete(
            request=request, public_id=uuid4(), statement="I also have a stage name.",
            is_accepted=True, reason="", by=by,
        )  # fmt: skip
        for purpose, is_upheld in (("marketing", True), ("research", False)):
            last = Objection.objects.order_by("pk").last()
            decide_objection(
                request=request, public_id=uuid4(), purpose=purpose, grounds="", by=by,
                weighing="Counted without names.", is_upheld=is_upheld,
                seen_last=last.public_id if last else None,
            )  # fmt: skip
        decided = {
            Category.PHONE: ("not_needed", ""),
            Category.NAME: ("still_needed", "The contract runs."),
        }
        decide_erasure(request=request, decided=decided, seen_last=None, by=by)
        restrict(request=request, ground="claims", by=by)
    said = text(read(request, Template.ANSWER))
    for sentence in (
        "we do not change “Mallikas” into “Toinen”. The reason: It is the official one.",
        "we have changed “Aino” into “Aina”.",
        "We keep what you add beside your data: “I also have a stage name.”",
        "We send you no direct marketing any more, on any channel.",
        "Your objection is not upheld: we go on using your data",
        "How we weighed it: Counted without names.",
        "Erased: Phone number. The ground: No longer needed, Art. 17(1)(a).",
        "Stays: Name. The ground: Still needed for its purpose.",
        "The reason: The contract runs.",
        "We only store your data since",
    ):
        assert sentence in said, sentence


def test_what_is_done_by_hand_is_said_so(aino: Person) -> None:
    an_interaction(aino, "Invoice", "She called about an invoice.")
    request = a_request(aino, State.IN_PROGRESS, language="en")
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        [call] = Interaction.objects.all()
        rectify(
            request=request, public_id=uuid4(), value=Value(call, "subject"), is_accepted=True,
            new_value="Contract", reason="", statement="", seen_at=call.changed_at,
            by=the_registrar(),
        )  # fmt: skip
    said = text(read(request, Template.ANSWER))
    assert "we change “Invoice” into “Contract”; it is done by hand." in said


def test_a_representative_is_written_to_on_her_behalf(aino: Person) -> None:
    request = a_request(aino, representative="Asianajaja Oy", authorisation="Valtakirja 1.2.2026")
    said = text(read(request, Template.RECEIPT))
    assert "Asianajaja Oy" in said
    assert "Aino Mallikas" in said


def test_what_is_typed_is_never_markup(aino: Person) -> None:
    odd = '#eval("1+1") *lihava* = otsikko $x$ @viite <merkki>'
    said = text(read(a_request(aino), Template.RECEIPT, words=odd))
    assert odd in said
