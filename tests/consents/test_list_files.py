"""A list handed out as a file: decided again, recorded, and run by no spreadsheet."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from audit.context import AccessPurpose, access_context
from audit.log import Action
from consents import list_rows, text_sheet
from consents.links import read_token
from consents.list_files import guarded, write_csv, write_xlsx
from consents.models import MarketingList, MarketingListRow
from consents.preferences import MAX_AGE, PREFERENCES
from consents.services.lists import delete_expired_rows
from consents.target_groups import Audience, TargetGroup
from consents.text_sheet import MOST_ROWS
from customers.models import ContactPoint, Source
from tests.builders import a_company, an_address, restricted
from tests.desk import text_of
from tests.log import Trail
from tests.marketing import EVERYBODY, a_list, chose, willing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(staff: Callable[[str], User]) -> None:
    """The sentences here are English ones."""
    for role in ("marketer", "registrar"):
        user = staff(role)
        user.language = "en"
        user.save()


PASSWORD = "correct horse battery staple"
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture
def signed_in(staff: Callable[[str], User]) -> Client:
    """A browser of a marketer with a password, which she has given at sign-in."""
    user = staff("marketer")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.post("/accounts/login/", {"login": "marketer", "password": PASSWORD})
    return client


@pytest.fixture
def marketer(signed_in: Client) -> Client:
    """The same, after she has proved once more who she is."""
    signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return signed_in


def file_of(client: Client, made: MarketingList, kind: str = "csv") -> bytes:
    response: Any = client.post(f"/marketing/{made.public_id}/{kind}/")
    assert response.status_code == 200
    content: bytes = response.getvalue()
    return content


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_file_holds_each_recipient_with_her_link(
    marketer: Client, staff: Callable[[str], User]
) -> None:
    person = willing("Liisa", "Lähde", emails=["liisa@example.com"])
    made = a_list(staff("marketer"))

    headings, line = lines_of(file_of(marketer, made))

    assert headings == ["Name", "Company", "E-mail address", "Language", "Page of choices"]
    assert line[:4] == ["Liisa Lähde", "", "liisa@example.com", "fi"]
    link = read_token(PREFERENCES, line[4].rstrip("/").rpartition("/")[2], MAX_AGE)
    assert link is not None
    assert (link.public_id, link.about) == (person.public_id, "email")


def test_a_number_survives_both_kinds_of_file(
    marketer: Client, staff: Callable[[str], User]
) -> None:
    willing(phones=["040 000 7777"])
    made = a_list(staff("marketer"), channel="phone")

    assert lines_of(file_of(marketer, made))[1][2] == "+358400007777"
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(marketer, made, "xlsx"))).active
    assert sheet is not None
    assert sheet["C2"].value == "+358400007777"


def test_post_goes_to_an_address(marketer: Client, staff: Callable[[str], User]) -> None:
    an_address(willing(), street="Mallitie 5")
    made = a_list(staff("marketer"), channel="post")

    assert lines_of(file_of(marketer, made))[1][2:6] == ["Mallitie 5", "13210", "Hämeenlinna", "FI"]


def test_a_company_has_a_link_of_its_own_and_no_name_of_anybody(
    marketer: Client, staff: Callable[[str], User], trail: Trail
) -> None:
    company = a_company("Malli Oy")
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        ContactPoint.objects.create(
            customer=company,
            kind="email",
            as_written="info@example.com",
            normalised="info@example.com",
            source=Source.COMPANY,
        )
    made = a_list(staff("marketer"), TargetGroup((Audience.COMPANIES.value,)))
    before = trail.last_id()

    line = lines_of(file_of(marketer, made))[1]
    assert line[:4] == ["", "Malli Oy", "info@example.com", "fi"]
    link = read_token(PREFERENCES, line[4].rstrip("/").rpartition("/")[2], MAX_AGE)
    assert link is not None
    assert (link.public_id, link.about) == (company.public_id, "email")
    assert trail.subjects(id__gt=before) == set()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_who_may_not_be_reached_any_more_is_left_out_and_everybody_else_recorded(
    marketer: Client, staff: Callable[[str], User], trail: Trail, kind: str
) -> None:
    people = [willing() for _ in range(5)]
    made = a_list(staff("marketer"), EVERYBODY)
    chose(people[0], "withdrawn")
    restricted(people[1])
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        ended = ContactPoint.objects.get(person=people[2], kind="email")
        ended.ended_on = timezone.localdate()
        ended.save()
    before = trail.last_id()

    file_of(marketer, made, kind)

    exported = {person.public_id for person in people[3:]}
    assert trail.subjects(id__gt=before) == exported
    assert trail.subjects(id__gt=before, action=Action.EXPORT, purpose="marketing") == exported
    assert "3 recipients were left out" in text_of(marketer.get("/marketing/"))


def test_a_list_too_long_for_a_spreadsheet_is_offered_as_csv(
    marketer: Client, staff: Callable[[str], User], trail: Trail
) -> None:
    willing()
    made = a_list(staff("marketer"))
    MarketingList.objects.filter(pk=made.pk).update(allowed=MOST_ROWS)
    before = trail.last_id()

    refused: Any = marketer.post(f"/marketing/{made.public_id}/xlsx/")

    assert refused.headers["Location"] == f"/marketing/{made.public_id}/"
    assert trail.subjects(id__gt=before) == set()
    assert len(lines_of(file_of(marketer, made))) == 2


def test_a_sheet_that_is_full_before_the_list_ends_is_no_file(
    marketer: Client, staff: Callable[[str], User], monkeypatch: pytest.MonkeyPatch
) -> None:
    willing()
    made = a_list(staff("marketer"))
    monkeypatch.setattr(text_sheet, "MOST_ROWS", 1)

    refused: Any = marketer.post(f"/marketing/{made.public_id}/xlsx/")

    assert refused.headers["Location"] == f"/marketing/{made.public_id}/"
    assert "download it as CSV" in marketer.get(refused.headers["Location"]).content.decode()


def test_a_file_says_how_long_it_is_so_that_a_part_of_it_is_seen_to_be_one(
    marketer: Client, staff: Callable[[str], User]
) -> None:
    willing()
    made = a_list(staff("marketer"))

    for kind in ("csv", "xlsx"):
        response: Any = marketer.post(f"/marketing/{made.public_id}/{kind}/")
        assert int(response.headers["Content-Length"]) == len(response.getvalue())


def test_a_file_is_the_same_in_parts_as_at_once(
    marketer: Client, staff: Callable[[str], User], trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [willing(f"Etu{number}") for number in range(7)]
    made = a_list(staff("marketer"))
    at_once = [line[:4] for line in lines_of(file_of(marketer, made))]
    monkeypatch.setattr(list_rows, "AT_ONCE", 3)
    before = trail.last_id()

    in_parts = [line[:4] for line in lines_of(file_of(marketer, made))]

    assert in_parts == at_once
    assert len(in_parts) == 8
    exported = [row["subject"] for row in trail.rows(id__gt=before, action=Action.EXPORT)]
    assert sorted(exported) == sorted(person.public_id for person in people)


def test_who_has_not_proved_it_again_is_asked_first(
    signed_in: Client, staff: Callable[[str], User], trail: Trail
) -> None:
    willing()
    made = a_list(staff("marketer"))
    before = trail.last_id()

    response: Any = signed_in.post(f"/marketing/{made.public_id}/csv/")

    assert response.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert trail.subjects(id__gt=before) == set()


def expired(made: MarketingList) -> None:
    MarketingList.objects.filter(pk=made.pk).update(
        expires_on=timezone.localdate() - timedelta(days=1)
    )


def test_an_expired_list_shows_and_hands_out_nobody(
    marketer: Client, staff: Callable[[str], User], trail: Trail
) -> None:
    willing("Liisa", "Lähde")
    made = a_list(staff("marketer"))
    expired(made)
    before = trail.last_id()

    refused = marketer.post(f"/marketing/{made.public_id}/csv/")

    assert refused.status_code == 410
    for text in (text_of(refused), text_of(marketer.get(f"/marketing/{made.public_id}/"))):
        assert "it cannot be downloaded" in text
        assert "Lähde" not in text
    assert trail.subjects(id__gt=before) == set()


def test_the_rows_of_an_expired_list_go_and_its_counts_stay(
    staff: Callable[[str], User], trail: Trail
) -> None:
    person, other = willing(), willing()
    old = a_list(staff("marketer"))
    chose(other, "prohibited")
    new = a_list(staff("marketer"))
    expired(old)
    before = trail.last_id()

    assert delete_expired_rows(job="delete_expired_lists") == 2
    assert delete_expired_rows(job="delete_expired_lists") == 0

    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        assert {r.marketing_list_id for r in MarketingListRow.objects.all()} == {new.pk}
    old.refresh_from_db()
    assert old.allowed == 2
    gone = {"id__gt": before, "action": Action.DELETE, "purpose": "retention"}
    assert trail.subjects(**gone) == {person.public_id, other.public_id}
    assert {row["actor_label"] for row in trail.rows(**gone)} == {"delete_expired_lists"}


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(1)", "'@SUM(1)"),
        ("-2+3", "'-2+3"),
        ("+358400001234", "+358400001234"),
        ("+358400001234+cmd", "'+358400001234+cmd"),
        (" =1", "' =1"),
        ("\t=1", "'\t'=1"),
        ("a\0b", "ab"),
        ("Aino", "Aino"),
        ("Aino,=HYPERLINK(1)", "Aino,'=HYPERLINK(1)"),
        ('Aino"; @SUM(1)', "Aino\"; '@SUM(1)"),
        ("Aino\n-2+3", "Aino\n'-2+3"),
        ("Mallitie 5, 13210", "Mallitie 5, 13210"),
    ],
)
def test_a_cell_that_would_be_run_is_text(written: str, cell: str) -> None:
    assert guarded(written) == cell


@given(st.lists(st.text(max_size=20).map(guarded), min_size=1, max_size=4))
def test_no_written_cell_begins_as_a_formula_and_each_is_read_back(cells: list[str]) -> None:
    with write_csv(["A"] * len(cells), [cells]) as file:
        assert lines_of(file.read())[1:] == [cells]
    for cell in cells:
        assert not cell.startswith(RUNS) or cell[1:].isdecimal()
    with write_xlsx(["A"], [cells]) as file:
        sheet: Any = openpyxl.load_workbook(file).active
        assert "f" not in {cell.data_type for row in sheet for cell in row}


@given(
    st.lists(
        st.text(alphabet='aA1 ,;"\t\r\n=+-@＝', max_size=12).map(guarded), min_size=1, max_size=4
    )
)
def test_no_spreadsheet_runs_a_cell_whatever_it_takes_for_the_end_of_one(
    cells: list[str],
) -> None:
    with write_csv(["A"] * len(cells), [cells]) as file:
        text = file.read().decode("utf-8-sig")
    for ends in (";", ",", "\t"):
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=ends):
            for cell in line:
                begins = cell.lstrip(' "')
                is_number = set(begins[1:]) <= set("0123456789;,\t ")
                assert not begins.startswith(("=", "+", "-", "@", "＝")) or is_number
