"""A marketer's list in a real browser: described, counted, made, and a choice recorded from it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.looking import look_at
from tests.builders import restricted
from tests.marketing import chose, willing, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recipients(transactional_db: None) -> None:
    for number in range(7):
        willing(f"Aino{number}", "Mallikas")
    for number in range(5):
        chose(willing(f"Eero{number}", "Kieltäjä"), "prohibited")
    restricted(willing("Raija", "Rajattu"))


@pytest.mark.usefixtures("recipients")
def test_a_list_is_counted_made_and_used(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    complaints: list[str],
) -> None:
    sign_in("marketer")
    page.goto(f"{live_server.url}/marketing/new/")
    page.locator("[name=audience][value=private]").check()
    page.locator("[name=product_group]").select_option("support")
    page.locator("[name=name]").fill("Syyskirje")
    page.locator("button[value=count]").click()
    expect(page.locator(".list-counts-main dd")).to_have_text("7")
    expect(page.locator(".list-reasons li")).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text("Mallikas")
    look_at(page)

    page.locator("button[value=make]").click()
    expect(page.get_by_role("status")).to_be_visible()
    look_at(page)
    work()  # and the page looks again by itself
    expect(page.locator(".list-rows tbody tr")).to_have_count(7)
    first = page.locator(".list-rows tbody tr", has_text="Aino0")
    first.locator("summary").click()
    look_at(page)
    first.locator("button[value=prohibited]").click()
    expect(page.locator(".list-rows tbody tr")).to_have_count(6)
    expect(page.locator("main")).not_to_contain_text("Aino0")

    look_at(page)
