"""What was decided in a request, a sentence each, for the letter to her (Arts. 12(3) and 12(4)).

In the language that is active; nothing is said of what was not decided.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from customers.models import Restriction
from privacy.correctable import in_words
from privacy.models import Objection, Rectification, SubjectRequest
from privacy.needed import decisions_of


def decided_in(request: SubjectRequest) -> list[str]:
    """Each decision of the request in a sentence, with its reason."""
    return [
        *_rectified(request),
        *_restricted(request),
        *_objected(request),
        *_erased(request),
    ]


def _with(sentence: str, reason: str) -> str:
    return f"{sentence} {_('The reason: %(reason)s') % {'reason': reason}}" if reason else sentence


# --- Art. 16 --------------------------------------------------------------------------------------


def label_of(decision: Rectification) -> str:
    """What a decision is about: the field's name, or that something was missing."""
    if not decision.field:
        return _("What is missing")
    model: Any = apps.get_model(decision.model)
    return capfirst(str(model._meta.get_field(decision.field).verbose_name))


def _rectified(request: SubjectRequest) -> Iterator[str]:
    for one in Rectification.objects.filter(request=request).order_by("pk"):
        yield _with(_completed(one) if not one.field else _corrected(one), one.reason)


def _completed(one: Rectification) -> str:
    if one.is_accepted:
        return _("We keep what you add beside your data: “%(statement)s”.") % {
            "statement": one.statement
        }
    return _("We do not add this to your data: “%(statement)s”.") % {"statement": one.statement}


def _corrected(one: Rectification) -> str:
    model: Any = apps.get_model(one.model)
    values = {
        "field": label_of(one),
        "old": in_words(model, one.field, one.old_value) or "–",
        "new": in_words(model, one.field, one.new_value) or "–",
    }
    if not one.is_accepted:
        said = _("%(field)s: we do not change “%(old)s” into “%(new)s”.") % values
    elif one.is_by_hand:
        said = _("%(field)s: we change “%(old)s” into “%(new)s”; it is done by hand.") % values
    else:
        said = _("%(field)s: we have changed “%(old)s” into “%(new)s”.") % values
    if not one.statement:
        return said
    beside = _("We keep beside it what you add: “%(statement)s”.") % {"statement": one.statement}
    return f"{said} {beside}"


# --- Art. 18 --------------------------------------------------------------------------------------


def _restricted(request: SubjectRequest) -> Iterator[str]:
    """What began since the request came; where she asked for it, also what was so before."""
    if request.person_id is None:
        return
    counts = Q(since__gte=request.created_at)
    if request.kind == SubjectRequest.Kind.RESTRICTION:
        counts |= Q(lifted_at__isnull=True)
    for one in Restriction.objects.filter(counts, person=request.person_id).order_by("pk"):
        values = {"day": _day(one.since), "ground": one.get_ground_display()}
        if one.lifted_at is None:
            yield _("We only store your data since %(day)s. The ground: %(ground)s.") % values
        else:
            values["until"] = _day(one.lifted_at)
            yield (
                _("We only stored your data from %(day)s to %(until)s. The ground: %(ground)s.")
                % values
            )


def _day(at: Any) -> str:
    return date_format(timezone.localdate(at), "SHORT_DATE_FORMAT")


# --- Art. 21 --------------------------------------------------------------------------------------


def _objected(request: SubjectRequest) -> Iterator[str]:
    """To each purpose the newest decision counts."""
    newest = {one.purpose: one for one in Objection.objects.filter(request=request).order_by("pk")}
    for one in newest.values():
        values = {"purpose": one.get_purpose_display(), "weighing": one.weighing}
        if one.purpose == "marketing":
            yield _("We send you no direct marketing any more, on any channel.")
        elif one.is_upheld:
            yield (
                _(
                    "Your objection is upheld: we stop using your data for “%(purpose)s”. How we"
                    " weighed it: %(weighing)s"
                )
                % values
            )
        else:
            yield (
                _(
                    "Your objection is not upheld: we go on using your data for “%(purpose)s”. How"
                    " we weighed it: %(weighing)s"
                )
                % values
            )


# --- Art. 17 --------------------------------------------------------------------------------------


def _erased(request: SubjectRequest) -> Iterator[str]:
    for category, one in decisions_of(request).items():
        values = {"category": category.label, "ground": one.get_ground_display()}
        said = (
            _("Erased: %(category)s. The ground: %(ground)s.")
            if one.is_erased
            else _("Stays: %(category)s. The ground: %(ground)s.")
        )
        yield _with(said % values, one.reason)
