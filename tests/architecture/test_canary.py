"""Whoever appears in an answer has a log row of that request, and hardly anybody else has.

Persons with values that occur nowhere else; every page, fragment and search, as every role. Each
answer is decoded and searched for the values, and compared with the rows of its request.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from audit.context import AccessPurpose, in_context
from consents.models import MarketingChoice, SupplementaryInformation
from customers.models import Address, Customer, Person, Restriction
from tests.architecture.pages import DESK, PAGES, SIGNED_IN, Page
from tests.architecture.test_pages import address_of
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    a_service_user,
    a_user,
    an_interaction,
)
from tests.contract_builders import (
    a_billing_account,
    a_collection_case,
    a_contract,
    a_device,
    a_handover,
    a_service,
    a_subscription,
    an_invoice,
    an_offer,
    an_order,
)
from tests.documents import text_of
from tests.log import Trail
from tests.recording_builders import a_message, a_recording

pytestmark = pytest.mark.django_db

MOST_NEEDLESS_ROWS = 0.01

_FIRST = ("Qvantelo", "Xiruva", "Zybeko", "Wolqima")


@dataclass(frozen=True)
class Canary:
    """A person whose every value is hers alone."""

    person: Person
    values: frozenset[str]

    @property
    def subject(self) -> UUID:
        return self.person.public_id


@pytest.fixture
def canaries() -> list[Canary]:
    return [_canary(number, first) for number, first in enumerate(_FIRST)]


def _canary(number: int, first: str) -> Canary:
    last = f"{first[::-1].lower()}nen".capitalize()
    phone, email = f"040 000 77{number:02d}", f"{first.lower()}@example.com"
    person = a_person(first, last, phones=[phone], emails=[email])
    task, position = f"tehtävä-{first}", f"asema-{first}"
    a_contact_person(person, a_company(f"{first[1:]} Yhtiöt Oy"), task=task, position=position)
    user = a_service_user(person, user_id=f"{first}77")
    own = a_private_customer(person, number=f"77{first}")
    contact = an_interaction(person, subject=f"aihe {first}", summary=f"kuvaus {first}")
    caller, subject = f"+3584500077{number:02d}", f"viesti {first}"
    a_recording(person, caller_number=caller)
    a_message(person, sender=email, content=f"Subject: {subject}\r\n\r\n".encode())
    street = f"{first}nkatu 7"
    _more(person, street, is_restricted=bool(number % 2))
    return Canary(
        person,
        frozenset(
            {first, last, phone, email, task, position, user.user_id, own.number, street}
            | {contact.subject, contact.summary, str(person.public_id), caller, subject}
            | _contracts_of(own, person, first)
        ),
    )


def _contracts_of(own: Customer, person: Person, first: str) -> set[str]:
    """What she has of us as a customer, with values of her own in each kind of it."""
    line, serial, goes_to = f"{first}-LINJA", f"SN-{first}", f"{first}ntie 70"
    contract = a_contract(own, signed_by=person)
    a_subscription(contract, user=person, identifier=line)
    a_handover(a_device(serial), own, person)
    order = an_order(own, [a_service()], person, street=goes_to)
    until = timezone.localdate() + timedelta(days=7)
    offer = an_offer(own, [a_service()], person, valid_until=until, sent_on=timezone.localdate())
    account = a_billing_account(own, email=f"laskut.{first.lower()}@example.org")
    invoice = an_invoice(own, f"88{first}")
    a_collection_case(invoice, "agency", agency=f"Perintä {first}")
    return {
        *(contract.number, line, serial, order.number, goes_to, offer.number),
        *(account.number, account.email, invoice.number, f"Perintä {first}"),
    }


@in_context(job="builder", purpose=AccessPurpose.UPKEEP)
def _more(person: Person, street: str, *, is_restricted: bool) -> None:
    Address.objects.create(
        person=person, kind="postal", street=street, postal_code="13210", city="Lahti",
        source="staff",
    )  # fmt: skip
    MarketingChoice.objects.create(
        person=person, channel="email", choice="prohibited", source="call"
    )
    SupplementaryInformation.objects.create(
        person=person, kind="feedback", topic=f"topic {street}", answer=street, source="staff"
    )
    if is_restricted:
        Restriction.objects.create(
            person=person, ground="accuracy", restricted_by=a_user(f"registrar of {person.pk}")
        )


def terms_for(canary: Canary, most: int | None = None) -> list[str]:
    """What finds her by each kind of key, and what finds nobody."""
    point = next(value for value in canary.values if value.startswith("040"))
    first, last = canary.person.first_name, canary.person.last_name
    return [
        *(first[:4], f"{first[1:]} yhtiö", last[:5].lower(), point.replace(" ", "")),
        *(first[:5].upper(), "nobody at all"),
    ][:most]


def how_many(route: str, who: str) -> int | None:
    """How much a role is to ask of a search: a refusal is the same whatever is asked."""
    return None if who in PAGES[route].who else 1


def requests_to(client: Client, canaries: list[Canary], who: str) -> Iterator[Callable[[], Any]]:
    for route, page in PAGES.items():
        # The desk answers with whole pages alone; a refusal is the same about anybody.
        is_refused = who not in page.who
        has_fragment = not is_refused and not route.startswith("admin/")
        for headers in ({}, {"HX-Request": "true"})[: 1 + has_fragment]:
            for canary in _walked(route, page, canaries)[: 1 if is_refused else None]:
                url = address_of(route, canary.person)
                yield partial(client.get, url, headers=headers)
    for headers in ({}, {"HX-Request": "true"}):
        for canary in canaries:
            for term in terms_for(canary, how_many("lookup/", who)):
                yield partial(client.post, "/lookup/", {"q": term}, headers=headers)
    for canary in canaries[:2]:
        yield from work_on_the_card(client, canary)
    for canary in canaries[:2]:
        yield from searches_on_the_desk(client, canary, who)
        yield from work_with_a_list(client, canary)
        yield from work_on_a_request(client, canary)
        yield from work_with_recordings(client, canary)
    for canary in canaries:
        yield partial(client.get, "/audit/", {"subject": str(canary.subject)})
    yield partial(client.get, "/audit/", {"action": "3"})


def _walked(route: str, page: Page, canaries: list[Canary]) -> list[Canary]:
    """With whom to ask for a page: of two, one is restricted; signing out would end the walk."""
    if route == "accounts/logout/":
        return []
    if page.methods != ("get",):
        return canaries[:2]
    return canaries if page.about_a_person else canaries[:1]


def work_on_the_card(client: Client, canary: Canary) -> Iterator[Callable[[], Any]]:
    """Her panels, older contacts, what is uncovered, and forms that come back."""
    card = f"/persons/{canary.subject}/"
    own = address_of("customers/<uuid:public_id>/", canary.person)
    looks = [
        f"{card}history/",
        f"{card}permissions/",
        f"{card}history/?before=2026-01-01T00:00Z~10~1",
    ]
    looks += [
        f"{card}{panel}/" for panel in ("contracts", "orders", "billing", "extra", "recordings")
    ]
    looks += [f"{own}{tab}/" for tab in ("overview", "contracts", "orders", "billing", "history")]
    posts: list[tuple[str, dict[str, str]]] = [
        (f"{card}reveal/", {}),
        (f"{card}reveal/", {"panel": "contact"}),
        (f"{card}reveal/", {"panel": "contracts"}),
        (f"{card}reveal/", {"panel": "orders"}),
        (f"{card}reveal/", {"panel": "billing"}),
        (f"{card}log-contact/", {"subject": "asia"}),
        (f"{card}permissions/choose/", {"channel": "sms", "choice": "prohibited"}),
        (
            f"{card}name/correct/",
            {"last_name": "Toinen", "source": "letter", "seen_at": "2026-01-01"},
        ),
    ]
    for headers in ({}, {"HX-Request": "true"}):
        for url in looks:
            yield partial(client.get, url, headers=headers)
        for url, form in posts:
            yield partial(client.post, url, form, headers=headers)


def work_with_a_list(client: Client, canary: Canary) -> Iterator[Callable[[], Any]]:
    """A marketing list that she is on: its file, and a group counted in which she may be."""
    yield partial(client.post, address_of("marketing/<uuid:public_id>/csv/", canary.person))
    message = {"channel": "phone", "product_group": "support", "sender": "Praecom Oy"}
    yield partial(client.post, "/marketing/new/", {"audience": ["private", "contacts"], **message})


def work_with_recordings(client: Client, canary: Canary) -> Iterator[Callable[[], Any]]:
    """What concerns her is found, and opened with a reason."""
    reason = {"purpose": "subject_request", "reason": "Tapaus 1234"}
    for route in ("recordings/<uuid:public_id>/", "recordings/messages/<uuid:public_id>/"):
        yield partial(client.post, address_of(route, canary.person), reason)
    number = next(value for value in canary.values if value.startswith("+35845"))
    email = next(value for value in canary.values if value.endswith("@example.com"))
    yield partial(client.post, "/recordings/", {"number": number})
    yield partial(client.post, "/recordings/messages/", {"address": email})
    yield partial(client.get, "/recordings/", {"person": str(canary.subject)})


def work_on_a_request(client: Client, canary: Canary) -> Iterator[Callable[[], Any]]:
    """Finding her for a new request; her request with forms that come back, and what is in it."""
    for term in terms_for(canary):
        yield partial(client.post, "/requests/person/", {"term": term})
    case = "requests/<uuid:public_id>/"
    for route in (
        *(f"{case}{part}/" for part in ("notes", "tasks", "papers", "letters", "refuse", "whose")),
        *(f"{case}{part}" for part in ("papers/<uuid:attachment>/", "letters/<uuid:letter>/")),
    ):
        yield partial(client.post, address_of(route, canary.person))
    yield partial(client.get, "/requests/")


def searches_on_the_desk(client: Client, canary: Canary, who: str) -> Iterator[Callable[[], Any]]:
    """Each list searched for her, and narrowed to what is hers; each field that chooses her."""
    for route in DESK:
        kind = f"/{route.removesuffix('search/').removesuffix('choose/')}"
        if route.endswith("search/"):
            for term in terms_for(canary, how_many(route, who)):
                yield partial(client.post, f"/{route}", {"q": term}, follow=True)
            yield partial(client.get, kind, {"person": str(canary.subject)})
            yield partial(client.get, f"{kind}add/", {"person": str(canary.subject)})
        if route.endswith("choose/"):
            for term in terms_for(canary, how_many(route, who)):
                yield partial(client.post, f"/{route}", {"term": term})


def shown_in(response: Any, canaries: list[Canary]) -> set[UUID]:
    """Whose values are in the answer, wherever they stand: body, headers, cookies.

    An ID that stood in the address says nothing of her where the page shows it again.
    """
    text = unescape(text_of(response))
    text += str(dict(response.headers)) + str(response.cookies)
    for subject in _in_address(response, canaries):
        text = text.replace(str(subject), "")
    return {canary.subject for canary in canaries if any(value in text for value in canary.values)}


@pytest.mark.parametrize("who", sorted(SIGNED_IN))
def test_whoever_appears_is_recorded_and_hardly_anybody_else(
    client_as: Callable[[str], Client], trail: Trail, canaries: list[Canary], who: str
) -> None:
    client = client_as(who)
    appeared = recorded = needless = 0
    for ask in requests_to(client, canaries, who):
        last = trail.last_id()
        response = ask()
        assert response.status_code < 500

        shown = shown_in(response, canaries)
        rows = {row["subject"] for row in trail.rows(id__gt=last) if row["subject"]}
        assert shown <= rows, response.request["PATH_INFO"]
        appeared += len(shown)
        recorded += len(rows)
        if response.status_code != 403:  # a refusal names whom it was about
            needless += len(rows - shown - _in_address(response, canaries))

    assert needless <= MOST_NEEDLESS_ROWS * recorded
    assert (appeared > 90) == (who in PAGES["lookup/"].who)


def _in_address(response: Any, canaries: list[Canary]) -> set[UUID]:
    """Whose ID stood in the address, which an error page may show again."""
    asked = f"{response.request['PATH_INFO']}?{response.request['QUERY_STRING']}"
    return {canary.subject for canary in canaries if str(canary.subject) in asked}


def test_the_walk_sees_a_page_that_records_nobody(
    client_as: Callable[[str], Client],
    trail: Trail,
    canaries: list[Canary],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The walk itself can fail: without the first net it finds persons shown but not recorded."""
    from audit.context import AccessContext

    monkeypatch.setattr(AccessContext, "saw_person", lambda *_: None)
    monkeypatch.setattr(AccessContext, "saw_subject", lambda *_: None)
    response = client_as("agent").get(f"/persons/{canaries[0].subject}/")

    assert shown_in(response, canaries) == {canaries[0].subject}
    assert canaries[0].subject not in {row["subject"] for row in trail.last_request()}
