"""What must be decided before a request can be answered, by what it asks for (Arts. 15-21)."""

from collections.abc import Callable, Collection, Mapping

from django.db.models import Q, QuerySet
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
    SubjectRequest,
)

Kind = SubjectRequest.Kind


def decisions_of(request: SubjectRequest) -> dict[Category, ErasureDecision]:
    """What was decided about erasing each category: the newest decision counts."""
    decided = ErasureDecision.objects.filter(request=request).select_related("decided_by")
    return {Category(one.category): one for one in decided.order_by("pk")}


def lacking(request: SubjectRequest) -> list[str]:
    """What is still to be decided before the answer, a sentence each.

    Of somebody about whom nothing is held there is nothing to decide.
    """
    person = request.person
    if person is None:
        return []
    return _NEEDED[Kind(request.kind)](request, person)


def _package(contents: str) -> Callable[[SubjectRequest, Person], list[str]]:
    def needed(request: SubjectRequest, person: Person) -> list[str]:
        approved = Package.objects.filter(
            request=request, contents=contents, approved_at__isnull=False
        ).exclude(status=Package.Status.FAILED)
        if approved.keys_only().exists():
            return []
        return [_("The package that she gets has not been made and approved yet.")]

    return needed


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
    Kind.ACCESS: _package(Package.Contents.ACCESS),
    Kind.PORTABILITY: _package(Package.Contents.PORTABLE),
    Kind.RECTIFICATION: _rectification,
    Kind.ERASURE: _erasure,
    Kind.RESTRICTION: _restriction,
    Kind.OBJECTION: _objection,
}
