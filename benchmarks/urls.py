"""The register's addresses, and two pages behind the sign-in to measure others against."""

import os
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but what every page costs: session, user, rights, the access context."""
    request.user.has_perm("customers.look_up_person")
    return HttpResponse("<!DOCTYPE html><title>empty</title>")


def plain(request: HttpRequest) -> StreamingHttpResponse:
    """A file in clear, read by the mebibyte and sent as it is."""

    def parts() -> Iterator[bytes]:
        with open(os.environ["BENCHMARK_FILE"], "rb", buffering=0) as file:
            while part := file.read(1 << 20):
                yield part

    return StreamingHttpResponse(parts(), content_type="audio/wav")


urlpatterns = [
    path("empty/", empty),
    path("plain/", plain),
    path("", include("praecom_registry.urls")),
]
