"""A caller is found by whatever she says or her number shows."""

from collections.abc import Iterator

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from audit.context import AccessContext, AccessPurpose, access_context, activate
from customers.lookup import MOST_PERSONS, Found, FoundCompany, FoundPerson, find
from customers.models import ContactPoint, Customer, Person
from datamap.lookup_keys import lookup_keys
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    a_service_user,
)
from tests.log import Trail

pytestmark = pytest.mark.django_db


def search(term: str) -> Found:
    with access_context(job="lookup", purpose=AccessPurpose.SERVICE_CALL):
        return find(term, lookup_keys.numbers())


def names(term: str) -> list[str]:
    return [person.display_name for person in search(term).persons]


@pytest.fixture
def matti() -> Person:
    return a_person(
        "Matti", "Virtanen", phones=["0500 000 123"], emails=["Matti.Virtanen@example.com"]
    )


@pytest.mark.parametrize(
    "typed",
    [
        "0500000123",
        "0500 000 123",
        "050-000 0123",
        "(050) 000 0123",
        "+358 50 000 0123",
        "+358500000123",
        "00358500000123",
        "+358 (0)50 000 0123",
        "0500 00",
        "0000123",
        "000 123",
        " 00 01 23 ",
        "٠٥٠٠٠٠٠١٢٣",
        "matti virt",
        "virtanen ma",
        "Virtanen, Matti",
        "MATTI  VIRTANEN",
        "vir",
        "wirtanen",
        "matti.virtanen@example.com",
        "MATTI.VIRTANEN@",
        "matti.virtanen",
    ],
)
def test_he_is_found_by_number_name_and_address(matti: Person, typed: str) -> None:
    a_person("Aino", "Laine", phones=["040 000 0999"], emails=["aino.laine@example.com"])
    assert names(typed) == ["Matti Virtanen"]


def test_a_landline_is_found_with_its_area_in_brackets() -> None:
    a_person("Aino", "Laine", phones=["03 000 0012"])
    assert names("(03) 000 0012") == names("+358 3 0000012") == ["Aino Laine"]


@pytest.mark.parametrize(
    ("first_name", "last_name", "typed"),
    [
        ("Äijö", "Mäkelä", "makela aij"),
        ("Äijö", "Mäkelä", "mäkelä äij"),
        ("André", "Åkerlund", "akerlund and"),
        ("Åke", "Öhman", "ohm"),
        ("Wäinö", "Waris", "vaino var"),
        ("Väinö", "Varis", "wäinö waris"),
        ("Chloë", "O'Connor", "o connor"),
        ("Chloë", "O'Connor", "o'con"),
        ("Anna-Liisa", "Yli-Hietanen", "anna liisa yli"),
        ("Anna-Liisa", "Yli-Hietanen", "yli-hietanen anna"),
        ("Anna-Liisa", "Yli-Hietanen", "hietanen"),
        ("Maria Helena", "Laine", "helena lai"),
        ("Maria Helena", "Laine", "laine hele"),
        ("Bjørn", "Ærlig", "bjorn arl"),
        ("Linh", "Strauß", "strauss"),
        ("Carl", "von Wright", "wright ca"),
        ("Carl", "von Wright", "von wri"),
    ],
)
def test_names_are_folded_alike(first_name: str, last_name: str, typed: str) -> None:
    a_person(first_name, last_name)
    assert names(typed) == [f"{first_name} {last_name}"]


def test_ids_find_their_holders() -> None:
    person = a_person("Eeva", "Vuori")
    a_service_user(person, user_id="K200012")
    a_private_customer(person, number="20001")
    company = a_company("Hämeen Puutarha Ab", number="20003", business_id="9400122-2")
    a_contact_person(a_person("Eeva", "Ståhlberg"), company)

    assert names("k200012") == names("20001") == ["Eeva Vuori"]
    assert names("20003") == names("9400122-2") == names("94001222") == ["Eeva Ståhlberg"]
    assert names("FI94001222") == []


def test_why_somebody_was_found_is_told(matti: Person) -> None:
    a_service_user(matti, user_id="matti77")
    found = {
        typed: search(typed).persons[0] for typed in ("matti v", "000123", "matti77", "matti.v")
    }

    assert {typed: (str(p.why), p.detail) for typed, p in found.items()} == {
        "matti v": ("Nimi", ""),
        "000123": ("Puhelinnumero", "0500 000 123"),
        "matti77": ("Käyttäjätunnus", "matti77"),
        "matti.v": ("Sähköpostiosoite", "Matti.Virtanen@example.com"),
    }


def test_a_person_is_shown_with_her_companies_and_tasks() -> None:
    from datetime import date

    person = a_person("Eeva", "Ståhlberg")
    a_contact_person(person, a_company("Nykyinen Oy"), task="hankinta")
    a_contact_person(person, a_company("Entinen Oy"), task="laskutus", ended_on=date(2020, 1, 1))
    a_service_user(person, customer=a_company("Käyttäjän Oy"))

    (found,) = search("ståhlberg").persons
    assert [(a.company, a.task, a.has_ended) for a in found.affiliations] == [
        ("Nykyinen Oy", "hankinta", False),
        ("Käyttäjän Oy", "", False),
        ("Entinen Oy", "laskutus", True),
    ]


