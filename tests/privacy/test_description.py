"""The register description: complete in three languages, versioned, and watched."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from accounts.models import Processor, User
from audit.context import AccessPurpose, access_context
from customers.models import Address, Source
from datamap.controller import CONTROLLER, ContactPerson, Controller
from datamap.declarations import Field, Keep, PersonalData, Registry, registry
from datamap.vocabulary import Category, LawfulBasis, Purpose
from datamap.words import kept, uses_of
from privacy.checks import check_description
from privacy.description import parts
from privacy.description.blocks import lines_of
from privacy.description.contents import NOTICE, RECORD, contents_now, fingerprint_of
from privacy.description.publishing import draft, newest, publish
from privacy.description.sayings import CATEGORIES, PURPOSES
from privacy.models import RegisterDescription
from tests.conftest import PASSWORD
from tests.disclosing import a_group_company, a_recipient
from tests.documents import reader_of, text_of

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _label in settings.LANGUAGES]


def published(by: Any = None) -> RegisterDescription:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return publish(by=by)


def said(name: str, language: str) -> str:
    sections = contents_now()[name][language]
    lines = [line for section in sections for line in (section["heading"], *lines_of(section))]
    return "\n".join(lines)


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [NOTICE, RECORD])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_declared_is_said_in_every_language(language: str, name: str) -> None:
    text = said(name, language).casefold()
    expected: set[str] = set()
    with override(language):
        for declared in registry:
            expected.add(str(declared.model._meta.verbose_name_plural))
            for field, one in declared.fields.items():
                if name == RECORD:
                    expected.add(str(declared.model._meta.get_field(field).verbose_name))  # type: ignore[union-attr]
                expected |= {str(category.label) for category in one.categories}
            for use in uses_of(declared):
                expected |= {str(use.purpose.label), str(use.basis.label), str(use.balancing)}
                expected |= {str(recipient) for recipient in use.recipients}
            for rule in kept(declared, {}):
                expected |= {rule.period, rule.since, rule.because}
        expected |= {str(label) for label in Source.labels}
    missing = sorted(one for one in expected if one.casefold() not in text)
    assert missing == []


def test_every_purpose_and_category_has_its_plain_words() -> None:
    assert set(PURPOSES) == set(Purpose)
    assert set(CATEGORIES) == set(Category)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_cites_the_law_in_force_and_says_what_articles_13_and_14_ask(language: str) -> None:
    text = said(NOTICE, language)
    ours = CONTROLLER
    for word in (
        *("2016/679", "1050/2018", "029 566 6700", "tietosuoja@om.fi", "Juha Elonen"),
        *(ours.name, ours.business_id, ours.phone, ours.street, ours.register_name),
    ):
        assert word in text
    assert "523/1999" not in text
    sections = [section["key"] for section in contents_now()[NOTICE][language]]
    assert sections == [
        *("controller", "persons", "purposes", "interests", "data", "recordings", "sources"),
        *("recipients", "transfers", "retention", "security", "rights", "marketing", "consent"),
        *("decisions", "complaint"),
    ]


def test_any_way_of_asking_will_do_and_no_form_or_signature_is_asked_for() -> None:
    text = said(NOTICE, "en")
    assert "in any way you like: by phone, e-mail, letter or in person" in text
    assert "No way is preferred, and no form or signature is needed." in text


def test_a_text_that_is_not_translated_would_be_seen() -> None:
    english = contents_now()[NOTICE]["en"]
    for language in ("fi", "sv"):
        for ours, theirs in zip(english, contents_now()[NOTICE][language], strict=True):
            assert ours["key"] == theirs["key"]
            assert ours["heading"] != theirs["heading"], ours["key"]


def test_recipients_and_processors_on_record_are_in_it() -> None:
    company = a_group_company()
    a_recipient("Malli-virasto", kind="authority")
    Processor.objects.create(
        name="Malli Cloud Inc",
        service="Varmuuskopiot",
        country="US",
        transfer_tool="clauses",
        categories=["name"],
        contract_on=date(2026, 1, 1),
    )
    notice, record = said(NOTICE, "fi"), said(RECORD, "fi")

    for text in (notice, record):
        assert company.name in text
        assert company.arrangement in text
        assert "Yhdysvallat" in text
    assert "Varmuuskopiot" in notice
    assert "Malli-virasto" not in notice
    assert "Malli-virasto" in record
    assert "Malli Cloud Inc" in record


def test_the_controllers_contact_person_is_replaced_from_a_day_on() -> None:
    first, second = CONTROLLER.contacts[0], ContactPerson("Toinen Henkilö", date(2030, 1, 1))
    ours = {name: getattr(CONTROLLER, name) for name in CONTROLLER.__dataclass_fields__}
    changed = Controller(**{**ours, "contacts": (first, second)})

    assert changed.contact_on(date(2029, 12, 31)) == first
    assert changed.contact_on(date(2030, 1, 1)) == second
    assert changed.contact_on(date(2000, 1, 1)) == first


@pytest.mark.parametrize(
    "wrong",
    [{"business_id": "2108420-8"}, {"postal_code": "1321"}, {"phone": "12"}, {"contacts": ()}],
)
def test_settings_of_a_controller_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    ours = {name: getattr(CONTROLLER, name) for name in CONTROLLER.__dataclass_fields__}
    with pytest.raises(ImproperlyConfigured):
        Controller(**{**ours, **wrong})


# --- versions -------------------------------------------------------------------------------------


def test_publishing_twice_makes_one_version() -> None:
    assert newest() is None
    first = published()

    assert published().pk == first.pk
    assert (first.version, first.published_by) == (1, None)
    assert set(first.contents) == {NOTICE, RECORD}
    assert first.fingerprint == fingerprint_of(first.contents)


def test_a_recipient_more_is_a_version_more() -> None:
    first = published()
    a_group_company()

    second = published()

    assert (second.version, second.fingerprint != first.fingerprint) == (2, True)


def a_declaration_more(monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    """The same declarations, and one that is other than it was."""
    changed = Registry()
    for declared in registry:
        values = {name: getattr(declared, name) for name in PersonalData.__dataclass_fields__}
        if declared.model is Address:
            values |= more
        del values["_categories"]
        changed.register(PersonalData(**values))
    monkeypatch.setattr(parts, "registry", changed)


@pytest.mark.parametrize(
    "more",
    [
        {"retention": [Keep(years=7, after="valid_until", because="Another reason")]},
        {"fields": {"street": Field(Category.SUPPLEMENTARY)}},
    ],
    ids=["retention", "field"],
)
def test_a_changed_declaration_is_warned_of_until_it_is_published(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    assert check_description(None) == []
    published()
    assert check_description(None) == []

    a_declaration_more(monkeypatch, **more)
    [warning] = check_description(None)
    assert (warning.id, warning.obj) == ("privacy.W001", "version 1")
    assert "privacy.W001" in [one.id for one in run_checks()]

    published()
    assert check_description(None) == []


def test_the_fingerprint_depends_on_every_purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    before = draft().fingerprint
    monkeypatch.setitem(PURPOSES, Purpose.RESEARCH, "Something else.")
    assert draft().fingerprint != before
    assert draft().fingerprint == draft().fingerprint
    assert {use.basis for use in parts.all_uses()} == set(LawfulBasis)


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepts", "asked", "language"),
    [
        ("fi", "", "fi"),
        ("sv-FI,sv;q=0.9", "", "sv"),
        ("en-US", "", "en"),
        ("de", "", "fi"),
        ("fi", "?language=en", "en"),
        ("en", "?language=xx", "en"),
    ],
)
def test_anybody_reads_it_in_her_language(accepts: str, asked: str, language: str) -> None:
    published()
    answer = Client().get(f"/register/{asked}", headers={"Accept-Language": accepts})

    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language
    page = answer.content.decode()
    assert f'<html lang="{language}">' in page
    for section in contents_now()[NOTICE][language]:
        assert f'id="{section["key"]}"' in page
    assert "noindex" not in page
    assert "Cookie" not in answer.headers.get("Vary", "") or not answer.cookies


def test_a_fresh_site_shows_what_is_declared() -> None:
    page = Client().get("/register/?language=en").content.decode()
    assert "Your right to complain" in page
    assert "/register/versions/" not in page
    assert Client().get("/register/versions/1/").status_code == 404


def test_what_was_published_is_shown_until_the_next_is() -> None:
    published()
    company = a_group_company()
    assert company.name not in Client().get("/register/").content.decode()

    published()
    assert company.name in Client().get("/register/").content.decode()
    old = Client().get("/register/versions/1/?language=en").content.decode()
    assert company.name not in old
    assert "does not hold any more" in old
    versions = Client().get("/register/versions/?language=en").content.decode()
    assert "/register/versions/2/changes/" in versions
    assert "/register/versions/1/changes/" not in versions


def test_changes_are_marked_in_words() -> None:
    published()
    company = a_group_company()
    published()
    page = Client().get("/register/versions/2/changes/?language=en").content.decode()

    assert f"<ins>{company.name} · Finland" in page
    assert "Whose data we hold" not in page
    assert Client().get("/register/versions/1/changes/").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_and_in_its_language(language: str) -> None:
    published()
    answer = Client().get(f"/register/pdf/?language={language}")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"-{language}.pdf" in answer.headers["Content-Disposition"]
    catalogue: Any = reader_of(answer).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert str(catalogue["/Lang"]).split("-")[0] == language
    text = " ".join(text_of(answer).split())
    for section in contents_now()[NOTICE][language]:
        assert section["heading"] in text
    assert "1050/2018" in text
    assert Client().get(f"/register/versions/1/pdf/?language={language}").content == answer.content


def test_the_record_of_processing_is_for_the_registrar_and_the_auditor(
    client_as: Callable[[str], Client],
) -> None:
    for who in ("registrar", "auditor"):
        client = client_as(who)
        assert client.get("/register/record/").status_code == 200
        answer = client.get("/register/record/pdf/")
        assert CONTROLLER.register_name in text_of(answer)
        catalogue: Any = reader_of(answer).trailer["/Root"]
        assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert client_as("agent").get("/register/record/").status_code == 403
    assert Client().get("/register/record/").status_code == 302


def test_the_registrar_sees_what_differs_and_publishes_it(
    client_as: Callable[[str], Client],
) -> None:
    client = client_as("registrar")
    published()
    company = a_group_company()

    page = client.get("/register/publish/").content.decode()
    assert f"<ins>{company.name}" in page
    seen = draft().fingerprint
    assert client.post("/register/publish/", {"seen": "another"}).status_code == 302
    assert RegisterDescription.objects.count() == 1
    client.post("/register/publish/", {"seen": seen})
    client.post("/register/publish/", {"seen": seen})

    [_first, second] = RegisterDescription.objects.order_by("version")
    assert second.published_by is not None
    assert second.published_by.username == "registrar"
    assert client_as("auditor").get("/register/publish/").status_code == 403


def test_who_has_not_proved_it_again_is_asked_before_she_publishes(
    staff: Callable[..., User],
) -> None:
    registrar = staff("registrar")
    registrar.set_password(PASSWORD)
    registrar.save()
    client = Client()
    client.post("/accounts/login/", {"login": "registrar", "password": PASSWORD})

    answer: Any = client.post("/register/publish/", {"seen": draft().fingerprint})

    assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert newest() is None


# --- the command ----------------------------------------------------------------------------------


def test_the_command_prints_and_publishes() -> None:
    out, err = StringIO(), StringIO()
    call_command("register_description", "--language", "sv", stdout=out, stderr=err)
    text = out.getvalue()
    for section in contents_now()[NOTICE]["sv"]:
        assert section["heading"] in text
    assert newest() is None

    call_command("register_description", "--publish", stdout=out, stderr=err)
    made = newest()
    assert made is not None
    assert made.version == 1
