"""Signing in: who gets in, what a stranger learns, and when a session ends."""

import hashlib
import re
import time
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AttemptCount, User
from accounts.tasks import forget_ended_counts
from audit.context import AccessPurpose, access_context
from tests.builders import a_user

pytestmark = pytest.mark.django_db

PASSWORD = "kolme tuntia saunaa"


@pytest.fixture
def maija() -> User:
    user = a_user("maija", email="maija@example.com")
    user.groups.add(Group.objects.get(name="agent"))
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password}, **more)


def is_signed_in(client: Client) -> bool:
    return client.get("/lookup/").status_code == 200


def visible_text(response: Any) -> str:
    """The page without what differs each time: tokens, nonces and what was typed."""
    text = response.content.decode()
    text = re.sub(r'(nonce|value|name="csrfmiddlewaretoken" value)="[^"]*"', "", text)
    return re.sub(r"[A-Za-z0-9]{60,}", "", text)


def test_the_right_password_opens_the_lookup(client: Client, maija: User) -> None:
    response = sign_in(client, "maija")

    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/").headers["Location"] == "/lookup/"
    assert is_signed_in(client)


def test_a_session_is_new_after_signing_in(client: Client, maija: User) -> None:
    client.get("/accounts/login/")
    session = client.session
    session["left by somebody"] = "x"
    session.save()
    before = session.session_key

    client.cookies["praecom_session"] = before or ""
    sign_in(client, "maija")

    assert client.session.session_key != before


@pytest.mark.parametrize("name", ["/", "/lookup/", "/audit/", "/accounts/2fa/"])
def test_a_stranger_is_led_to_the_sign_in(client: Client, name: str) -> None:
    response = client.get(name)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


def test_nothing_tells_which_user_names_exist(client: Client, maija: User) -> None:
    wrong = sign_in(client, "maija", "not the password at all")
    unknown = sign_in(Client(), "maijaa", "not the password at all")

    assert wrong.status_code == unknown.status_code == 200
    assert visible_text(wrong) == visible_text(unknown)


def test_a_forgotten_password_tells_nobody_which_addresses_exist(
    client: Client, maija: User
) -> None:
    known = client.post("/accounts/password/reset/", {"email": "maija@example.com"})
    assert [message.to for message in mail.outbox] == [["maija@example.com"]]

    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert len(mail.outbox) == 1
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code in (302, 404)
    assert client.post("/accounts/signup/", {"username": "x"}).status_code in (302, 404)
    assert not User.objects.exists()


def test_without_the_acknowledgement_nobody_gets_in(client: Client, maija: User) -> None:
    maija.confidentiality_acknowledged_on = None
    maija.save()

    sign_in(client, "maija")

    assert not is_signed_in(client)


def test_a_disabled_account_is_out_at_the_next_request(client: Client, maija: User) -> None:
    sign_in(client, "maija")
    assert is_signed_in(client)

    maija.disabled_at = timezone.now()
    maija.save()

    assert not is_signed_in(client)


def test_a_lost_role_counts_at_the_next_request(client: Client, maija: User) -> None:
    sign_in(client, "maija")
    assert is_signed_in(client)

    maija.groups.clear()

    assert client.get("/lookup/").status_code == 403


def test_five_failures_lock_the_pair_of_user_and_address(client: Client, maija: User) -> None:
    for _ in range(5):
        response = sign_in(client, "maija", "not the password at all")
    assert response.status_code == 429

    assert sign_in(client, "maija").status_code == 429
    assert sign_in(client, "MAIJA").status_code == 429
    assert not is_signed_in(client)


def test_a_lock_keeps_nobody_else_out(client: Client, maija: User) -> None:
    for _ in range(6):
        sign_in(client, "maija", "not the password at all")

    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere, "maija").status_code == 302
    assert is_signed_in(elsewhere)


def test_the_address_of_an_attempt_is_not_chosen_by_the_client(client: Client) -> None:
    sign_in(client, "maija", "wrong", HTTP_X_FORWARDED_FOR="192.0.2.99")
    assert AccessAttempt.objects.get().ip_address == "127.0.0.1"


def test_an_idle_session_ends(client: Client, maija: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, "maija")
    assert is_signed_in(client)
    now = time.time()

    monkeypatch.setattr("accounts.middleware.time.time", lambda: now + 14 * 60)
    assert is_signed_in(client)
    monkeypatch.setattr("accounts.middleware.time.time", lambda: now + 28 * 60)
    assert is_signed_in(client)
    monkeypatch.setattr("accounts.middleware.time.time", lambda: now + 44 * 60)
    assert not is_signed_in(client)


def test_a_session_lasts_ten_hours_at_most(client: Client, maija: User) -> None:
    sign_in(client, "maija")
    assert client.cookies["praecom_session"]["max-age"] == 10 * 60 * 60


def test_not_even_constant_use_makes_a_session_longer(
    client: Client, maija: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "maija")
    began = time.time()
    now = [began]
    monkeypatch.setattr("accounts.middleware.time.time", lambda: now[0])

    while is_signed_in(client):
        now[0] += 10 * 60
        assert now[0] - began < 11 * 60 * 60

    assert now[0] - began > 10 * 60 * 60


def test_signing_out_ends_the_session(client: Client, maija: User) -> None:
    sign_in(client, "maija")
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


# --- the second factor ----------------------------------------------------------------------------


def has_second_factor(user: User) -> str:
    """Give the user a second factor; returns its secret."""
    secret: str = auth.generate_totp_secret()
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        auth.TOTP.activate(user, secret)
    return secret


