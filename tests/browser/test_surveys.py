"""A survey in a real browser: answered without an account, read on the card, and withdrawn."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from consents.models import Survey, SurveyQuestion, Wording
from consents.surveys import survey_link
from customers.models import Person
from tests.browser.looking import look_at
from tests.builders import a_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def eeva(transactional_db: None) -> Person:
    return a_person("Eeva", "Mallikas")


@pytest.fixture
def survey(transactional_db: None) -> Survey:
    """Two questions, and the wording of the consent."""
    Wording.objects.create(
        name="survey",
        version=1,
        language="fi",
        text="Suostun siihen, että Praecom Oy säilyttää vastaukseni.",
    )
    titles = {"title_fi": "Miten onnistuimme?", "title_sv": "Hur gick det?", "title_en": "How?"}
    made = Survey.objects.create(
        topic="Palvelu", closes_on=timezone.localdate() + timedelta(days=9), **titles
    )
    for place, kind in ((1, "scale"), (2, "text")):
        texts = {f"text_{language}": f"Kysymys {place}" for language in ("fi", "sv", "en")}
        SurveyQuestion.objects.create(survey=made, place=place, kind=kind, **texts)
    return made


def own_page(live_server: Any, person: Person, survey: Survey) -> str:
    return f"{live_server.url}{urlsplit(survey_link(person.public_id, survey)).path}"


def test_answered_read_and_withdrawn(
    page: Page,
    browser: Any,
    live_server: Any,
    sign_in: Callable[[str], User],
    eeva: Person,
    survey: Survey,
    complaints: list[str],
) -> None:
    hers = browser.new_context(locale="fi-FI").new_page()
    hers.goto(own_page(live_server, eeva, survey))
    box = hers.get_by_role("checkbox")
    expect(box).not_to_be_checked()
    hers.get_by_role("radio", name="4").check()
    hers.get_by_label("Kysymys 2").fill("Nopeampi vastaus.")
    hers.locator(".public-choices button").click()
    expect(hers.get_by_role("alert")).to_be_visible()
    expect(hers.get_by_label("Kysymys 2")).to_have_value("Nopeampi vastaus.")
    box.check()
    hers.locator(".public-choices button").click()
    expect(hers.get_by_role("status")).to_be_visible()
    assert "Nopeampi" not in hers.content()

    sign_in("registrar")
    page.goto(f"{live_server.url}/persons/{eeva.public_id}/")
    page.keyboard.press("x")
    expect(page.locator("#desk")).to_contain_text("Nopeampi vastaus.")
    page.locator('#desk form[action$="/withdraw/"] button').click()
    expect(page.locator("#desk .badge-warning").first).to_be_visible()

    hers.reload()
    expect(hers.get_by_role("checkbox")).to_be_visible()
    hers.context.close()


def test_her_page_is_accessible(
    page: Page,
    live_server: Any,
    eeva: Person,
    survey: Survey,
) -> None:
    page.goto(own_page(live_server, eeva, survey))
    look_at(page)
    page.locator(".public-choices button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page)
