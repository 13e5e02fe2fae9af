"""Whom a recording concerns, how that is put right, and what is held."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from customers.services import ProcessingRestricted
from recordings.models import Reassignment
from recordings.services import concerns, place_hold, prolong_hold, reassign, release_hold
from tests.builders import a_person, a_user, an_interaction, restricted
from tests.log import Trail
from tests.recording_builders import a_message, a_quarantined_recording, a_recording

pytestmark = pytest.mark.django_db

Working = Callable[[], Any]
BOTH = pytest.mark.parametrize("make", [a_recording, a_message])
IDENTITY_CODE = "131052-308T"


@pytest.fixture
def whom(working: Working) -> Callable[[Any], set[int]]:
    """The keys of those whom it concerns."""

    def of(record: Any) -> set[int]:
        with working():
            return set(record.concerns.values_list("person", flat=True))

    return of


@BOTH
def test_it_concerns_each_person_once(make: Any, working: Working, whom: Any) -> None:
    aino, eino = a_person(), a_person("Eino")
    record = make(aino)

    with working():
        assert concerns(record, [aino, eino, eino]) == 1

    assert whom(record) == {aino.pk, eino.pk}


@BOTH
def test_a_wrong_person_is_put_right_with_its_history(
    make: Any, working: Working, whom: Any, trail: Trail
) -> None:
    wrong, right, user = a_person(), a_person("Eino"), a_user()
    record = make(wrong, interaction=an_interaction(wrong))

    with working() as context:
        reassign(record, wrong, right, "Eino soitti vaimonsa numerosta", user)

    assert whom(record) == {right.pk}
    with working():
        made = Reassignment.objects.get()
        assert (made.taken_from, made.given_to, made.made_by) == (wrong, right, user)
        assert type(record).objects.get(pk=record.pk).interaction is None
    assert {wrong.public_id, right.public_id} <= trail.subjects(cid=context.request_id, action=0)


@BOTH
def test_it_can_be_given_to_a_person_or_taken_from_one_alone(
    make: Any, working: Working, whom: Any
) -> None:
    aino, user = a_person(), a_user()
    contact = an_interaction(aino)
    record = make(interaction=contact)

    with working():
        reassign(record, None, aino, "Kertoi nimensä", user)
    assert whom(record) == {aino.pk}
    with working():
        assert type(record).objects.get(pk=record.pk).interaction == contact
        reassign(record, aino, None, "Ei ollutkaan hän", user)

    assert whom(record) == set()


def test_a_correction_that_makes_no_sense_is_refused(working: Working, whom: Any) -> None:
    aino, eino, user = a_person(), a_person("Eino"), a_user()
    record = a_recording(aino)
    refused = [
        (eino, None, "Ei hän"),
        (None, aino, "On hän"),
        (aino, aino, "On hän"),
        (None, None, "Kuka lie"),
        (aino, eino, ""),
        (aino, eino, f"Hetu {IDENTITY_CODE}"),
    ]

    for taken_from, given_to, reason in refused:
        with pytest.raises(ValidationError), working():
            reassign(record, taken_from, given_to, reason, user)

    assert whom(record) == {aino.pk}


@pytest.mark.parametrize("is_given", [True, False])
def test_nothing_is_corrected_about_somebody_restricted(
    is_given: bool, working: Working, whom: Any
) -> None:
    aino, eino, user = a_person(), a_person("Eino"), a_user()
    record = a_recording(aino)
    restricted(eino if is_given else aino)

    with pytest.raises(ProcessingRestricted), working():
        reassign(record, aino, eino, "Eino soitti", user)

    assert whom(record) == {aino.pk}


@BOTH
def test_a_hold_says_who_placed_and_who_released_it(make: Any, working: Working) -> None:
    record, one, other = make(a_person()), a_user("one"), a_user("other")

    with working():
        hold = place_hold(record, "Riita laskusta", None, one)
        first = release_hold(hold, other).released_at
        again = release_hold(hold, one)

    assert (again.placed_by, again.released_by, again.released_at) == (one, other, first)


def test_a_hold_that_holds_nothing_is_refused(working: Working) -> None:
    record, user = a_recording(), a_user()
    yesterday = timezone.localdate() - timedelta(days=1)
    refused = [("", None), ("Riita", yesterday), (f"Hetu {IDENTITY_CODE}", None)]

    for reason, until in refused:
        with pytest.raises(ValidationError), working():
            place_hold(record, reason, until, user)
    with pytest.raises(ValidationError), working():
        place_hold(a_quarantined_recording(), "Riita", None, user)


def test_a_hold_is_given_another_last_day_while_it_is_in_force(working: Working) -> None:
    record, user, today = a_recording(), a_user(), timezone.localdate()
    with working():
        hold = place_hold(record, "Riita", today, user)
        assert prolong_hold(hold, today + timedelta(days=9)).until == today + timedelta(days=9)
        assert prolong_hold(hold, None).until is None

    with pytest.raises(ValidationError), working():
        prolong_hold(hold, today - timedelta(days=1))
    with working():
        release_hold(hold, user)
    with pytest.raises(ValidationError), working():
        prolong_hold(hold, today + timedelta(days=9))

    with working():
        hold.refresh_from_db()
        assert hold.until is None
