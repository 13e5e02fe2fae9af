"""The register's addresses, and an empty page behind the sign-in."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but what every page costs: session, user, rights, the access context."""
    request.user.has_perm("customers.look_up_person")
    return HttpResponse("<!DOCTYPE html><title>empty</title>")


urlpatterns = [path("empty/", empty), path("", include("praecom_registry.urls"))]
