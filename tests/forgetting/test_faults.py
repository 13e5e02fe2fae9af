"""A run killed anywhere ends as one that was not killed does; two at once do each record once."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from audit.context import AccessPurpose, in_context
from audit.log import Action
from audit.models import LogEntry
from consents.models import Suppression
from datamap.declarations import registry
from privacy.forgetting import executing, ledger
from privacy.models import ErasureRun, PlannedErasure
from recordings.models import SealedFile
from recordings.services import sweep
from tests.builders import a_company, a_contact_person, a_person, an_address, an_interaction
from tests.forgetting.killing import begin, ended
from tests.recording_builders import a_recording
from tests.recordings.stored import names_in
from tests.records import a_record
from tests.restoring import copied

pytestmark = pytest.mark.django_db(transaction=True)

looking = in_context(job="test", purpose=AccessPurpose.UPKEEP)
AS_OF = date(2070, 1, 1)
PERSONS = 7
LEAST_MOMENTS = 60


@pytest.fixture
def persons(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> set[UUID]:
    """Former contact persons with everything that has an end of its own, a few in each batch."""
    monkeypatch.setattr(executing, "AT_ONCE", 3)
    monkeypatch.setattr(settings, "RECORDINGS_STORAGE", str(tmp_path / "vault"))
    found = set()
    for number in range(PERSONS):
        person = a_person("Aino", "Mallikas", phones=[f"040 000 {number:04}"])
        company = a_company()
        a_contact_person(person, company, ended_on=date(2020, 1, 1))
        an_interaction(person, "Vika", "Korjattu.", company, is_closed=True)
        an_address(person=person)
        a_recording(person)
        a_record("consents.marketingchoice", person)
        found.add(person.public_id)
    return found


@contextmanager
def a_copy(folder: Path) -> Iterator[None]:
    """The same register once more, with its vault and a ledger of its own."""
    vault, before = folder / uuid4().hex, (settings.RECORDINGS_STORAGE, settings.ERASURE_LEDGER)
    shutil.copytree(before[0], vault)
    with copied():
        settings.RECORDINGS_STORAGE, settings.ERASURE_LEDGER = str(vault), f"{vault}-ledger"
        try:
            yield
        finally:
            settings.RECORDINGS_STORAGE, settings.ERASURE_LEDGER = before


@looking
def state() -> dict[str, Any]:
    """What there is in the end: keys of records, who was erased, what the log says of it."""
    records = {}
    for one in registry:
        rows: Any = one.model._default_manager
        if one.model is not LogEntry:
            records[one.model._meta.label] = set(rows.keys_only())
    log = LogEntry.objects.filter(action__in=[Action.DELETE, Action.UPDATE])
    return {
        **records,
        "log": Counter(log.values_list("action", "content_type", "object_id", "subject")),
        "ledger": Counter(entry.mark for entry in ledger.to_repeat()),
        "hashes": Suppression.objects.count(),
        "keys": SealedFile.objects.filter(wrapped_key__isnull=False).count(),
        "erased": [run.erased for run in ErasureRun.objects.filter(status="done") if run.erased],
    }


def assert_nothing_is_left(persons: set[UUID]) -> None:
    found = state()
    assert found["customers.Person"] == found["consents.MarketingChoice"] == set()
    assert set(found["ledger"]) == {ledger.mark_of(person) for person in persons}
    assert set(found["ledger"].values()) == {1}
    assert set(found["log"].values()) == {1}
    assert not PlannedErasure.objects.exists()
    assert ledger.standing() is ledger.Standing.SETTLED
    swept = sweep(job="test")
    assert (swept.missing, swept.orphans, found["keys"]) == ((), 0, 0)
    assert names_in(Path(settings.RECORDINGS_STORAGE)) == set()


def test_killed_anywhere_and_run_again(
    persons: set[UUID], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    kills: int = pytestconfig.getoption("--kills")
    with a_copy(tmp_path):
        assert ended(begin(AS_OF))
        expected = state()
        assert_nothing_is_left(persons)

    chance, killed = Random(8), 0
    while killed < kills:
        with a_copy(tmp_path):
            while killed < kills:
                moment, is_done = chance.randint(1, LEAST_MOMENTS * 4), chance.random() < 0.5
                if ended(begin(AS_OF, last=moment, is_done=is_done)):
                    break
                killed += 1
            assert ended(begin(AS_OF))
            found = state()
            assert {name for name in expected if expected[name] != found[name]} == set()
            assert_nothing_is_left(persons)


def test_two_at_once(persons: set[UUID]) -> None:
    children = [begin(AS_OF) for _ in range(2)]

    assert [ended(child) for child in children] == [True, True]
    assert_nothing_is_left(persons)
