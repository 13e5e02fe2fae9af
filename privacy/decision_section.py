"""The decisions of a request on its page, and the recipients who are to be told of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.requests import StaffRequest
from customers.models import Restriction
from privacy import services
from privacy.case_views import rows_of
from privacy.correctable import in_words
from privacy.decided_words import label_of
from privacy.models import (
    Objection,
    RecipientNotice,
    Rectification,
    StaffNamesDecision,
    SubjectRequest,
)
from privacy.needed import decisions_of, lacking
from privacy.sections import Section, register_section

MOST_SHOWN = 100
Kind = SubjectRequest.Kind


@dataclass(frozen=True)
class Way:
    """A page on which something is decided, and for which kind of request above all."""

    url: str
    label: str | Promise
    kind: str
    permission: str


WAYS = (
    Way("rectify", _("Decide about a value"), Kind.RECTIFICATION, "privacy.add_rectification"),
    Way("complete", _("Add what is missing"), Kind.RECTIFICATION, "privacy.add_rectification"),
    Way("restrict", _("Restrict her data"), Kind.RESTRICTION, "customers.add_restriction"),
    Way(
        "decide-objection", _("Decide about an objection"), Kind.OBJECTION, "privacy.add_objection"
    ),
    Way("decide-erasure", _("Decide what is erased"), Kind.ERASURE, "privacy.add_erasuredecision"),
    Way(
        "decide-staff-names",
        _("Decide about names of staff"),
        "",
        "privacy.add_staffnamesdecision",
    ),
)


def load(case: SubjectRequest, request: StaffRequest) -> dict[str, Any]:
    """What has been decided, what is lacking before the answer, and what can be decided now."""
    can_decide = case.is_open and case.person_id is not None
    ways = [one for one in WAYS if can_decide and request.user.has_perm(one.permission)]
    objections = list(_decided(Objection, request, case))
    return {
        "lacking": lacking(case) if case.is_open else [],
        "main": [one for one in ways if one.kind == case.kind],
        "others": [one for one in ways if one.kind != case.kind],
        "rectifications": list(_rectified(case, request)),
        "restrictions": list(_restrictions(case, request)),
        "objections": objections,
        "suggests_more": case.is_open
        and any(one.is_upheld and one.purpose != "marketing" for one in objections),
        "erasure": list(decisions_of(case).values()),
        "staff_names": _decided(StaffNamesDecision, request, case).last(),
    }


def _decided(model: Any, request: StaffRequest, case: SubjectRequest) -> Any:
    return rows_of(model, request, case).select_related("decided_by").order_by("pk")


def _rectified(case: SubjectRequest, request: StaffRequest) -> Iterator[dict[str, Any]]:
    for one in _decided(Rectification, request, case)[:MOST_SHOWN]:
        model: Any = apps.get_model(one.model)
        yield {
            "decision": one,
            "label": label_of(one),
            "old": in_words(model, one.field, one.old_value) if one.field else "",
            "new": in_words(model, one.field, one.new_value) if one.field else "",
        }


def _restrictions(case: SubjectRequest, request: StaffRequest) -> Iterator[dict[str, Any]]:
    """Those in force, and those that began since the request came."""
    if case.person_id is None:
        return
    hers = Restriction.objects.visible_to(request.user).filter(person=case.person_id)
    shown = hers.filter(Q(lifted_at__isnull=True) | Q(since__gte=case.created_at))
    today = timezone.localdate()
    for one in shown.select_related("restricted_by", "lifted_by").order_by("pk"):
        ends_on = services.ends_on(case, one) if one.lifted_at is None else None
        is_over = ends_on is not None and ends_on <= today
        yield {"restriction": one, "ends_on": ends_on, "is_over": is_over}


def load_recipients(case: SubjectRequest, request: StaffRequest) -> dict[str, Any]:
    """The recipients who had her data, and whether they were told."""
    notices = rows_of(RecipientNotice, request, case).select_related("recipient", "noted_by")
    return {"notices": list(notices.order_by("pk")[:MOST_SHOWN])}


register_section(
    Section(
        "decisions",
        _("Decisions"),
        "privacy.view_rectification",
        load,
        "privacy/_decisions.html",
        place=20,
    )
)
register_section(
    Section(
        "recipients",
        _("Recipients to be told"),
        "privacy.view_recipientnotice",
        load_recipients,
        "privacy/_decisions_recipients.html",
        place=30,
    )
)
