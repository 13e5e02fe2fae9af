"""What is shown where Django gives up, on the staff's pages and on public ones."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views import csrf, defaults

from consents.public import failure


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return failure(request, 400) or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return failure(request, 403) or defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return failure(request, 404) or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    return failure(request, 500) or defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, or from another site."""
    return failure(request, 403) or csrf.csrf_failure(request, reason)
