"""The same form sent twenty times at once, and two people who save at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from audit.context import AccessContext, AccessPurpose, activate
from consents.models import MarketingChoice
from customers.models import ContactPoint, Interaction, Person
from tests.builders import a_person
from tests.desk import form_in, form_on
from tests.log import Trail

pytestmark = pytest.mark.django_db(transaction=True)

PERSONS, POINTS = "/admin/customers/person/", "/admin/customers/contactpoint/"
CHOICES, STAFF = "/admin/consents/marketingchoice/", "/admin/accounts/user/"
AT_ONCE = 20


@pytest.fixture(autouse=True)
def _patient() -> Iterator[None]:
    """Twenty in a row take longer than one may wait for a lock on a busy machine."""
    options = connection.settings_dict["OPTIONS"]
    usual = options["options"]
    options["options"] = f"{usual} -c lock_timeout=60000 -c statement_timeout=60000"
    yield
    options["options"] = usual


@pytest.fixture
def looking(transactional_db: None) -> Iterator[None]:
    """A context for what the test itself looks at."""
    with activate(AccessContext(purpose=AccessPurpose.UPKEEP)):
        yield


def all_at_once(clients: list[Client], url: str, forms: list[dict[str, Any]]) -> list[Any]:
    """Send each form by its client, all of them in the same moment."""
    together = Barrier(len(clients))

    def send(client: Client, form: dict[str, Any]) -> Any:
        together.wait()
        try:
            return client.post(url, form)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(send, clients, forms))


def browsers(client: Client, number: int) -> list[Client]:
    """The same browser in as many windows."""
    windows = [Client() for _ in range(number)]
    for window in windows:
        window.cookies = client.cookies
    return windows


@pytest.mark.parametrize(
    ("url", "values", "model", "role"),
    [
        (PERSONS, {"last_name": "Kaksonen", "source": "letter"}, Person, "agent"),
        (
            POINTS,
            {"kind": "phone", "as_written": "040 000 0001", "source": "letter"},
            ContactPoint,
            "agent",
        ),
        (
            CHOICES,
            {"channel": "email", "choice": "prohibited", "source": "call"},
            MarketingChoice,
            "agent",
        ),
        (STAFF, {"username": "kaksonen", "family_name": "Kaksonen"}, User, "admin"),
    ],
    ids=["person", "contact point", "marketing choice", "account"],
)
def test_a_form_sent_twenty_times_at_once_makes_one_object(
    client_as: Callable[[str], Client],
    trail: Trail,
    looking: None,
    url: str,
    values: dict[str, str],
    model: Any,
    role: str,
) -> None:
    client = client_as(role)
    add = f"{url}add/"
    if model in (ContactPoint, MarketingChoice):
        add += f"?person={a_person().public_id}"
    form = {**form_on(client, add), **values}
    number = model._default_manager.count()
    last = trail.last_id()

    answers = all_at_once(browsers(client, AT_ONCE), add, [form] * AT_ONCE)

    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert model._default_manager.count() == number + 1
    assert trail.actions(id__gt=last, action=0) == ["create"]


def test_of_two_contents_of_one_form_sent_at_once_one_is_kept_and_the_other_comes_back(
    client_as: Callable[[str], Client], looking: None
) -> None:
    client = client_as("agent")
    add = "/admin/customers/interaction/add/"
    form = {**form_on(client, add), "channel": "phone", "direction": "in"}
    forms = [
        {**form, "subject": f"Asia {number}", "person": str(a_person().public_id)}
        for number in range(AT_ONCE)
    ]

    answers = all_at_once(browsers(client, AT_ONCE), add, forms)

    assert sorted(answer.status_code for answer in answers) == [302] + [409] * (AT_ONCE - 1)
    (kept,) = Interaction.objects.all()
    typed = {form_in(answer)["subject"] for answer in answers if answer.status_code == 409}
    assert typed | {kept.subject} == {form["subject"] for form in forms}


def test_of_twenty_who_save_at_once_one_saves_and_the_others_see_it(
    client_as: Callable[[str], Client], trail: Trail, looking: None
) -> None:
    person = a_person("Aino", "Mallikas")
    url = f"{PERSONS}{person.public_id}/change/"
    client = client_as("agent")
    form = form_on(client, url)
    forms = [{**form, "last_name": f"Nimi{number}"} for number in range(AT_ONCE)]

    answers = all_at_once(browsers(client, AT_ONCE), url, forms)

    saved = [form for form, answer in zip(forms, answers, strict=True) if answer.status_code == 302]
    assert len(saved) == 1
    assert Person.objects.get(pk=person.pk).last_name == saved[0]["last_name"]
    others = [answer for answer in answers if answer.status_code != 302]
    assert {answer.status_code for answer in others} == {409}
    assert {form_in(answer)["last_name"] for answer in others} | {saved[0]["last_name"]} == {
        form["last_name"] for form in forms
    }
    assert trail.actions(subject=person.public_id, action=1) == ["update"]
