"""The registrar's pages of retention: what is due, who approves, what stays, and how long."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from audit.context import AccessPurpose, in_context
from audit.models import LogEntry
from customers.models import ContactPerson, Hold, Person, Restriction
from privacy.forgetting import nightly, outlooks
from privacy.forgetting.runs import plan_retention
from privacy.models import ErasureRun, PlannedErasure, RetentionOutlook, RetentionPeriod
from privacy.retention_tasks import look_ahead, make_outlook
from tests.builders import a_company, a_contact_person, a_person, a_private_customer, a_user
from tests.request_builders import a_request

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
PERIOD = "/retention/periods/customers-contactperson-ended_on/"
looking = in_context(job="test", purpose=AccessPurpose.UPKEEP)


@pytest.fixture
def gone() -> ContactPerson:
    """A contact person whose task ended so long ago that it is due."""
    return a_contact_person(a_person(), a_company(), ended_on=date(2020, 1, 1))


@pytest.fixture
def waiting(gone: ContactPerson, settings: Any) -> ErasureRun:
    """A run that is larger than what one person decides."""
    settings.ERASURE_SECOND_PERSON = 0
    return plan_retention(as_of=timezone.localdate(), job="test")


def another_registrar() -> Client:
    user = a_user("registrar2", given_name="Toinen", email="toinen@example.com")
    user.groups.set(User.objects.get(username="registrar").groups.all())
    client = Client()
    client.force_login(user, backend="accounts.backends.StaffBackend")
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- what is due ----------------------------------------------------------------------------------


def test_the_page_shows_what_the_worker_counted_as_bars_and_as_a_table(
    client_as: Browser, gone: ContactPerson
) -> None:
    registrar = client_as("registrar")
    assert "<rect" not in text(registrar.get("/retention/"))
    assert look_ahead(0) == outlooks.MONTHS_AHEAD

    page = text(registrar.get("/retention/"))

    assert '<rect width="100%"' in page
    for number in outlooks.month_ends():
        assert RetentionOutlook.objects.get(day=number).goes["customers.contactperson"]["erase"]
    assert page.count("<rect") == 1
    assert gone.person.public_id.hex not in page.replace("-", "")


def test_what_is_held_is_counted_and_names_nobody(client_as: Browser) -> None:
    person = a_person("Zyxeline", "Qvarnström")
    user = a_user("placer")
    looking(Hold.objects.create)(person=person, reason="Zyxeline riitelee", placed_by=user)
    looking(Restriction.objects.create)(person=person, ground="claims", restricted_by=user)

    page = text(client_as("auditor").get("/retention/"))

    assert page.count(">1</td>") == 2
    assert "Zyxeline" not in page


def test_a_day_that_somebody_asks_about_is_counted_in_the_background(
    client_as: Browser, gone: ContactPerson
) -> None:
    registrar = client_as("registrar")
    day = timezone.localdate() + timedelta(days=30)

    asked = registrar.post("/retention/outlooks/", {"day": day.isoformat()})
    again = registrar.post("/retention/outlooks/", {"day": day.isoformat()})

    assert asked.status_code == 302
    assert again.headers["Location"] == asked.headers["Location"]
    assert "hx-trigger" in text(registrar.get(asked.headers["Location"]))
    outlook = RetentionOutlook.objects.get()
    job = ProcrastinateJob.objects.get(task_name="privacy.retention_tasks.make_outlook")
    assert job.args == {"outlook": outlook.pk}
    assert make_outlook(outlook.pk) == 1
    page = text(registrar.get(asked.headers["Location"]))
    assert "hx-trigger" not in page
    stays = {(one["kind"], one["why"]): one["records"] for one in _stays(outlook)}
    assert stays["customers.person", "last"] == 1
    assert stays["customers.customer", "open"] == 1
    assert looking(ContactPerson.objects.filter(pk=gone.pk).exists)()


def _stays(outlook: RetentionOutlook) -> list[dict[str, Any]]:
    outlook.refresh_from_db()
    found: list[dict[str, Any]] = outlook.stays
    return found


@pytest.mark.parametrize("days", [-1, 20 * 367])
def test_a_day_that_cannot_be_counted_is_refused(client_as: Browser, days: int) -> None:
    day = timezone.localdate() + timedelta(days=days)
    refused = client_as("registrar").post("/retention/outlooks/", {"day": day.isoformat()})
    assert refused.status_code == 422
    assert not RetentionOutlook.objects.exists()


# --- approval -------------------------------------------------------------------------------------


def test_two_registrars_approve_what_the_job_planned_and_then_it_begins(
    client_as: Browser, waiting: ErasureRun
) -> None:
    first = client_as("registrar")
    page, approve = (f"/retention/runs/{waiting.public_id}/{step}" for step in ("", "approve/"))
    given = {"digest": waiting.digest}
    assert waiting.digest in text(first.get(page))

    assert first.post(approve, given).status_code == 302
    assert first.post(approve, given).status_code == 302  # sent twice
    waiting.refresh_from_db()
    assert (waiting.status, waiting.approved_by) == ("planned", None)
    assert "approve/" not in text(first.get(page))
    second = another_registrar()
    assert second.post(approve, given).status_code == 302

    waiting.refresh_from_db()
    assert waiting.status == "approved"
    assert waiting.planned_by != waiting.approved_by
    job = ProcrastinateJob.objects.get(task_name="privacy.retention_tasks.carry_out_retention")
    assert job.args == {}


def test_a_plan_that_has_changed_since_it_was_shown_is_not_approved(
    client_as: Browser, waiting: ErasureRun
) -> None:
    approve = f"/retention/runs/{waiting.public_id}/approve/"
    refused = client_as("registrar").post(approve, {"digest": "0" * 64})

    assert refused.status_code == 409
    assert waiting.digest in text(refused)
    waiting.refresh_from_db()
    assert waiting.planned_by is None


def test_a_plan_is_given_up_once(client_as: Browser, waiting: ErasureRun) -> None:
    registrar, stop = client_as("registrar"), f"/retention/runs/{waiting.public_id}/stop/"
    assert registrar.post(stop).status_code == 302
    assert registrar.post(stop).status_code == 409
    waiting.refresh_from_db()
    assert waiting.status == "stopped"
    assert not waiting.planned.exists()


def test_a_run_of_a_request_is_not_approved_here(client_as: Browser) -> None:
    run = ErasureRun.objects.create(
        kind="request", status="planned", as_of=timezone.localdate(), request_number="P-1"
    )
    for step in ("approve", "stop"):
        answer = client_as("registrar").post(f"/retention/runs/{run.public_id}/{step}/")
        assert answer.status_code == 409
    run.refresh_from_db()
    assert (run.status, run.planned_by) == ("planned", None)


def test_the_start_page_says_that_a_run_waits_or_was_stopped(
    client_as: Browser, waiting: ErasureRun
) -> None:
    registrar = client_as("registrar")
    assert text(registrar.get("/")).count("tile-urgent") == 1
    waiting.status, waiting.failure = "stopped", "database"
    waiting.save()
    assert text(registrar.get("/")).count("tile-urgent") == 1
    waiting.status, waiting.failure = "done", ""
    waiting.save()
    assert "tile-urgent" not in text(registrar.get("/"))


# --- at night -------------------------------------------------------------------------------------


def test_a_plan_that_nobody_has_approved_is_made_anew_and_the_registrars_are_told(
    staff: Callable[[str], User], waiting: ErasureRun
) -> None:
    registrar = staff("registrar")
    User.objects.filter(pk=registrar.pk).update(email="rekisteri@example.com", language="en")
    before = waiting.digest
    a_contact_person(a_person(), a_company(), ended_on=date(2020, 1, 1))

    run = nightly.run_tonight(job="test")

    assert run == waiting
    waiting.refresh_from_db()
    assert waiting.digest != before
    assert waiting.plan["customers.contactperson"]["erase"] == 2
    assert nightly.of_which_to_tell() == [waiting]
    assert nightly.mail_about(waiting.pk) == 1
    assert "2 records" in mail.outbox[0].body


def test_months_of_the_log_wait_by_themselves(
    client_as: Browser, gone: ContactPerson, settings: Any
) -> None:
    settings.ERASURE_SECOND_PERSON = 0
    of_records = plan_retention(as_of=timezone.localdate(), job="test")
    log = ErasureRun.objects.create(
        kind="log",
        status="planned",
        as_of=timezone.localdate(),
        plan={"audit.logentry": {"erase": 7}},
    )
    kind = ContentType.objects.get_for_model(LogEntry)
    PlannedErasure.objects.create(run=log, kind=kind, record=202310, action="erase")
    registrar = client_as("registrar")
    User.objects.filter(username="registrar").update(email="rekisteri@example.com", language="en")

    page = text(registrar.get("/retention/"))
    for run in (of_records, log):
        assert f'<a href="/retention/runs/{run.public_id}/">' in page
    assert "Months of the access log wait for approval" in page
    assert "October 2023" in text(registrar.get(f"/retention/runs/{log.public_id}/"))
    assert 'number">2</span>' in text(registrar.get("/"))
    assert set(nightly.of_which_to_tell()) == {of_records, log}
    assert nightly.mail_about(log.pk) == 1
    assert "with 7 rows" in mail.outbox[0].body

    for client in (registrar, another_registrar()):
        client.post(f"/retention/runs/{log.public_id}/approve/", {"digest": log.digest})
    for run, status in ((log, "approved"), (of_records, "planned")):
        run.refresh_from_db()
        assert run.status == status
    jobs = ProcrastinateJob.objects.filter(task_name__contains="carry_out")
    assert [job.task_name for job in jobs] == ["privacy.retention_tasks.carry_out_log_months"]


def test_what_is_done_tonight_is_not_done_twice() -> None:
    run = ErasureRun.objects.create(kind="retention", status="done", as_of=timezone.localdate())
    assert nightly.run_tonight(job="test") is None
    assert ErasureRun.objects.get() == run


def test_what_was_reduced_is_not_said_to_have_gone(client_as: Browser) -> None:
    run = ErasureRun.objects.create(
        kind="retention",
        status="done",
        as_of=timezone.localdate(),
        plan={"customers.customer": {"erase": 3000, "reduce": 1234}},
        erased={"customers.customer": 4233},
    )

    page = text(client_as("registrar").get(f"/retention/runs/{run.public_id}/"))

    done = page.partition('id="done"')[2].partition("</table>")[0]
    assert re.findall(r'<td class="number">([^<]*)</td>', done) == ["2 999", "1 234"]


def test_what_stops_the_run_is_noted_and_told_without_a_name(
    staff: Callable[[str], User], gone: ContactPerson, settings: Any, tmp_path: Any
) -> None:
    registrar = staff("registrar")
    User.objects.filter(pk=registrar.pk).update(email="rekisteri@example.com", language="en")
    looking(_known_long_ago)(gone.person)
    (tmp_path / "a file").touch()
    settings.ERASURE_LEDGER = str(tmp_path / "a file" / "ledger")
    with pytest.raises(FileExistsError):
        nightly.run_tonight(job="test")

    [run] = nightly.of_which_to_tell()
    assert run.failure == "storage"
    assert nightly.mail_about(run.pk) == 1
    assert "ledger of erasures could not be written" in mail.outbox[0].body


def _known_long_ago(person: Person) -> None:
    person.created_at = timezone.now() - timedelta(days=1000)
    person.save(update_fields=["created_at"])


# --- how long -------------------------------------------------------------------------------------


def test_a_period_is_looked_at_before_it_is_set(client_as: Browser, gone: ContactPerson) -> None:
    registrar = client_as("registrar")
    given = {"months": "6", "reason": "Riidat tulevat nopeasti", "seen": "0", "looked_at": ""}

    looked = registrar.post(PERIOD, {**given, "set": "1"})
    assert looked.status_code == 200
    assert not RetentionPeriod.objects.exists()
    assert 'name="looked_at" value="6"' in text(looked)
    assert registrar.post(PERIOD, {**given, "looked_at": "6", "set": "1"}).status_code == 302

    found = RetentionPeriod.objects.get()
    assert (found.model, found.after, found.months) == ("customers.contactperson", "ended_on", 6)
    stale = {**given, "months": "24", "looked_at": "24", "set": "1"}
    conflict = registrar.post(PERIOD, stale)
    assert conflict.status_code == 409
    assert f'name="seen" value="{found.pk}"' in text(conflict)
    assert registrar.post(PERIOD, {**stale, "seen": found.pk}).status_code == 302
    assert RetentionPeriod.objects.count() == 2


@pytest.mark.parametrize("months", ["0", "121", "many"])
def test_a_period_outside_its_limits_is_refused_on_the_page(
    client_as: Browser, months: str
) -> None:
    given = {"months": months, "reason": "Syy", "seen": "0"}
    assert client_as("registrar").post(PERIOD, given).status_code == 422


def test_a_rule_that_is_not_to_be_set_has_no_page(client_as: Browser) -> None:
    for slug in ("customers-person-created_at", "nothing-at-all"):
        assert client_as("registrar").get(f"/retention/periods/{slug}/").status_code == 404


# --- the command ----------------------------------------------------------------------------------


def test_the_command_says_what_goes_what_stays_until_when_and_why(gone: ContactPerson) -> None:
    def said(*options: str) -> str:
        out = StringIO()
        with override("en"):
            call_command("apply_retention", "--dry-run", *options, stdout=out)
        return out.getvalue()

    lines = said()
    assert "1 to be erased" in lines
    assert "as long as any other record of the person is kept" in lines
    assert "Nothing was erased" in lines
    assert "1 – 31/12/2020. Handing the company's matters over." in said("--as-of", "2020-12-31")
    facts = json.loads(said("--json", "--as-of", "2020-12-31"))
    assert facts["plan"] == {}
    stays = {(one["kind"], one["why"]): one for one in facts["stays"]}
    held = stays["customers.contactperson", "rule"]
    assert (held["records"], held["earliest"], held["latest"]) == (1, "2021-01-01", "2021-01-01")


# --- holds are shown where the data is ------------------------------------------------------------


def test_a_hold_is_shown_on_card_customer_record_and_request(client_as: Browser) -> None:
    person = a_person()
    customer = a_private_customer(person)
    role = a_contact_person(a_person("Eero", "Esimerkki"), a_company())
    looking(Hold.objects.create)(
        customer=customer, reason="Riita laskusta 77", placed_by=a_user("placer")
    )
    request = a_request(person)
    registrar, agent = client_as("registrar"), client_as("agent")

    for client, address in (
        (agent, f"/persons/{person.public_id}/"),
        (agent, f"/customers/{customer.public_id}/"),
        (registrar, f"/requests/{request.public_id}/"),
        (registrar, f"/admin/customers/person/{person.public_id}/change/"),
        (registrar, f"/admin/customers/customer/{customer.public_id}/change/"),
    ):
        assert "Riita laskusta 77" in text(client.get(address)), address
    # Where nothing is asked, decided or planned to be erased, the page says nothing of it.
    assert 'id="erasure"' not in text(registrar.get(f"/requests/{request.public_id}/"))
    for address in (
        f"/persons/{role.person.public_id}/",
        f"/customers/{role.customer.public_id}/",
    ):
        assert "Riita laskusta 77" not in text(agent.get(address)), address
