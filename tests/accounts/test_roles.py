"""The table of roles, the groups in the database and the printed table are one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from accounts.models import User
from accounts.roles import KINDS, TASKS, Role, as_markdown, permissions_of
from dev import ROLES
from tests.builders import a_user

pytestmark = pytest.mark.django_db

PRINTED = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"


def rights_in_database(role: str) -> set[str]:
    found = Permission.objects.filter(group__name=role).select_related("content_type")
    return {f"{p.content_type.app_label}.{p.codename}" for p in found}


def test_the_groups_in_the_database_are_the_roles() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


@pytest.mark.parametrize("role", Role)
def test_a_group_has_the_rights_of_its_role(role: Role) -> None:
    assert rights_in_database(role.value) == permissions_of(role) != set()


def test_the_printed_table_is_the_table() -> None:
    with translation.override("en"):
        assert PRINTED.read_text(encoding="utf-8") == as_markdown()


def test_the_demo_accounts_have_every_role() -> None:
    assert set(ROLES) == set(Role.values)


@pytest.mark.parametrize("role", Role)
def test_a_user_may_what_her_role_says(staff: Callable[[str], User], role: Role) -> None:
    assert staff(role.value).get_all_permissions() == permissions_of(role)


def test_nobody_may_delete() -> None:
    for role in Role:
        assert not [name for name in permissions_of(role) if ".delete_" in name]


def test_an_admin_sees_no_customers_data() -> None:
    assert not [
        name for name in permissions_of(Role.ADMIN) if name.startswith(("customers.", "consents."))
    ]


def test_only_registrar_and_auditor_read_the_log() -> None:
    assert [role for role in Role if "audit.view_logentry" in permissions_of(role)] == [
        Role.REGISTRAR,
        Role.AUDITOR,
    ]


def test_a_marketer_sees_no_identity() -> None:
    assert not [name for name in permissions_of(Role.MARKETER) if name.startswith("customers.")]


def test_every_right_is_given_by_kind_or_task() -> None:
    granted = {name for role in Role for name in permissions_of(role)}
    by_kind = {name for kind in KINDS for role in Role for name in kind.permissions(role)}
    assert granted == by_kind | {task.permission for task in TASKS}


def test_there_is_no_superuser_and_no_right_of_an_accounts_own() -> None:
    names = {field.name for field in User._meta.get_fields()}
    assert not names & {"is_superuser", "user_permissions", "is_staff"}
    assert a_user().is_superuser is False


def test_createsuperuser_is_taken_away() -> None:
    with pytest.raises(CommandError, match="create_staff"):
        call_command("createsuperuser", verbosity=0)
    assert not User.objects.exists()


def test_the_database_decides_who_is_active() -> None:
    user = a_user("new", confidentiality_acknowledged_on=None)
    assert user.is_active is False
    with pytest.raises(Exception, match="is_active"), transaction.atomic():
        connection.cursor().execute("UPDATE accounts_user SET is_active = true")


def test_the_same_user_name_in_other_letters_is_taken() -> None:
    a_user("Matti")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_user("matti")


def test_an_employer_outside_praecom_is_named() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_user("sub", employer=User.Employer.SUBCONTRACTOR)
    a_user("sub", employer=User.Employer.SUBCONTRACTOR, employer_name="Malli Oy")
