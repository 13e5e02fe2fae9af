"""What customers holds of persons, for what and how long (S13-S18, S20; domain §5)."""

from typing import Any

from django.db.models import OuterRef, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from accounts.searches import forget_searches
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Hold,
    IdentityCheck,
    Interaction,
    LookupKey,
    Person,
    Restriction,
    ServiceUser,
)
from datamap.days import day_of, last_day
from datamap.declarations import LAST_REASON, SELF, Field, Keep, PersonalData, Use, register
from datamap.vocabulary import Category, LawfulBasis, Purpose, WrittenBy

_RELATIONSHIP = Use(Purpose.CUSTOMER_RELATIONSHIP, LawfulBasis.CONTRACT)
_COMMUNICATION = Use(Purpose.COMMUNICATION, LawfulBasis.CONTRACT)
_SERVICES = Use(Purpose.SERVICES, LawfulBasis.CONTRACT)
_COMPANY = Use(
    Purpose.CUSTOMER_RELATIONSHIP,
    LawfulBasis.LEGITIMATE_INTEREST,
    balancing=_(
        "A company acts through people: we must know whom to reach there and in which task. "
        "Only what the work needs is kept, and it ends with the task."
    ),
)
_ACCOUNTABILITY = Use(Purpose.ACCOUNTABILITY, LawfulBasis.LEGAL_OBLIGATION)
_CLAIMS = _("Claims within the limitation period")
_WHO = _("Knowing whose the other records are")
_SHOWING = _("Showing why data was kept, Art. 5(2)")
_HANDING_OVER = _("Handing the company's matters over")
_TIMES = ["created_at", "changed_at"]


def _ended_and_settled() -> Any:
    """When a relationship ended; where an invoice was paid or credited since, then."""
    itself = Customer.objects.filter(pk=OuterRef("pk"))
    paid = itself.filter(invoices__paid_on__isnull=False)
    credited = itself.filter(invoices__gross__lt=0)
    return Greatest(
        "ended_on",
        last_day(paid, "invoices__paid_on"),
        last_day(credited, "invoices__issued_on"),
    )


def _ended_or_happened() -> Any:
    """When the relationship ended; of a contact since, when it was."""
    return Greatest("customer__ended_on", day_of("happened_at"))


def _sourced(category: Category) -> dict[str, Field]:
    """The source belongs to the data it is the source of (Art. 15(1)(g))."""
    return {"source": Field(category), "source_wording": Field(category)}


