"""Marketing in a real browser: a caller stops e-mails, the registrar sees why, she chooses anew."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from audit.context import AccessPurpose, access_context
from consents.models import CollectionNotice, MarketingChoice, Wording
from consents.preferences import preference_link
from consents.services import record_choice
from customers.models import Person
from tests.browser.conftest import PASSWORD
from tests.browser.looking import look_at
from tests.builders import a_person, a_private_customer, an_address
from tests.marketing import willing, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def eeva(transactional_db: None) -> Person:
    """A private customer who was told of marketing and permitted e-mails."""
    person = a_person("Eeva", "Mallikas", phones=["040 000 0412"], emails=["eeva@example.org"])
    a_private_customer(person)
    an_address(person)
    wording = Wording.objects.create(
        name="direct-marketing",
        version=3,
        language="fi",
        text="Praecom saa lähettää minulle tarjouksia ja uutisia palveluistaan.",
    )
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        CollectionNotice.objects.create(person=person)
        record_choice(
            person=person, channel="email", choice="permitted", source="form", wording=wording
        )
    return person


@pytest.fixture
def signed_in(
    browser: Any, live_server: Any, someone: Callable[[str], User]
) -> Callable[[str], Page]:
    """A browser of its own, signed in as a role."""

    def as_role(role: str) -> Page:
        someone(role)
        page: Page = browser.new_context(locale="fi-FI").new_page()
        page.goto(live_server.url)
        page.get_by_label("Käyttäjätunnus").fill(role)
        page.get_by_label("Salasana", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    return as_role


def _not_on_the_list(live_server: Any, marketer: Page) -> None:
    """Counted by the reason, and neither on the page nor in the file."""
    marketer.goto(f"{live_server.url}/marketing/new/")
    marketer.locator("[name=audience][value=private]").check()
    marketer.locator("[name=channel]").select_option("email")
    marketer.locator("[name=product_group]").select_option("support")
    marketer.locator("[name=name]").fill("Syyskirje")
    marketer.locator("button[value=count]").click()
    expect(marketer.locator(".list-reasons li")).to_have_count(1)
    expect(marketer.locator(".list-reasons li")).to_contain_text("200 § 4 mom.")
    marketer.locator("button[value=make]").click()
    marketer.wait_for_url(lambda url: "/new/" not in url)
    work()
    expect(marketer.locator(".list-rows tbody tr")).to_have_count(6)
    expect(marketer.locator("main")).not_to_contain_text("Eeva")
    at = marketer.url
    marketer.locator('form[action$="/csv/"] button').click()
    marketer.locator("input[name=password]").fill(PASSWORD)
    marketer.keyboard.press("Enter")
    marketer.wait_for_url(at)
    with marketer.expect_download() as begun:
        marketer.locator('form[action$="/csv/"] button').click()
    lines = Path(begun.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 7
    assert all("Malli" in line for line in lines[1:])
    assert not any("Eeva" in line or "eeva@" in line for line in lines)
    marketer.context.close()


def own_page(live_server: Any, person: Person) -> str:
    path = urlsplit(preference_link(person.public_id, "email").url).path
    return f"{live_server.url}{path}"


def chosen(person: Person) -> list[tuple[str, str]]:
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        events = MarketingChoice.objects.filter(person=person).order_by("id")
        return [(one.channel, one.choice) for one in events]


def test_from_a_call_to_her_own_page(
    page: Page,
    browser: Any,
    live_server: Any,
    sign_in: Callable[[str], User],
    signed_in: Callable[[str], Page],
    eeva: Person,
    complaints: list[str],
) -> None:
    for number in range(6):
        willing(f"Aino{number}", "Malli")

    # The caller says: no more e-mails. One click on the card, while the contact is being noted.
    sign_in("agent")
    page.goto(f"{live_server.url}/persons/{eeva.public_id}/")
    page.locator("#log_subject").fill("Markkinointikielto")
    page.locator('.marketing-clicks button[value="email"]').click()
    expect(page.locator(".caller-card > .notice-success")).to_be_focused()
    expect(page.locator('[data-marketing="email"]')).to_be_visible()
    expect(page.locator("#log_subject")).to_have_value("Markkinointikielto")
    assert chosen(eeva) == [("email", "permitted"), ("email", "prohibited")]

    # A marketer makes a list for e-mail, and she is not on it.
    _not_on_the_list(live_server, signed_in("marketer"))

    # What is decided now, and by which law.
    page.keyboard.press("m")
    email = page.locator('[data-channel="email"]')
    expect(email).to_contain_text("200 § 4 mom.")
    page.locator("#marketing-group").select_option("mobile")
    page.locator(".marketing-group button").click()
    expect(page.locator('[data-channel="phone"]')).to_contain_text("201 §")

    # The registrar sees why, when, who, and what wording stood before.
    registrar = signed_in("registrar")
    registrar.goto(f"{live_server.url}/persons/{eeva.public_id}/permissions/")
    newest, before = registrar.locator("#desk .timeline li").all()
    expect(newest).to_contain_text("agent")
    expect(newest.locator("time")).to_be_visible()
    expect(before).to_contain_text("Praecom saa lähettää minulle tarjouksia")
    expect(before).to_contain_text("3")
    registrar.context.close()

    # She opens the link of a message, without any account, and chooses anew.
    hers = browser.new_context(locale="sv-SE").new_page()
    hers.goto(own_page(live_server, eeva))
    expect(hers.locator("html")).to_have_attribute("lang", "fi")
    expect(hers.locator('input[name="email"][value="no"]')).to_be_checked()
    assert "Eeva" not in hers.content()
    hers.get_by_role("link", name="English").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Your choices about our marketing")
    hers.locator('input[name="post"][value="no"]').check()
    hers.get_by_role("button", name="Save my choices").click()
    expect(hers.get_by_role("status")).to_be_visible()
    assert chosen(eeva)[-1] == ("post", "prohibited")
    hers.get_by_role("button", name="Stop all marketing").click()
    expect(hers.get_by_text("All marketing is stopped.")).to_be_visible()
    hers.context.close()

    # And the card says so.
    page.goto(f"{live_server.url}/persons/{eeva.public_id}/")
    expect(page.locator('[data-marketing="none"]')).to_be_visible()


def test_a_slip_is_put_right(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
) -> None:
    sign_in("agent")
    page.goto(f"{live_server.url}/persons/{eeva.public_id}/")
    page.locator('.marketing-clicks button[value="email"]').click()
    page.locator('form[action$="/undo/"] button').click()
    expect(page.locator("[data-marketing]")).to_have_count(0)
    assert [choice for _one, choice in chosen(eeva)] == ["permitted", "prohibited", "permitted"]


def test_her_page_is_accessible(
    page: Page, live_server: Any, eeva: Person, complaints: list[str]
) -> None:
    for url in (own_page(live_server, eeva), f"{own_page(live_server, eeva)}?done=saved"):
        page.goto(url)
        look_at(page, url)


def test_her_page_works_by_keyboard_without_scripts(
    browser: Any, live_server: Any, eeva: Person
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = context.new_page()
    page.goto(own_page(live_server, eeva))
    page.locator('input[name="email"][value="yes"]').press("ArrowRight")
    expect(page.locator('input[name="email"][value="no"]')).to_be_checked()
    page.locator(".public-choices button").press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    assert chosen(eeva)[-1] == ("email", "withdrawn")
    context.close()
