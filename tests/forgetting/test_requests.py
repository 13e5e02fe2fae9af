"""An erasure request: what was decided goes, what must stay says why, and a second person looks."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, override
from pypdf import PdfReader

from accounts.models import User
from accounts.searches import SEARCHES
from consents.models import MarketingChoice, Suppression
from contracts.models import Offer, Order
from customers.models import ContactPoint, Customer, Hold, Interaction, Person, Restriction
from datamap.vocabulary import Category
from privacy import services
from privacy.forgetting import ledger, ledger_file
from privacy.forgetting.certificate import pdf_of
from privacy.forgetting.request_words import differences, staying
from privacy.forgetting.requests import PlanChanged, erase_as_approved
from privacy.letters import Template, fitting
from privacy.models import ErasureRun, Package, PlannedErasure, RecipientNotice, SubjectRequest
from privacy.needed import lacking
from privacy.states import State
from recordings.models import Recording
from tests.builders import (
    a_company,
    a_contact_person,
    a_person,
    a_private_customer,
    an_address,
    an_interaction,
    restricted,
)
from tests.contract_builders import a_contract, a_service, an_invoice, an_offer, an_order
from tests.disclosing import a_recipient, disclosed
from tests.erasure_builders import decided, erased, planned, the_second, working
from tests.marketing import chose
from tests.recording_builders import a_recording
from tests.request_builders import a_request, a_sent_letter, the_registrar

pytestmark = pytest.mark.django_db

WORKED_ON = "Somebody is working on her data just now: nothing was erased. Try again."


def there(model: Any) -> int:
    with working():
        return int(model.objects.keys_only().count())


def stays(run: ErasureRun) -> dict[tuple[str, str], int]:
    return {(one.get("kind", one.get("category")), one["why"]): one["records"] for one in run.stays}


def test_everything_goes_and_the_file_of_the_request_stays() -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 1234"], emails=["aino@example.com"])
    beside = a_person("Eino", "Esimerkki", phones=["040 000 4321"])
    an_address(person)
    an_interaction(person)
    a_contact_person(person, a_company())
    a_recording(person)
    chose(person, "prohibited")
    restricted(person)
    request = decided(person)

    run = planned(request)
    assert run.plan["customers.person"] == {"erase": 1}
    done = erased(request, run)

    assert done.status == ErasureRun.Status.DONE
    assert done.erased["customers.person"] == done.erased["recordings.recording"] == 1
    with working():
        assert list(Person.objects.values_list("pk", flat=True)) == [beside.pk]
        assert SubjectRequest.objects.get(pk=request.pk).person is None
        assert not Recording.objects.filter(file__wrapped_key__isnull=False).keys_only().exists()
    assert (there(ContactPoint), there(Interaction), there(Restriction)) == (1, 0, 0)
    assert there(MarketingChoice) == 0
    assert Suppression.objects.exists()
    assert not PlannedErasure.objects.exists()
    assert [one.categories for one in ledger_file.read().erasures()] == [()]
    with working():
        a_sent_letter(SubjectRequest.objects.get(pk=request.pk))
        services.answer(request=request, answered_on=timezone.localdate(), by=the_registrar())
        assert services.close(request=request, by=the_registrar()).state == State.CLOSED


# --- what stays, and why --------------------------------------------------------------------------


def test_what_the_law_keeps_stays_until_its_day_and_the_rest_goes() -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 1234"])
    customer = a_private_customer(person)
    an_invoice(customer, issued_on=date(2026, 3, 2), paid="125.50", paid_on=date(2026, 3, 5))
    request = decided(person)

    done = erased(request, planned(request))

    assert done.erased["customers.contactpoint"] == 1
    assert stays(done)["contracts.invoice", "law"] == 1
    assert stays(done)["customers.customer", "held_by"] == 1
    assert stays(done)["customers.person", "held_by"] == 1
    [voucher] = [one for one in staying(done.stays) if one.until is not None]
    assert voucher.until == date(2032, 12, 31)
    assert "2:10" in voucher.because
    assert (there(Person), there(Customer), there(ContactPoint)) == (1, 1, 0)
    [entry] = ledger_file.read().erasures()
    assert entry.mark == ledger.mark_of(person.public_id)
    assert "phone" in entry.categories


def test_only_the_categories_go_that_were_decided() -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 1234"], emails=["aino@example.com"])
    an_interaction(person)
    chose(person, "prohibited")
    request = decided(person, Category.NAME, Category.EMAIL, Category.HISTORY)

    done = erased(request, planned(request))

    assert set(done.erased) == {"customers.contactpoint", "consents.marketingchoice"}
    with working():
        assert [one.kind for one in ContactPoint.objects.all()] == ["email"]
    assert (there(Person), there(Interaction), there(MarketingChoice)) == (1, 1, 0)
    assert Suppression.objects.filter(channel="email").count() == 1
    assert stays(done)["history", "decided"] == 1


def test_what_was_decided_to_stay_stays_with_what_it_belongs_to() -> None:
    person = a_person("Aino", "Mallikas", emails=["aino@example.com"])
    business = a_company("Tmi Mallikas", owner=person, legal_form=Customer.LegalForm.TMI)
    with working():
        ContactPoint.objects.create(
            customer=business, kind="phone", as_written="040 000 1234",
            normalised="+358400001234", source="staff",
        )  # fmt: skip
    an_invoice(business, paid="125.50", paid_on=date(2026, 3, 5))
    request = decided(person, Category.PHONE, Category.BILLING)

    done = erased(request, planned(request))

    assert done.erased == {"customers.contactpoint": 1}
    assert stays(done)["customers.customer", "parts"] == 1
    with override("en"):
        assert "belongs to it" in " ".join(one.because for one in staying(done.stays))
    with working():
        assert [one.kind for one in ContactPoint.objects.all()] == ["phone"]


def test_orders_of_a_company_stay_and_name_her_no_more() -> None:
    person, company = a_person("Aino", "Mallikas", phones=["040 000 1234"]), a_company()
    own = an_order(a_private_customer(person), [a_service()], ordered_by=person)
    order = an_order(company, [a_service()], ordered_by=person)
    offer = an_offer(company, [a_service()], made_to=person)
    request = decided(person, Category.PHONE)

    run = planned(request)
    assert run.plan["contracts.order"] == run.plan["contracts.offer"] == {"reduce": 1}
    done = erased(request, run)

    with working():
        assert [Order.objects.get(pk=one.pk).ordered_by for one in (own, order)] == [person, None]
        assert Offer.objects.get(pk=offer.pk).made_to is None
    assert stays(done)["contracts.order", "law"] == stays(done)["contracts.orderline", "law"] == 1
    assert not [one for one in done.stays if one.get("kind") == "contracts.offer"]


def test_what_is_the_matter_of_others_too_stays() -> None:
    person, beside = a_person("Aino", "Mallikas"), a_person("Eino", "Esimerkki")
    a_contract(a_company(), signed_by=person)
    a_recording(person, beside)
    a_recording(person)
    request = decided(person)

    done = erased(request, planned(request))

    assert stays(done)["contracts.contract", "others"] == 1
    assert stays(done)["recordings.recording", "others"] == 1
    assert done.erased["recordings.recording"] == 1
    by = {one["kind"]: one["by"] for one in done.stays if one["why"] == "held_by"}
    assert by["customers.person"] == ["contracts.contract", "recordings.recordingconcerns"]
    with working():
        assert Recording.objects.filter(file__wrapped_key__isnull=False).keys_only().count() == 1


def test_a_hold_keeps_everything_and_says_so() -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 1234"])
    with working():
        Hold.objects.create(person=person, reason="Riita laskusta", placed_by=the_registrar())
    request = decided(person)

    done = erased(request, planned(request))

    assert done.erased == {}
    assert stays(done)["customers.contactpoint", "hold"] == 1
    assert (there(Person), there(ContactPoint)) == (1, 1)


def test_packages_of_earlier_requests_go_with_what_they_copy() -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 1234"])
    a_request(person, State.CLOSED)
    assert there(Package) == 1
    request = decided(person, Category.NAME)

    done = erased(request, planned(request))

    assert done.erased["privacy.package"] == 1
    assert there(Package) == 0
    assert there(SubjectRequest) == 2


def test_only_who_had_what_goes_is_told_of_it() -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 1234"])
    disclosed(person, to=a_recipient(), categories=[Category.NAME])
    disclosed(person, to=a_recipient("Perintä Malli Oy"), categories=[Category.PHONE])
    request = decided(person, Category.NAME)

    run = planned(request)

    told = [one["records"] for one in run.stays if one.get("what") == "recipients"]
    with working():
        waiting = RecipientNotice.objects.filter(request=request).count()
    assert told == [waiting] == [1]


# --- who, when, once ------------------------------------------------------------------------------


def test_two_persons_and_exactly_this_plan() -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 1234"])
    request = decided(person)
    with working():
        to_do = lacking(SubjectRequest.objects.select_related("person").get(pk=request.pk))
    assert gettext("What was decided to be erased has not been erased yet.") in to_do
    run = planned(request)
    assert planned(request, the_second()).pk == run.pk  # the same plan is not made twice

    with pytest.raises(ValidationError):
        erased(request, run, the_registrar())
    agent = User.objects.get(pk=the_registrar("agent").pk)
    agent.groups.clear()
    with pytest.raises(PermissionDenied):
        planned(request, agent)
    with pytest.raises(PermissionDenied):
        erased(request, run, agent)

    an_interaction(person)
    with working(), pytest.raises(PlanChanged) as changed:
        erase_as_approved(request=request, run=run, digest=run.digest, by=the_second())
    run.refresh_from_db()
    assert run.status == ErasureRun.Status.STOPPED
    changes = differences(changed.value.approved, changed.value.now)
    assert (0, 1) in [(one.approved, one.now) for one in changes]
    assert (there(Person), there(Interaction)) == (1, 1)
    assert not PlannedErasure.objects.exists()
    with pytest.raises(ValidationError):
        erased(request, run)


def test_an_approval_sent_twice_erases_once() -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 1234"])
    request = decided(person)
    run = planned(request)

    first, second = erased(request, run), erased(request, run)

    assert (first.pk, first.ended_at) == (second.pk, second.ended_at)
    assert len(ledger_file.read().erasures()) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_goes_while_somebody_has_a_record_of_hers_in_hand(
    owner: psycopg.Connection[Any],
) -> None:
    with working():
        person = a_person("Aino", "Mallikas", phones=["040 000 1234"])
        contact = an_interaction(person)
        request = decided(person)
    run = planned(request)

    with owner.transaction():
        owner.execute("SELECT 1 FROM customers_interaction WHERE id = %s FOR UPDATE", [contact.pk])
        with pytest.raises(ValidationError, match=gettext(WORKED_ON)):
            erased(request, run)
    run.refresh_from_db()
    assert (run.status, run.erased) == (ErasureRun.Status.PLANNED, {})
    assert (there(Person), there(Interaction), there(ContactPoint)) == (1, 1, 1)
    assert ledger_file.read().erasures() == []

    assert erased(request, run).erased["customers.interaction"] == 1
    assert (there(Person), there(Interaction)) == (0, 0)


def test_nothing_is_planned_before_all_is_decided_or_when_nothing_goes() -> None:
    person = a_person("Aino", "Mallikas", phones=["040 000 1234"])
    request = a_request(person, State.IN_PROGRESS, kind="erasure")
    with pytest.raises(ValidationError):
        planned(request)
    with pytest.raises(ValidationError):
        planned(decided(person, *Category))


# --- the pages and the certificate ----------------------------------------------------------------


def test_the_plan_is_made_approved_and_certified_on_its_page(
    client_as: Callable[[str], Client],
) -> None:
    person = a_person("Zetalla", "Qvantelo", phones=["040 000 1234"])
    request = decided(person)
    page = f"/requests/{request.public_id}/erasure/"
    client, second = client_as("registrar"), client_as("registrar")
    second.force_login(the_second(), backend="accounts.backends.StaffBackend")

    assert client.post(f"{page}plan/").status_code == 302
    run = ErasureRun.objects.get()
    said = second.get(page).content.decode()
    assert run.digest in said
    assert run.digest not in client.get(page).content.decode()

    stale = {"digest": "0" * 64}
    answer = second.post(f"{page}{run.public_id}/approve/", stale)
    assert answer.status_code == 409
    assert there(Person) == 1
    assert second.post(f"{page}{run.public_id}/approve/", stale).status_code == 409
    client.post(f"{page}plan/")
    run = ErasureRun.objects.get(status="planned")
    searched = second.session
    searched[SEARCHES] = {"customers.person": "Qvantelo"}
    searched.save()
    answer = second.post(f"{page}{run.public_id}/approve/", {"digest": run.digest})
    assert answer.status_code == 302
    assert there(Person) == 0
    assert SEARCHES not in second.session

    case = second.get(f"/requests/{request.public_id}/").content.decode()
    assert f"{page}" in case
    pdf = second.get(f"{page}{run.public_id}/certificate/sv/")
    assert pdf.headers["Content-Type"] == "application/pdf"
    with working():
        assert Template.ANSWER in fitting(SubjectRequest.objects.get(pk=request.pk))


def test_a_certificate_stays_when_another_plan_is_made(
    client_as: Callable[[str], Client],
) -> None:
    person = a_person("Zetalla", "Qvantelo", phones=["040 000 1234"])
    request = decided(person, Category.NAME)
    run = erased(request, planned(request))
    page = f"/requests/{request.public_id}/erasure/"
    client = client_as("registrar")
    certificate = f"{page}{run.public_id}/certificate/fi/"
    assert certificate in client.get(page).content.decode()

    client.post(f"{page}plan/")

    said = client.get(page)
    assert said.context["run"].status == "planned"
    assert certificate in said.content.decode()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_certificate_names_nobody_whose_data_it_was(language: str) -> None:
    person = a_person("Zetalla", "Qvantelo", phones=["040 000 1234"])
    an_invoice(a_private_customer(person))
    request = decided(person)
    run = erased(request, planned(request))

    pdf = PdfReader(BytesIO(pdf_of(run, language)))

    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"].startswith(language)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    read = "".join(page.extract_text() for page in pdf.pages)
    assert request.number in read
    for secret in ("Zetalla", "Qvantelo", "0001234", str(person.public_id)):
        assert secret not in read
