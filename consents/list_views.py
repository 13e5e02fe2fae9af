"""`/marketing/`: a marketer's lists. Nobody is met by name but on a list that was made."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.proving import prove_again
from accounts.requests import StaffRequest
from audit.context import AccessPurpose, for_purpose, require
from audit.log import Action
from consents.list_counts import Counts, reason
from consents.list_files import KINDS, cells_of, columns_of
from consents.list_forms import EVERYTHING, ChoiceForm, ListForm
from consents.list_rows import leaving, part_of
from consents.models import Language, MarketingChoice, MarketingList, MarketingListRow, Wording
from consents.services import prohibit_everything, record_choice
from consents.services.lists import ask_for_list, count_group
from consents.target_groups import TargetGroup
from consents.tasks import make_asked_list
from consents.text_sheet import MOST_ROWS, SheetIsFull
from contracts.models import Product
from customers.pages import page_of
from customers.services import ProcessingRestricted, SavedBefore

LISTS_PER_PAGE = 50
ROWS_PER_PAGE = 20
GONE = 410

_NOT_IN_A_NAME = re.compile(r"[^0-9A-Za-zÅÄÖåäö-]+")


@require_safe
@permission_required("consents.view_marketinglist", raise_exception=True)
@for_purpose(AccessPurpose.MARKETING)
def lists(request: StaffRequest) -> HttpResponse:
    """The lists that the user may see, newest first; they name nobody."""
    made = MarketingList.objects.visible_to(request.user).select_related("made_by")
    page = page_of(made.order_by("-made_at", "-id"), request.GET.get("page", ""), LISTS_PER_PAGE)
    return render(request, "consents/lists.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("consents.add_marketinglist", raise_exception=True)
@for_purpose(AccessPurpose.MARKETING)
def new(request: StaffRequest) -> HttpResponse:
    """Describe a target group, count it, and ask for a list of those who may be reached."""
    if request.method != "POST":
        return render(request, "consents/list_new.html", {"form": ListForm()})
    is_made = request.POST.get("do") == "make"
    form = ListForm(request.POST, only_counts=not is_made)
    if not form.is_valid():
        return render(request, "consents/list_new.html", {"form": form}, status=422)
    if not is_made:
        require().record_search()
        counts = count_group(form.group(), form.message())
        return render(request, "consents/list_new.html", {"form": form, "counts": counts})
    data = form.cleaned_data
    try:
        asked, is_new = ask_for_list(
            public_id=data["public_id"],
            name=data["name"],
            group=form.group(),
            message=form.message(),
            expires_on=data["expires_on"],
            made_by=request.user,
        )
    except SavedBefore:
        form.begin_anew()
        form.add_error(None, _("This form was sent before, with something else in it."))
        return render(request, "consents/list_new.html", {"form": form}, status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return render(request, "consents/list_new.html", {"form": form}, status=422)
    if is_new:
        make_asked_list.defer(list_id=asked.pk)
    return redirect("marketing:list", asked.public_id)


@require_safe
@permission_required("consents.view_marketinglist", raise_exception=True)
@for_purpose(AccessPurpose.MARKETING)
def show(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A list: what it is for, and a page of those who may still be reached by it."""
    return _page(request, _list_of(request, public_id))


