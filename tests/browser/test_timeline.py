"""The history on the card in a real browser: filtered and paged by keyboard, read on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from customers.models import Person
from tests.browser.looking import look_at
from tests.builders import a_person, a_private_customer
from tests.histories import a_whole_history

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def maija(transactional_db: None) -> Person:
    person = a_person("Maija", "Mallikas")
    a_whole_history(a_private_customer(person), person, a_person("Eero", "Seuraaja"))
    return person


def test_the_history_is_filtered_and_paged_by_keyboard(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    maija: Person,
    complaints: list[str],
) -> None:
    sign_in("agent")
    page.goto(f"{live_server.url}/persons/{maija.public_id}/")
    page.keyboard.press("h")
    entries = page.locator("#timeline .timeline > li")
    expect(entries).to_have_count(20)

    page.locator("#timeline-older").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#timeline .month").first).to_be_focused()
    expect(page.locator("#timeline-newest")).to_be_visible()

    page.locator("#timeline-invoice").focus()
    page.keyboard.press("Enter")
    expect(entries).to_have_count(3)
    expect(page.locator("#timeline-invoice")).to_be_focused()
    expect(page.locator("#timeline-invoice")).to_have_attribute("aria-current", "true")

    page.locator("#timeline-all").focus()
    page.keyboard.press("Enter")
    expect(entries).to_have_count(20)
    look_at(page)
