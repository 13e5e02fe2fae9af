"""Tables that both descriptions share: purposes, data, recipients, processors, retention."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Processor, Recipient, SubProcessor
from accounts.transfers import country_names, is_within_eea
from customers.models import Source
from datamap.controller import CONTROLLER
from datamap.declarations import PersonalData, Use, registry
from datamap.vocabulary import Category, LawfulBasis, Purpose
from datamap.words import field_names, kept, kind_of, uses_of
from privacy.description.blocks import Block, bullets, facts, table
from privacy.description.sayings import CATEGORIES, PERSONS, PURPOSES, SECURITY
from privacy.forgetting.periods import periods_now


def controller() -> Block:
    """Whose register it is, and whom to ask (S2-S4)."""
    ours = CONTROLLER
    contact = ours.contact_on(timezone.localdate())
    officer = ours.officer
    return facts(
        (_("Controller"), ours.name),
        (_("Business ID"), ours.business_id),
        (_("Address"), f"{ours.street}, {ours.postal_code} {ours.city}"),
        (_("Phone"), ours.phone),
        (_("Contact person for the register"), _reached(contact)),
        (_("Data protection officer"), _reached(officer) if officer else ""),
        (_("Name of the register"), ours.register_name),
    )


def _reached(person: Any) -> str:
    return ", ".join(filter(None, [person.name, person.email, person.phone]))


def persons() -> Block:
    """Whose data it is (S13)."""
    return bullets(capfirst(str(one)) for one in PERSONS)


# --- what for -------------------------------------------------------------------------------------


def all_uses() -> list[Use]:
    """Every use that is declared, once."""
    return list(dict.fromkeys(use for declared in registry for use in uses_of(declared)))


def purposes() -> Block:
    """Each purpose in plain words, with the grounds that it stands on."""
    bases: dict[Purpose, dict[LawfulBasis, None]] = {}
    for use in all_uses():
        bases.setdefault(use.purpose, {})[use.basis] = None
    return table(
        [_("Purpose"), _("What that means"), _("Lawful basis (GDPR)")],
        [
            (
                str(purpose.label),
                str(PURPOSES[purpose]),
                "; ".join(str(basis.label) for basis in LawfulBasis if basis in bases[purpose]),
            )
            for purpose in Purpose
            if purpose in bases
        ],
    )


def interests() -> Block:
    """Where we rest on a legitimate interest: what we weighed, and of which data (S5)."""
    weighed: dict[tuple[Purpose, str], list[str]] = {}
    for declared in registry:
        for use in uses_of(declared):
            if use.basis is LawfulBasis.LEGITIMATE_INTEREST:
                weighed.setdefault((use.purpose, str(use.balancing)), []).append(kind_of(declared))
    order = list(Purpose)
    return table(
        [_("Purpose"), _("Data"), _("How we weighed our interest against yours")],
        [
            (str(purpose.label), _listed(kinds), balancing)
            for (purpose, balancing), kinds in sorted(
                weighed.items(), key=lambda one: order.index(one[0][0])
            )
        ],
    )


# --- which data -----------------------------------------------------------------------------------


def declared_of(category: Category) -> list[PersonalData]:
    """The models that hold something of a category."""
    return [
        declared
        for declared in registry
        if any(category in field.categories for field in declared.fields.values())
    ]


def categories() -> Block:
    """Each kind of data in plain words, in which records it is, and what for."""
    return table(
        [_("Data category"), _("What it is"), _("Records"), _("Purposes")],
        [
            (
                str(category.label),
                str(CATEGORIES[category]),
                _listed(kind_of(one) for one in declared),
                _purposes_of(category, declared),
            )
            for category in Category
            if (declared := declared_of(category))
        ],
    )


def fields() -> Block:
    """Each kind of data with every field that is held of it, and what for."""
    return table(
        [_("Data category"), _("Fields"), _("Purposes")],
        [
            (
                str(category.label),
                " ".join(
                    f"{kind_of(one)}: {', '.join(field_names(one, category))}." for one in declared
                ),
                _purposes_of(category, declared),
            )
            for category in Category
            if (declared := declared_of(category))
        ],
    )


def _purposes_of(category: Category, declared: list[PersonalData]) -> str:
    return _listed(str(use.purpose.label) for one in declared for use in uses_of(one, category))


def sources() -> Block:
    """Where data comes from (S26, Art. 14(2)(f))."""
    return bullets(capfirst(str(label)) for label in Source.labels)


# --- whom it goes to ------------------------------------------------------------------------------


def recipient_kinds() -> Block:
    """The kinds of recipients that the uses name, and what each gets it for."""
    found: dict[str, dict[str, None]] = {}
    for use in all_uses():
        for recipient in use.recipients:
            found.setdefault(str(recipient), {})[str(use.purpose.label)] = None
    return table(
        [_("Recipient"), _("Purpose")],
        [(capfirst(name), "; ".join(names)) for name, names in found.items()],
    )


def recipients() -> list[Recipient]:
    """The recipients on record, but ourselves."""
    others = Recipient.objects.exclude(kind=Recipient.Kind.OWN)
    return list(others.order_by("kind", "name"))


def processors_now() -> list[Processor]:
    """Who processes data on our behalf now."""
    return list(Processor.objects.in_force(timezone.localdate()).order_by("name"))


def country(code: str) -> str:
    """A country's name in the language of the description."""
    return country_names(get_language()).get(code, code)


def transfers_now() -> Block | None:
    """Who outside the EEA gets data, and what protects it there; nothing where nobody does."""
    handling: list[Processor | SubProcessor] = []
    for processor in processors_now():
        handling += [processor, *processor.sub_processors.all()]
    rows = [
        (one.name, country(one.country), str(one.get_transfer_tool_display()))
        for one in handling
        if not is_within_eea(one.country)
    ]
    outside = [one for one in recipients() if not is_within_eea(one.country)]
    rows += [
        (one.name, country(one.country), _("Only with your consent and a tool of Chapter V"))
        for one in outside
    ]
    if not rows:
        return None
    return table([_("Recipient"), _("Country"), _("Safeguard")], rows)


# --- how long, and how it is kept safe ------------------------------------------------------------


def retention() -> Block:
    """How long each kind of record is kept and why; those kept as long for one reason together.

    It says the periods that hold: those that the registrar set in the place of the declared ones.
    """
    rules: dict[tuple[str, str], dict[str, list[str]]] = {}
    set_ones = periods_now()
    for category in Category:
        for declared in declared_of(category):
            for one in kept(declared, set_ones):
                kinds = rules.setdefault((one.period, one.because), {}).setdefault(one.since, [])
                if kind_of(declared) not in kinds:
                    kinds.append(kind_of(declared))
    return table(
        [_("How long"), _("Why"), _("Data, and what the time is counted from")],
        [
            (period, capfirst(because), "; ".join(_counted(*one) for one in kinds.items()))
            for (period, because), kinds in rules.items()
        ],
    )


def _counted(since: str, kinds: list[str]) -> str:
    if not since:
        return _listed(kinds)
    return _("%(records)s – from: %(date)s") % {"records": _listed(kinds), "date": since}


def security() -> Block:
    """How the register is protected (S12, S30, S31; Art. 32)."""
    return bullets(str(one) for one in SECURITY)


def day(value: Any) -> str:
    """A day as the language writes it."""
    return date_format(value, "SHORT_DATE_FORMAT")


def _listed(words: Any) -> str:
    """Words with commas, each once, as one reads them in a line."""
    return ", ".join(dict.fromkeys(words))
