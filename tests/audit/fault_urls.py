"""Views that read, write and fail in every way, for the fault tests."""

import os
import signal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from audit.context import AccessPurpose, for_purpose
from customers.models import ContactPoint, Person

upkeep = for_purpose(AccessPurpose.UPKEEP)


@upkeep
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return HttpResponse(Person.objects.get(public_id=public_id).last_name)


@upkeep
def rename(request: HttpRequest, public_id: UUID) -> HttpResponse:
    person = Person.objects.get(public_id=public_id)
    person.last_name = "Muutettu"
    person.save()
    return HttpResponse(person.last_name)


@upkeep
def fail_half_way(request: HttpRequest, public_id: UUID, how: str) -> HttpResponse:
    person = Person.objects.get(public_id=public_id)
    person.last_name = "Muutettu"
    person.save()
    failures: dict[str, Any] = {
        "error": RuntimeError,
        "missing": Http404,
        "denied": PermissionDenied,
        "database": DatabaseError,
    }
    if how == "answer":
        return HttpResponse("no", status=500)
    if how == "broken":
        transaction.set_rollback(True)
        return HttpResponse("fine")
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    raise failures[how]


@upkeep
def fail_at_commit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A deferred foreign key that only the COMMIT will find broken."""
    person = Person.objects.get(public_id=public_id)
    ContactPoint(
        person_id=person.pk + 1_000_000,
        kind=ContactPoint.Kind.PHONE,
        as_written="040 000 0009",
        normalised="+358400000009",
        source="staff",
    ).save()
    return HttpResponse(person.last_name)


urlpatterns = [
    path("", include("praecom_registry.urls")),
    path("show/<uuid:public_id>/", show),
    path("rename/<uuid:public_id>/", rename),
    path("fail/<uuid:public_id>/<str:how>/", fail_half_way),
    path("commit/<uuid:public_id>/", fail_at_commit),
]
