"""Corrections on the card: old beside new, what is kept, and who comes second."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from audit.context import AccessPurpose, access_context
from customers.models import Person
from tests.builders import a_company, a_contact_person, a_person, an_address
from tests.log import Trail

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def maija() -> Person:
    return a_person("Maija", "Mallikas", phones=["040 000 0417"])


def url_of(person: Person, path: str) -> str:
    return f"/persons/{person.public_id}/{path}"


def the(manager: Any) -> Any:
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        return manager.get()


def all_of(manager: Any) -> list[Any]:
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        return list(manager.order_by("id"))


def seen(record: Any) -> str:
    with access_context(job="reader", purpose=AccessPurpose.UPKEEP):
        return str(type(record).objects.get(pk=record.pk).changed_at.isoformat())


def test_a_form_shows_the_old_value_and_takes_the_new_one_with_its_source(
    client_as: Callable[[str], Client], maija: Person, trail: Trail
) -> None:
    client = client_as("agent")
    url = url_of(maija, "name/correct/")

    form = client.get(url, headers=FRAGMENT)
    assert "Maija Mallikas" in form.content.decode()
    assert form.context["form"]["source"].value() == "phone_call"
    response = client.post(
        url,
        {
            "first_name": "Maija",
            "last_name": "Esimerkki",
            "source": "letter",
            "seen_at": form.context["form"]["seen_at"].value(),
        },
        headers=FRAGMENT,
    )

    assert response.status_code == 200
    assert "Maija Esimerkki" in response.content.decode()
    assert all_of(Person.objects)[0].source == "letter"
    (change,) = trail.rows(action=1)
    assert change["subject"] == maija.public_id


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_who_comes_second_sees_both_values_and_may_then_save(
    client_as: Callable[[str], Client], maija: Person, headers: dict[str, str]
) -> None:
    agent, manager = client_as("agent"), client_as("account_manager")
    url, first_seen = url_of(maija, "name/correct/"), seen(maija)

    def name(client: Client, last_name: str, seen_at: str) -> Any:
        form = {"last_name": last_name, "source": "phone_call", "seen_at": seen_at}
        return client.post(url, form, headers=headers)

    assert name(agent, "Ensimmäinen", first_seen).status_code in (200, 302)
    second = name(manager, "Toinen", first_seen)

    assert second.status_code == 409
    page = second.content.decode()
    assert "Ensimmäinen" in page
    assert 'value="Toinen"' in page
    assert the(Person.objects).last_name == "Ensimmäinen"

    now_seen = second.context["form"]["seen_at"].value()
    assert name(manager, "Toinen", now_seen).status_code in (200, 302)
    assert the(Person.objects).last_name == "Toinen"


def test_a_number_that_was_ended_meanwhile_can_still_be_added(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client = client_as("agent")
    (phone,) = all_of(maija.contact_points)
    correct = url_of(maija, f"contact-points/{phone.public_id}/correct/")
    seen_at = seen(phone)
    ended = url_of(maija, f"contact-points/{phone.public_id}/end/")
    assert client.post(ended, {"seen_at": seen_at}, headers=FRAGMENT).status_code == 200

    form = {"as_written": "050 000 0418", "source": "phone_call", "seen_at": seen_at}
    late = client.post(correct, form, headers=FRAGMENT)

    assert late.status_code == 409
    page = late.content.decode()
    assert "050 000 0418" in page
    assert f'action="{url_of(maija, "contact-points/add/")}"' in page
    added = client.post(late.context["action"], {**form, "kind": phone.kind}, headers=FRAGMENT)
    assert added.status_code == 200
    assert [one.as_written for one in all_of(maija.contact_points) if one.ended_on is None] == [
        "050 000 0418"
    ]


def test_a_corrected_number_is_shown_with_the_ended_one(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    (phone,) = all_of(maija.contact_points)

    response = client_as("agent").post(
        url_of(maija, f"contact-points/{phone.public_id}/correct/"),
        {"as_written": "050 000 0418", "source": "phone_call", "seen_at": seen(phone)},
        follow=True,
    )

    page = response.content.decode()
    desk = page[page.index('id="desk"') :]
    assert desk.index("050 000 0418") < desk.index("040 000 0417")
    assert response.redirect_chain == [(url_of(maija, "contact/"), 302)]


@pytest.mark.parametrize(
    ("path", "form", "field"),
    [
        ("contact-points/add/", {"kind": "phone", "as_written": "soita"}, "as_written"),
        ("contact-points/add/", {"kind": "email", "as_written": "maija@"}, "as_written"),
        ("contact-points/add/", {"kind": "phone", "as_written": "0400000417"}, "__all__"),
        (
            "contact-points/add/",
            {"kind": "phone", "as_written": "0400000418", "label": "131052-308T"},
            "label",
        ),
        ("contact-points/add/", {"kind": "fax", "as_written": "0400000418"}, "kind"),
        ("contact-points/add/", {"kind": "phone", "as_written": "1\0", "source": ""}, "source"),
        ("addresses/add/", {"street": "Mallitie 1", "postal_code": "132"}, "city"),
        (
            "addresses/add/",
            {"kind": "postal", "street": "A", "postal_code": "132", "city": "B", "country": "fi"},
            "__all__",
        ),
        ("name/correct/", {"last_name": ""}, "last_name"),
        ("language/correct/", {"language": "de"}, "language"),
    ],
)
def test_what_will_not_do_is_said_at_its_field_and_stays_typed(
    client_as: Callable[[str], Client],
    maija: Person,
    path: str,
    form: dict[str, str],
    field: str,
) -> None:
    values = {"source": "phone_call", "seen_at": seen(maija), **form}

    response = client_as("agent").post(url_of(maija, path), values, headers=FRAGMENT)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert len(all_of(maija.contact_points)) == 1


def test_an_address_is_added_corrected_and_ended(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    old = an_address(maija, street="Vanhatie 1")
    client = client_as("agent")
    new = {
        "kind": "postal", "street": "Uusitie 2", "postal_code": "13210", "city": "Lahti",
        "country": "fi", "source": "phone_call",
    }  # fmt: skip
    url = url_of(maija, f"addresses/{old.public_id}/correct/")

    assert "Vanhatie 1, 13210" in client.get(url).content.decode()
    assert client.post(url, {**new, "seen_at": seen(old)}).status_code == 302
    assert (
        client.post(url_of(maija, "addresses/add/"), {**new, "kind": "billing"}).status_code == 302
    )

    first, second, third = all_of(maija.addresses)
    assert (first.street, first.valid_until is None) == ("Vanhatie 1", False)
    assert (second.street, second.country) == ("Uusitie 2", "FI")
    end = url_of(maija, f"addresses/{third.public_id}/end/")
    assert client.post(end, {"seen_at": "2020-01-01T00:00Z"}).status_code == 409
    assert client.post(end, {"seen_at": seen(third)}).status_code == 302


def test_the_same_address_sent_again_is_one_address(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client, url = client_as("agent"), url_of(maija, "addresses/add/")
    new = {
        "kind": "postal", "street": "Uusitie 2", "postal_code": "13210", "city": "Lahti",
        "country": "FI", "source": "phone_call",
    }  # fmt: skip

    assert [client.post(url, new).status_code for _ in range(3)] == [302] * 3
    assert client.post(url, {**new, "kind": "billing"}).status_code == 302

    assert [one.kind for one in all_of(maija.addresses)] == ["postal", "billing"]


def test_a_role_gets_another_position_and_an_end(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    role = a_contact_person(maija, a_company("Malliyritys Oy"), task="laskutus")
    client = client_as("account_manager")
    form = {"task": "laskutus", "position": "johtaja", "source": "company", "seen_at": seen(role)}

    url = url_of(maija, f"roles/{role.public_id}/correct/")
    assert "Malliyritys Oy" in client.get(url, headers=FRAGMENT).content.decode()
    page = client.post(url, form, headers=FRAGMENT)

    assert page.status_code == 200
    assert "johtaja" in page.content.decode()
    old, new = all_of(maija.contact_roles)
    assert old.ended_on is not None
    end = url_of(maija, f"roles/{new.public_id}/end/")
    last = {"ended_on": "1999-12-31", "source": "company", "seen_at": seen(new)}
    assert client.post(end, last, headers=FRAGMENT).status_code == 422
    last["ended_on"] = str(new.started_on)
    assert client.post(end, last, headers=FRAGMENT).status_code == 200


def test_the_first_choice_changes_by_one_click(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client = client_as("agent")
    client.post(
        url_of(maija, "contact-points/add/"),
        {"kind": "phone", "as_written": "050 000 0418", "source": "phone_call"},
    )
    first = all_of(maija.contact_points)[0]

    url = url_of(maija, f"contact-points/{first.public_id}/first/")
    assert client.post(url, {"seen_at": seen(first)}, headers=FRAGMENT).status_code == 200

    assert [one.is_primary for one in all_of(maija.contact_points)] == [True, False]


def test_a_correction_leaves_what_is_typed_of_the_contact_in_the_page(
    client_as: Callable[[str], Client], maija: Person
) -> None:
    client = client_as("agent")
    form = {"language": "sv", "source": "phone_call", "seen_at": seen(maija)}

    corrected = client.post(url_of(maija, "language/correct/"), form, headers=FRAGMENT)

    assert b"hx-preserve" in corrected.content
    assert b"hx-preserve" not in client.get(url_of(maija, ""), headers=FRAGMENT).content
