"""Positions on the line of time, and the registry of what is told there."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from datamap.timeline import TOP, EntryKind, Position, Timeline, TimelineSource

positions = st.builds(
    Position,
    st.builds(
        lambda seconds, zone: datetime.fromtimestamp(seconds, zone),
        st.floats(-2e9, 250_000_000_000, allow_nan=False),
        st.sampled_from([UTC, timezone(timedelta(hours=2))]),
    ),
    st.integers(0, TOP.place),
    st.integers(0, TOP.key),
)


@given(positions)
def test_a_position_is_read_as_it_was_written(position: Position) -> None:
    assert Position.read(str(position)) == position


@pytest.mark.parametrize(
    "text",
    [
        "",
        "~",
        "\0",
        "2026-03-02",
        "2026-03-02T00:00:00+02:00",
        "2026-03-02T00:00:00+02:00~30",
        "2026-03-02T00:00:00~30~1",
        "2026-03-02T00:00:00+02:00~x~1",
        "2026-03-02T00:00:00+02:00~30~1~2",
        "2026-03-02T00:00:00+02:00~-1~1",
        "2026-03-02T00:00:00+02:00~30~9223372036854775808",
        "2026-03-02T00:00:00+02:00~2147483648~1",
        "9999-12-31T23:59:59+00:00~30~1",
        "0001-01-01T00:00:00+14:00~30~1",
        f"2026-03-02T00:00:00+02:00~30~{'9' * 5000}",
    ],
)
def test_rubbish_is_the_top(text: str) -> None:
    assert Position.read(text) == TOP


def kind(name: str = "letter", place: int = 10) -> EntryKind:
    return EntryKind(name, name, "customers.view_person", place)


def source(*kinds: EntryKind) -> TimelineSource:
    return TimelineSource(kinds, lambda asked: [])


@pytest.mark.parametrize(
    "second", [kind(place=20), kind("parcel"), kind("parcel", place=25)], ids=str
)
def test_names_and_places_are_nobody_elses(second: EntryKind) -> None:
    line = Timeline()
    line.register(source(kind()))

    with pytest.raises(ImproperlyConfigured):
        line.register(source(second))


def test_one_source_does_not_use_a_place_twice_either() -> None:
    with pytest.raises(ImproperlyConfigured):
        Timeline().register(source(kind(), kind("parcel")))
