"""Staff accounts on the staff's desk: made, changed, closed, and each of it in the log."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.admin_site import site
from accounts.models import User
from accounts.roles import KINDS, PURPOSES, Role
from accounts.services import NotOneself, change_staff, create_staff, disable_staff
from accounts.tasks import tell_registrars
from audit.context import AccessPurpose, access_context
from tests.architecture.pages import routes
from tests.builders import a_user
from tests.desk import form_in, form_on, text_of
from tests.log import Trail

pytestmark = pytest.mark.django_db

STAFF = "/admin/accounts/user/"
GOOD = "kolme tuntia saunaa"

Browser = Callable[[str], Client]


def page_of(user: User) -> str:
    return f"{STAFF}{user.public_id}/change/"


def roles_of(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def now(user: User) -> User:
    found: User = User.objects.get(pk=user.pk)
    return found


def made(client: Client, **values: Any) -> Any:
    form = {**form_on(client, f"{STAFF}add/"), "username": "maija", "family_name": "Mallikas"}
    return client.post(f"{STAFF}add/", {**form, **values})


# --- the site -------------------------------------------------------------------------------------


def test_the_site_has_our_models_alone() -> None:
    assert set(routes())  # every admin module is imported by the addresses
    assert {model._meta.app_label for model in site._registry} == {
        "accounts",
        "consents",
        "contracts",
        "customers",
        "privacy",
        "recordings",
    }
    assert admin.site._registry == {}
    assert not any(model._meta.label_lower == "audit.logentry" for model in site._registry)


def test_a_stranger_is_led_to_the_one_sign_in(client: Client) -> None:
    for page in ("/admin/", STAFF, f"{STAFF}add/", "/admin/customers/person/"):
        response: Any = client.get(page)
        assert response.status_code == 302
        assert response.url.startswith("/accounts/login/?next=/admin/")
    for theirs in ("login", "logout", "password_change", "jsi18n", "autocomplete", "auth/user"):
        assert client.get(f"/admin/{theirs}/").status_code == 404


def test_behind_a_second_factor_like_every_page(client_as: Browser, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    response: Any = client_as("admin").get(STAFF)
    assert (response.status_code, response.url) == (302, "/accounts/2fa/")


def test_whoever_has_no_role_finds_no_desk(client_as: Browser) -> None:
    client = client_as("outsider")
    assert client.get("/admin/").status_code == 403
    assert 'href="/admin/"' not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        ("agent", ["customers/person", "consents/marketingchoice"], ["accounts/user"]),
        ("admin", ["accounts/user"], ["customers/person", "consents/wording"]),
        ("auditor", ["accounts/user"], ["customers/person"]),
        ("marketer", ["consents/wording"], ["customers/person"]),
    ],
)
def test_the_first_page_shows_what_her_role_may_see(
    client_as: Browser, role: str, seen: list[str], unseen: list[str]
) -> None:
    page = client_as(role).get("/admin/").content.decode()
    assert [kind for kind in seen if f'href="/admin/{kind}/"' in page] == seen
    assert [kind for kind in unseen if f"/admin/{kind}/" in page] == []


def test_each_purpose_belongs_to_a_role_that_reads() -> None:
    assert {role for role in Role if role in PURPOSES} == set(Role) - {Role.AUDITOR, Role.ADMIN}


# --- accounts -------------------------------------------------------------------------------------


def test_an_admin_makes_an_account(client_as: Browser, trail: Trail) -> None:
    response = made(
        client_as("admin"),
        given_name="Maija",
        roles=["agent", "billing"],
        new_password=GOOD,
        confidentiality_acknowledged_on=str(timezone.localdate()),
    )

    user = User.objects.get(username="maija")
    assert (response.status_code, response.url) == (302, page_of(user))
    assert roles_of(user) == {"agent", "billing"}
    assert user.is_active
    assert user.check_password(GOOD)
    client = Client()
    client.post("/accounts/login/", {"login": "maija", "password": GOOD})
    assert client.get("/lookup/").status_code == 200

    (row,) = trail.rows(action=0, object_id=user.pk)
    assert row["changes"]["groups"] == [None, "agent, billing"]
    assert row["changes"]["family_name"] == [None, "***"]
    assert row["subject"] is None
    assert "Mallikas" not in str(trail.rows())
    assert not AdminLogEntry.objects.exists()


def test_without_a_password_nobody_signs_in_until_the_holder_sets_one(client_as: Browser) -> None:
    client = client_as("admin")
    today = str(timezone.localdate())
    made(client, email="maija@example.com", confidentiality_acknowledged_on=today)
    user = User.objects.get(username="maija")
    assert not user.has_usable_password()

    client.post(f"{STAFF}{user.public_id}/invite/")

    (message,) = mail.outbox
    assert message.to == ["maija@example.com"]
    (link,) = re.findall(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(message.body))
    holder = Client()
    response: Any = holder.get(link, follow=True)
    holder.post(response.request["PATH_INFO"], {"password1": GOOD, "password2": GOOD}, follow=True)
    assert now(user).check_password(GOOD)


@pytest.mark.parametrize("other", [{"roles": ["agent"]}, {"new_password": GOOD + "!"}])
def test_an_account_form_sent_again_with_something_else_in_it_changes_nothing(
    client_as: Browser, other: dict[str, Any]
) -> None:
    client = client_as("admin")
    form = {
        **form_on(client, f"{STAFF}add/"),
        "username": "maija",
        "family_name": "Mallikas",
        "new_password": GOOD,
    }
    answers = [client.post(f"{STAFF}add/", sent) for sent in (form, form, {**form, **other})]

    assert [answer.status_code for answer in answers] == [302, 302, 409]
    user = User.objects.get(username="maija")
    assert user.check_password(GOOD)
    assert roles_of(user) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": ""},
        {"username": "AGENT"},
        {"username": "maija maija"},
        {"family_name": ""},
        {"employer": "group"},
        {"new_password": "too short"},
        {"new_password": "passwordpassword"[:14]},
        {"roles": ["king"]},
        {"email": "nobody"},
        {"language": "xx"},
        {"confidentiality_acknowledged_on": "tomorrow"},
        {"confidentiality_acknowledged_on": str(timezone.localdate() + timedelta(days=1))},
        {"username": "a\0b"},
    ],
)
def test_what_does_not_do_is_told_and_makes_nothing(
    client_as: Browser, staff: Callable[[str], User], wrong: dict[str, Any]
) -> None:
    staff("agent")
    client = client_as("admin")
    number = User.objects.count()
    response = made(client, **wrong)
    assert response.status_code == 200
    page = response.content.decode()
    assert "errorlist" in page or "notice-error" in page
    assert User.objects.count() == number


def test_an_admin_changes_roles_and_the_log_says_which(
    client_as: Browser, staff: Callable[[str], User], trail: Trail
) -> None:
    agent = staff("agent")
    client = client_as("admin")
    form = form_on(client, page_of(agent))
    assert form["roles"] == ["agent"]
    last = trail.last_id()

    client.post(page_of(agent), {**form, "roles": ["agent", "registrar"], "unit": "Laskutus"})

    assert roles_of(agent) == {"agent", "registrar"}
    (row,) = trail.rows(id__gt=last, action=1)
    assert row["changes"] == {
        "groups": ["agent", "agent, registrar"],
        "unit": ["Service Desk", "Laskutus"],
    }
    assert row["actor_id"] == staff("admin").pk
    assert "Laskutus" in text_of(client_as("auditor").get(page_of(agent)))


def test_a_lost_role_and_a_closed_account_count_at_the_next_request(
    client_as: Browser, staff: Callable[[str], User], trail: Trail
) -> None:
    agent = staff("agent")
    at_work, client = client_as("agent"), client_as("admin")
    assert at_work.get("/admin/customers/person/").status_code == 200

    client.post(page_of(agent), {**form_on(client, page_of(agent)), "roles": []})
    assert at_work.get("/admin/customers/person/").status_code == 403

    for _twice in range(2):
        client.post(f"{STAFF}{agent.public_id}/disable/")
    assert at_work.get("/").status_code == 302
    assert now(agent).disabled_at is not None
    client.post(f"{STAFF}{agent.public_id}/enable/")
    assert now(agent).disabled_at is None
    assert [set(row["changes"]) for row in trail.rows(action=1, object_id=agent.pk)] == [
        {"groups"},
        {"disabled_at"},
        {"disabled_at"},
    ]


def test_a_new_password_ends_the_sessions_of_the_old_one(
    client_as: Browser, staff: Callable[[str], User]
) -> None:
    at_work, client = client_as("agent"), client_as("admin")
    agent = staff("agent")
    form = form_on(client, page_of(agent))
    assert "new_password" not in text_of(client.get(page_of(agent)))

    client.post(page_of(agent), {**form, "new_password": GOOD})

    assert now(agent).check_password(GOOD)
    assert at_work.get("/lookup/").status_code == 302


def alerts() -> list[dict[str, Any]]:
    """What the registrars are to be told, in order."""
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.tasks.tell_registrars")
    return [job.args for job in jobs.order_by("id")]


def test_registrars_are_told_of_what_lets_an_admin_use_an_account(
    client_as: Browser, staff: Callable[[str], User]
) -> None:
    agent, boss, registrar = staff("agent"), staff("admin"), staff("registrar")
    registrar.email = "registrar@example.com"
    registrar.save()
    client = client_as("admin")
    form = form_on(client, page_of(agent))

    client.post(page_of(agent), {**form, "unit": "Laskutus"})
    assert alerts() == []
    made(client, email="maija@example.com", roles=["agent"], new_password=GOOD)
    form = form_on(client, page_of(agent))
    client.post(page_of(agent), {**form, "roles": ["registrar"], "new_password": GOOD})

    maija = User.objects.get(username="maija")
    assert alerts() == [
        {"alert": "account made", "user_id": maija.pk, "by_id": boss.pk},
        {"alert": "roles changed", "user_id": agent.pk, "by_id": boss.pk},
        {"alert": "password set", "user_id": agent.pk, "by_id": boss.pk},
    ]
    for args in alerts():
        assert tell_registrars(**args) == 1
    assert len({message.subject for message in mail.outbox}) == 3
    for message, user in zip(mail.outbox, ["maija", "agent", "agent"], strict=True):
        assert message.to == ["registrar@example.com"]
        assert str(message.subject).endswith(f": {user}")
        assert re.search(rf"\b{boss.username}\b", str(message.body))
        assert "Mallikas" not in str(message.body)


def test_an_account_made_at_the_command_line_is_told_too(staff: Callable[[str], User]) -> None:
    staff("registrar")
    with access_context(job="create_staff", purpose=AccessPurpose.UPKEEP):
        user = create_staff(username="maija", roles=[Role.AGENT], password=None)

    assert alerts() == [{"alert": "account made", "user_id": user.pk, "by_id": None}]
    assert tell_registrars(**alerts()[0]) == 0  # she has no address


def test_nobody_is_bound_to_confidentiality_from_tomorrow_on(staff: Callable[[str], User]) -> None:
    agent, tomorrow = staff("agent"), timezone.localdate() + timedelta(days=1)
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        with pytest.raises(ValidationError, match="confidentiality_acknowledged_on"):
            create_staff(username="maija", roles=[], password=None, acknowledged_on=tomorrow)
        agent.confidentiality_acknowledged_on = tomorrow
        with pytest.raises(ValidationError, match="confidentiality_acknowledged_on"):
            change_staff(user=agent, roles=[], by=staff("admin"))


def test_nobody_changes_her_own_account(
    client_as: Browser, staff: Callable[[str], User], trail: Trail
) -> None:
    client, other = client_as("admin"), staff("agent")
    own = staff("admin")
    form = form_on(client, page_of(other))
    assert form_on(client, page_of(own)) == {}

    client.post(page_of(own), {**form, "roles": ["admin", "registrar"]})
    client.post(f"{STAFF}{own.public_id}/disable/")

    assert roles_of(own) == {"admin"}
    assert now(own).disabled_at is None
    with pytest.raises(NotOneself):
        change_staff(user=own, roles=["registrar"], by=own)
    with pytest.raises(NotOneself):
        disable_staff(user=own, by=own)
    assert trail.rows(action=1) == []


def test_the_auditor_reads_and_changes_nothing(
    client_as: Browser, staff: Callable[[str], User]
) -> None:
    agent, client = staff("agent"), client_as("auditor")
    assert "agent" in text_of(client.get(STAFF))
    assert form_on(client, page_of(agent)) == {}
    assert "password" not in client.get(page_of(agent)).content.decode().partition("<main")[2]
    assert client.post(page_of(agent), {"roles": ["admin"]}).status_code == 403
    assert client.get(f"{STAFF}add/").status_code == 403
    assert client.post(f"{STAFF}{agent.public_id}/disable/").status_code == 403
    assert roles_of(agent) == {"agent"}


def test_who_changes_accounts_proves_once_more_who_she_is(
    staff: Callable[[str], User], trail: Trail
) -> None:
    admin_user, agent = staff("admin"), staff("agent")
    admin_user.set_password(GOOD)
    admin_user.save()
    client = Client()
    client.post("/accounts/login/", {"login": "admin", "password": GOOD})
    assert client.get(STAFF).status_code == 200

    for url in (f"{STAFF}add/", page_of(agent)):
        response: Any = client.get(url)
        assert (response.status_code, response.url.partition("?")[0]) == (
            302,
            "/accounts/reauthenticate/",
        )
    client.post(page_of(agent), {"roles": ["admin"]})
    client.post(f"{STAFF}{agent.public_id}/disable/")
    assert roles_of(agent) == {"agent"}
    assert now(agent).disabled_at is None

    response = client.post(
        f"/accounts/reauthenticate/?next={page_of(agent)}",
        {"password": GOOD, "next": page_of(agent)},
    )
    assert response.headers["Location"] == page_of(agent)
    form = form_on(client, page_of(agent))
    assert client.post(page_of(agent), {**form, "roles": ["marketer"]}).status_code == 302
    assert roles_of(agent) == {"marketer"}


def test_two_admins_change_one_account(client_as: Browser, staff: Callable[[str], User]) -> None:
    agent, one = staff("agent"), client_as("admin")
    other = Client()
    second = a_user("second")
    second.groups.set(staff("admin").groups.all())
    other.force_login(second, backend="accounts.backends.StaffBackend")
    forms = [form_on(client, page_of(agent)) for client in (one, other)]
    other.post(page_of(agent), {**forms[1], "roles": ["billing"]})

    conflict = one.post(page_of(agent), {**forms[0], "roles": ["agent", "registrar"]})

    assert conflict.status_code == 409
    assert roles_of(agent) == {"billing"}
    again = form_in(conflict)
    assert again["roles"] == ["agent", "registrar"]
    assert one.post(page_of(agent), again).status_code == 302
    assert roles_of(agent) == {"agent", "registrar"}


def test_an_account_that_signs_in_meanwhile_is_no_conflict(
    client_as: Browser, staff: Callable[[str], User]
) -> None:
    agent, client = staff("agent"), client_as("admin")
    form = form_on(client, page_of(agent))
    agent.last_login = timezone.now()
    agent.save(update_fields=["last_login"])
    assert client.post(page_of(agent), {**form, "unit": "Laskutus"}).status_code == 302


def test_a_change_that_is_undone_leaves_no_row(staff: Callable[[str], User], trail: Trail) -> None:
    agent, boss = staff("agent"), staff("admin")
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        with pytest.raises(RuntimeError), transaction.atomic():
            change_staff(user=agent, roles=["admin"], by=boss)
            raise RuntimeError
    assert roles_of(agent) == {"agent"}
    assert trail.rows(action=1) == []


def test_accounts_are_narrowed_and_found(client_as: Browser) -> None:
    a_user("uusi", confidentiality_acknowledged_on=None, family_name="Odottaja")
    a_user("vanha", disabled_at=timezone.now(), family_name="Suljettu")
    client = client_as("admin")

    def named(**query: str) -> set[str]:
        page = text_of(client.get(STAFF, query))
        return {name for name in ("uusi", "vanha", "admin") if name in page}

    assert named() == {"uusi", "vanha", "admin"}
    assert named(state="waiting") == {"uusi"}
    assert named(state="disabled") == {"vanha"}
    assert named(state="active") == {"admin"}
    assert named(state="x", after="x") == {"uusi", "vanha", "admin"}
    client.post(f"{STAFF}search/", {"q": "odotT"})
    assert {name for name in ("vanha", "uusi") if name in text_of(client.get(STAFF))} == {"uusi"}


def test_the_table_of_roles_is_there_to_read(client_as: Browser) -> None:
    with translation.override("fi"):
        labels = [str(role.label) for role in Role] + [str(kind.label) for kind in KINDS]
    page = text_of(client_as("auditor").get("/admin/roles/"))
    assert [label for label in labels if label not in page] == []
    assert 'href="/admin/roles/"' in client_as("admin").get("/admin/").content.decode()


def test_the_log_page_names_what_was_changed_of_an_account(
    client_as: Browser, staff: Callable[[str], User]
) -> None:
    agent, client = staff("agent"), client_as("admin")
    client.post(page_of(agent), {**form_on(client, page_of(agent)), "roles": ["marketer"]})
    with translation.override("fi"):
        named = str(User._meta.get_field("groups").verbose_name)
    assert named in text_of(client_as("auditor").get("/audit/"))


def test_an_account_that_is_not_there_is_404(client_as: Browser) -> None:
    client = client_as("admin")
    for wrong in (f"{uuid4()}/change", "1/change", "x/change", f"{uuid4()}/disable"):
        method = client.post if "disable" in wrong else client.get
        assert method(f"{STAFF}{wrong}/").status_code == 404


def test_the_list_takes_the_same_number_of_queries_at_any_size(client_as: Browser) -> None:
    client = client_as("admin")
    counts = []
    for _size in range(2):
        client.get(STAFF)
        with CaptureQueriesContext(connection) as captured:
            client.get(STAFF)
        counts.append(len(captured))
        for number in range(40):
            a_user(f"user{_size}-{number}")
    assert counts[0] == counts[1] <= 10


# --- the start page -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "leads_to"),
    [
        (
            "account_manager",
            [
                "/admin/customers/interaction/?state=mine",
                "/admin/contracts/offer/?state=waiting",
                "/admin/contracts/contract/?state=ends_soon",
            ],
        ),
        (
            "billing",
            [
                "/admin/contracts/invoice/?state=overdue",
                "/admin/contracts/collectioncase/?state=open",
            ],
        ),
        ("marketer", ["/admin/consents/marketingchoice/", "/admin/consents/wording/"]),
        ("registrar", ["/admin/customers/restriction/?state=open", "/audit/"]),
        ("auditor", ["/audit/", "/admin/accounts/user/"]),
        (
            "admin",
            [
                "/admin/accounts/user/?state=waiting",
                "/admin/accounts/user/add/",
                "/admin/contracts/product/",
                "/admin/contracts/vatrate/",
            ],
        ),
    ],
)
def test_each_role_has_its_desk(
    client_as: Browser, trail: Trail, role: str, leads_to: list[str]
) -> None:
    client = client_as(role)
    page = client.get("/").content.decode()
    assert [url for url in leads_to if f'href="{url}"' in page] == leads_to
    for url in leads_to:
        assert client.get(url).status_code == 200
    assert trail.subjects() == set()


def test_who_only_looks_up_begins_with_the_lookup(client_as: Browser) -> None:
    for role in ("agent", "recording_reviewer"):
        response: Any = client_as(role).get("/")
        assert (response.status_code, response.url) == (302, "/lookup/")


def test_the_admin_sees_who_waits(client_as: Browser) -> None:
    client = client_as("admin")
    assert "tile-urgent" not in client.get("/").content.decode()
    a_user("uusi", confidentiality_acknowledged_on=None)
    assert "tile-urgent" in client.get("/").content.decode()
