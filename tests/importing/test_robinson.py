"""Robinson lists: whom they keep us from reaching, and that nothing of them is kept in clear."""

import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.context import AccessPurpose, access_context
from consents.decision import Recipient, may_market
from consents.hashing import digest_of
from consents.models import CollectionNotice, RobinsonEntry
from contracts.models import Product
from customers.models import ContactPoint, Person
from tests.builders import a_person, an_address
from tests.importing import files
from tests.importing.files import Run, a_file, query, reported
from tests.log import Trail

pytestmark = pytest.mark.django_db

AINO = {
    "first_name": "Aino",
    "last_name": "Mällikäs-Wirtanen",
    "street": "Mallitie 17 B 4",
    "postal_code": "13210",
}


def run(kind: str, file: Path, *options: str) -> Run:
    with override("en"):
        return files.run(file, "--list", kind, *options, command="import_robinson")


def imported(kind: str, folder: Path, *rows: dict[str, str], options: tuple[str, ...] = ()) -> Run:
    done = run(kind, a_file(folder, *rows), *options)
    assert done.error is None, done
    return done


def listings() -> list[tuple[str, bytes, date, date | None]]:
    rows = query(
        "SELECT list, digest, listed_on, expires_on FROM consents_robinsonentry ORDER BY 1, 2"
    )
    return [(kind, bytes(digest), since, until) for kind, digest, since, until in rows]


def rule_for(person: Person, channel: str) -> str:
    """The rule that decides whether IT support may be offered to her."""
    with access_context(job="test", purpose=AccessPurpose.MARKETING):
        if channel == "post":
            recipient = Recipient(person=person, address=person.addresses.get())
        else:
            phone = ContactPoint.objects.get(person=person, kind="phone")
            recipient = Recipient(person=person, contact_point=phone)
        return may_market(recipient, channel, Product.Group.SUPPORT).rule.code


@pytest.fixture
def aino() -> Person:
    person = a_person("Aino", "Mällikäs-Wirtanen", phones=["040 000 1234"])
    an_address(person, street="Mallitie 17 B 4")
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        CollectionNotice.objects.create(person=person)
    return person


# --- what a listing does --------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["040 000 1234", "+358 40 0001234", "(040)-0001234"])
def test_a_listed_number_is_called_no_more_however_it_is_written(
    aino: Person, tmp_path: Path, written: str
) -> None:
    assert rule_for(aino, "phone") == "call"

    imported("phone", tmp_path, {"puhelin": written})

    assert rule_for(aino, "phone") == "robinson"
    assert rule_for(aino, "post") == "post"


@pytest.mark.parametrize(
    "written",
    [
        AINO,
        {**AINO, "first_name": "AINO", "last_name": "mällikäs wirtanen"},
        {**AINO, "last_name": "Mallikas  Virtanen", "street": "MALLITIE 17 b 4"},
        {key: unicodedata.normalize("NFD", value) for key, value in AINO.items()},
    ],
)
def test_a_listed_name_gets_no_post_at_that_address_however_it_is_written(
    aino: Person, tmp_path: Path, written: dict[str, str]
) -> None:
    assert rule_for(aino, "post") == "post"

    imported("post", tmp_path, written)

    assert rule_for(aino, "post") == "robinson"
    assert rule_for(aino, "phone") == "call"


def test_who_left_the_list_is_taken_off_by_a_whole_one_alone(aino: Person, tmp_path: Path) -> None:
    other = {**AINO, "first_name": "Aila"}
    imported("phone", tmp_path, {"puhelin": "040 000 1234"})
    imported("post", tmp_path, AINO)

    imported("post", tmp_path, other)
    assert rule_for(aino, "post") == "robinson"
    tried = imported("post", tmp_path, other, options=("--whole-list", "--dry-run"))
    assert rule_for(aino, "post") == "robinson"
    done = imported("post", tmp_path, other, options=("--whole-list",))

    assert all("Listings taken off: 1." in run.said for run in (tried, done))
    assert [rule_for(aino, channel) for channel in ("post", "phone")] == ["post", "robinson"]
    assert len(listings()) == 2


@pytest.mark.parametrize(
    "other", [{"first_name": "Aila"}, {"street": "Mallitie 18"}, {"postal_code": "13211"}]
)
def test_another_name_or_another_address_is_not_hers(
    aino: Person, tmp_path: Path, other: dict[str, str]
) -> None:
    imported("post", tmp_path, {**AINO, **other})

    assert rule_for(aino, "post") == "post"


def test_a_number_is_listed_for_three_years_and_an_address_until_it_is_taken_off(
    tmp_path: Path,
) -> None:
    imported("phone", tmp_path, {"phone": "040 000 1234", "lisätty": "31.5.2025"})
    imported("post", tmp_path, {**AINO, "listed": "2019-05-31"})

    [phone, post] = listings()
    assert phone[2:] == (date(2025, 5, 31), date(2028, 5, 31))
    assert post[2:] == (date(2019, 5, 31), None)


