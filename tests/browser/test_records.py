"""The register description, its versions and the breaches in a real browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from audit.context import AccessPurpose, access_context
from privacy.breaches import close_breach
from privacy.description.publishing import publish
from tests.browser.looking import look_at
from tests.disclosing import a_breach, a_group_company, a_processor

pytestmark = pytest.mark.django_db(transaction=True)


def published() -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        publish(by=None)


def test_anybody_reads_the_description_and_what_changed(
    page: Page, live_server: Any, complaints: list[str], transactional_db: None
) -> None:
    published()
    a_group_company()
    a_processor()
    published()
    home = f"{live_server.url}/register/"
    page.goto(home)
    expect(page.locator("html")).to_have_attribute("lang", "fi")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Praecom Oy:n asiakasrekisteri")
    expect(page.get_by_role("heading", name="Your right to complain")).to_be_visible()
    page.get_by_role("link", name="All versions").click()
    page.get_by_role("link", name="What it changed").click()
    expect(page.locator("ins").first).to_be_visible()
    for path in ("", "versions/", "versions/2/changes/", "versions/1/"):
        page.goto(f"{home}{path}")
        look_at(page, path)


def test_a_registrar_watches_the_clock_of_a_breach(
    page: Page,
    live_server: Any,
    complaints: list[str],
    sign_in: Callable[[str], User],
) -> None:
    registrar = sign_in("registrar")
    a_breach(registrar, aware_at=timezone.now() - timedelta(hours=26))
    close_breach(breach=a_breach(registrar, risk="none"))
    page.goto(f"{live_server.url}/breaches/")
    expect(page.locator("time.clock")).to_contain_text("45 h 5")
    page.get_by_role("article").get_by_role("link").first.click()
    expect(page.locator("time.clock")).to_contain_text("45 h 5")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look_at(page)
    for path in ("breaches", "register/record"):
        page.goto(f"{live_server.url}/{path}/")
        look_at(page, path)