@require_POST
@permission_required("consents.add_marketingchoice", raise_exception=True)
@permission_required("consents.view_marketinglist", raise_exception=True)
@for_purpose(AccessPurpose.MARKETING)
def choose(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record what somebody on the list said about marketing."""
    made = _list_of(request, public_id)
    form = ChoiceForm(request.POST)
    if not made.is_usable or not form.is_valid():
        messages.error(request, _("Nothing was recorded: there is no such choice on this list."))
        return _back_to(made)
    data = form.cleaned_data
    row = get_object_or_404(MarketingListRow, marketing_list=made, pk=data["row"])
    try:
        with transaction.atomic():
            _record(request.user, row, data)
    except ProcessingRestricted:
        messages.error(request, _("The processing of her data is restricted: it is only stored."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The choice was recorded."))
    return _back_to(made, data["after"])


def download(request: StaffRequest, public_id: UUID, kind: str) -> HttpResponseBase:
    """The list as a file: who may be reached at this moment, each of them exported and recorded."""
    made = _list_of(request, public_id)
    if not made.is_usable:
        return _page(request, made, status=GONE)
    if kind == "xlsx" and made.allowed >= MOST_ROWS:
        return _too_long(request, made)
    here = reverse("marketing:list", args=[made.public_id])
    proof = prove_again(request, here)
    if proof is not None:
        return proof
    require().reading_as = Action.EXPORT
    write, media_type = KINDS[kind]
    left_out: Counter[str] = Counter()
    rows = (cells_of(row, made.channel) for row in leaving(made, left_out))
    try:
        content = write(columns_of(made.channel), rows)
    except SheetIsFull:
        return _too_long(request, made)
    response = FileResponse(content, content_type=media_type)
    name = f"{_NOT_IN_A_NAME.sub('-', made.name).strip('-') or made.public_id}.{kind}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "no-store"
    if left_out.total():
        _tell_left_out(request, left_out.total())
    return response


def _too_long(request: StaffRequest, made: MarketingList) -> HttpResponse:
    messages.error(request, _("The list is too long for a spreadsheet: download it as CSV."))
    return _back_to(made)


def view_of(kind: str) -> Callable[..., HttpResponseBase]:
    """The view that hands a list out as one kind of file; only its maker may have it."""
    checked = permission_required("consents.add_marketinglist", raise_exception=True)
    view: Callable[..., HttpResponseBase] = require_POST(
        checked(for_purpose(AccessPurpose.MARKETING)(partial(download, kind=kind)))
    )
    return view


def _list_of(request: StaffRequest, public_id: UUID) -> MarketingList:
    made: MarketingList = get_object_or_404(
        MarketingList.objects.visible_to(request.user).select_related("made_by"),
        public_id=public_id,
    )
    return made


def _page(request: StaffRequest, made: MarketingList, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "made": made,
        "group": list(TargetGroup.of(made.criteria).described()),
        "counts": Counts(made.allowed, made.blocked),
        "group_label": Product.Group(made.product_group).label,
    }
    if made.is_usable:
        after = request.GET.get("after", "")
        key = int(after) if after.isdecimal() and len(after) < 19 else 0
        part = part_of(made, key, ROWS_PER_PAGE)
        context |= {
            "part": part,
            "left_out": [(*reason(code), number) for code, number in part.left_out.items()],
            "after": key or "",
            "wordings": _wordings(),
            "form": ChoiceForm(initial={"channel": made.channel}),
        }
    return render(request, "consents/list.html", context, status=status)


def _wordings() -> dict[str, Wording]:
    """What is read out before a permission is recorded, by language."""
    found = {language: Wording.objects.to_read_out(language) for language in Language.values}
    return {language: wording for language, wording in found.items() if wording is not None}


def _record(user: User, row: MarketingListRow, data: dict[str, Any]) -> None:
    """Record the choice as the person's, or as the company's for its own address."""
    person, company = row.person, None
    if person is None and row.customer is not None:
        person, company = row.customer.owner, row.customer
    company = None if person is not None else company
    if data["choice"] == EVERYTHING:
        prohibit_everything(
            person=person, customer=company, source=data["source"], recorded_by=user
        )
        return
    wording = None
    if data["choice"] == MarketingChoice.Choice.PERMITTED:
        whose = person or company
        wording = Wording.objects.to_read_out(whose.language) if whose is not None else None
        if wording is None or wording.public_id != data["wording"]:
            raise ValidationError(_("Read out the present wording first, then record it."))
    record_choice(
        person=person,
        customer=company,
        channel=data["channel"] or row.marketing_list.channel,
        choice=data["choice"],
        source=data["source"],
        recorded_by=user,
        wording=wording,
    )


def _back_to(made: MarketingList, after: int | None = None) -> HttpResponse:
    address = reverse("marketing:list", args=[made.public_id])
    return redirect(f"{address}?after={after}" if after else address)


def _tell_left_out(request: HttpRequest, number: int) -> None:
    messages.warning(
        request,
        ngettext(
            "%(number)s recipient was left out of the file: she may not be reached any more.",
            "%(number)s recipients were left out of the file: they may not be reached any more.",
            number,
        )
        % {"number": number},
    )
