"""The agent's work on the card in a real browser, by keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from audit.context import AccessPurpose, access_context
from customers.models import ContactPoint, IdentityCheck, Interaction, Person
from tests.browser.looking import look_at
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    an_address,
    an_interaction,
    restricted,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def eeva(transactional_db: None) -> Person:
    person = a_person(
        "Eeva", "Ståhlberg", phones=["+358500000412"], emails=["eeva.stahlberg@example.org"]
    )
    a_contact_person(person, a_company("Hämeen Puutarha Ab", number="20003"))
    an_interaction(person, subject="Laskun eräpäivä")
    an_address(person)
    return person


def test_a_call_from_ringing_to_logged_by_keyboard_alone(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
) -> None:
    sign_in("agent")
    keys = page.keyboard

    # The phone rings: find her, and read who it is.
    keys.press("/")
    keys.type("ståhlb")
    expect(page.get_by_role("searchbox")).to_have_value("ståhlb")
    expect(page.locator("[data-person]")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Eeva Ståhlberg")).to_be_focused()
    expect(page.get_by_text("+358500000412")).to_be_visible()
    expect(page.get_by_text("Laskun eräpäivä", exact=True)).to_be_visible()

    # How she was identified: her name matched, her customer number did not.
    keys.press("l")
    expect(page.locator("#log_check_name_0")).to_be_focused()
    keys.press("ArrowRight")
    keys.press("Tab")
    keys.press("ArrowLeft")
    expect(page.locator("#log_check_identifier_2")).to_be_checked()

    # Half a contact is typed, and a number corrected in between: nothing typed is lost.
    for _ in range(8):
        keys.press("Tab")
    expect(page.locator("#log_subject")).to_be_focused()
    keys.type("Uusi puhelinnumero")
    keys.press("Escape")
    expect(page.get_by_role("heading", name="Eeva Ståhlberg")).to_be_focused()
    keys.press("c")
    heading = page.locator("#desk h2")
    expect(heading).to_be_focused()
    for _ in range(3):
        keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#fix_as_written")).to_be_focused()
    keys.press("Control+A")
    keys.type("040 000 0499")
    keys.press("Enter")
    expect(page.locator(".caller-card > .notice-success")).to_be_focused()
    expect(page.locator("#desk")).to_contain_text("040 000 0499")
    expect(page.locator("#log_subject")).to_have_value("Uusi puhelinnumero")
    expect(page.locator("#log_check_identifier_2")).to_be_checked()

    # The rest of the contact.
    keys.press("l")
    for _ in range(10):
        keys.press("Tab")
    keys.type("Vaihtoi numeron.")
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Control+Enter")
    expect(page.locator(".caller-card > .notice-success")).to_be_focused()
    expect(page.get_by_text("Vaihtoi numeron.")).to_be_visible()
    expect(page.locator("#log_subject")).to_have_value("")

    # And what the history says of it.
    keys.press("h")
    expect(heading).to_be_focused()
    expect(page.locator("#desk .checks .badge")).to_have_count(2)
    expect(page).to_have_url(f"{live_server.url}/persons/{eeva.public_id}/")
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        contact = Interaction.objects.get(subject="Uusi puhelinnumero")
        checks = {one.question: one.matched for one in IdentityCheck.objects.all()}
        points = {one.as_written: one.ended_on for one in ContactPoint.objects.filter(kind="phone")}
    assert contact.outcome == "resolved"
    assert checks == {"name": True, "identifier": False}
    assert points["040 000 0499"] is None
    assert points["+358500000412"] is not None


def test_what_is_typed_is_not_left_unasked(
    page: Page, live_server: Any, sign_in: Callable[[str], User], eeva: Person
) -> None:
    sign_in("agent")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("ståhlb")
    expect(page.locator("[data-person]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#log_summary").press_sequentially("Tärkeää")
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    expect(page.locator("#log_summary")).to_have_value("Tärkeää")
    assert len(asked) == 1


def test_letters_in_a_field_are_no_shortcuts(
    page: Page, live_server: Any, sign_in: Callable[[str], User], eeva: Person
) -> None:
    sign_in("agent")
    page.goto(f"{live_server.url}/persons/{eeva.public_id}/")
    page.locator("#log_subject").press_sequentially("hclm/")

    expect(page.locator("#log_subject")).to_have_value("hclm/")
    expect(page.locator("#desk h2")).to_have_count(0)


def test_what_is_covered_is_shown_by_one_key(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
) -> None:
    sign_in("billing")
    page.goto(f"{live_server.url}/persons/{eeva.public_id}/")
    expect(page.get_by_text("••• 12")).to_be_visible()
    assert "500000412" not in page.content()

    page.keyboard.press("s")
    expect(page.get_by_text("+358500000412")).to_be_visible()


def test_the_card_works_without_scripts(
    browser: Any, live_server: Any, someone: Callable[[str], User], eeva: Person
) -> None:
    from tests.browser.conftest import PASSWORD

    user = someone("agent")
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_label("Käyttäjätunnus").fill(user.username)
    page.get_by_label("Salasana", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    page.goto(f"{live_server.url}/persons/{eeva.public_id}/")
    page.locator("#log_subject").fill("Ilman skriptejä")
    page.locator("#log_outcome").select_option("resolved")
    page.locator("#log_outcome").press("Tab")
    page.locator(".log-contact button[type=submit]").press("Enter")
    expect(page.locator(".notice-success")).to_be_visible()
    expect(page.get_by_text("Ilman skriptejä")).to_be_visible()
    page.locator('.tabs a[href$="/contact/"]').press("Enter")
    page.locator('#desk a[href$="/correct/"]').first.press("Enter")
    page.locator("#fix_as_written").fill("040 000 0499")
    page.locator(".correction button[type=submit]").press("Enter")
    expect(page.locator("#desk")).to_contain_text("040 000 0499")
    context.close()


def test_the_card_and_the_customer_page_are_accessible(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
) -> None:
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        company = eeva.contact_roles.select_related("customer").get().customer
        point = eeva.contact_points.get(kind="phone")
    blocked = a_person("Ritva", "Mallikas")
    restricted(blocked)
    sign_in("agent")
    card = f"/persons/{eeva.public_id}/"
    for url in (
        card,
        f"{card}contact/",
        f"{card}history/",
        f"{card}permissions/",
        f"{card}contact-points/{point.public_id}/correct/",
        f"/persons/{blocked.public_id}/",
        f"/customers/{company.public_id}/",
    ):
        page.goto(f"{live_server.url}{url}")
        look_at(page, url)
