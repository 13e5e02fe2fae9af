"""What the holder of an account changes herself: each of it leaves a row in the log."""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import translation

from accounts.models import User
from audit.context import NoAccessContext
from tests.builders import a_user
from tests.desk import text_of
from tests.log import Trail

pytestmark = pytest.mark.django_db

OLD, NEW = "kolme tuntia saunaa", "neljä tuntia saunaa"


@pytest.fixture
def maija() -> User:
    user = a_user("maija", email="maija@example.com")
    user.set_password(OLD)
    user.save()
    return user


@pytest.fixture
def holder(maija: User) -> Client:
    """Hers, a moment after she signed in."""
    client = Client()
    client.post("/accounts/login/", {"login": "maija", "password": OLD})
    return client


def changes_of(user: User, trail: Trail) -> list[tuple[int | None, dict[str, Any]]]:
    """Who changed what of the account, in order."""
    rows = trail.rows(action=1, object_id=user.pk, content_type__model="user")
    return [(row["actor_id"], row["changes"]) for row in rows]


def test_her_own_password(holder: Client, maija: User, trail: Trail) -> None:
    form = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    holder.post("/accounts/password/change/", {**form, "oldpassword": "not hers"})
    assert changes_of(maija, trail) == []

    holder.post("/accounts/password/change/", form)

    maija.refresh_from_db()
    assert maija.check_password(NEW)
    assert changes_of(maija, trail) == [(maija.pk, {"password": ["***", "***"]})]


def test_a_password_set_anew_by_mail(maija: User, trail: Trail) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": "maija@example.com"})
    (link,) = re.findall(r"(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    page: Any = client.get(link, follow=True)
    assert changes_of(maija, trail) == []

    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    maija.refresh_from_db()
    assert maija.check_password(NEW)
    assert changes_of(maija, trail) == [(None, {"password": ["***", "***"]})]


def test_her_language(holder: Client, maija: User, trail: Trail) -> None:
    for _twice in range(2):
        holder.post("/accounts/language/", {"language": "sv"})
    assert changes_of(maija, trail) == [(maija.pk, {"language": ["fi", "sv"]})]


def test_her_shortcuts_by_single_keys(holder: Client, maija: User, trail: Trail) -> None:
    for _twice in range(2):
        response = holder.post("/accounts/shortcuts/", {"shortcuts": "off", "next": "/audit/"})
        assert response.headers["Location"] == "/audit/"
    assert changes_of(maija, trail) == [(maija.pk, {"key_shortcuts": ["True", "False"]})]

    elsewhere = {"shortcuts": "on", "next": "https://evil.example.com/"}
    assert holder.post("/accounts/shortcuts/", elsewhere).headers["Location"] == "/"
    maija.refresh_from_db()
    assert maija.key_shortcuts


def test_her_second_factor(
    holder: Client, maija: User, trail: Trail, client_as: Callable[[str], Client]
) -> None:
    holder.post("/accounts/reauthenticate/", {"password": OLD})
    holder.get("/accounts/2fa/totp/activate/")
    secret = holder.session["mfa.totp.secret"]
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    holder.post("/accounts/2fa/totp/activate/", {"code": code})
    added = [
        (maija.pk, {"second_factor": [None, "totp"]}),
        (maija.pk, {"second_factor": [None, "recovery_codes"]}),
    ]
    assert changes_of(maija, trail) == added

    Authenticator.objects.get(user=maija, type="totp").record_usage()
    holder.post("/accounts/2fa/recovery-codes/generate/")
    holder.post("/accounts/2fa/totp/deactivate/")

    assert changes_of(maija, trail)[2:] == [
        (maija.pk, {"second_factor": ["recovery_codes", None]}),
        (maija.pk, {"second_factor": [None, "recovery_codes"]}),
        (maija.pk, {"second_factor": ["totp", None]}),
        (maija.pk, {"second_factor": ["recovery_codes", None]}),
    ]
    with translation.override("fi"):
        named = str(User.logged_besides["second_factor"])
    assert named in text_of(client_as("auditor").get("/audit/"))


def test_a_lost_second_factor_is_taken_away_by_command(maija: User, trail: Trail) -> None:
    Authenticator.objects.bulk_create([Authenticator(user=maija, type="totp", data={})])
    with pytest.raises(NoAccessContext), transaction.atomic():
        Authenticator.objects.all().delete()

    call_command("remove_second_factor", "maija", stdout=StringIO())

    assert not Authenticator.objects.exists()
    (row,) = trail.rows(object_id=maija.pk)
    assert row["changes"] == {"second_factor": ["totp", None]}
    assert row["actor_label"] == "remove_second_factor"
    with pytest.raises(CommandError):
        call_command("remove_second_factor", "nobody", stdout=StringIO())
