"""The demo recordings and messages: what there is to hear, to look after and to put right."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from audit.context import AccessContext, AccessPurpose, activate
from praecom_registry.demo.sounds import SENTENCES, seconds, sound
from recordings.models import Quarantine, Recording, RecordingHold, StoredMessage


@pytest.fixture
def demo(tmp_path: Path, settings: Any, staff: Callable[..., User]) -> User:
    """A register with demo data, recordings too, and who looks after those."""
    settings.RECORDINGS_STORAGE = str(tmp_path)
    reviewer = staff("recording_reviewer")
    call_command("seed_demo", persons=400)
    return reviewer


def test_there_is_something_of_every_kind(demo: User) -> None:
    today = timezone.localdate()
    with activate(AccessContext(purpose=AccessPurpose.LOG_CONTROL)):
        calls = list(Recording.objects.all())
        mails = list(StoredMessage.objects.all())
        holds = list(RecordingHold.objects.all())
        heard = {one.pk: list(one.concerns.all()) for one in calls}

    playable = [one for one in calls if not one.quarantine]
    assert len(playable) == 13
    assert {one.quarantine for one in calls} == {"", *Quarantine.values}
    assert sum(one.interaction_id is not None for one in playable) >= 8
    assert sum(bool(heard[one.pk]) for one in playable) >= 8
    for kept in (playable, mails):
        due = [one.due_on - today for one in kept]
        assert 1 <= sum(timedelta() < left <= timedelta(days=14) for left in due) <= 3
        assert min(due) > timedelta()
    assert len(mails) == 7
    assert sum(one.attachments for one in mails) == 3
    assert [hold.placed_by_id for hold in holds] == [demo.pk]
    assert holds[0].recording_id in {one.pk for one in playable}


def test_more_demo_data_takes_in_only_what_is_new(demo: User) -> None:
    call_command("seed_demo", "--add", persons=5, seed=2)

    with activate(AccessContext(purpose=AccessPurpose.LOG_CONTROL)):
        assert RecordingHold.objects.keys_only().count() == 1


@pytest.mark.parametrize("number", range(len(SENTENCES)))
def test_each_sound_lasts_some_seconds(number: int) -> None:
    assert 2 <= seconds(sound(number)) <= 20
    assert sound(number) == sound(number + len(SENTENCES))
