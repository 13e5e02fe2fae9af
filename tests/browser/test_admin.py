"""The staff's desk in a real browser: by keyboard, in both themes, and when two save at once."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from audit.context import AccessContext, AccessPurpose, activate
from customers.models import ContactPoint, Person
from tests.browser.looking import look_at
from tests.builders import a_company, a_contact_person, a_person, an_interaction
from tests.log import Trail
from tests.records import a_record

pytestmark = pytest.mark.django_db(transaction=True)

DESK = ("person", "contactpoint", "customer", "contactperson", "interaction", "restriction", "hold")


@pytest.fixture
def eeva(transactional_db: None) -> Person:
    person = a_person("Eeva", "Ståhlberg", phones=["+358500000412"], emails=["eeva@example.org"])
    a_contact_person(person, a_company("Hämeen Puutarha Ab", number="20003"), task="hankinta")
    an_interaction(person, subject="Laskun eräpäivä")
    return person


def stored(person: Person) -> Person:
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        return Person.objects.get(pk=person.pk)


def test_an_account_manager_corrects_a_name_by_keyboard(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
    trail: Trail,
) -> None:
    manager = sign_in("account_manager")
    page.goto(f"{live_server.url}/admin/customers/person/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mitä työtä olet tekemässä?")
    page.get_by_label("Asiakassuhteen hoito").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/admin/customers/person/")

    page.get_by_role("searchbox").focus()
    page.keyboard.type("ståhlberg")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/admin/customers/person/")
    page.get_by_role("link", name="Eeva Ståhlberg").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Eeva Ståhlberg")).to_be_visible()
    expect(page).to_have_title("Henkilö · Praecom")
    page.get_by_label("Sukunimi").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Stål")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("heading", name="Eeva Stål")).to_be_visible()
    assert stored(eeva).last_name == "Stål"
    rows = trail.rows(subject=eeva.public_id, actor_id=manager.pk)
    assert {row["purpose"] for row in rows} == {"customer_care"}


def test_whose_a_number_is_is_chosen_as_she_types(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
) -> None:
    sign_in("agent")
    say_what_for(page, live_server)
    page.goto(f"{live_server.url}/admin/customers/contactpoint/add/")
    page.locator(".chooser-search").first.focus()
    page.keyboard.type("ståhl")
    expect(page.locator("[data-choose]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-chosen-name]").first).to_have_text("Eeva Ståhlberg")
    expect(page).to_have_url(f"{live_server.url}/admin/customers/contactpoint/add/")

    page.locator("select[name=kind]").select_option("phone")
    page.locator("input[name=as_written]").fill("040 000 0413")
    page.locator("select[name=source]").select_option("phone_call")
    page.get_by_role("button", name="Tallenna").click()

    expect(page.get_by_role("status")).to_be_visible()
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        assert ContactPoint.objects.filter(person=eeva, normalised="+358400000413").exists()


def test_who_saves_second_takes_over_what_is_stored(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
) -> None:
    sign_in("agent")
    say_what_for(page, live_server)
    url = f"{live_server.url}/admin/customers/person/{eeva.public_id}/change/"
    page.goto(url)
    second = page.context.new_page()
    second.goto(url)
    second.get_by_label("Sukunimi").fill("Heidän")
    second.get_by_role("button", name="Tallenna").click()
    expect(second.get_by_role("status")).to_be_visible()

    page.get_by_label("Sukunimi").fill("Hänen")
    page.get_by_label("Etunimi").fill("Eva")
    page.get_by_role("button", name="Tallenna").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page)
    expect(page.get_by_label("Sukunimi")).to_have_value("Hänen")
    page.locator("[data-conflict]", has=page.locator("[name=last_name]")).locator(
        "[data-take]"
    ).click()
    expect(page.get_by_label("Sukunimi")).to_have_value("Heidän")
    page.get_by_role("button", name="Tallenna").click()

    expect(page.get_by_role("status")).to_be_visible()
    assert (stored(eeva).first_name, stored(eeva).last_name) == ("Eva", "Heidän")


def test_pages_are_accessible_and_break_no_policy(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    someone: Callable[[str], User],
    eeva: Person,
    complaints: list[str],
) -> None:
    a_record("customers.hold", eeva)
    sign_in("registrar")
    page.goto(f"{live_server.url}/admin/purpose/")
    look_at(page, "/")
    say_what_for(page, live_server)
    for kind in DESK:
        at = f"/admin/customers/{kind}/"
        public_id = a_record(f"customers.{kind}", eeva)
        for url in (at, f"{at}{public_id}/change/", f"{at}add/?person={eeva.public_id}"):
            if kind != "interaction" or "/add/" not in url:  # registrars log no contacts
                page.goto(f"{live_server.url}{url}")
                look_at(page, url)
    for url in ("/", "/admin/", "/admin/consents/marketingchoice/add/", "/admin/consents/wording/"):
        page.goto(f"{live_server.url}{url}")
        look_at(page, url)


def test_the_pages_of_staff_accounts_are_accessible(
    page: Page, live_server: Any, sign_in: Callable[[str], User], complaints: list[str]
) -> None:
    from tests.browser.conftest import PASSWORD
    from tests.builders import a_user

    other = a_user("uusi", confidentiality_acknowledged_on=None)
    sign_in("admin")
    look_at(page, "/")
    page.get_by_role("link", name="Odottaa vahvistusta").click()
    look_at(page, "the list")
    page.get_by_role("link", name="uusi").click()
    page.get_by_label("Salasana").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/admin/accounts/user/{other.public_id}/change/")
    look_at(page, "the account")
    page.get_by_label("Rekisterivastaava").check()
    page.get_by_role("button", name="Tallenna").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert [group.name for group in other.groups.all()] == ["registrar"]
    page.goto(f"{live_server.url}/admin/accounts/user/add/")
    look_at(page, "a new one")


def say_what_for(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/admin/purpose/")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Jatka").click()
    page.wait_for_url(f"{live_server.url}/admin/")
