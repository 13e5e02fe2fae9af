"""The decisions of a request in a real browser: nothing too wide, nothing serious for axe."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from privacy.models import SubjectRequest
from privacy.states import State
from tests.browser.looking import look_at
from tests.builders import a_person, a_private_customer
from tests.disclosing import a_recipient, disclosed
from tests.request_builders import a_request

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_value_is_put_right_and_the_rest_is_decided(
    page: Page, live_server: Any, sign_in: Callable[[str], object]
) -> None:
    sign_in("registrar")
    aino = a_person("Aino", "Mallikas", phones=["040 000 1234"])
    a_private_customer(aino)
    disclosed(aino, to=a_recipient())
    request = a_request(aino, State.IN_PROGRESS, kind=SubjectRequest.Kind.RECTIFICATION)
    case = f"{live_server.url}/requests/{request.public_id}/"

    page.goto(f"{case}decisions/rectify/")
    look_at(page)
    page.locator("a[href$='/last_name/']").click()
    look_at(page)
    page.locator("[name=new_value]").fill("Mallinen")
    page.locator("[name=is_accepted][value=yes]").check()
    page.locator("main form button[type=submit]").click()

    expect(page.locator("#decisions del")).to_have_text("Mallikas")
    expect(page.locator("#recipients .badge-warning")).to_be_visible()
    look_at(page)
    for part in ("erasure", "objection", "restrict", "staff-names"):
        page.goto(f"{case}decisions/{part}/")
        look_at(page)
