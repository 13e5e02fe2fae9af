"""A number in any writing is one number."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customers.phones import NotAPhoneNumber, normalise_phone


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("040 000 0123", "+358400000123"),
        ("0400000123", "+358400000123"),
        ("(040) 000 0123", "+358400000123"),
        ("040-000 01 23", "+358400000123"),
        ("040.000.0123", "+358400000123"),
        ("040/0000123", "+358400000123"),
        ("+358 40 000 0123", "+358400000123"),
        ("+358 (0)40 000 0123", "+358400000123"),
        ("00358 40 000 0123", "+358400000123"),
        ("+358400000123", "+358400000123"),
        ("\u00a0040\u00a0000\u00a00123 ", "+358400000123"),
        ("040\u2013000\u20110123", "+358400000123"),
        ("٠٤٠٠٠٠٠١٢٣", "+358400000123"),
        ("050 000 012", "+35850000012"),
        ("(03) 000 0012", "+35830000012"),
        ("020 164 0200", "+358201640200"),
        ("+46 8 000 00 12", "+4680000012"),
        ("0046 8 000 00 12", "+4680000012"),
    ],
)
def test_a_writing_becomes_the_number(written: str, normalised: str) -> None:
    assert normalise_phone(written) == normalised


@pytest.mark.parametrize("written", ["", "  ", "+", "-", "puhelin", "12", "+12", "1" * 40, "++"])
def test_what_is_no_number_is_told(written: str) -> None:
    with pytest.raises(NotAPhoneNumber):
        normalise_phone(written)


SEPARATORS = st.sampled_from(["", " ", "-", ".", "  ", "\u00a0", "/"])
PREFIXES = st.sampled_from(["40", "41", "44", "45", "50"])


@given(PREFIXES, st.from_regex(r"\A000[0-9]{4}\Z"), st.lists(SEPARATORS, min_size=8, max_size=8))
def test_separators_change_nothing(prefix: str, rest: str, separators: list[str]) -> None:
    digits = f"0{prefix}{rest}"
    written = digits[:3] + "".join(a + b for a, b in zip(separators, digits[3:], strict=False))
    assert normalise_phone(written) == f"+358{prefix}{rest}"


@given(PREFIXES, st.from_regex(r"\A000[0-9]{4}\Z"))
def test_every_way_to_dial_it_is_the_same_number(prefix: str, rest: str) -> None:
    ways = [
        f"0{prefix} {rest}",
        f"+358{prefix}{rest}",
        f"+358 {prefix} {rest}",
        f"00358 {prefix}{rest}",
        f"(0{prefix}) {rest}",
        f"+358 (0){prefix} {rest}",
    ]
    assert {normalise_phone(way) for way in ways} == {f"+358{prefix}{rest}"}


@given(st.text(max_size=60))
@example("0800 000 123 ext. 4")
@example("tel:+358-40-000-0123")
@example("0\x000400000123")
def test_any_text_is_a_number_once_and_for_all_or_none(written: str) -> None:
    """What is stored satisfies the database, and normalising it again changes nothing."""
    try:
        found = normalise_phone(written)
    except NotAPhoneNumber:
        return
    assert found[0] == "+"
    assert found[1:].isascii()
    assert found[1:].isdecimal()
    assert 3 <= len(found[1:]) <= 20
    assert normalise_phone(found) == found
