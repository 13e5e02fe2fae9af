"""What fails on a public page is said there too: in her language, without the staff's layout."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.utils import timezone

from consents.models import Survey, Wording
from consents.preferences import preference_link
from consents.public import MOST_ANSWERS
from consents.surveys import survey_link
from customers.models import Person
from praecom_registry import failures
from tests.builders import a_person

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


@pytest.fixture
def maja() -> Person:
    return a_person("Maja", "Mallikas", language="sv")


@pytest.fixture(params=["preferences", "survey"])
def path(request: pytest.FixtureRequest, maja: Person) -> str:
    """Her link to each kind of public page."""
    if request.param == "preferences":
        return urlsplit(preference_link(maja.public_id, "email").url).path
    titles = {"title_fi": "Kysely", "title_sv": "Enkät", "title_en": "Survey"}
    closes_on = timezone.localdate() + timedelta(days=1)
    survey = Survey.objects.create(topic="Palvelu", closes_on=closes_on, **titles)
    Wording.objects.create(name="survey", version=1, language="sv", text="Jag samtycker.")
    return urlsplit(survey_link(maja.public_id, survey)).path


def body_of(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def is_public(response: HttpResponseBase, status: int, language: str) -> None:
    """It is no page of the staff's, leads to none, and is kept by nobody."""
    page = body_of(response)
    assert response.status_code == status
    assert f'<html lang="{language}">' in page
    assert response.headers["Content-Language"] == language
    assert response.headers["Cache-Control"] == "no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "<nav" not in page
    assert "<form" not in page
    assert re.findall(r'<a [^>]*href="(?!#main"|/register/[^"]*")', page) == []
    assert "/accounts/" not in page
    for value in ("Maja", "Mallikas"):
        assert value not in page


def test_a_form_without_its_token_is_refused_in_her_language(path: str) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Accept-Language": "fi"})

    is_public(strict.post(path, {"do": "stop"}), 403, "sv")
    is_public(strict.post(f"{path}?language=en", {"do": "withdraw"}), 403, "en")
    is_public(strict.post(f"{path}?language=xx", {"q1": "5"}), 403, "sv")


def test_a_form_with_its_token_is_taken(path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    [token, *_more] = re.findall(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', body_of(strict.get(path))
    )

    answer = strict.post(path, {"do": "withdraw", "csrfmiddlewaretoken": token})

    assert answer.status_code == 302


@pytest.mark.parametrize("who", ["", "agent"])
@pytest.mark.parametrize(
    "path", ["/preferences/none/", "/preferences/a/b/", "/survey/none/", "/survey/a/b/"]
)
def test_what_leads_to_nothing_is_no_page_of_the_staffs(
    client_as: Browser, path: str, who: str
) -> None:
    client = client_as(who) if who else Client()

    is_public(client.get(path, {"language": "sv"}), 404, "sv")


def test_who_asks_too_often_is_told_so(path: str) -> None:
    client = Client(headers={"Accept-Language": "sv"})
    for _ in range(MOST_ANSWERS):
        client.get("/preferences/none/")

    is_public(client.get(path), 429, "sv")
    is_public(client.get(path, {"language": "fi"}), 429, "fi")


def test_what_cannot_be_read_is_told_so(path: str) -> None:
    sent = {f"f{number}": "1" for number in range(1001)}

    is_public(Client().post(f"{path}?language=sv", sent), 400, "sv")


def test_a_failure_of_ours_leads_nowhere(path: str) -> None:
    request = RequestFactory().get(path, {"language": "en"})

    is_public(failures.server_error(request), 500, "en")


def test_the_staffs_pages_fail_in_their_own_layout(client_as: Browser) -> None:
    agent = client_as("agent")

    for path, status in (("/none/", 404), ("/audit/", 403)):
        response = agent.get(path)
        assert response.status_code == status
        assert "<nav" in body_of(response)