def code_now(secret: str) -> str:
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


@pytest.fixture
def mfa_required(settings: Any) -> None:
    settings.MFA_REQUIRED = True


def test_where_a_second_factor_is_required_nothing_shows_before_it_is_set_up(
    client: Client, maija: User, mfa_required: None
) -> None:
    sign_in(client, "maija")
    for page in ("/", "/lookup/"):
        response = client.get(page)
        assert (response.status_code, response.headers["Location"]) == (302, "/accounts/2fa/")
    assert client.get("/accounts/2fa/").status_code == 200


def test_whoever_has_a_second_factor_is_asked_for_it(
    client: Client, maija: User, mfa_required: None
) -> None:
    has_second_factor(maija)

    response = sign_in(client, "maija")

    assert response.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/lookup/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_signed_in(client)


def give_code(client: Client, code: str) -> Any:
    return client.post("/accounts/2fa/authenticate/", {"code": code})


@pytest.fixture
def code_of_maija(maija: User, mfa_required: None, settings: Any) -> str:
    """The code that her second factor shows now; on a busy machine it is typed in late."""
    settings.MFA_TOTP_TOLERANCE = 20
    return code_now(has_second_factor(maija))


def test_with_the_right_code_she_is_in(client: Client, code_of_maija: str) -> None:
    sign_in(client, "maija")

    assert give_code(client, code_of_maija).status_code == 302
    assert is_signed_in(client)


def test_nobody_tries_code_after_code(client: Client, code_of_maija: str) -> None:
    wrong = f"{(int(code_of_maija) + 1) % 1_000_000:06}"
    sign_in(client, "maija")
    for _ in range(5):
        give_code(client, wrong)

    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    sign_in(elsewhere, "maija")
    for browser in (client, elsewhere):
        give_code(browser, code_of_maija)
        assert not is_signed_in(browser)


def test_attempts_are_counted_for_all_processes_under_keys_that_name_nobody(
    client: Client, code_of_maija: str
) -> None:
    wrong = f"{(int(code_of_maija) + 1) % 1_000_000:06}"
    client.post("/accounts/password/reset/", {"email": "maija@example.com"})
    sign_in(client, "maija")
    for _ in range(5):
        give_code(client, wrong)

    counts = AttemptCount.objects.all()
    assert {len(count.cache_key) for count in counts} == {64}
    rows = " ".join(f"{one.cache_key} {b64decode(one.value)!r}" for one in counts)
    known = hashlib.sha256(b"maija@example.com").hexdigest()
    assert [name for name in ("127.0.0.1", "maija", "user", known) if name in rows] == []
    assert not is_signed_in(client)

    counts.delete()
    give_code(client, code_of_maija)
    assert is_signed_in(client)


def test_counts_that_limit_nobody_are_removed(client: Client, maija: User) -> None:
    sign_in(client, "maija")
    AttemptCount.objects.create(
        cache_key="over", value="", expires=timezone.now() - timedelta(seconds=1)
    )
    last = AttemptCount.objects.count()

    forget_ended_counts(timestamp=0)

    assert AttemptCount.objects.count() == last - 1 > 0


def test_whoever_takes_her_second_factor_away_sets_one_up_again(
    client: Client, code_of_maija: str
) -> None:
    sign_in(client, "maija")
    give_code(client, code_of_maija)
    assert is_signed_in(client)

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")

    response = client.get("/lookup/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/2fa/")


# --- the language ---------------------------------------------------------------------------------


def language_of(client: Client) -> str:
    return client.get("/accounts/login/").headers["Content-Language"]


def test_a_stranger_chooses_the_language_of_the_sign_in(client: Client) -> None:
    assert language_of(client) == "fi"
    client.post("/accounts/language/", {"language": "sv", "next": "/accounts/login/"})
    assert language_of(client) == "sv"


def test_a_signed_in_users_language_stays_with_her_account(
    client_as: Callable[[str], Client], staff: Callable[[str], User]
) -> None:
    client = client_as("agent")
    assert client.get("/lookup/").headers["Content-Language"] == "fi"

    client.post("/accounts/language/", {"language": "en", "next": "/lookup/"})

    assert client.get("/lookup/").headers["Content-Language"] == "en"
    assert client_as("agent").get("/lookup/").headers["Content-Language"] == "en"


def test_a_language_that_we_do_not_speak_changes_nothing(
    client_as: Callable[[str], Client],
) -> None:
    client = client_as("agent")
    client.post("/accounts/language/", {"language": "xx", "next": "https://evil.example.com/"})
    response = client.post(
        "/accounts/language/", {"language": "sv", "next": "https://evil.example.com/"}
    )
    assert response.headers["Location"] == "/"
    assert User.objects.get(username="agent").language == "sv"


def test_the_mail_about_a_new_password_speaks_for_the_register(client: Client, maija: User) -> None:
    client.post("/accounts/password/reset/", {"email": "maija@example.com"})

    (message,) = mail.outbox
    assert message.subject == "Uusi salasana asiakasrekisteriin"
    assert "testserver" not in message.body.replace("http://testserver/accounts/", "")
    assert "Praecom Oy" in message.body
    (link,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", str(message.body))
    page = client.get(link, follow=True)
    form = {"password1": "neljä tuntia saunaa", "password2": "neljä tuntia saunaa"}
    client.post(page.request["PATH_INFO"], form)
    maija.refresh_from_db()
    assert maija.check_password("neljä tuntia saunaa")
