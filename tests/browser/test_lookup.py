"""The agent's path in a real browser: sign in, look up, open; without the mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from customers.models import Person
from tests.browser.looking import look_at
from tests.builders import a_company, a_contact_person, a_person, an_interaction
from tests.log import Trail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def eeva(transactional_db: None) -> Person:
    person = a_person(
        "Eeva", "Ståhlberg", phones=["+358500000412"], emails=["eeva.stahlberg@example.org"]
    )
    a_contact_person(person, a_company("Hämeen Puutarha Ab", number="20003"))
    an_interaction(person, subject="Laskun eräpäivä")
    a_person("Eeva", "Stenman", phones=["040 000 0413"])
    return person


def test_an_agent_finds_a_caller_and_opens_her_card_by_keyboard(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
    trail: Trail,
) -> None:
    agent = sign_in("agent")
    expect(page).to_have_url(f"{live_server.url}/lookup/")
    expect(page.get_by_role("searchbox")).to_be_focused()

    page.keyboard.type("050-000 0412")
    expect(page.locator("[data-person]")).to_have_count(1)
    expect(page.locator("[data-person]")).to_contain_text("Eeva Ståhlberg")
    expect(page.locator("[data-person]")).to_contain_text("Hämeen Puutarha Ab")
    expect(page).to_have_url(f"{live_server.url}/lookup/")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Eeva Ståhlberg")).to_be_visible()
    expect(page.get_by_text("Laskun eräpäivä", exact=True)).to_be_visible()

    rows = trail.rows(subject=eeva.public_id, actor_id=agent.pk)
    assert {"lookup/", "persons/<uuid:public_id>/"} <= {row["route"] for row in rows}
    assert {row["purpose"] for row in rows} == {"service_call"}


def test_the_answer_follows_the_typing_and_the_last_word_counts(
    page: Page, sign_in: Callable[[str], User], eeva: Person, complaints: list[str]
) -> None:
    sign_in("agent")

    page.keyboard.type("eeva st")
    expect(page.locator("[data-person]")).to_have_count(2)
    page.keyboard.type("å")
    expect(page.locator("[data-person]")).to_have_count(1)
    page.keyboard.type("xx")
    expect(page.locator("[data-person]")).to_have_count(0)


def test_single_keys_can_be_switched_off_and_on_again(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
) -> None:
    sign_in("agent")
    card = f"{live_server.url}/persons/{eeva.public_id}/"
    heading = page.get_by_role("heading", name="Eeva Ståhlberg")

    def switch() -> None:
        page.locator("details.menu summary").click()
        page.locator("form[action='/accounts/shortcuts/'] button").click()
        page.wait_for_load_state()

    page.goto(card)
    switch()
    expect(heading).to_be_visible()
    expect(page.locator(".keys")).not_to_contain_text("/")
    page.keyboard.press("/")
    page.keyboard.press("l")
    expect(page).to_have_url(card)
    expect(page.locator("#log_check_name_0")).not_to_be_focused()

    switch()
    page.keyboard.press("l")
    expect(page.locator("#log_check_name_0")).to_be_focused()
    heading.click()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page).to_have_url(f"{live_server.url}/lookup/")


def test_without_scripts_the_lookup_still_answers(
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
    page.get_by_role("searchbox").fill("ståhl")
    page.keyboard.press("Enter")
    expect(page.locator("[data-person]")).to_have_count(1)
    context.close()


def test_pages_are_accessible_and_break_no_policy(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    look_at(page)
    sign_in("registrar")
    for url in ("/lookup/", f"/persons/{eeva.public_id}/", "/audit/", "/accounts/2fa/"):
        page.goto(f"{live_server.url}{url}")
        look_at(page, url)
    page.goto(f"{live_server.url}/lookup/")
    page.get_by_role("searchbox").fill("eeva st")
    expect(page.locator("[data-person]")).to_have_count(2)
    look_at(page)
