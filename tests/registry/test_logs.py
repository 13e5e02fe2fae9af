"""The operational log tells what failed and where, and quotes nobody."""

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

SECRET = "Salattunimi"


def fail(request: HttpRequest) -> HttpResponse:
    try:
        return HttpResponse({"Aino": 1}[SECRET])
    except KeyError as error:
        raise ValueError(f"nobody is called {SECRET}") from error


urlpatterns = [path("", include("praecom_registry.urls")), path("fail/", fail)]


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the site would write to standard error."""
    written = io.StringIO()
    configured = settings.LOGGING
    logging.config.dictConfig(configured)
    handler = logging.getLogger().handlers[-1]
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    if before is not None:
        handler.setStream(before)


@pytest.mark.django_db
@pytest.mark.urls("tests.registry.test_logs")
def test_a_failing_page_leaves_its_place_and_nobodys_name(
    client_as: Callable[[str], Client], lines: Callable[[], list[dict[str, Any]]]
) -> None:
    client = client_as("agent")
    client.raise_request_exception = False

    assert client.get(f"/fail/?q={SECRET}").status_code == 500

    (line,) = [line for line in lines() if line["level"] == "error"]
    assert line["exception"] == ["builtins.ValueError", "builtins.KeyError"]
    assert any("test_logs.py" in place for place in line["at"])
    assert line["event"] == "Internal Server Error: /fail/"
    assert SECRET not in json.dumps(line)


def test_a_message_with_an_address_ends_at_its_query(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", f"/x/?name={SECRET}")
    (line,) = lines()
    assert line["event"] == "Not Found: /x/"
    assert (line["logger"], line["level"]) == ("django.request", "warning")


@pytest.mark.parametrize("page", ["preferences", "survey"])
def test_the_key_of_a_signed_link_is_left_out(
    lines: Callable[[], list[dict[str, Any]]], page: str
) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", f"/{page}/{SECRET}:1:x/?done=1")
    (line,) = lines()
    assert line["event"] == f"Not Found: /{page}/…/"
