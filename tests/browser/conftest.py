"""A real browser against the running site; skipped with a plain word where there is none."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import ConsoleMessage, Page, expect

from accounts.models import User
from tests.builders import a_user

# Without its windows, if it is there: a page is the same, and a new one is there much sooner.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), None)
PASSWORD = "kolme tuntia saunaa"

# What a page shows is waited for as long as a busy machine needs; a right page is never slower.
expect.set_options(timeout=20_000)

# Playwright's own event loop runs beside the tests, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="There is no Chromium on this machine."))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, without what it would look for in the network."""
    quiet = ["no-first-run", "disable-background-networking", "disable-component-update"]
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [f"--{word}" for word in ("no-sandbox", "disable-gpu", "disable-sync", *quiet)],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "fi-FI", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complained about; a test must leave it empty."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


@pytest.fixture
def someone(transactional_db: None) -> Callable[[str], User]:
    """A staff member of a role who can sign in with the password."""

    def make(role: str) -> User:
        user = a_user(role)
        user.groups.add(Group.objects.get(name=role))
        user.set_password(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def sign_in(page: Page, live_server: Any, someone: Callable[[str], User]) -> Callable[[str], User]:
    """Sign in as a role through the page itself."""

    def as_role(role: str) -> User:
        user = someone(role)
        page.goto(live_server.url)
        page.get_by_label("Käyttäjätunnus").fill(user.username)
        page.get_by_label("Salasana", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return user

    return as_role
