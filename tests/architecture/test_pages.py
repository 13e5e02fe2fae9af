"""Every address answers every role as the table says; nobody's name gets into address or log."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from audit.log import Action
from customers.models import Person
from tests.architecture.pages import (
    EVERYBODY,
    PAGES,
    PARTS,
    SIGNED_IN,
    STRANGER,
    Page,
    address,
    routes,
)
from tests.builders import a_person
from tests.log import Trail
from tests.records import a_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser_of(client_as: Callable[[str], Client]) -> Callable[[str], Client]:
    def client_of(who: str) -> Client:
        return Client() if who == STRANGER else client_as(who)

    return client_of


def ask(client: Client, method: str, url: str, page: Page) -> Any:
    return client.generic(method.upper(), url) if method != "post" else client.post(url, page.form)


def address_of(route: str, person: Person) -> str:
    """The address of a page about the person herself, or about records of hers."""
    record = PAGES[route].record
    parts = {
        name: a_record(kind, person) for name, kind in PARTS.items() if f"<uuid:{name}>" in route
    }
    named = a_record(record, person) if record else person.public_id
    return address(route, public_id=named, **parts)


def test_every_address_is_in_the_table() -> None:
    assert set(routes()) == set(PAGES)


@contextmanager
def undone(browser: Client | None = None) -> Iterator[None]:
    """Whatever is done in it leaves nothing behind, in the database or in the browser."""
    cookies = deepcopy(dict(browser.cookies)) if browser else {}
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    if browser:
        browser.cookies.clear()
        browser.cookies.update(cookies)


def group_of(route: str) -> str:
    """The first words of an address: what is walked through together."""
    return "/".join(route.split("<")[0].strip("/").split("/")[:2]) or "start"


GROUPS = sorted({group_of(route) for route in PAGES})


def of_group(group: str) -> list[str]:
    return [route for route in PAGES if group_of(route) == group]


@pytest.mark.parametrize("group", GROUPS)
def test_an_address_answers_every_role_as_the_table_says(
    browser_of: Callable[[str], Client], group: str
) -> None:
    browsers = {who: browser_of(who) for who in sorted(EVERYBODY)}
    for route in of_group(group):
        page = PAGES[route]
        with undone():
            url = address_of(route, a_person("Matti", "Virtanen"))
            for who, browser in browsers.items():
                with undone(browser):
                    for method in page.methods:
                        response = ask(browser, method, url, page)
                        assert_answered(response, route, method, who)
            who = min(page.who & SIGNED_IN)
            if not route.startswith("accounts/"):
                for method in {"post", "put", "delete", "patch"} - set(page.methods):
                    response = ask(browsers[who], method, url, page)
                    assert response.status_code == 405, f"{method} {route}"


def assert_answered(response: Any, route: str, method: str, who: str) -> None:
    page = PAGES[route]
    said = f"{who}: {method} {route} {response.status_code}"
    if who in (page.who if page.posts is None or method != "post" else page.posts):
        assert response.status_code in page.answers, said
    elif who == STRANGER:
        assert response.status_code == 302, said
        assert response.url.startswith("/accounts/login/"), said
    else:
        assert response.status_code == 403, said
    assert_browser_is_told(response, said)


def assert_browser_is_told(response: Any, said: str) -> None:
    """Every answer says what the browser may do with it."""
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, said
    assert "frame-ancestors 'none'" in policy, said
    assert "unsafe" not in policy, said
    assert response.headers["X-Content-Type-Options"] == "nosniff", said
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", said
    assert response.headers["Referrer-Policy"] == "same-origin", said


@pytest.mark.parametrize(
    "group", sorted({group_of(route) for route, page in PAGES.items() if page.about_a_person})
)
def test_a_person_that_is_not_there_is_404_and_each_try_is_recorded(
    browser_of: Callable[[str], Client], trail: Trail, group: str
) -> None:
    nobody = dict.fromkeys(["public_id", *PARTS], uuid4())
    browsers = {who: browser_of(who) for who in sorted(SIGNED_IN)}
    for route in of_group(group):
        page = PAGES[route]
        for who in sorted(browsers) if page.about_a_person else ():
            with undone(browsers[who]):
                before = trail.last_id()
                response = ask(browsers[who], page.methods[0], address(route, **nobody), page)

                said = f"{who}: {route}"
                assert response.status_code == (404 if who in page.who else 403), said
                (row,) = trail.rows(id__gt=before)
                found = (row["action"], row["subject"], row["route"])
                assert found == (Action.DENY, None, route), said


def test_nobodys_name_is_in_the_log(client_as: Callable[[str], Client], trail: Trail) -> None:
    person = a_person(
        "Zyxeline", "Qvarnström", phones=["040 000 0007"], emails=["zyxe@example.com"]
    )
    agent = client_as("agent")
    for typed in ("zyxeline", "qvarn", "0400000007", "zyxe@example.com"):
        assert b"Zyxeline" in agent.post("/lookup/", {"q": typed}).content
    agent.get(f"/persons/{person.public_id}/")
    agent.get("/persons/Zyxeline/")

    everything = json.dumps(trail.rows(), default=str, ensure_ascii=False).casefold()
    for secret in ("zyxe", "qvarn", "0400000007", "400000007", "example.com"):
        assert secret not in everything


@pytest.mark.parametrize("route", ["lookup/", "persons/<uuid:public_id>/", "audit/", ""])
def test_what_shows_personal_data_is_kept_by_no_cache(
    browser_of: Callable[[str], Client], route: str
) -> None:
    url = address(route, public_id=a_person().public_id)
    for who in EVERYBODY:
        response = browser_of(who).get(url)
        assert "no-store" in response.headers.get("Cache-Control", "") or who == STRANGER


@pytest.mark.parametrize(
    "query",
    [
        "?before=%00",
        "?before=9999-12-31T00:00:00%2B00:00~99999999999999999999",
        "?before=2026-01-01T00:00:00%2B00:00~-1",
        "?subject=nobody",
        "?subject=%00",
        "?actor=%00",
        "?actor=" + "x" * 3000,
        "?since=0001-01-01&until=9999-12-31",
        "?since=x",
        "?action=99",
        "?action=3&action=4",
        "?unknown=1",
    ],
)
def test_the_log_page_answers_whatever_is_asked(
    client_as: Callable[[str], Client], query: str
) -> None:
    assert client_as("auditor").get(f"/audit/{query}").status_code == 200


@pytest.mark.parametrize(
    "typed", ["", "x" * 100_000, "a\0b", "😀" * 50, "<script>alert(1)</script>", "%", "\ud800"]
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_the_lookup_answers_rubbish_with_a_sentence(
    client_as: Callable[[str], Client], typed: str, headers: dict[str, str]
) -> None:
    form = urlencode({"q": typed.encode("utf-8", "surrogatepass")})
    response = client_as("agent").post(
        "/lookup/", form, content_type="application/x-www-form-urlencoded", headers=headers
    )
    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    assert b"data-person" not in response.content