register(
    PersonalData(
        model=Person,
        subjects=[SELF],
        fields={
            "first_name": Field(Category.NAME, provided_by_subject=True),
            "last_name": Field(Category.NAME, provided_by_subject=True),
            "language": Field(Category.NAME, provided_by_subject=True),
            **_sourced(Category.NAME),
        },
        not_personal=["id", "public_id", *_TIMES],
        uses=[_RELATIONSHIP, _COMMUNICATION],
        retention=[Keep(months=12, after="created_at", ends_with=LAST_REASON, because=_WHO)],
        reduces_to={"source_wording": ""},
        before_erasing=forget_searches,
    )
)
_CONTACT = (Category.PHONE, Category.EMAIL)
register(
    PersonalData(
        model=ContactPoint,
        subjects=["person", "customer__owner"],
        fields={
            "kind": Field(_CONTACT, provided_by_subject=True),
            "as_written": Field(_CONTACT, provided_by_subject=True),
            "normalised": Field(_CONTACT),
            "label": Field(_CONTACT, provided_by_subject=True, is_searched=True),
            "is_primary": Field(_CONTACT, provided_by_subject=True),
            "verified_on": Field(_CONTACT),
            "ended_on": Field(_CONTACT),
            "source": Field(_CONTACT),
            "source_wording": Field(_CONTACT),
        },
        not_personal=["id", "public_id", "person", "customer", *_TIMES],
        uses=[_RELATIONSHIP, _COMMUNICATION],
        retention=[
            Keep(months=12, after="ended_on", because=_("Finding out who used it until then")),
            Keep(after="created_at", ends_with=LAST_REASON, because=_WHO),
        ],
        goes_with=["person", "customer"],
        goes_early_with=["person", "customer"],
    )
)
register(
    PersonalData(
        model=Customer,
        subjects=["owner"],
        fields={
            "number": Field(Category.IDENTIFIER),
            "kind": Field(Category.IDENTIFIER),
            "legal_form": Field(Category.IDENTIFIER),
            "company_name": Field(Category.NAME, provided_by_subject=True),
            "business_id": Field(Category.IDENTIFIER, provided_by_subject=True),
            "language": Field(Category.NAME, provided_by_subject=True),
            "since": Field(Category.SERVICES),
            "ended_on": Field(Category.SERVICES),
            **_sourced(Category.IDENTIFIER),
        },
        not_personal=["id", "public_id", "owner", *_TIMES],
        uses=[_RELATIONSHIP, _SERVICES],
        retention=[
            Keep(
                years=3,
                after="ended_on",
                because=_CLAIMS,
                begins=_ended_and_settled,
                since=_("end of the customer relationship, or the last payment or credit after it"),
            )
        ],
        reduces_to={"source_wording": ""},
    )
)
register(
    PersonalData(
        model=ContactPerson,
        subjects=["person"],
        fields={
            "customer": Field(Category.COMPANY_CONTACT),
            "task": Field(Category.COMPANY_CONTACT, provided_by_subject=True),
            "position": Field(Category.COMPANY_CONTACT, provided_by_subject=True),
            "started_on": Field(Category.COMPANY_CONTACT),
            "ended_on": Field(Category.COMPANY_CONTACT),
            **_sourced(Category.COMPANY_CONTACT),
        },
        not_personal=["id", "public_id", "person", *_TIMES],
        uses=[_COMPANY],
        retention=[
            Keep(months=12, after="ended_on", because=_HANDING_OVER),
            Keep(months=12, after="customer__ended_on", because=_HANDING_OVER),
        ],
    )
)
register(
    PersonalData(
        model=ServiceUser,
        subjects=["person"],
        fields={
            "customer": Field(Category.IDENTIFIER),
            "user_id": Field(Category.IDENTIFIER, is_searched=True),
            "started_on": Field(Category.SERVICES),
            "ended_on": Field(Category.SERVICES),
            **_sourced(Category.IDENTIFIER),
        },
        not_personal=["id", "public_id", "person", *_TIMES],
        uses=[_RELATIONSHIP, _SERVICES],
        retention=[
            Keep(years=3, after="ended_on", because=_CLAIMS),
            Keep(years=3, after="customer__ended_on", because=_CLAIMS),
        ],
    )
)
register(
    PersonalData(
        model=Address,
        subjects=["person", "customer__owner"],
        fields={
            "kind": Field(Category.SERVICES, provided_by_subject=True),
            "street": Field(Category.SERVICES, provided_by_subject=True),
            "postal_code": Field(Category.SERVICES, provided_by_subject=True),
            "city": Field(Category.SERVICES, provided_by_subject=True),
            "country": Field(Category.SERVICES, provided_by_subject=True),
            "valid_from": Field(Category.SERVICES),
            "valid_until": Field(Category.SERVICES),
            **_sourced(Category.SERVICES),
        },
        not_personal=["id", "public_id", "person", "customer", *_TIMES],
        uses=[_RELATIONSHIP, _SERVICES],
        retention=[
            Keep(years=3, after="valid_until", because=_CLAIMS),
            Keep(after="created_at", ends_with=LAST_REASON, because=_WHO),
        ],
        goes_with=["person", "customer"],
    )
)
register(
    PersonalData(
        model=Interaction,
        subjects=["person", "customer__owner"],
        fields={
            "customer": Field(Category.HISTORY),
            "channel": Field(Category.HISTORY),
            "direction": Field(Category.HISTORY),
            "subject": Field(Category.HISTORY),
            "summary": Field(Category.HISTORY),
            "outcome": Field(Category.HISTORY),
            "happened_at": Field(Category.HISTORY),
            "closed_at": Field(Category.HISTORY),
            **_sourced(Category.HISTORY),
        },
        not_personal=["id", "public_id", "person", "handled_by", *_TIMES],
        uses=[
            Use(
                Purpose.CUSTOMER_RELATIONSHIP,
                LawfulBasis.LEGITIMATE_INTEREST,
                balancing=_(
                    "A customer expects us to know what was agreed with her before; notes hold "
                    "only what the matter needs and go three years after it was closed."
                ),
            )
        ],
        retention=[
            Keep(years=3, after="closed_at", because=_CLAIMS),
            Keep(
                years=3,
                after="customer__ended_on",
                because=_CLAIMS,
                when=Q(closed_at__isnull=True),
                begins=_ended_or_happened,
                since=_("end of the customer relationship, or the contact after it"),
            ),
            Keep(
                years=3,
                after="happened_at",
                because=_CLAIMS,
                when=Q(closed_at__isnull=True, customer__isnull=True),
            ),
        ],
        needs_little=["person"],
        needs_all=Q(closed_at__isnull=True),
    )
)
register(
    PersonalData(
        model=IdentityCheck,
        subjects=["interaction__person"],
        fields={
            "question": Field(Category.HISTORY),
            "matched": Field(Category.HISTORY),
            "checked_at": Field(Category.HISTORY),
        },
        not_personal=["id", "interaction", "checked_by"],
        uses=[_ACCOUNTABILITY],
        retention=[
            Keep(
                years=3,
                after="interaction__closed_at",
                because=_("Showing that data was told to the right person, GDPR Art. 32"),
            )
        ],
        goes_with=["interaction"],
    )
)
register(
    PersonalData(
        model=Restriction,
        subjects=["person"],
        fields={
            "ground": Field(Category.RIGHTS),
            "since": Field(Category.RIGHTS),
            "lifted_at": Field(Category.RIGHTS),
        },
        not_personal=["id", "public_id", "person", "restricted_by", "lifted_by", *_TIMES],
        uses=[_ACCOUNTABILITY],
        retention=[
            Keep(years=3, after="lifted_at", because=_("Showing that the law was kept, Art. 5(2)"))
        ],
        needs_little=["person"],
    )
)
register(
    PersonalData(
        model=Hold,
        subjects=["person", "customer__owner"],
        fields={
            "reason": Field(Category.RIGHTS),
            "placed_at": Field(Category.RIGHTS),
            "until": Field(Category.RIGHTS),
            "released_at": Field(Category.RIGHTS),
        },
        not_personal=["id", "public_id", "person", "customer", "placed_by", *_TIMES],
        uses=[_ACCOUNTABILITY],
        retention=[
            Keep(years=3, after="released_at", because=_SHOWING),
            Keep(years=3, after="until", because=_SHOWING),
        ],
        needs_little=["person"],
    )
)
register(
    PersonalData(
        model=LookupKey,
        subjects=["person", "customer__owner"],
        fields={
            "key": Field(
                (
                    *(Category.NAME, Category.PHONE, Category.EMAIL, Category.IDENTIFIER),
                    *(Category.SERVICES, Category.BILLING),
                )
            ),
        },
        not_personal=["id", "kind", "person", "customer", "source_id"],
        uses=[_RELATIONSHIP],
        # No rule of its own: a key is a copy, and goes with its source in the same statement.
        written_by=WrittenBy.DATABASE,
    )
)
