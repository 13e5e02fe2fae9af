"""An erasure request: what was decided goes, what must stay says why, and a second person looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, access_context
from audit.models import LogEntry
from consents.models import MarketingChoice, Suppression
from customers.models import ContactPoint, Customer, Hold, Interaction, Person, Restriction
from datamap.vocabulary import Category
from privacy import services
from privacy.forgetting import ledger
from privacy.forgetting.requests import PlanChanged, erase_as_approved, plan_erasure
from privacy.held import categories_held
from privacy.models import ErasureRun, PlannedErasure, SubjectRequest
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
from tests.contract_builders import a_contract, a_subscription, an_invoice
from tests.marketing import chose
from tests.recording_builders import a_recording
from tests.request_builders import a_request, the_registrar

pytestmark = pytest.mark.django_db

KEPT_BY_LAW = ("kept_by_law", "")


@contextmanager
def working() -> Iterator[None]:
    with access_context(job="test", purpose=AccessPurpose.SUBJECT_REQUEST):
        yield


def the_second() -> User:
    return the_registrar("second")


def decided(person: Person, *kept: Category, **more: Any) -> SubjectRequest:
    """An erasure request in which everything is to go except some categories."""
    request = a_request(person, State.IN_PROGRESS, kind="erasure", **more)
    with working():
        by_category = dict.fromkeys(categories_held(person), ("not_needed", ""))
        stays = {Category.RIGHTS, Category.ACCESS_LOG, *kept}
        by_category |= dict.fromkeys(stays & by_category.keys(), KEPT_BY_LAW)
        services.decide_erasure(
            request=request, decided=by_category, seen_last=None, by=the_registrar()
        )
    return request


def planned(request: SubjectRequest, by: User | None = None) -> ErasureRun:
    with working():
        return plan_erasure(request=request, by=by or the_registrar())


def erased(request: SubjectRequest, run: ErasureRun, by: User | None = None) -> ErasureRun:
    with working():
        return erase_as_approved(request=request, run=run, digest=run.digest, by=by or the_second())


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
    assert [one.categories for one in ledger.read().erasures()] == [()]
    with working():
        services.answer(request=request, answered_on=timezone.localdate(), by=the_registrar())
        assert services.close(request=request, by=the_registrar()).state == State.CLOSED
