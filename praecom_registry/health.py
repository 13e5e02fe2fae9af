"""What the load balancer asks: is the process there, and can it answer people."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, and the log has room for this month and the next."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_partitions_ahead()")
            (months,) = cursor.fetchone() or (0,)
    except DatabaseError:
        months = 0
    if months < 1:
        return HttpResponse("not ready\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
