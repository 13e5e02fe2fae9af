"""A data-subject request in a real browser: from the letter on the table to the due date.

Received on 5 March 2026, a month later it would be Easter Sunday: the due date moves past it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from audit.context import AccessPurpose, access_context
from customers.models import Person
from privacy.models import SubjectRequest
from privacy.services import identify
from tests.browser.conftest import PASSWORD
from tests.browser.looking import look_at
from tests.builders import a_person
from tests.request_builders import a_request, the_registrar

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def aino(transactional_db: None) -> Person:
    return a_person("Aino", "Mallikas", phones=["040 000 1234"])


def test_from_the_letter_to_the_due_date_past_easter(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    complaints: list[str],
    aino: Person,
) -> None:
    sign_in("registrar")
    page.get_by_role("link", name="Pyynnöt", exact=True).click()
    page.get_by_role("link", name="Uusi pyyntö").click()

    page.get_by_label("Mitä pyydetään").select_option("access")
    page.get_by_label("Miten se tuli").select_option("letter")
    page.get_by_label("Saapunut").fill("2026-03-05")
    page.get_by_label("Etsi henkilö").press_sequentially("mallikas")
    page.get_by_role("button", name="Aino Mallikas").click()
    assert "mallikas" not in page.url.lower()
    page.get_by_label("Nimi pyynnössä").fill("Aino Mallikas")
    page.get_by_label("Mihin vastaus lähetetään").fill("Mallitie 1\n13210 Hämeenlinna")
    page.get_by_label("Vastauksen kieli").select_option("fi")
    look_at(page)
    page.get_by_role("button", name="Kirjaa pyyntö").click()

    page.wait_for_url(lambda url: "/requests/" in url and "/new/" not in url)
    due = page.get_by_role("region", name="Määräpäivä")
    expect(due).to_contain_text("7.4.2026")
    expect(due).to_contain_text("5.4.2026 (sunnuntai, pääsiäispäivä)")
    look_at(page)

    page.get_by_role("link", name="Merkitse varmistetuksi").click()
    page.get_by_label("Soitettu takaisin rekisterissä olevaan numeroon").check()
    look_at(page)
    page.get_by_role("button", name="Merkitse varmistetuksi").click()
    expect(page.locator(".badges")).to_contain_text("Käsittelyssä")

    page.get_by_text("Kirjoita kirje").first.click()
    page.get_by_label("Kirje", exact=True).select_option("receipt")
    page.get_by_role("button", name="Kirjoita kirje").click()
    letters = page.locator("#letters")
    expect(letters).to_contain_text("Luonnos")
    letters.get_by_role("button", name="Avaa PDF").click()
    page.get_by_label("Salasana", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        letters.get_by_role("button", name="Avaa PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    letters.get_by_role("button", name="Lähetetty").click()
    expect(page.locator("#letters .badge-good")).to_contain_text("Lähetetty")

    page.get_by_text("Lisää tehtävä").first.click()
    page.get_by_label("Mitä on tehtävä").fill("Soita takaisin")
    page.get_by_role("button", name="Lisää tehtävä").click()
    expect(page.locator("#tasks")).to_contain_text("Soita takaisin")
    look_at(page)

    for address in ("/requests/", "/requests/month/?month=2026-04", "/requests/calendar/"):
        page.goto(f"{live_server.url}{address}")
        look_at(page)


def test_the_second_registrar_sees_what_the_first_one_did(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    aino: Person,
) -> None:
    sign_in("registrar")
    other = the_registrar("other")
    request = a_request(aino, by=other)
    page.goto(f"{live_server.url}/requests/{request.public_id}/refuse/")
    page.get_by_label("Peruste").first.select_option("unfounded")
    page.get_by_label("Perustelut").fill("Sama pyyntö kolmannen kerran.")

    with access_context(job="other", purpose=AccessPurpose.SUBJECT_REQUEST):
        identify(request=request, method="call_back", by=other)
    page.get_by_role("button", name="Kieltäydy").click()

    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("Käsittelyssä")
    expect(page.get_by_label("Perustelut")).to_have_value("Sama pyyntö kolmannen kerran.")
    look_at(page)
    with access_context(job="other", purpose=AccessPurpose.SUBJECT_REQUEST):
        assert SubjectRequest.objects.get(pk=request.pk).state == "in_progress"


def test_an_agent_notes_a_request_and_sees_no_more_than_its_number(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    complaints: list[str],
    aino: Person,
) -> None:
    sign_in("agent")
    page.get_by_role("link", name="Tietopyyntö").click()
    page.get_by_label("Nimi pyynnössä").fill("Aino Mallikas")
    page.get_by_label("Mihin vastaus lähetetään").fill("aino@example.org")
    page.get_by_role("button", name="Kirjaa pyyntö").click()

    expect(page.get_by_role("status")).to_contain_text("TP")
    assert page.url.endswith("/requests/new/")
    expect(page.locator("main")).not_to_contain_text("Mallikas")
