"""The documents' addresses: who may see a record may have its document, and the log says so."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.limits import stop_in_lists
from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose, require
from audit.log import Action
from contracts.documents.content import contract_letter, offer_letter, order_letter
from contracts.documents.letters import Letter, compiled
from contracts.models import Contract, Offer, Order
from contracts.shown.viewing import Viewing
from customers.models import Restriction

_NOT_IN_A_NAME = re.compile(r"[^0-9A-Za-z-]")


class Document(NamedTuple):
    """A kind of document: of which record, how it is called, and about whom beside the owner."""

    model: Any
    name: str
    label: str | Promise
    letter: Callable[[Any, Viewing], Letter]
    person: str
    of_person: str


DOCUMENTS = (
    Document(Offer, "offer", _("Offer as PDF"), offer_letter, "made_to", "offers"),
    Document(Order, "order", _("Order confirmation as PDF"), order_letter, "ordered_by", "orders"),
    Document(
        Contract,
        "contract",
        _("Contract summary as PDF"),
        contract_letter,
        "signed_by",
        "contracts",
    ),
)


def document_links(request: HttpRequest, record: Any) -> list[tuple[str, str]]:
    """The label and the address of a record's document, for who may see the record."""
    return [
        (str(one.label), reverse(f"documents:{one.name}", args=[record.public_id]))
        for one in DOCUMENTS
        if isinstance(record, one.model) and request.user.has_perm(_permission(one))
    ]


def view_of(document: Document) -> Callable[..., HttpResponse]:
    """The view of a kind of document."""

    @require_safe
    @permission_required(_permission(document), raise_exception=True)
    @for_purpose(AccessPurpose.CUSTOMER_CARE)
    def view(request: StaffRequest, public_id: UUID) -> HttpResponse:
        return _answer(request, document, public_id)

    return view


def _permission(document: Document) -> str:
    return f"contracts.view_{document.name}"


def _answer(request: StaffRequest, document: Document, public_id: UUID) -> HttpResponse:
    """The document, or why there is none: of restricted data nothing is handed out (Art. 18)."""
    stop = stop_in_lists(request, request.user)
    if stop is not None:
        return stop
    require().reading_as = Action.EXPORT
    hers = Q(**{f"person__{document.of_person}__public_id": public_id})
    owned = Q(**{f"person__customers__{document.of_person}__public_id": public_id})
    records = document.model.objects.visible_to(request.user)
    if Restriction.objects.in_force().filter(hers | owned).exists():
        return render(request, "contracts/document_refused.html", status=409)
    record = get_object_or_404(
        records.select_related("customer__owner", document.person), public_id=public_id
    )
    pdf = compiled(document.letter(record, Viewing(request.user, [record.customer])))
    name = f"{_NOT_IN_A_NAME.sub('', record.number)}.pdf"
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or ""
    response.headers["Cache-Control"] = "no-store"
    return response
