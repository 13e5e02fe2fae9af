"""What an erasure request leaves, counted: of which kind, until when, and for which reason.

It names nobody: a plan keeps it, the page and the certificate say it in words.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType

from accounts.models import DisclosedPerson, Disclosure, Recipient
from contracts.models import Offer
from customers.models import Interaction, Person
from datamap.declarations import PersonalData, registry
from datamap.vocabulary import Category
from privacy.forgetting.asked import Asked, Why, only_links
from privacy.forgetting.planning import ERASE, HELD, REDUCE, holding, there
from privacy.forgetting.ties import in_order
from privacy.models import ErasureDecision, ErasureRun, Package, PlannedErasure, RequestLetter
from privacy.report.collecting import rows_about

LAW, OTHERS, FILE, PARTS = (one.value for one in (Why.LAW, Why.OTHERS, Why.FILE, Why.PARTS))
HOLD, HELD_BY, DECIDED, LAST = "hold", "held_by", "decided", "last"
"""Besides what stands against it by itself: a hold; other records that stay; that it was decided
so; and of the person, that anything else of hers stays."""
REACH = "reach"
"""What is not here any more, since it went out."""

_Channel = Interaction.Channel
_WRITTEN = (_Channel.EMAIL, _Channel.SMS, _Channel.CHAT, _Channel.LETTER)

Remains = dict[str, Any]


def remaining(
    run: ErasureRun, scope: Asked, decided: Mapping[Category, ErasureDecision]
) -> list[Remains]:
    """What stays of everything that is held of her, by the run's plan."""
    found: list[Remains] = []
    by_decision: Counter[Category] = Counter()
    for declaration in in_order():
        if not declaration.subjects or only_links(declaration):
            continue
        going, held = (_lines(run, declaration, action) for action in (ERASE, HELD))
        left = _hers(declaration, scope.person) - going - _let_go(run, declaration, scope)
        wanted = scope.wanted(declaration) & left
        kind = declaration.model._meta.label_lower
        found += [{"kind": kind, **one} for one in _wanted(run, declaration, scope, wanted, held)]
        if declaration.model is Person and left - wanted:
            found.append({"kind": kind, "why": LAST, "records": 1})
        elif left - wanted:
            by_decision[_category(declaration, scope)] += len(left - wanted)
    for category in Category:
        if by_decision[category]:
            ground = decided[category].ground if category in decided else ""
            found.append(
                {
                    "category": category.value,
                    "why": DECIDED,
                    "ground": ground,
                    "records": by_decision[category],
                }
            )
    return found


def _lines(run: ErasureRun, declaration: PersonalData, action: str) -> set[int]:
    kind = ContentType.objects.get_for_model(declaration.model)
    lines = PlannedErasure.objects.filter(run=run, kind=kind, action=action)
    return set(lines.values_list("record", flat=True))


def _let_go(run: ErasureRun, declaration: PersonalData, scope: Asked) -> set[int]:
    """Those of her records that are about her no more, since what named her lets go of her."""
    found: set[int] = set()
    for path in declaration.subjects:
        *way, _link = path.split("__")
        of: Any = declaration.model
        for name in way:
            of = of._meta.get_field(name).related_model
        naming = registry.get(of)
        if naming is not None and scope.lets_go(naming) is not None:
            keys = sorted(_lines(run, naming, REDUCE))
            rows: Any = declaration.model._default_manager
            found |= set(rows.filter(**{"__".join([*way, "pk__in"]): keys}).keys_only())
    return found


def _hers(declaration: PersonalData, person: Person) -> set[int]:
    hers = rows_about(declaration, person).order_by().keys_only()
    return set(there(declaration).filter(pk__in=list(hers)).keys_only())


def _wanted(
    run: ErasureRun, declaration: PersonalData, scope: Asked, wanted: set[int], held: set[int]
) -> Iterator[Remains]:
    """Of what was decided to be erased and stays: the law before others, these before a hold."""
    against = scope.against(declaration, wanted)
    together = Counter(against.values())
    for one, records in sorted(together.items(), key=str):
        until = None if one.until is None else one.until.isoformat()
        yield {"why": one.why.value, "after": one.rule, "until": until, "records": records}
    free = wanted - against.keys()
    if free & held:
        yield {"why": HOLD, "records": len(free & held)}
    others = sorted(free - held)
    if others:
        rows = there(declaration).filter(pk__in=others)
        holders = holding(run, declaration, scope)
        by = sorted({kind for kind, holds in holders if _any(rows.filter(holds))})
        yield {"why": HELD_BY, "by": by, "records": len(others)}


def _any(rows: Any) -> bool:
    return bool(rows.keys_only().exists())


def _category(declaration: PersonalData, scope: Asked) -> Category:
    """The category by whose decision a record stays."""
    stays = [one for one in declaration.all_categories if one not in scope.categories]
    return Category((stays or list(declaration.all_categories))[0])


# --- what went out --------------------------------------------------------------------------------


def beyond_reach(scope: Asked) -> list[Remains]:
    """What had gone out to her or about her, as far as it was recorded.

    Of recipients those who had such data as goes: they are told of it (GDPR Art. 19).
    """
    person = scope.person
    letters = RequestLetter.objects.filter(request__person=person, sent_on__isnull=False)
    packages = Package.objects.filter(request__person=person, sent_at__isnull=False)
    messages = Interaction.objects.filter(
        person=person, direction=Interaction.Direction.OUTBOUND, channel__in=_WRITTEN
    )
    offers = Offer.objects.filter(made_to=person, sent_on__isnull=False)
    hers = DisclosedPerson.objects.filter(subject=person.public_id).values("disclosure")
    such = Disclosure.objects.filter(categories__overlap=sorted(scope.categories))
    recipients = Recipient.objects.exclude(kind=Recipient.Kind.OWN).filter(
        pk__in=such.filter(pk__in=hers).values("recipient")
    )
    counted = {
        "letters": letters.count(),
        "packages": packages.count(),
        "messages": messages.count(),
        "offers": offers.count(),
        "recipients": recipients.count(),
    }
    return [
        {"why": REACH, "what": what, "records": number}
        for what, number in counted.items()
        if number
    ]
