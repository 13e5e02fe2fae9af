"""Contracts on the staff's desk: who may do what, forms with lines, lists, how much is asked."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.context import AccessContext, AccessPurpose, activate
from contracts.models import Offer, OfferLine, Order, Product, Return
from customers.models import Customer
from tests.builders import a_company, a_contact_person, a_person, a_private_customer
from tests.contract_builders import (
    a_billing_account,
    a_collection_case,
    a_contract,
    a_device,
    a_device_model,
    a_handover,
    a_service,
    a_subscription,
    an_invoice,
    an_offer,
    an_order,
)
from tests.desk import form_in, form_on, text_of
from tests.log import Trail
from tests.records import a_record

pytestmark = pytest.mark.django_db

AT = "/admin/contracts/"
Browser = Callable[[str], Client]

SOLD: tuple[str, ...] = (
    *("offer", "order", "return", "contract", "subscription", "servicechange", "device"),
    "devicehandover",
)
BILLED = ("billingaccount", "billingcontact", "invoice")
ABOUT_SOMEBODY = (*SOLD, *BILLED, "collectioncase")

NOBODY: set[str] = set()
EVERYBODY = {
    *("agent", "account_manager", "billing", "marketer", "recording_reviewer", "registrar"),
    *("auditor", "admin"),
}
SEES_SALES = {"agent", "account_manager", "billing", "recording_reviewer", "registrar"}
RIGHTS: dict[str, tuple[set[str], set[str]]] = {
    # kind: who sees it, who adds and changes it
    **dict.fromkeys(SOLD, (SEES_SALES, {"account_manager"})),
    **dict.fromkeys(BILLED, (SEES_SALES - {"recording_reviewer"}, {"billing"})),
    "collectioncase": ({"billing", "registrar"}, {"billing"}),
    "product": ({"auditor", "admin"}, {"admin"}),
    "vatrate": ({"auditor", "admin"}, {"admin"}),
}
MADE_ELSEWHERE = {"return", "servicechange", "devicehandover", "invoice"}


@pytest.fixture(autouse=True)
def looking() -> Iterator[None]:
    """A context for what the test itself looks at."""
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        yield


def today() -> date:
    return timezone.localdate()


def page_of(record: Any, page: str = "change") -> str:
    return f"{AT}{record._meta.model_name}/{record.public_id}/{page}/"


def now(record: Any) -> Any:
    """The record as it is stored."""
    return type(record)._default_manager.get(pk=record.pk)


# --- who may do what ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(EVERYBODY))
@pytest.mark.parametrize("kind", RIGHTS)
def test_a_role_sees_and_changes_what_the_table_of_roles_says(
    client_as: Browser, kind: str, role: str
) -> None:
    sees, changes = RIGHTS[kind]
    record = a_record(f"contracts.{kind}", a_person("Aino", "Mallikas"))
    client = client_as(role)
    at = f"{AT}{kind}/"

    for url in (at, f"{at}{record}/change/"):
        assert client.get(url).status_code == (200 if role in sees else 403), url
    sent = client.post(f"{at}{record}/change/", {})
    assert (sent.status_code != 403) == (role in changes and kind in _CHANGED_BY_A_FORM), kind
    if kind not in MADE_ELSEWHERE:
        assert (client.get(f"{at}add/").status_code == 200) == (role in changes)
    first = client.get("/admin/").content.decode() if role in sees else ""
    assert (f'href="{at}"' in first) == (role in sees)


_CHANGED_BY_A_FORM = set(RIGHTS) - {"return", "servicechange", "invoice"}


@pytest.mark.parametrize("role", ["agent", "account_manager", "recording_reviewer"])
def test_nothing_of_a_collection_reaches_who_may_not_know_of_it(
    client_as: Browser, role: str
) -> None:
    company = a_company("Hämeen Puutarha Oy", number="20077")
    account = a_billing_account(company)
    invoice = an_invoice(company, number="77-1", billing_account=account)
    case = a_collection_case(invoice, agency="Perintäkanarialintu Oy")
    client = client_as(role)
    client.post(f"{AT}invoice/search/", {"q": "20077"})
    pages = [
        *(f"{AT}{kind}/?customer={company.public_id}" for kind in (*SOLD, *BILLED)),
        f"{AT}invoice/",
        page_of(invoice),
        page_of(account),
        f"/admin/customers/customer/{company.public_id}/change/",
        "/admin/",
        "/",
    ]
    for url in pages:
        page = client.get(url, follow=True).content.decode()
        assert "collectioncase" not in page, url
        assert "Perintäkanarialintu" not in page, url
    for url in (page_of(case), f"{AT}collectioncase/?invoice={invoice.public_id}"):
        assert client.get(url).status_code == 403
    for step in ("search", "choose"):
        url = f"{AT}collectioncase/{step}/"
        assert client.post(url, {"q": "20077", "term": "20077"}).status_code in (403, 404)


def test_billing_sees_collections_where_the_agent_does_not(client_as: Browser) -> None:
    invoice = an_invoice(a_company())
    case = a_collection_case(invoice)
    assert page_of(case) in client_as("billing").get(page_of(invoice)).content.decode()


@pytest.mark.parametrize("role", ["agent", "billing", "registrar"])
def test_who_may_only_look_is_offered_no_step(client_as: Browser, role: str) -> None:
    company = a_company()
    order = an_order(company, [a_device_model()])
    for record, step in (
        (an_offer(company, [a_service()]), "send"),
        (order, "deliver"),
        (a_contract(company), "give-notice"),
        (a_subscription(a_contract(company)), "terminate"),
        (a_device(), "hand-out"),
    ):
        client = client_as(role)
        assert f"/{step}/" not in client.get(page_of(record)).content.decode()
        for ask in (client.get, client.post):
            assert ask(page_of(record, step)).status_code == 403


def test_a_product_is_chosen_without_a_right_to_products(client_as: Browser) -> None:
    service = a_service("mobile")
    gone = a_service("gone")
    Product.objects.filter(pk=gone.pk).update(sold_until=today() - timedelta(days=1))
    client = client_as("account_manager")

    page = client.get(f"{AT}offer/add/").content.decode()

    assert f'value="{service.public_id}"' in page
    assert str(gone.public_id) not in page
    assert client.get(f"{AT}product/").status_code == 403


# --- lines of a document --------------------------------------------------------------------------


@pytest.fixture
def company() -> Customer:
    return a_company("Hämeen Puutarha Oy", number="20077")


@pytest.fixture
def products() -> list[Product]:
    return [a_service("mobile", price="19.90"), a_device_model("phone", price="499.00")]


@pytest.fixture
def offer(company: Customer, products: list[Product]) -> Offer:
    return an_offer(company, products, valid_until=today() + timedelta(days=30))


def lines_of(offer: Any) -> list[tuple[str, int, Decimal]]:
    lines = OfferLine.objects.filter(offer=offer).in_order().select_related("product")
    return [(line.product.code, line.quantity, line.unit_price) for line in lines]


def wrong_cells(answer: Any) -> list[str]:
    """The cells beside which something is said."""
    return re.findall(
        r'<td class="cell field-wrong"><label for="id_([^"]+)"', answer.content.decode()
    )


def test_lines_are_changed_added_and_taken_away_in_one_go(
    client_as: Browser, trail: Trail, offer: Offer, products: list[Product]
) -> None:
    client = client_as("account_manager")
    form = form_on(client, page_of(offer))
    assert form["lines-0-product"] == str(products[0].public_id)
    assert (form["lines-0-quantity"], form["lines-0-unit_price"]) == ("1", "19,90")
    form |= {
        "lines-0-quantity": "5",
        "lines-1-product": "",
        "lines-1-unit_price": "",
        "lines-3-product": str(products[1].public_id),
        "lines-3-unit_price": "450.5",
        "valid_until": str(today() + timedelta(days=9)),
    }

    answer = client.post(page_of(offer), form)

    assert answer.status_code == 302, text_of(answer)
    assert lines_of(offer) == [("mobile", 5, Decimal("19.90")), ("phone", 1, Decimal("450.50"))]
    offer = now(offer)
    assert (offer.monthly_net, offer.once_net) == (Decimal("99.50"), Decimal("450.50"))
    assert offer.valid_until == today() + timedelta(days=9)


def test_what_is_typed_is_added_up_and_nothing_is_saved(
    client_as: Browser, offer: Offer, products: list[Product]
) -> None:
    client = client_as("account_manager")
    form = form_on(client, page_of(offer)) | {
        "lines-0-quantity": "3",
        "lines-1-quantity": "x",
        "lines-2-product": str(products[1].public_id),
        "valid_until": "2099-01-01",
    }

    page = client.post(page_of(offer), {**form, "do": "calculate"})

    text = text_of(page)
    assert page.status_code == 200
    assert "59,70 €" in text  # 3 × 19.90
    assert "74,92 €" in text  # with VAT
    assert "626,25 €" in text  # the third line; the second one cannot be added up
    typed = form_in(page)
    assert typed == form | {name: typed[name] for name in typed if name not in form}
    assert 'class="errorlist"' in page.content.decode()
    assert lines_of(offer)[0] == ("mobile", 1, Decimal("19.90"))
    assert now(offer).valid_until == offer.valid_until


def test_the_sums_that_are_shown_are_those_that_are_saved(
    client_as: Browser, offer: Offer, products: list[Product]
) -> None:
    client = client_as("account_manager")
    form = form_on(client, page_of(offer))
    form |= {"lines-0-unit_price": "0,01", "lines-0-quantity": "50", "lines-1-quantity": "7"}
    shown = text_of(client.post(page_of(offer), {**form, "do": "calculate"}))
    client.post(page_of(offer), form)
    client.post(page_of(offer, "send"), form_on(client, page_of(offer, "send")))
    saved = text_of(client.get(page_of(offer)))
    sums = re.compile(r"[\d\xa0]+,\d\d € (?:without|veroton|utan|ilman)[^€]*€")
    assert sums.findall(shown) == sums.findall(saved) != []


def test_a_line_is_taken_away_by_its_button_and_empty_ones_come_after_the_last(
    client_as: Browser, offer: Offer, products: list[Product]
) -> None:
    client = client_as("account_manager")
    form = form_on(client, page_of(offer))

    page = client.post(page_of(offer), {**form, "do": "remove-0"})

    typed = form_in(page)
    assert typed["lines-0-product"] == str(products[1].public_id)
    assert [typed[f"lines-{number}-product"] for number in (1, 2, 3)] == ["", "", ""]
    assert "lines-4-product" not in typed
    assert client.post(page_of(offer), typed).status_code == 302
    assert lines_of(offer) == [("phone", 1, Decimal("499.00"))]


@pytest.mark.parametrize(
    ("wrong", "cell"),
    [
        ({"lines-0-quantity": "0"}, "lines-0-quantity"),
        ({"lines-0-quantity": ""}, "lines-0-quantity"),
        ({"lines-0-quantity": "99999999999"}, "lines-0-quantity"),
        ({"lines-0-unit_price": "-1"}, "lines-0-unit_price"),
        ({"lines-0-unit_price": "1,234"}, "lines-0-unit_price"),
        ({"lines-0-unit_price": "NaN"}, "lines-0-unit_price"),
        ({"lines-0-product": "x"}, "lines-0-product"),
        ({"lines-4-quantity": "2"}, "lines-4-product"),
        ({"lines-4-unit_price": "2"}, "lines-4-product"),
    ],
)
def test_a_mistake_in_a_line_stands_beside_its_cell(
    client_as: Browser, offer: Offer, wrong: dict[str, str], cell: str
) -> None:
    client = client_as("account_manager")
    form = form_on(client, page_of(offer))

    answer = client.post(page_of(offer), {**form, **wrong})

    assert answer.status_code == 200
    (at,) = re.findall(
        r'<td class="cell field-wrong"><label for="id_([^"]+)"', answer.content.decode()
    )
    assert at == cell
    typed = form_in(answer)
    assert {name: typed[name] for name in wrong if wrong[name] != "x"} == {
        name: value for name, value in wrong.items() if value != "x"
    }
    assert len(lines_of(offer)) == 2


def test_what_a_service_holds_against_a_line_stands_beside_it(
    client_as: Browser, company: Customer, products: list[Product]
) -> None:
    dollars = a_service("dollars")
    Product.objects.filter(pk=dollars.pk).update(currency="USD")
    offer = an_offer(company, products, valid_until=today())
    client = client_as("account_manager")
    form = form_on(client, page_of(offer)) | {"lines-2-product": str(dollars.public_id)}

    answer = client.post(page_of(offer), form)

    assert answer.status_code == 200
    (at,) = re.findall(
        r'<td class="cell field-wrong"><label for="id_([^"]+)"', answer.content.decode()
    )
    assert at in ("lines-2-product", "lines-3-product")
    assert len(lines_of(offer)) == 2


def test_an_order_has_a_line(client_as: Browser, company: Customer) -> None:
    client = client_as("account_manager")
    add = f"{AT}order/add/?customer={company.public_id}"
    form = {**form_on(client, add), "source": "staff"}

    answer = client.post(add, form)

    assert answer.status_code == 200
    assert "notice-error" in answer.content.decode()
    assert not Order.objects.exists()


def test_rubbish_in_lines_is_answered(client_as: Browser, offer: Offer) -> None:
    client = client_as("account_manager")
    form = form_on(client, page_of(offer))
    for rubbish in (
        {"lines-999-product": "x", "lines-1000-product": "x", "lines-x-product": "x"},
        {"lines-0-product": "a\0b", "lines-0-quantity": "a\0b", "lines-0-unit_price": "1e999"},
        {f"lines-{number}-quantity": "7" for number in range(300)},
        {"do": "remove-999999"},
        {"do": "stored-nothing"},
        {"do": "x" * 1000},
    ):
        assert client.post(page_of(offer), {**form, **rubbish}).status_code == 200
    assert len(lines_of(offer)) == 2


# --- one form, one record; two people, one record -------------------------------------------------


def new_offer(client: Client, company: Customer, product: Product) -> tuple[str, dict[str, Any]]:
    add = f"{AT}offer/add/?customer={company.public_id}"
    return add, form_on(client, add) | {
        "valid_until": str(today()),
        "source": "staff",
        "lines-0-product": str(product.public_id),
    }


def test_an_offer_sent_twice_is_one(
    client_as: Browser, company: Customer, products: list[Product]
) -> None:
    client = client_as("account_manager")
    add, form = new_offer(client, company, products[0])

    first, second = (client.post(add, form) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert Offer.objects.count() == OfferLine.objects.count() == 1


def test_an_offer_sent_again_with_other_lines_keeps_nothing_silently(
    client_as: Browser, company: Customer, products: list[Product]
) -> None:
    client = client_as("account_manager")
    add, form = new_offer(client, company, products[0])
    client.post(add, form)

    again = client.post(add, form | {"lines-0-quantity": "2"})

    assert again.status_code == 409
    assert form_in(again)["lines-0-quantity"] == "2"
    assert [line[1] for line in lines_of(Offer.objects.get())] == [1]
    assert client.post(add, form_in(again)).status_code == 302
    assert Offer.objects.count() == 2


@pytest.mark.parametrize("kind", ["order", "contract", "billingaccount", "subscription"])
def test_what_begins_with_a_customer_is_made_once(
    client_as: Browser, company: Customer, products: list[Product], kind: str
) -> None:
    model: Any = apps.get_model("contracts", kind)
    client = client_as("billing" if kind == "billingaccount" else "account_manager")
    owner = f"customer={company.public_id}"
    if kind == "subscription":
        owner = f"contract={a_contract(company).public_id}"
    add = f"{AT}{kind}/add/?{owner}"
    values = {
        "order": {"lines-0-product": str(products[1].public_id)},
        "contract": {},
        "billingaccount": {"method": "direct_payment"},
        "subscription": {"product": str(products[0].public_id)},
    }
    form = form_on(client, add) | {"source": "staff"} | values[kind]

    first, second = (client.post(add, form) for _ in range(2))

    assert first.status_code == second.status_code == 302, text_of(second)
    assert first.headers["Location"] == second.headers["Location"]
    assert model.objects.count() == 1


def test_whose_it_is_is_asked_before_the_form_and_stands_in_its_address(
    client_as: Browser, company: Customer
) -> None:
    client = client_as("account_manager")

    page = client.get(f"{AT}contract/add/")
    assert "signed_on" not in form_in(page)
    assert "errorlist" in client.get(f"{AT}contract/add/", {"customer": "x"}).content.decode()
    form = form_on(client, f"{AT}contract/add/?customer={company.public_id}")
    assert "customer" not in form
    assert form["signed_on"] == str(today())


def test_who_saves_an_offer_second_sees_both_and_loses_nothing(
    client_as: Browser, staff: Callable[[str], Any], offer: Offer, products: list[Product]
) -> None:
    manager = client_as("account_manager")
    colleague = client_as("account_manager")
    hers, theirs = (form_on(client, page_of(offer)) for client in (manager, colleague))
    colleague.post(page_of(offer), theirs | {"lines-0-quantity": "7", "source_wording": "Heidän"})

    conflict = manager.post(
        page_of(offer), hers | {"lines-0-quantity": "2", "lines-1-unit_price": "400,00"}
    )

    assert conflict.status_code == 409
    assert lines_of(offer)[0][1] == 7
    typed = form_in(conflict)
    assert (typed["lines-0-quantity"], typed["lines-1-unit_price"]) == ("2", "400,00")
    assert typed["source_wording"] == "Heidän"  # she had not touched it: theirs stays
    page = conflict.content.decode()
    assert "Product mobile · 7 · 19,90" in page or "Tuote mobile · 7 · 19,90" in page
    assert 'value="stored-lines"' in page

    # She looks at the sums, takes the stored lines, and saves.
    again = manager.post(page_of(offer), typed | {"do": "calculate"})
    assert form_in(again)["lines-0-quantity"] == "2"
    taken = form_in(manager.post(page_of(offer), typed | {"do": "stored-lines"}))
    assert taken["lines-0-quantity"] == "7"
    answer = manager.post(page_of(offer), typed)
    assert answer.status_code == 302
    assert lines_of(offer) == [("mobile", 2, Decimal("19.90")), ("phone", 1, Decimal("400.00"))]
    assert now(offer).source_wording == "Heidän"


def test_adding_up_does_not_forget_that_somebody_else_saved(
    client_as: Browser, offer: Offer
) -> None:
    manager, colleague = client_as("account_manager"), client_as("account_manager")
    hers, theirs = (form_on(client, page_of(offer)) for client in (manager, colleague))
    colleague.post(page_of(offer), theirs | {"lines-0-quantity": "7"})
    added_up = form_in(
        manager.post(page_of(offer), hers | {"lines-0-quantity": "2", "do": "calculate"})
    )

    assert manager.post(page_of(offer), added_up).status_code == 409
    assert lines_of(offer)[0][1] == 7


def test_a_step_is_not_taken_with_what_changed_meanwhile(client_as: Browser, offer: Offer) -> None:
    manager, colleague = client_as("account_manager"), client_as("account_manager")
    send = form_on(manager, page_of(offer, "send"))
    colleague.post(page_of(offer), form_on(colleague, page_of(offer)) | {"lines-0-quantity": "7"})

    stopped = manager.post(page_of(offer, "send"), send)

    assert stopped.status_code == 409
    assert now(offer).sent_on is None
    assert manager.post(page_of(offer, "send"), form_in(stopped)).status_code == 302
    assert now(offer).sent_on == today()


def test_what_is_taken_back_is_taken_back_once(client_as: Browser, company: Customer) -> None:
    day = today() - timedelta(days=3)
    order = an_order(company, [a_device_model()], quantity=5, ordered_on=day, delivered_on=day)
    client = client_as("account_manager")
    url = page_of(order, "take-back")
    form = form_on(client, url) | {"order_line": "1", "reason": "faulty"}

    first, second = (client.post(url, form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert Return.objects.count() == 1
    assert form_in(second)["reason"] == "faulty"


@pytest.mark.parametrize("step", ["send", "accept"])
def test_a_step_sent_twice_is_taken_once(
    client_as: Browser, company: Customer, products: list[Product], step: str
) -> None:
    sent_on = today() - timedelta(days=1) if step == "accept" else None
    offer = an_offer(company, products, valid_until=today(), sent_on=sent_on)
    client = client_as("account_manager")
    form = form_on(client, page_of(offer, step))

    first, second = (client.post(page_of(offer, step), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 200)
    assert Order.objects.count() == (step == "accept")


# --- what applies ---------------------------------------------------------------------------------


def test_a_form_says_which_fields_apply_to_which_choice(
    client_as: Browser, company: Customer
) -> None:
    account = a_billing_account(company)
    page = client_as("billing").get(page_of(account)).content.decode()
    for name, choice in (("email", "email"), ("address", "paper"), ("operator_id", "e_invoice")):
        field = page.partition(f'name="{name}"')[0].rpartition('<div class="field')[2]
        assert f'data-applies-to="method" data-applies-if="{choice}"' in field
    facts = text_of(client_as("agent").get(page_of(account)))
    assert "laskut@example.com" in facts
    assert "E204503" not in facts


def test_a_contract_that_does_not_renew_has_no_months_of_renewal(
    client_as: Browser, company: Customer
) -> None:
    contract = a_contract(
        company, ends_on=today() + timedelta(days=300), renewal="renews", renewal_months=12
    )
    client = client_as("account_manager")
    form = form_on(client, page_of(contract))
    assert form["renewal_months"] == "12"

    answer = client.post(page_of(contract), form | {"renewal": "ends"})

    assert answer.status_code == 302, text_of(answer)
    assert now(contract).renewal_months is None


# --- found, narrowed, shown -----------------------------------------------------------------------


def test_records_are_found_by_whose_they_are_and_by_their_own_number(client_as: Browser) -> None:
    aino, eeva = a_person("Aino", "Mallikas", phones=["040 000 0001"]), a_person("Eeva", "Toinen")
    company = a_company("Hämeen Puutarha Oy", number="20077")
    a_contact_person(eeva, company)
    private = a_private_customer(aino)
    hers, theirs = a_contract(private), a_contract(company, signed_by=eeva)
    client = client_as("account_manager")

    def found(kind: str, term: str) -> str:
        return text_of(client.post(f"{AT}{kind}/search/", {"q": term}, follow=True))

    for term, record in (
        ("mallikas", hers),
        ("0400000001", hers),
        ("hämeen puut", theirs),
        ("20077", theirs),
        ("toinen eeva", theirs),
        (theirs.number, theirs),
        (hers.number.lower(), hers),
    ):
        page = found("contract", term)
        assert record.number in page, term
        assert (hers if record is theirs else theirs).number not in page, term
    a_handover(a_device("SN-7"), private)
    a_device("SN-8")
    assert "SN-8" not in found("device", "mallikas")
    assert "SN-7" in found("device", "mallikas")
    assert "SN-7" not in found("device", "sn-8")


@pytest.mark.parametrize(
    ("kind", "state", "found"),
    [
        ("offer", "draft", "draft"),
        ("offer", "waiting", "waiting"),
        ("offer", "expired", "expired"),
        ("offer", "accepted", "accepted"),
        ("contract", "in_force", "in force"),
        ("contract", "ended", "ended"),
        ("contract", "ends_soon", "soon"),
        ("contract", "coming", "coming"),
        ("contract", "notice_given", "notice"),
        ("order", "open", "open"),
        ("order", "delivered", "delivered"),
        ("invoice", "overdue", "overdue"),
        ("invoice", "open", "open"),
        ("invoice", "paid", "paid"),
        ("device", "out", "out"),
        ("device", "in", "in"),
    ],
)
def test_a_list_is_narrowed_to_a_state(
    client_as: Browser, company: Customer, kind: str, state: str, found: str
) -> None:
    day, service = timedelta(days=1), a_service()
    records: dict[str, Any] = {}
    if kind == "offer":
        sent: Any = {"sent_on": today() - 9 * day}
        records = {
            "draft": an_offer(company, [service], valid_until=today()),
            "waiting": an_offer(company, [service], valid_until=today(), **sent),
            "expired": an_offer(company, [service], valid_until=today() - day, **sent),
            "accepted": an_offer(
                company, [service], valid_until=today(), accepted_on=today(), **sent
            ),
        }
    elif kind == "contract":
        first = today() - 99 * day
        records = {
            "in force": a_contract(company, signed_on=first),
            "ended": a_contract(company, signed_on=first, ends_on=today() - day),
            "soon": a_contract(company, signed_on=first, ends_on=today() + 30 * day),
            "coming": a_contract(company, starts_on=today() + day),
            "notice": a_contract(
                company, signed_on=first, ends_on=today() + 90 * day, notice_given_on=today()
            ),
        }
    elif kind == "order":
        records = {
            "open": an_order(company, [service], ordered_on=today()),
            "delivered": an_order(company, [service], ordered_on=today(), delivered_on=today()),
        }
    elif kind == "invoice":
        records = {
            "overdue": an_invoice(company, issued_on=today() - 60 * day),
            "open": an_invoice(company, issued_on=today()),
            "paid": an_invoice(
                company, issued_on=today() - 9 * day, paid="125.50", paid_on=today()
            ),
        }
    else:
        records = {"in": a_device("SN-0001"), "out": a_device("SN-0002")}
        a_handover(records["out"], company)
    page = text_of(client_as("account_manager").get(f"{AT}{kind}/?state={state}"))

    shown = {name for name, record in records.items() if record.display_name in page}
    assert shown == ({found, "soon"} if found == "in force" else {found})


def test_addresses_and_numbers_of_natural_persons_are_covered(client_as: Browser) -> None:
    private = a_private_customer(a_person())
    order = an_order(private, [a_device_model()], street="Kanarialinnunkuja 7")
    service = a_subscription(a_contract(private), identifier="+358400000077")
    line = a_subscription(a_contract(private), identifier="KL-13100/204")
    for role, covers in (("billing", True), ("recording_reviewer", True), ("agent", False)):
        client = client_as(role)
        order_page, service_page = (text_of(client.get(page_of(one))) for one in (order, service))
        assert ("Kanarialinnunkuja" in order_page) is not covers
        assert ("+358400000077" in service_page) is not covers
        assert "KL-13100/204" in text_of(client.get(page_of(line)))  # that is nobody's number


_NESTED = re.compile(r"<a\b[^>]*>(?:(?!</a>).)*<a\b", re.DOTALL)
"""A link within a link: of the outer one nothing is left to follow."""


@pytest.mark.parametrize("kind", ABOUT_SOMEBODY)
def test_a_record_is_shown_and_its_person_recorded(
    client_as: Browser, trail: Trail, kind: str
) -> None:
    person = a_person("Aino", "Mallikas")
    record = a_record(f"contracts.{kind}", person)
    for url in (f"{AT}{kind}/{record}/change/", f"{AT}{kind}/"):
        last = trail.last_id()
        answer = client_as("registrar").get(url)
        assert answer.status_code == 200
        assert not _NESTED.search(answer.content.decode())
        assert {row["subject"] for row in trail.rows(id__gt=last)} == {person.public_id}


@pytest.mark.parametrize("kind", ["product", "vatrate"])
def test_what_is_sold_is_about_nobody(client_as: Browser, trail: Trail, kind: str) -> None:
    client = client_as("admin")
    record = a_record(f"contracts.{kind}", a_person())
    last = trail.last_id()
    for url in (f"{AT}{kind}/", f"{AT}{kind}/{record}/change/", f"{AT}{kind}/add/"):
        assert client.get(url).status_code == 200
    assert trail.rows(id__gt=last) == []


def test_an_admin_keeps_the_products_and_the_rates(client_as: Browser) -> None:
    client = client_as("admin")
    form = form_on(client, f"{AT}product/add/") | {
        "code": "fibre-1000",
        "kind": "service",
        "group": "internet",
        "unit_price": "79,90",
        "name_fi": "Kuitu",
        "name_sv": "Fiber",
        "name_en": "Fibre",
        "charged": "monthly",
        "vat_kind": "standard",
        "currency": "EUR",
    }
    assert client.post(f"{AT}product/add/", form).status_code == 302
    fibre = Product.objects.get(code="fibre-1000")
    assert fibre.unit_price == Decimal("79.90")
    form = form_on(client, page_of(fibre))
    assert "code" not in form
    assert client.post(page_of(fibre), form | {"unit_price": "-1"}).status_code == 200
    client.post(f"{AT}product/search/", {"q": "kuit"})
    assert "fibre-1000" in text_of(client.get(f"{AT}product/"))

    form = form_on(client, f"{AT}vatrate/add/")
    form |= {"kind": "standard", "percent": "26", "valid_from": "2027-01-01"}
    answer = client.post(f"{AT}vatrate/add/", form)
    assert answer.status_code == 302, text_of(answer)
    overlap = form_on(client, f"{AT}vatrate/add/") | {
        "kind": "standard",
        "percent": "24",
        "valid_from": "2014-01-01",
    }
    refused = client.post(f"{AT}vatrate/add/", overlap)
    assert refused.status_code == 200
    assert "notice-error" in refused.content.decode()


# --- how much is asked ----------------------------------------------------------------------------


def queries(client: Client, url: str) -> list[str]:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def _many(kind: str, number: int) -> None:
    for one in range(number):
        a_record(f"contracts.{kind}", a_person("Aino", f"Mallikas{one}"))


# Session, user, roles, purpose; the page; whose it was, and the log. The same at any size.
QUERIES_OF_A_LIST = dict.fromkeys(ABOUT_SOMEBODY, 9) | {"device": 10}


@pytest.mark.parametrize("kind", ABOUT_SOMEBODY)
def test_a_list_takes_the_same_number_of_queries_at_any_size(client_as: Browser, kind: str) -> None:
    client = client_as("registrar")
    url = f"{AT}{kind}/"
    _many(kind, 1)
    few = queries(client, url)
    _many(kind, 9)
    many = queries(client, url)

    assert len(few) == len(many) <= QUERIES_OF_A_LIST[kind], many
    assert not [sql for sql in many if "count(" in sql.lower() and "contracts_" in sql]


def test_a_form_with_lines_takes_the_same_number_of_queries_however_many(
    client_as: Browser, company: Customer
) -> None:
    few = an_offer(company, [a_service()], valid_until=today())
    many = an_offer(company, [a_service() for _ in range(20)], valid_until=today())
    client = client_as("account_manager")
    numbers = [len(queries(client, page_of(offer))) for offer in (few, many)]
    assert numbers[0] == numbers[1] <= 18


def test_a_contract_with_many_services_takes_the_same_number_of_queries(
    client_as: Browser, company: Customer
) -> None:
    service = a_service()
    contracts = [a_contract(company) for _ in range(2)]
    for number in range(30):
        a_subscription(contracts[1], service, identifier=f"LINE-{number}")
    a_subscription(contracts[0], service)
    client = client_as("account_manager")
    numbers = [len(queries(client, page_of(contract))) for contract in contracts]
    assert numbers[0] == numbers[1] <= 18
    page = client.get(page_of(contracts[1])).content.decode()
    assert page.count("LINE-") == 20
    assert f"{AT}subscription/?contract={contracts[1].public_id}" in page


# --- the start page -------------------------------------------------------------------------------


def numbers_on(client: Client) -> list[int]:
    page = client.get("/").content.decode()
    return [int(number) for number in re.findall(r'class="tile-number">(\d+)<', page)]


def test_an_account_manager_begins_with_what_waits(
    client_as: Browser, trail: Trail, company: Customer
) -> None:
    client = client_as("account_manager")
    assert numbers_on(client) == [0, 0, 0]
    day, service = timedelta(days=1), a_service()
    sent: Any = {"sent_on": today() - 9 * day}
    an_offer(company, [service], valid_until=today(), **sent)
    an_offer(company, [service], valid_until=today() - day, **sent)
    for days in (-1, 0, 60, 61):
        first = today() - 99 * day
        a_contract(company, signed_on=first, ends_on=today() + days * day)
    last = trail.last_id()

    assert numbers_on(client) == [0, 1, 2]
    assert trail.subjects(id__gt=last) == set()


def test_billing_begins_with_what_is_overdue(client_as: Browser, company: Customer) -> None:
    client = client_as("billing")
    assert numbers_on(client) == [0, 0]
    overdue = an_invoice(company, issued_on=today() - timedelta(days=60))
    an_invoice(company, issued_on=today())
    a_collection_case(overdue)

    assert numbers_on(client) == [1, 1]
    assert "tile-urgent" in client.get("/").content.decode()