def test_a_company_is_found_by_any_word_of_its_name_with_its_contact_persons() -> None:
    company = a_company("Hämeen Puutarha Ab", number="20003")
    a_contact_person(a_person("Eeva", "Ståhlberg"), company)
    a_contact_person(a_person("Lauri", "Vuori"), company)

    for typed in ("häme", "puutar", "Hämeen puutarha ab"):
        (entry,) = search(typed).entries
        assert isinstance(entry, FoundCompany)
        assert (entry.name, entry.number) == ("Hämeen Puutarha Ab", "20003")
        assert [p.display_name for p in entry.persons] == ["Eeva Ståhlberg", "Lauri Vuori"]


def test_a_company_without_contact_persons_is_found_too() -> None:
    a_company("Yksinäinen Oy")
    (entry,) = search("yksinäi").entries
    assert isinstance(entry, FoundCompany)
    assert entry.persons == []


def test_a_switchboard_leads_to_the_company_and_its_contact_persons() -> None:
    company = a_company("Vaihde Oy")
    a_contact_person(a_person("Eeva", "Ståhlberg"), company)
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        ContactPoint.objects.create(
            customer=company,
            kind="phone",
            as_written="03 000 0077",
            normalised="+35830000077",
            source="staff",
        )

    (entry,) = search("030000077").entries
    assert isinstance(entry, FoundCompany)
    assert (entry.name, entry.detail) == ("Vaihde Oy", "03 000 0077")
    assert [p.display_name for p in entry.persons] == ["Eeva Ståhlberg"]


def test_a_sole_trader_is_found_by_her_companys_name() -> None:
    owner = a_person("Siiri", "Väisänen")
    a_company("Kukka Tmi", owner=owner, legal_form=Customer.LegalForm.TMI)
    assert names("kukka") == ["Siiri Väisänen"]


def test_all_who_share_a_number_are_shown() -> None:
    a_person("Aino", "Laine", phones=["040 000 0001"])
    a_person("Eino", "Laine", phones=["+358 40 0000001"])
    assert sorted(names("0400000001")) == ["Aino Laine", "Eino Laine"]


def test_a_number_no_longer_in_use_finds_nobody(matti: Person) -> None:
    from datetime import date

    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        for point in ContactPoint.objects.filter(person=matti, kind="phone"):
            point.ended_on = date(2026, 1, 1)
            point.save()
    assert names("0500000123") == []


def test_the_whole_name_comes_before_longer_ones() -> None:
    a_person("Aino", "Mäkinen")
    a_person("Aino", "Mäki")
    assert names("mäki") == ["Aino Mäki", "Aino Mäkinen"]


# --- how little finds nobody, how much is shown ---------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "v", "vi", "v i", "05000", "5 0 0 0 0", "@", "@@@@@@", "+++", "---", "+35850"),
        *("12", "%%%", "___", "'''", "\\\\\\", "ʼʼʼ", "…………", "😀😀😀😀", "00358", "()()()()"),
    ],
)
def test_too_little_finds_nobody(matti: Person, trail: Trail, typed: str) -> None:
    before = trail.count()
    found = search(typed)
    assert (found.entries, found.more) == ([], False)
    assert trail.count() == before


@pytest.mark.parametrize("typed", ["%irtanen", "virt_nen", "v%n", "' OR 1=1 --", "virtanen\u200b"])
def test_no_sign_is_a_joker(matti: Person, typed: str) -> None:
    found = search(typed)
    assert bool(found.persons) == found.is_near or typed == "virtanen\u200b"


def test_no_more_than_twenty_are_shown_and_it_is_told_that_there_are_more() -> None:
    for number in range(MOST_PERSONS + 3):
        a_person(f"Aino{'abcdefghijklmnopqrstuvwxyz'[number]}", "Virtanen")

    found = search("virtanen")
    assert len(found.persons) == MOST_PERSONS
    assert found.more


def test_exactly_twenty_are_all() -> None:
    for number in range(MOST_PERSONS):
        a_person(f"Aino{'abcdefghijklmnopqrstuvwxyz'[number]}", "Virtanen")

    found = search("virtanen")
    assert len(found.persons) == MOST_PERSONS
    assert not found.more


def test_a_company_with_many_contact_persons_shows_twenty() -> None:
    company = a_company("Suuri Oy")
    for number in range(MOST_PERSONS + 2):
        a_contact_person(a_person("Aino", f"Laine{number}"), company)

    found = search("suuri")
    assert len(found.persons) == MOST_PERSONS
    assert found.more


# --- what is recorded -----------------------------------------------------------------------------


