"""What a client says of itself is believed only as far as our own proxies vouch for it."""

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from tests.builders import a_person
from tests.log import Trail

pytestmark = pytest.mark.django_db


def recorded_address(client: Client, trail: Trail, **headers: str) -> Any:
    client.get(f"/persons/{a_person().public_id}/", **headers)  # type: ignore[arg-type]
    return trail.rows()[-1]["remote_addr"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "recorded"),
    [
        ([], "192.0.2.1", "127.0.0.1"),
        (["127.0.0.0/8"], "192.0.2.1", "192.0.2.1"),
        (["127.0.0.0/8"], "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        (["127.0.0.0/8", "192.0.2.0/24"], "198.51.100.9, 192.0.2.1", "198.51.100.9"),
        (["127.0.0.0/8"], "nonsense", "127.0.0.1"),
        (["127.0.0.0/8"], "", "127.0.0.1"),
        (["127.0.0.0/8"], "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_recorded_address_is_what_our_proxies_say(
    client_as: Callable[[str], Client],
    trail: Trail,
    settings: Any,
    proxies: list[str],
    forwarded: str,
    recorded: str,
) -> None:
    settings.TRUSTED_PROXIES = [ip_network(one) for one in proxies]
    agent = client_as("agent")
    assert recorded_address(agent, trail, HTTP_X_FORWARDED_FOR=forwarded) == recorded


@pytest.mark.parametrize(("proxies", "is_secure"), [([], False), (["127.0.0.0/8"], True)])
def test_https_is_believed_from_our_proxies_alone(
    client: Client, settings: Any, proxies: list[str], is_secure: bool
) -> None:
    settings.TRUSTED_PROXIES = [ip_network(one) for one in proxies]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/accounts/login/", headers={"X-Forwarded-Proto": "https"})
    assert (response.status_code == 200) is is_secure