# --- what a file changes --------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    rows = [{"phone": f"040 000 {number}"} for number in (1234, 1235, 1234)]
    said = imported("phone", tmp_path, *rows).said
    before = listings()

    again = imported("phone", tmp_path, *rows)

    assert "2 new, 0 extended, 0 as before" in said
    assert "0 new, 0 extended, 2 as before" in again.said
    assert listings() == before


def test_a_newer_file_extends_and_an_older_one_does_not_shorten(tmp_path: Path) -> None:
    row = {"phone": "040 000 1234"}
    imported("phone", tmp_path, row, options=("--as-of", "2025-01-01"))
    newer = imported("phone", tmp_path, row, options=("--as-of", "2026-01-01"))
    older = imported("phone", tmp_path, row, options=("--as-of", "2024-06-01"))

    assert "0 new, 1 extended, 0 as before" in newer.said
    assert "0 new, 0 extended, 1 as before" in older.said
    assert listings()[0][2:] == (date(2026, 1, 1), date(2029, 1, 1))


def test_what_has_ended_is_left_out_and_counted(tmp_path: Path) -> None:
    done = imported("phone", tmp_path, {"phone": "040 000 1234", "listed": "2019-01-01"})

    assert "0 new, 0 extended, 0 as before" in done.said
    assert "ended: 1." in done.said
    assert listings() == []


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    done = imported("phone", tmp_path, {"phone": "040 000 1234"}, options=("--dry-run",))

    assert "1 new" in done.said
    assert listings() == []


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        ("phone", {"phone": "ei numeroa"}, "phone"),
        ("phone", {"phone": "040 000 1235", "listed": "31.2.2025"}, "listed"),
        ("phone", {"phone": "040 000 1235", "listed": "2999-01-01"}, "listed"),
        ("post", {**AINO, "postal_code": "S-111 22"}, "postal_code"),
        ("post", {**AINO, "last_name": ""}, "last_name"),
        ("post", {**AINO, "street": "x" * 201}, "street"),
    ],
)
def test_one_bad_row_refuses_all_of_the_file_and_is_named_without_its_content(
    tmp_path: Path, kind: str, row: dict[str, str], column: str
) -> None:
    good = {"phone": "040 000 1234"} if kind == "phone" else AINO
    file, report = a_file(tmp_path, good, {**good, **row}), tmp_path / "errors.csv"

    done = run(kind, file, "--errors", str(report))

    assert done.error is not None
    assert reported(report) == [(3, column)]
    assert listings() == []
    told = done.said + done.complained + done.error + report.read_text()
    assert not [value for value in row.values() if len(value) > 6 and value in told]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"phone\n",
        b"first_name,last_name,street,postal_code\nAino,Mallikas,Mallitie 1,13210\n",
        b"phone,phone\n0400001234,0400001235\n",
        b"phone,secret\n0400001234,1\n",
        b"phone\n\x00\n",
        b"\x89PNG\r\n\x1a\n",
        b'phone\n"0400001234\n',
    ],
)
def test_a_file_that_is_no_list_of_numbers_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(content)

    done = run("phone", file)

    assert done.error is not None
    assert "0400001234" not in done.error
    assert listings() == []


def test_a_list_of_a_day_to_come_is_refused(tmp_path: Path) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    done = run("phone", a_file(tmp_path, {"phone": "040 000 1234"}), "--as-of", tomorrow)

    assert done.error is not None
    assert listings() == []


# --- what is kept ---------------------------------------------------------------------------------


def test_nothing_is_kept_said_or_logged_in_clear(
    aino: Person, tmp_path: Path, trail: Trail
) -> None:
    before = trail.last_id()

    phone = imported("phone", tmp_path, {"phone": "040 000 1234"})
    post = imported("post", tmp_path, AINO)

    assert trail.rows(id__gt=before) == []
    kept = {kind: digest for kind, digest, *_days in listings()}
    assert kept["phone"] == digest_of("phone:+358400001234")
    assert len(kept["post"]) == 32
    everything = repr(listings()) + phone.said + phone.complained + post.said + post.complained
    for clear in ("1234", "Aino", "Mällik", "Mallitie", "aino"):
        assert clear not in everything
    left = query(
        "SELECT relname FROM pg_class WHERE relname = 'import_row' AND relpersistence = 't'"
    )
    assert left == []


_NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=_NAMES, last=_NAMES, street=_NAMES)
def test_what_a_list_says_and_what_the_register_holds_have_the_same_hash(
    tmp_path: Path, first: str, last: str, street: str
) -> None:
    row = {"first_name": first, "last_name": last, "street": street, "postal_code": "13210"}
    RobinsonEntry.objects.all().delete()
    imported("post", tmp_path, {key: unicodedata.normalize("NFC", row[key]) for key in row})

    [(text,)] = query(
        "SELECT consents_post_text(%s, %s, %s, %s)",
        [unicodedata.normalize("NFD", row[k]) for k in row],
    )

    assert [digest for _kind, digest, *_days in listings()] == [digest_of(text)]
