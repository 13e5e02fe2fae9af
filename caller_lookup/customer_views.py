"""The customer page: a company, or a private customer, one tab for each kind of data."""

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.limits import stop_in_lists
from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose
from caller_lookup.tabs import OVERVIEW
from caller_lookup.views import is_fragment
from customers.models import Customer, Hold
from datamap.panels import tabs


@require_safe
@permission_required("customers.view_customer", raise_exception=True)
@for_purpose(AccessPurpose.SERVICE_CALL)
def customer(request: StaffRequest, public_id: UUID, tab: str = OVERVIEW) -> HttpResponse:
    """Show one tab of a customer; the page's own address is the overview."""
    stop = stop_in_lists(request, request.user)
    if stop is not None:
        return stop
    customers = Customer.objects.visible_to(request.user).select_related("owner")
    customer = get_object_or_404(customers, public_id=public_id)
    return show_tab(request, customer, tab)


def show_tab(
    request: StaffRequest, customer: Customer, name: str, *, status: int = 200
) -> HttpResponse:
    """A tab with its data; 404 for an unknown one, 403 for one outside the role."""
    shown = tabs.get(name)
    if shown is None:
        raise Http404
    if not request.user.has_perm(shown.permission):
        raise PermissionDenied
    context = {
        **shown.load(customer, request),
        "customer": customer,
        "holds": Hold.objects.visible_to(request.user)
        .over([customer.owner_id], customer.pk)
        .in_force(),
        "tab": shown,
        "tabs": tabs.allowed(request.user),
    }
    template = "_customer_tab.html" if is_fragment(request) else "customer.html"
    return render(request, f"caller_lookup/{template}", context, status=status)
