"""create_staff: an account with its role, active only once confidentiality is acknowledged."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User

pytestmark = pytest.mark.django_db

GOOD = "kolme tuntia saunaa"


def create(*words: str, password: str = GOOD, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("STAFF_PASSWORD", password)
    said = StringIO()
    call_command("create_staff", *words, stdout=said)
    return said.getvalue()


def test_an_acknowledged_account_is_active_and_has_its_roles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    create("maija", "--role=agent", "--role=billing", "--acknowledged", monkeypatch=monkeypatch)

    user = User.objects.get(username="maija")
    assert user.is_active
    assert user.confidentiality_acknowledged_on == timezone.localdate()
    assert set(user.groups.values_list("name", flat=True)) == {"agent", "billing"}
    assert user.check_password(GOOD)


def test_a_report_says_the_unit_or_what_the_account_does(monkeypatch: pytest.MonkeyPatch) -> None:
    create("maija", "--role=registrar", "--role=billing", monkeypatch=monkeypatch)
    create("matti", "--role=agent", "--unit=Service Desk", monkeypatch=monkeypatch)

    units = dict(User.objects.values_list("username", "unit"))
    assert units == {"maija": "Laskuttaja, Rekisterivastaava", "matti": "Service Desk"}


def test_without_the_acknowledgement_it_is_inactive(monkeypatch: pytest.MonkeyPatch) -> None:
    create("maija", "--role=agent", monkeypatch=monkeypatch)
    assert not User.objects.get(username="maija").is_active


@pytest.mark.parametrize(
    ("words", "password"),
    [
        (["maija", "--role=agent"], "too short"),
        (["maija", "--role=agent"], "passwordpassword"[:14]),
        (["maija maija", "--role=agent"], GOOD),
        (["maija", "--role=agent", "--employer=group"], GOOD),
        (["maija", "--role=agent", "--email=nobody"], GOOD),
        (["maija", "--role=king"], GOOD),
        (["maija"], GOOD),
    ],
    ids=["short", "known", "space in the name", "no employer", "no address", "no role", "none"],
)
def test_what_does_not_do_is_told_and_makes_nothing(
    monkeypatch: pytest.MonkeyPatch, words: list[Any], password: str
) -> None:
    with pytest.raises(CommandError):
        create(*words, password=password, monkeypatch=monkeypatch)
    assert not User.objects.exists()


def test_a_name_that_is_taken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    create("maija", "--role=agent", monkeypatch=monkeypatch)
    with pytest.raises(CommandError):
        create("MAIJA", "--role=agent", monkeypatch=monkeypatch)
    assert User.objects.count() == 1
