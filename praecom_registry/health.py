"""What the load balancer asks: is the process there, and can it answer people."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privacy.forgetting.ledger import Standing, standing_made_good


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, the log has room for this month and the next, and it is not closed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_partitions_ahead()")
            (months,) = cursor.fetchone() or (0,)
        is_open = standing_made_good() is Standing.SETTLED
    except (DatabaseError, OSError):  # the ledger's file, too
        months, is_open = 0, False
    if months < 1 or not is_open:
        return HttpResponse("not ready\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