def test_everybody_shown_is_recorded_with_what_was_shown_and_nobody_else(
    matti: Person, trail: Trail
) -> None:
    a_person("Matti", "Laine", phones=["040 000 0002"])
    before = trail.count()

    search("0500000123")

    (row,) = trail.rows()[before:]
    assert row["subject"] == matti.public_id
    assert row["categories"] == ["name", "phone"]


def test_a_company_shown_with_a_person_is_recorded(trail: Trail) -> None:
    person = a_person("Eeva", "Ståhlberg")
    a_contact_person(person, a_company("Nykyinen Oy"))
    before = trail.count()

    search("ståhlberg")

    (row,) = trail.rows()[before:]
    assert (row["subject"], row["categories"]) == (
        person.public_id,
        ["company_contact", "name"],
    )


def test_nobody_is_recorded_beyond_the_twenty_shown(trail: Trail) -> None:
    for number in range(MOST_PERSONS + 5):
        a_person(f"Aino{'abcdefghijklmnopqrstuvwxyz'[number]}", "Virtanen")
    before = trail.count()

    found = search("virtanen")

    assert {row["subject"] for row in trail.rows()[before:]} == {
        person.public_id for person in found.persons
    }


# --- whatever people type -------------------------------------------------------------------------


@pytest.fixture
def register() -> Iterator[None]:
    for first, last in [("Matti", "Virtanen"), ("Märta", "Öhman"), ("O", "'Connor")]:
        a_person(first, last, phones=["040 000 0003"], emails=["a.b@example.com"])
    with activate(AccessContext(purpose=AccessPurpose.SERVICE_CALL)):
        yield


@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=220))
@example("a" * 100_000)
@example("virtanen " * 1000)
@example("😀" * 300)
@example("+" * 7 + "1" * 200)
@example("\u202e0400000003")
@example("ﷺ" * 100)
def test_anything_typed_is_answered_with_twenty_at_most(register: None, typed: str) -> None:
    found = find(typed, lookup_keys.numbers())
    assert len(found.persons) <= MOST_PERSONS
    assert all(isinstance(entry, FoundPerson | FoundCompany) for entry in found.entries)


NAMES = st.text(
    st.sampled_from("aeiouyåäöéüÅÄÖWwVvßøæłñç'- ČšşğИванΑλ李"), min_size=3, max_size=30
).filter(lambda name: sum(map(str.isalpha, name)) >= 3)


@settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(NAMES, NAMES)
def test_a_name_folds_to_the_same_whichever_way_it_is_written(
    register: None, first: str, last: str
) -> None:
    """Case, accents and w/v make no difference, and folding what is folded changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lookup_fold(%(name)s), lookup_fold(upper(%(name)s)),"
            " lookup_fold(normalize(%(name)s, NFD)), lookup_fold(translate(%(name)s, 'wW', 'vV')),"
            " lookup_fold(lookup_fold(%(name)s))",
            {"name": f"{first} {last}"},
        )
        row = cursor.fetchone()
    assert row is not None
    assert len(set(row)) == 1


# --- near matches ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first_name", "last_name", "typed"),
    [
        ("Matti", "Virtanen", "virtannen"),
        ("Matti", "Virtanen", "Virtannen Matti"),
        ("Matti", "Virtanen", "mati virtannen"),
        ("Matti", "Virtanen", "virtnaen"),
        ("Matti", "Virtanen", "virtamen"),
        ("Matti", "Virtanen", "virtane m"),
        ("Matti", "Virtanen", "virttanen mat"),
        ("Äijö", "Mäkelä", "Meklä"),
        ("Äijö", "Mäkelä", "mäklä äijö"),
        ("Kristian", "Laine", "christian laine"),
        ("Christian", "Laine", "kristian"),
        ("Filip", "Öhman", "philip"),
        ("Jean-Pierre", "Laine", "jan-piere laine"),
        ("Wilhelmiina", "Zetterström", "seterström"),
    ],
)
def test_a_name_with_a_typo_is_found_and_marked_as_near(
    first_name: str, last_name: str, typed: str
) -> None:
    a_person(first_name, last_name)
    a_person("Unto", "Koskela")
    found = search(typed)
    assert [p.display_name for p in found.persons] == [f"{first_name} {last_name}"]
    assert found.is_near


def test_near_names_are_looked_for_only_when_nothing_else_matched() -> None:
    a_person("Matti", "Virtanen")
    a_person("Matti", "Virtannen")
    found = search("virtannen")
    assert [p.display_name for p in found.persons] == ["Matti Virtannen"]
    assert not found.is_near


def test_the_nearest_name_comes_first() -> None:
    a_person("Aino", "Mäkilä")
    a_person("Aino", "Mäkelä")
    assert names("mäkeläa") == ["Aino Mäkelä", "Aino Mäkilä"]


@pytest.mark.parametrize("typed", ["qqqqqq", "koskinen", "xyz", "virtanen@", "virtanem1", "a" * 90])
def test_what_is_not_near_finds_nobody(typed: str) -> None:
    a_person("Matti", "Virtanen")
    found = search(typed)
    assert (found.entries, found.is_near) == ([], False)
