"""The harness: a test database made by the owner, used by the site's restricted role."""

import gc
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from django.contrib.auth.models import Group
from django.db import connections
from django.test import Client, TransactionTestCase, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from accounts.models import User
from accounts.roles import purposes_of
from tests.builders import a_user
from tests.database import empty_tables, end_connections, let_statistics_be, owner_connection
from tests.log import Trail

PASSWORD = "correct horse battery staple"

# A busy machine is no failure: nothing here is about time.
hypothesis.settings.register_profile("register", deadline=None)
hypothesis.settings.load_profile("register")

# What is loaded by now stays to the end: looking through it again and again took time.
gc.freeze()
gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Create the test database as the owner, migrate it, and point the site's role at it."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    owner = connections["owner"]
    name = owner.settings_dict["NAME"]
    # A busy machine is no failure either: what a test fills at once may take its time.
    connections["default"].settings_dict["OPTIONS"]["options"] += " -c statement_timeout=60000"
    owner.settings_dict["TEST"]["NAME"] = f"test_{name}_{worker}"
    with django_db_blocker.unblock():
        test_name = owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = test_name
        let_statistics_be()
    yield
    with django_db_blocker.unblock():
        end_connections()
        owner.creation.destroy_test_db(name, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _a_vault_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a test seals lies in a folder that goes with the tests."""
    with override_settings(RECORDINGS_STORAGE=str(tmp_path_factory.mktemp("vault"))):
        yield


@pytest.fixture(autouse=True)
def _a_ledger_of_the_test(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> None:
    """The register of each test is empty at first, and so is its ledger of erasures."""
    settings.ERASURE_LEDGER = str(tmp_path_factory.getbasetemp() / f"ledger-{uuid4().hex}")


# Emptying tables between transactional tests is beyond the site's role: the owner does it.
TransactionTestCase._fixture_teardown = lambda self: empty_tables()  # type: ignore[attr-defined]


# Each browser of a test would look through every static file again: they do not change meanwhile.
_STATIC_FILES: dict[str, Any] = {}
_look_through = WhiteNoiseMiddleware.add_files_from_finders


def _look_through_once(self: WhiteNoiseMiddleware) -> None:
    if not _STATIC_FILES:
        _look_through(self)
        _STATIC_FILES.update(self.files)
    self.files.update(_STATIC_FILES)


WhiteNoiseMiddleware.add_files_from_finders = _look_through_once


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Passwords in tests protect nobody: hash them in no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    """A connection of the owner's own, autocommitting: for what the site may not do."""
    with owner_connection() as connection:
        yield connection


@pytest.fixture
def staff(db: None) -> Callable[..., User]:
    """The staff member of a role, made when first asked for; `outsider` has no role."""

    def staff_of(role: str) -> User:
        found: User | None = User.objects.filter(username=role).first()
        if found is None:
            found = a_user(username=role)
            if role != "outsider":
                found.groups.add(Group.objects.get(name=role))
        return found

    return staff_of


@pytest.fixture
def client_as(staff: Callable[..., User]) -> Callable[[str], Client]:
    """A browser signed in as a role, that has said what it works on in the admin."""

    def client_of(role: str) -> Client:
        client = Client()
        user = staff(role)
        client.force_login(user, backend="accounts.backends.StaffBackend")
        purposes = purposes_of(user)
        if purposes:
            session = client.session
            session["admin_purpose"] = purposes[0].value
            session.save()
        return client

    return client_of


@pytest.fixture
def trail(db: None) -> Trail:
    """The log as the tests read it."""
    return Trail()
