"""What a request needs before it counts as answered (Arts. 12(3), 12(4), 15-21).

That what it asks for was decided, and that what came of it has gone out to her.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Person, Restriction
from datamap.vocabulary import Category
from privacy.held import categories_held
from privacy.models import (
    ErasureDecision,
    ErasureRun,
    Objection,
    Package,
    Rectification,
    RequestLetter,
    SubjectRequest,
)

Kind = SubjectRequest.Kind
Template = RequestLetter.Template

ANSWERING = (Template.ANSWER, Template.REFUSAL, Template.NOTHING_HELD)
"""The letters that tell her what came of her request."""
_PACKAGES = {
    Kind.ACCESS.value: Package.Contents.ACCESS,
    Kind.PORTABILITY.value: Package.Contents.PORTABLE,
}


def decisions_of(request: SubjectRequest) -> dict[Category, ErasureDecision]:
    """What was decided about erasing each category: the newest decision counts."""
    decided = ErasureDecision.objects.filter(request=request).select_related("decided_by")
    return {Category(one.category): one for one in decided.order_by("pk")}


def lacking(request: SubjectRequest) -> list[str]:
    """What is still to be decided and sent before the answer, a sentence each.

    Of somebody about whom nothing is held there is nothing to decide, but she is told so; of what
    is refused as a whole she is told the reasons.
    """
    sent, person = _sent(request), request.person
    found = []
    if request.extended_on is not None and Template.EXTENSION not in sent:
        found.append(_("She has not been told of the extension yet: send her that letter."))
    is_given = not request.refusal or request.is_partly_refused
    if is_given and person is not None:
        found += _NEEDED[Kind(request.kind)](request, person)
    if request.refusal:
        if Template.REFUSAL not in sent:
            found.append(
                _("The refusal has not gone out yet: write it, send it, and note the day.")
            )
    elif not _is_by_package(request) and not _first(sent):
        found.append(_("The answer has not gone out yet: write it, send it, and note the day."))
    return found


# --- what has gone out to her ---------------------------------------------------------------------


def told_on(request: SubjectRequest, template: Template | None = None) -> date | None:
    """When what came of the request went out to her; None as long as something has not.

    Of one letter where `template` names it.
    """
    sent = _sent(request)
    if template is not None:
        return sent.get(template)
    of_letter = sent.get(Template.REFUSAL) if request.refusal else _first(sent)
    if not _is_by_package(request):
        return of_letter
    of_package = _package_sent_on(request)
    if not request.is_partly_refused:
        return of_package if not request.refusal else of_letter
    return max(of_letter, of_package) if of_letter and of_package else None


def is_told(request: SubjectRequest) -> bool:
    """Whether she was told anything of what came of her request, by letter or package."""
    return bool(_first(_sent(request))) or _package_sent_on(request) is not None


def _is_by_package(request: SubjectRequest) -> bool:
    return request.person_id is not None and request.kind in _PACKAGES


def _sent(request: SubjectRequest) -> dict[str, date]:
    """The day on which each letter first went out."""
    letters = RequestLetter.objects.filter(request=request, sent_on__isnull=False)
    return {one.template: one.sent_on for one in letters.order_by("-sent_on", "-pk") if one.sent_on}


def _first(sent: Mapping[str, date]) -> date | None:
    """The day of the first letter that told her what came of it."""
    return min((day for name, day in sent.items() if name in ANSWERING), default=None)


def _package_sent_on(request: SubjectRequest) -> date | None:
    """The day on which a package that was asked for first went out, destroyed since or not."""
    packages = Package.objects.filter(request=request, sent_at__isnull=False)
    if request.kind in _PACKAGES:
        packages = packages.filter(contents=_PACKAGES[request.kind])
    first = packages.order_by("sent_at").first()
    return None if first is None or first.sent_at is None else timezone.localdate(first.sent_at)


# --- what was decided -----------------------------------------------------------------------------


def _package(request: SubjectRequest, person: Person) -> list[str]:
    if _package_sent_on(request) is not None:
        return []
    return [_("The package that she gets has not gone out yet: have it made, approved and sent.")]


def _rectification(request: SubjectRequest, person: Person) -> list[str]:
    if Rectification.objects.filter(request=request).keys_only().exists():
        return []
    return [_("No value that she says is wrong has been decided yet.")]


def _objection(request: SubjectRequest, person: Person) -> list[str]:
    if Objection.objects.filter(request=request).keys_only().exists():
        return []
    return [_("Her objection has not been decided yet.")]


def _restriction(request: SubjectRequest, person: Person) -> list[str]:
    begun = Restriction.objects.filter(person=person).filter(
        Q(lifted_at__isnull=True) | Q(since__gte=request.created_at)
    )
    if begun.keys_only().exists():
        return []
    return [_("The restriction has not begun yet. Begin it, or refuse the request.")]


def _erasure(request: SubjectRequest, person: Person) -> list[str]:
    decided = decisions_of(request)
    if open_ones := undecided(person, decided):
        return open_ones
    if any(one.is_erased for one in decided.values()) and not _is_carried_out(request):
        return [_("What was decided to be erased has not been erased yet.")]
    return []


def undecided(person: Person, decided: Collection[Category]) -> list[str]:
    """A sentence that names the categories that are held and not decided yet."""
    open_ones = [one for one in categories_held(person) if one not in decided]
    if not open_ones:
        return []
    names = ", ".join(str(one.label) for one in open_ones)
    return [_("Decide whether these are erased: %(categories)s.") % {"categories": names}]


def _is_carried_out(request: SubjectRequest) -> bool:
    """Whether a plan was carried out since the last decision."""
    last = ErasureDecision.objects.filter(request=request).order_by("-decided_at").first()
    return last is None or erasures_of(request).filter(ended_at__gte=last.decided_at).exists()


def erasures_of(request: SubjectRequest) -> QuerySet[ErasureRun]:
    """The plans of the request that were carried out."""
    return ErasureRun.objects.filter(
        kind=ErasureRun.Kind.REQUEST, request_number=request.number, status=ErasureRun.Status.DONE
    )


_NEEDED: Mapping[Kind, Callable[[SubjectRequest, Person], list[str]]] = {
    Kind.ACCESS: _package,
    Kind.PORTABILITY: _package,
    Kind.RECTIFICATION: _rectification,
    Kind.ERASURE: _erasure,
    Kind.RESTRICTION: _restriction,
    Kind.OBJECTION: _objection,
}
