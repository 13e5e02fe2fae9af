"""Erasure requests that are decided, planned and carried out, by the services alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from accounts.models import User
from audit.context import AccessPurpose, access_context
from customers.models import Person
from datamap.vocabulary import Category
from privacy import services
from privacy.forgetting.requests import erase_as_approved, plan_erasure
from privacy.held import categories_held
from privacy.models import ErasureRun, SubjectRequest
from privacy.states import State
from tests.request_builders import a_request, the_registrar

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
