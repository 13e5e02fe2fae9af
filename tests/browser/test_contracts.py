"""Contracts in a real browser: from an offer, typed by keyboard, to the notice."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from audit.context import AccessContext, AccessPurpose, activate
from contracts.models import Contract, Offer, OfferLine, Order, Product
from customers.models import Customer
from tests.browser.looking import look_at
from tests.browser.test_admin import say_what_for
from tests.builders import a_company, a_contact_person, a_person
from tests.contract_builders import (
    a_billing_account,
    a_collection_case,
    a_contract,
    a_device_model,
    a_service,
    a_subscription,
    an_invoice,
    an_offer,
    an_order,
)

pytestmark = pytest.mark.django_db(transaction=True)

AT = "/admin/contracts/"


@pytest.fixture
def company(transactional_db: None) -> Customer:
    eeva = a_person("Eeva", "Ståhlberg", emails=["eeva@example.org"])
    company = a_company("Hämeen Puutarha Ab", number="20003")
    a_contact_person(eeva, company, task="hankinta")
    return company


@pytest.fixture
def products(transactional_db: None) -> list[Product]:
    return [a_service("mobile", price="19.90"), a_device_model("phone", price="499.00")]


def stored(model: Any) -> Any:
    """The only record of a kind, as it is stored."""
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        return model.objects.get()


def test_an_offer_is_typed_accepted_and_its_contract_ended_by_keyboard(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    company: Customer,
    products: list[Product],
    complaints: list[str],
) -> None:
    sign_in("account_manager")
    say_what_for(page, live_server)
    page.goto(f"{live_server.url}/admin/customers/customer/{company.public_id}/change/")
    page.goto(f"{live_server.url}{AT}offer/add/?customer={company.public_id}")

    # Products and quantities; the sums follow what is typed, and the focus stays where it is.
    page.locator("[name=valid_until]").fill(str(timezone.localdate() + timedelta(days=14)))
    product = page.locator("[name=lines-0-product]")
    product.focus()
    page.keyboard.type("Tuote mob")
    page.keyboard.press("Tab")
    expect(page.locator("#lines-0-2")).to_contain_text("19,90")
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    expect(page.locator("#lines-0-2")).to_contain_text("59,70")
    expect(page.locator("[name=lines-0-unit_price]")).to_be_focused()
    page.locator("[name=lines-1-product]").focus()
    page.keyboard.type("Tuote pho")
    page.keyboard.press("Tab")
    expect(page.locator("#lines-totals")).to_contain_text("626,25")
    page.locator("button[value=more]").press("Enter")
    expect(page.locator("[name=lines-2-product]")).to_be_focused()
    expect(page.locator("[name=lines-0-quantity]")).to_have_value("3")
    page.locator("select[name=source]").select_option("email")
    page.locator("[name=lines-0-quantity]").press("Enter")

    expect(page.get_by_role("status").first).to_be_visible()
    offer = stored(Offer)
    assert (offer.monthly_net, offer.once_net) == (Decimal("59.70"), Decimal("499.00"))
    look_at(page, "the draft")

    # Sent and accepted: each step has its page, and the day of today stands in it.
    for step in ("send", "accept"):
        page.locator(f"a[href$='/{step}/']").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{step}/")
        look_at(page, step)
        if step == "accept":
            expect(page.locator("[name=renewal_months]")).to_be_hidden()
            page.locator("[name=renewal]").select_option("renews")
            expect(page.locator("[name=renewal_months]")).to_be_visible()
            page.locator("[name=renewal]").select_option("open_ended")
        page.locator("[name=on]").press("Enter")
        page.wait_for_url(f"**{AT}offer/{offer.public_id}/change/")
        expect(page.get_by_role("status").first).to_be_visible()
    order, contract = stored(Order), stored(Contract)
    expect(page.get_by_role("link", name=order.number)).to_be_visible()

    # The contract is given notice; the last day follows the day that is typed.
    page.goto(f"{live_server.url}{AT}contract/{contract.public_id}/give-notice/")
    last = contract.last_day_after_notice(timezone.localdate())
    expect(page.locator("#foretold")).to_contain_text(f"{last.day}.{last.month}.{last.year}")
    agreed = last + timedelta(days=30)
    page.locator("[name=ends_on]").fill(str(agreed))
    page.locator("[name=ends_on]").blur()
    expect(page.locator("#foretold")).to_contain_text(f"{agreed.day}.{agreed.month}.{agreed.year}")
    page.locator("[name=on]").press("Enter")
    page.wait_for_url(f"**{AT}contract/{contract.public_id}/change/")
    assert stored(Contract).ends_on == agreed


def test_a_line_goes_by_its_button_and_two_clicks_save_once(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    company: Customer,
    products: list[Product],
    complaints: list[str],
) -> None:
    sign_in("account_manager")
    say_what_for(page, live_server)
    page.goto(f"{live_server.url}{AT}offer/add/?customer={company.public_id}")
    page.locator("[name=valid_until]").fill(str(timezone.localdate()))
    page.locator("select[name=source]").select_option("staff")
    for number, product in enumerate(products):
        page.locator(f"[name=lines-{number}-product]").select_option(str(product.public_id))
    page.locator("button[value=calculate]").click()
    page.locator("button[value=remove-0]").click()
    expect(page.locator("[name=lines-0-product]")).to_have_value(str(products[1].public_id))
    expect(page.locator("[name=lines-1-product]")).to_have_value("")
    page.locator(".actions .button-main").dblclick()

    expect(page.get_by_role("status").first).to_be_visible()
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        assert Offer.objects.count() == OfferLine.objects.count() == 1


def test_only_fields_of_the_chosen_billing_method_are_shown(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    company: Customer,
    complaints: list[str],
) -> None:
    sign_in("billing")
    say_what_for(page, live_server)
    page.goto(f"{live_server.url}{AT}billingaccount/add/?customer={company.public_id}")
    method, email = page.locator("[name=method]"), page.locator("[name=email]")
    operator = page.locator("[name=operator_id]")
    expect(email).to_be_hidden()
    method.select_option("email")
    expect(email).to_be_visible()
    expect(operator).to_be_hidden()
    email.fill("laskut@example.com")
    method.select_option("e_invoice")
    expect(operator).to_be_visible()
    expect(email).to_be_hidden()
    operator.fill("E204503")
    page.locator("[name=e_invoice_address]").fill("003721084207")
    page.locator("select[name=source]").select_option("email")
    page.locator(".actions .button-main").click()

    expect(page.get_by_role("status").first).to_be_visible()
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        account = company.billing_accounts.get()
    assert (account.operator_id, account.email) == ("E204503", "")


def test_pages_of_contracts_are_accessible_and_fit(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    company: Customer,
    products: list[Product],
    complaints: list[str],
) -> None:
    contract = a_contract(company, billing_account=a_billing_account(company))
    service = a_subscription(contract, products[0])
    order = an_order(company, products, contract=contract)
    offer = an_offer(company, products, valid_until=timezone.localdate())
    overdue = an_invoice(company)
    a_collection_case(overdue)
    sign_in("account_manager")
    say_what_for(page, live_server)
    for record in (offer, order, contract, service, overdue):
        at = f"{AT}{record._meta.model_name}/"
        for url in (at, f"{at}{record.public_id}/change/"):
            page.goto(f"{live_server.url}{url}")
            look_at(page, url)
    for url in (
        f"{AT}order/add/",
        f"{AT}order/add/?customer={company.public_id}",
        f"{AT}subscription/add/?contract={contract.public_id}",
        f"{AT}order/{order.public_id}/take-back/",
        f"{AT}subscription/{service.public_id}/alter/",
        "/",
    ):
        page.goto(f"{live_server.url}{url}")
        look_at(page, url)
