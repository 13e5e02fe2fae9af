"""Documents for customers: what they say, how they are made, who gets them, and what is logged."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from stdnum.fi import ytunnus

from accounts.limits import TIMES_IN_LISTS
from accounts.models import User
from audit.context import AccessPurpose, in_context
from contracts.documents import letters
from contracts.documents.letters import Column, DocumentNotMade, Letter, Section, compiled
from contracts.documents.views import document_links
from contracts.models import Contract, Offer, Order, OrderLine, Return
from customers.models import Customer, Person
from datamap.controller import CONTROLLER
from tests.architecture.pages import CALLERS, SIGNED_IN
from tests.builders import a_company, a_person, a_private_customer, an_address, restricted
from tests.contract_builders import (
    DAY,
    a_contract,
    a_device_model,
    a_service,
    a_subscription,
    an_offer,
    an_order,
)
from tests.documents import reader_of, text_of
from tests.log import Trail

pytestmark = pytest.mark.django_db

_builder = in_context(job="builder", purpose=AccessPurpose.UPKEEP)


def url_of(record: Any) -> str:
    kind = type(record).__name__.lower()
    return f"/documents/{kind}s/{record.public_id}/"


@pytest.fixture
def aino() -> Person:
    return a_person("Aino", "Mallikas")


@pytest.fixture
def own(aino: Person) -> Customer:
    """Aino as a private customer."""
    return a_private_customer(aino, "1001")


@_builder
def in_language(customer: Customer, language: str) -> Customer:
    customer.language = language
    customer.save()
    return customer


def an_offer_sent(customer: Customer, **more: Any) -> Offer:
    far = timezone.localdate() + timedelta(days=30)
    return an_offer(
        customer,
        [a_service("liittymä"), a_device_model("reititin")],
        quantity=2,
        sent_on=DAY,
        valid_until=far,
        **more,
    )


# --- what they say


def test_an_offer_says_what_it_holds(
    client_as: Callable[[str], Client], own: Customer, aino: Person
) -> None:
    an_address(aino, "Mallikatu 7")
    offer = an_offer_sent(own, made_to=aino)

    response = client_as("account_manager").get(url_of(offer))

    assert response.status_code == 200
    text = " ".join(text_of(response).split())
    for said in (
        f"Tarjous {offer.number}",
        "Aino Mallikas Mallikatu 7 13210 Hämeenlinna",
        "Asiakasnumero 1001",
        "Tuote liittymä 2 19,90 € 25,5 % 39,80 €",
        "Tuote reititin 2 99,00 € 25,5 % 198,00 €",
        "49,95 €",
        "248,49 €",
        "Praecom Oy",
        CONTROLLER.business_id,
    ):
        assert said in text, text
    assert text.count("Aino Mallikas") == 1


def test_an_order_confirmation_says_where_it_goes_and_what_came_back(
    client_as: Callable[[str], Client], own: Customer, aino: Person
) -> None:
    order = an_order(own, [a_device_model("reititin")], ordered_by=aino, quantity=3)
    _cancelled(order, 1)

    text = " ".join(text_of(client_as("agent").get(url_of(order))).split())

    assert f"Tilausvahvistus {order.number}" in text
    assert "Mallikatu 1, 13100 Hämeenlinna" in text
    assert "Tuote reititin 3 99,00 € 25,5 % 297,00 €" in text
    assert "Peruutettu ja palautettu" in text
    assert "Tuote reititin 9.3.2026 Peruutus 1" in text


@_builder
def _cancelled(order: Order, quantity: int) -> None:
    Return.objects.create(
        customer_id=order.customer_id,
        order_line=OrderLine.objects.get(order=order),
        kind=Return.Kind.CANCELLATION,
        quantity=quantity,
        happened_on=DAY + timedelta(days=7),
        reason=Return.Reason.LATE,
    )


def test_a_contract_summary_says_its_term_and_the_services_in_use(
    client_as: Callable[[str], Client], aino: Person
) -> None:
    company = a_company("Malliyritys Oy", "2001")
    contract = a_contract(company, signed_by=aino)
    user = a_person("Eero", "Esimerkki")
    a_subscription(contract, a_service("liittymä"), user=user, identifier="+358400000001")
    a_subscription(contract, a_service("vanha"), terminated_on=DAY)

    text = " ".join(text_of(client_as("agent").get(url_of(contract))).split())

    assert f"Sopimusyhteenveto {contract.number}" in text
    assert "Malliyritys Oy Aino Mallikas" in text
    assert "toistaiseksi" in text
    assert "Tuote liittymä +358400000001 Eero Esimerkki 2.3.2026 19,90 €" in text
    assert "Tuote vanha" not in text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"ends_on": DAY + timedelta(days=3650)}, ["The contract is for a term that ends on"]),
        (
            {
                "ends_on": DAY + timedelta(days=3650),
                "renewal": "renews",
                "renewal_months": 12,
                "notice_months": 3,
            },
            ["It then renews for 12 months at a time.", "The period of notice is 3 months."],
        ),
        (
            {"ends_on": DAY + timedelta(days=30), "notice_given_on": DAY, "renewal": "open_ended"},
            ["Notice of the contract has been given"],
        ),
    ],
)
def test_the_term_of_a_contract_in_words(
    client_as: Callable[[str], Client], own: Customer, more: dict[str, Any], said: list[str]
) -> None:
    contract = a_contract(in_language(own, "en"), **more)

    text = " ".join(text_of(client_as("agent").get(url_of(contract))).split())

    for sentence in said:
        assert sentence in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ["Tarjous TA", "ilman alv", "Sivu 1 / 1", "19,90 €"]),
        ("sv", ["Offert TA", "utan moms", "Sida 1 / 1", "19,90 €"]),
        ("en", ["Offer TA", "Without VAT", "Page 1 / 1", "€19.90"]),
    ],
)
@pytest.mark.parametrize("viewer", ["fi", "sv", "en"])
def test_a_document_is_in_the_customers_language_whoever_opens_it(
    client_as: Callable[[str], Client],
    staff: Callable[..., User],
    own: Customer,
    language: str,
    words: list[str],
    viewer: str,
) -> None:
    user = staff("agent")
    user.language = viewer
    user.save()
    offer = an_offer_sent(in_language(own, language))

    response = client_as("agent").get(url_of(offer))

    text = " ".join(text_of(response).split())
    for word in words:
        assert word.casefold() in text.casefold(), text
    root: Any = reader_of(response).trailer["/Root"]
    assert root["/Lang"][:2] == language


def test_a_draft_without_lines_says_so(client_as: Callable[[str], Client], own: Customer) -> None:
    offer = an_offer(in_language(own, "en"))

    text = text_of(client_as("account_manager").get(url_of(offer)))

    assert "Draft" in text
    assert "There are no lines yet." in text


# --- how they are made


def test_a_document_is_tagged_with_title_and_language(
    client_as: Callable[[str], Client], own: Customer
) -> None:
    offer = an_offer_sent(own)

    response = client_as("agent").get(url_of(offer))

    root: Any = reader_of(response).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "fi-FI"
    assert {"/Table", "/TH", "/TD", "/H1", "/H2", "/Figure"} <= set(_tags(root["/StructTreeRoot"]))
    metadata = reader_of(response).metadata
    assert metadata is not None
    assert metadata.title == f"Tarjous {offer.number}"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def _tags(node: Any) -> list[str]:
    """The kinds of all elements of a tree of structure."""
    node = node.get_object()
    if isinstance(node, list):
        return [tag for kid in node for tag in _tags(kid)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return [*own, *(_tags(node["/K"]) if "/K" in node else [])]


def a_letter(*texts: str) -> Letter:
    """A letter that says these texts wherever it can."""
    columns = [Column("A"), Column("B", at_end=True)]
    return Letter(
        language="en",
        title=texts[0],
        recipient=texts,
        facts=[(text, text) for text in texts],
        opening=texts,
        sections=[Section(text, columns, [(text, text)], [(text, text)]) for text in texts],
        closing=texts,
    )


class Answer:
    """A PDF as the readers of answers take it."""

    streaming = False

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.headers = {"Content-Type": "application/pdf"}


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1+1") #import "@preview/x:1.0.0"',
        "= *bold* _it_ `raw` $x^2$ <label> @ref // no /* comment */",
        "\\u{41} \\ back \\\\ slash ~ -- ---",
        ']#panic("x")[ {] (',
        '"}, "title": "other"',
        "https://example.com/#a",
        "O'Connor & Söner <b>Ab</b>",
    ],
)
def test_no_name_is_markup(name: str) -> None:
    text = " ".join(text_of(Answer(compiled(a_letter(name)))).split())

    assert text.count(" ".join(name.split())) >= 5, text


@pytest.mark.parametrize(
    "name",
    ["a\x00b", "tab\there", "bell\x07", "\x85", "", " ", "\u2028", "A" + "\u0337" * 50, "\ufffe"],
)
def test_characters_that_no_text_holds_stop_no_document(name: str) -> None:
    assert compiled(a_letter("Otsikko", name)).startswith(b"%PDF")


def test_characters_of_other_scripts_stop_no_document() -> None:
    text = text_of(Answer(compiled(a_letter("Otsikko", "Дмитрий مرحبا 名前 😀"))))

    assert "Дмитрий" in text


@pytest.mark.parametrize("name", ["x" * 200, "Mallikas" * 25, "pitkä " * 400])
def test_very_long_names_stay_on_the_page(name: str) -> None:
    text = "".join(text_of(Answer(compiled(a_letter("Otsikko", name)))).split())

    assert "".join(name.split()) in text


def test_two_thousand_rows_make_one_document() -> None:
    rows = [(f"Rivi {number}", f"{number}") for number in range(2_000)]
    letter = Letter(
        language="fi",
        title="Pitkä",
        recipient=(),
        facts=(),
        sections=[Section("Rivit", [Column("A"), Column("B", at_end=True)], rows)],
    )

    text = text_of(Answer(compiled(letter)))

    assert "Rivi 1999" in text


def test_a_compiler_that_fails_says_nothing_of_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("import sys; sys.exit(sys.stdin.read())", "while True: pass"):
        child = tmp_path / "child.py"
        child.write_text(program, encoding="utf-8")
        monkeypatch.setattr(letters, "_CHILD", child)
        monkeypatch.setattr(letters, "SECONDS", 2)

        with pytest.raises(DocumentNotMade) as failed:
            compiled(a_letter("Salanimi"))

        assert "Salanimi" not in f"{failed.value!r} {failed.value.__context__!r}"


def test_the_compiler_sees_no_environment_and_writes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text("import os, sys; sys.stdout.write(repr(sorted(os.environ)))", encoding="utf-8")
    monkeypatch.setattr(letters, "_CHILD", child)

    assert not {"SECRET_KEY", "DATABASE_URL"} & set(eval(compiled(a_letter("x"))))  # noqa: S307


def test_the_companys_own_business_id_is_right() -> None:
    assert ytunnus.is_valid(CONTROLLER.business_id)


# --- who gets them, and what is logged


@pytest.fixture
def records(own: Customer, aino: Person) -> list[Offer | Order | Contract]:
    """One record of each kind that has a document."""
    return [
        an_offer_sent(own, made_to=aino),
        an_order(own, [a_device_model()], ordered_by=aino),
        a_contract(own, signed_by=aino),
    ]


@pytest.mark.parametrize("role", sorted(SIGNED_IN))
def test_documents_by_role(
    client_as: Callable[[str], Client], records: list[Any], trail: Trail, role: str
) -> None:
    client = client_as(role)
    for record in records:
        before = trail.last_id()
        response = client.get(url_of(record))

        actions = [row["action"] for row in trail.rows(id__gt=before)]
        if role in CALLERS:
            assert response.status_code == 200
            assert response.headers["Content-Type"] == "application/pdf"
            assert actions == [5]
        else:
            assert response.status_code == 403
            assert actions == [7]


def test_a_document_is_kept_nowhere_and_its_file_is_named_by_its_number(
    client_as: Callable[[str], Client], records: list[Any]
) -> None:
    for record in records:
        response = client_as("agent").get(url_of(record))

        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Disposition"] == f'inline; filename="{record.number}.pdf"'


def test_everybody_whom_a_document_names_has_a_row_that_says_export(
    client_as: Callable[[str], Client], aino: Person, trail: Trail
) -> None:
    contract = a_contract(a_company("Malliyritys Oy"), signed_by=aino)
    users = [a_person("Eero", f"Esimerkki{number}") for number in range(3)]
    for user in users:
        a_subscription(contract, user=user)
    a_person("Muu", "Henkilö")
    client = client_as("agent")
    before = trail.last_id()

    client.get(url_of(contract))

    rows = trail.rows(id__gt=before)
    named: set[UUID] = {one.public_id for one in (aino, *users)}
    assert {(row["action"], row["subject"]) for row in rows} == {(5, one) for one in named}
    assert {(row["purpose"], row["route"]) for row in rows} == {
        ("customer_care", "documents/contracts/<uuid:public_id>/")
    }


def test_whoever_sees_details_covered_gets_them_covered_here_too(
    client_as: Callable[[str], Client], own: Customer, aino: Person
) -> None:
    an_address(aino, "Salakatu 7")
    contract = a_contract(own)
    a_subscription(contract, user=aino, identifier="+358400000001")
    order = an_order(own, [a_device_model()])

    for role, is_covered in (("agent", False), ("billing", True)):
        text = "".join(text_of(client_as(role).get(url_of(one))) for one in (contract, order))
        for value in ("Salakatu 7", "+358400000001", "Mallikatu 1"):
            assert (value not in text) is is_covered


@pytest.mark.parametrize("number", range(3))
def test_of_restricted_data_no_document_is_made(
    client_as: Callable[[str], Client], records: list[Any], aino: Person, number: int
) -> None:
    restricted(aino)

    response = client_as("registrar").get(url_of(records[number]))

    assert response.status_code == 409
    assert b"%PDF" not in response.content
    assert "Art. 18" in response.content.decode()


def test_a_restricted_user_is_not_named_in_the_summary_of_her_company(
    client_as: Callable[[str], Client], aino: Person
) -> None:
    contract = a_contract(a_company("Malliyritys Oy"))
    a_subscription(contract, a_service("liittymä"), user=aino, identifier="+358400000001")
    restricted(aino)

    text = text_of(client_as("agent").get(url_of(contract)))

    assert "Tuote liittymä" in text
    assert "Mallikas" not in text
    assert "+358400000001" not in text


def test_documents_count_towards_whom_one_may_be_shown(
    client_as: Callable[[str], Client], settings: Any
) -> None:
    settings.LOOKUP_PERSONS_PER_10_MIN = 1
    owners = [a_person("Eero", f"Esimerkki{number}") for number in range(TIMES_IN_LISTS + 1)]
    offers = [an_offer(a_private_customer(owner, f"9{owner.pk}")) for owner in owners]
    client = client_as("agent")

    answers = [client.get(url_of(offer)).status_code for offer in offers]

    assert answers == [200] * TIMES_IN_LISTS + [429]


def test_what_is_not_there_is_404(client_as: Callable[[str], Client]) -> None:
    for kind in ("offers", "orders", "contracts"):
        assert client_as("agent").get(f"/documents/{kind}/{uuid4()}/").status_code == 404


def test_the_links_of_a_record_are_for_who_may_open_them(
    staff: Callable[..., User], records: list[Any], rf: Any, own: Customer
) -> None:
    request = rf.get("/")
    for role, number in (("agent", 1), ("marketer", 0)):
        request.user = staff(role)
        for record in records:
            links = document_links(request, record)
            assert [link for _label, link in links] == [url_of(record)][:number]
    assert document_links(request, own) == []


def test_a_document_takes_few_queries(
    client_as: Callable[[str], Client], own: Customer, django_assert_max_num_queries: Any
) -> None:
    contract = a_contract(own)
    for number in range(20):
        a_subscription(contract, user=a_person(f"Eero{number}", "Esimerkki"))
    client = client_as("agent")
    client.get(url_of(contract))

    with django_assert_max_num_queries(16):
        client.get(url_of(contract))
