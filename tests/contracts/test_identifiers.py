"""Reference numbers and e-invoice addresses: known vectors, mistyping, and the database's word."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import override
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum import iso11649

from audit.context import AccessPurpose, access_context
from contracts.identifiers import (
    grouped_reference,
    read_e_invoice_address,
    read_reference,
    reference_is_valid,
    reference_of,
    rf_reference,
)
from contracts.models import BillingAccount, Invoice
from customers.models import Source
from tests.builders import a_person, a_private_customer
from tests.contract_builders import DAY

BASES = st.text("0123456789", min_size=3, max_size=19)
REFERENCES = BASES.filter(lambda base: base.strip("0")).map(reference_of)


@pytest.mark.parametrize("reference", ["1234561", "1232", "13", "00013"])
def test_known_references(reference: str) -> None:
    assert reference_is_valid(reference) is (len(reference) > 3)


@pytest.mark.parametrize(
    "written",
    ["", "1234562", "232", "123456a", "1 232", "1232\n", "１２３２", "1" * 21, "RF111232", "-1232"],
)
def test_what_is_no_reference(written: str) -> None:
    assert not reference_is_valid(written)


def test_printing_of_known_references() -> None:
    assert (grouped_reference("1234561"), rf_reference("1234561")) == ("12 34561", "RF34 1234 561")
    assert (grouped_reference("1232"), rf_reference("1232")) == ("1232", "RF11 1232")
    assert grouped_reference("12345678901234567897") == "12345 67890 12345 67897"
    assert grouped_reference("0000001232") == "1232"


@pytest.mark.parametrize("base", ["12", "1" * 20, "12a", "１２３", ""])
def test_no_reference_is_made_of_what_is_no_base(base: str) -> None:
    with pytest.raises(ValueError):
        reference_of(base)


@given(BASES, st.data())
def test_one_wrong_digit_is_found(base: str, data: st.DataObject) -> None:
    reference = reference_of(base)
    place = data.draw(st.integers(0, len(reference) - 1))
    other = data.draw(st.sampled_from("0123456789"))
    assume(other != reference[place])

    assert not reference_is_valid(reference[:place] + other + reference[place + 1 :])


@given(BASES, st.data())
def test_swapped_neighbours_are_found_unless_they_differ_by_five(
    base: str, data: st.DataObject
) -> None:
    """The weights of neighbours differ by 2, 4 or 6, and five times any of them is a ten."""
    reference = reference_of(base)
    place = data.draw(st.integers(0, len(reference) - 2))
    left, right = reference[place], reference[place + 1]
    assume(abs(int(left) - int(right)) not in (0, 5))

    assert not reference_is_valid(reference[:place] + right + left + reference[place + 2 :])


@given(REFERENCES)
def test_every_way_of_writing_a_reference_is_read_as_the_same(reference: str) -> None:
    stored = read_reference(reference)

    assert reference_is_valid(stored)
    assert stored.lstrip("0") == reference.lstrip("0")
    assert read_reference(grouped_reference(stored).rjust(4, "0")) == stored
    if len(reference.lstrip("0")) >= 4:
        assert iso11649.is_valid(rf_reference(stored))
        for written in (rf_reference(stored), rf_reference(stored).lower().replace(" ", "\u2009")):
            assert read_reference(written) == stored


@pytest.mark.parametrize(
    "written", ["1234562", "RF35 1234561", "RF", "RF18 5390 0754 7034", "0000", "RF000000", "\x00"]
)
def test_what_cannot_be_read_as_a_reference(written: str) -> None:
    with pytest.raises(ValidationError):
        read_reference(written)


@pytest.mark.django_db
@given(st.one_of(REFERENCES, st.text("0123456789", max_size=22), st.text("０1 aR\n", max_size=6)))
@example("1234561")
@example("1232\n")
def test_the_database_says_the_same(written: str) -> None:
    with access_context(job="test", purpose=AccessPurpose.UPKEEP), connection.cursor() as cursor:
        cursor.execute("SELECT reference_is_valid(%s)", [written])
        assert cursor.fetchone() == (reference_is_valid(written),)


# --- e-invoice addresses


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("003721084207", "003721084207"),
        ("0037 2108 4207", "003721084207"),
        ("00372108420712345", "00372108420712345"),
        ("003721084207a1", "003721084207A1"),
        ("FI21 1234 5600 0007 85", "FI2112345600000785"),
        ("te003721084207", "TE003721084207"),
        ("12345678", "12345678"),
    ],
)
def test_e_invoice_addresses_are_kept_in_one_form(written: str, stored: str) -> None:
    assert read_e_invoice_address(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "003721084208",
        "00372108420",
        "003721084207123456",
        "0037ABCDEFGH",
        "FI2112345600000786",
        "FI21123456000007",
        "1234567",
        "A" * 36,
        "ÄÄKKÖSIÄ",
        "0216:003721084207",
        "laskut@example.com",
        "１２３４５６７８",
        "\x00" * 8,
    ],
)
def test_what_is_no_e_invoice_address(written: str) -> None:
    with pytest.raises(ValidationError):
        read_e_invoice_address(written)


# --- on the records


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_billing_account_says_what_is_wrong_with_its_address(language: str) -> None:
    account = BillingAccount(
        customer=a_private_customer(a_person()),
        method="e_invoice",
        e_invoice_address="003721084208",
        operator_id="E204503",
        opened_on=DAY,
        source=Source.STAFF,
    )
    with access_context(job="test", purpose=AccessPurpose.UPKEEP), override(language):
        with pytest.raises(ValidationError) as refused:
            account.full_clean()
        assert set(refused.value.message_dict) == {"e_invoice_address"}

        account.e_invoice_address = "0037 2108 4207"
        account.full_clean()
    assert account.e_invoice_address == "003721084207"


@pytest.mark.django_db
def test_an_invoice_keeps_its_reference_in_one_form() -> None:
    invoice = Invoice(
        customer=a_private_customer(a_person()),
        number="1",
        reference="RF34 1234561",
        issued_on=DAY,
        due_on=DAY,
        net=1,
        vat=0,
    )
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        invoice.full_clean()
        assert invoice.reference == "1234561"

        invoice.reference = "1234562"
        with pytest.raises(ValidationError) as refused:
            invoice.full_clean()
    assert set(refused.value.message_dict) == {"reference"}
