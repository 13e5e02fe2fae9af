"""What consents holds: marketing choices, notices, duties, consents, supplementary information.

Rules: S8, S21, S24, S29; domain §3 and §5.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consents.lasting import (
    given_or_last_needed_on,
    is_of_no_more_use,
    withdrawn_or_last_needed_on,
)
from consents.models import (
    CollectionNotice,
    Consent,
    MarketingChoice,
    MarketingListRow,
    SupplementaryInformation,
    WorkDuty,
)
from consents.models.choices import is_permission_in_force
from consents.services.erasing import forget_marketing_with
from consents.services.prohibitions import keep_for_addresses, keep_for_contact_points
from customers.models import Address, ContactPoint
from datamap.declarations import (
    LAST_REASON,
    Field,
    Keep,
    PersonalData,
    Use,
    declare_impersonal,
    register,
)
from datamap.vocabulary import Category, LawfulBasis, Purpose, WrittenBy

_ACCOUNTABILITY = Use(Purpose.ACCOUNTABILITY, LawfulBasis.LEGAL_OBLIGATION)
_CONSENT = Use(Purpose.MARKETING, LawfulBasis.CONSENT)
_OWN_CUSTOMERS = Use(
    Purpose.MARKETING,
    LawfulBasis.LEGITIMATE_INTEREST,
    balancing=_(
        "Who bought from us may expect to hear of similar products; the law names the cases, "
        "every message offers a way out, and a prohibition ends it at once."
    ),
)
_EVIDENCE = _("Evidence of a consent, GDPR Art. 7(1); claims")
_TOLD = _("Showing that she was told of marketing, for as long as it may go to her")

register(
    PersonalData(
        model=MarketingChoice,
        subjects=["person", "customer__owner"],
        fields={
            "channel": Field(Category.MARKETING, provided_by_subject=True),
            "product_group": Field(Category.MARKETING),
            "choice": Field(Category.MARKETING, provided_by_subject=True),
            "wording": Field(Category.MARKETING),
            "source": Field(Category.MARKETING),
            "evidence": Field(Category.MARKETING),
            "at": Field(Category.MARKETING),
        },
        not_personal=["id", "public_id", "person", "customer", "recorded_by"],
        uses=[_CONSENT, _ACCOUNTABILITY],
        retention=[
            # What was chosen last stays: who is not written to must be known (domain §5).
            Keep(
                years=3,
                after="at",
                because=_EVIDENCE,
                begins=withdrawn_or_last_needed_on,
                since=_(
                    "withdrawn or replaced; of a permission in force, given, or end of the last "
                    "relationship since"
                ),
            ),
            Keep(after="at", ends_with=LAST_REASON, because=_EVIDENCE),
        ],
        written_by=WrittenBy.SITE_APPENDS,
        goes_with=["person", "customer"],
        # A permission is a consent: while it is in force, whoever gave it can be reached; then its
        # evidence needs her name (domain §5). A prohibition needs neither: its hashes are kept.
        holds_while={"person": Q(choice="permitted")},
        needs_little=["person"],
        needs_all=is_permission_in_force(),
        erase_of=forget_marketing_with,
        # A prohibition outlives what it is about, whichever of the two goes first.
        saves_from={
            ContactPoint: keep_for_contact_points,
            Address: keep_for_addresses,
        },
    )
)
register(
    PersonalData(
        model=CollectionNotice,
        subjects=["person"],
        fields={
            "contact_point": Field(Category.MARKETING),
            "order": Field(Category.MARKETING),
            "seller": Field(Category.MARKETING),
            "opt_out_offered": Field(Category.MARKETING),
            "wording": Field(Category.MARKETING),
            "told_at": Field(Category.MARKETING),
        },
        not_personal=["id", "public_id", "person", "recorded_by"],
        uses=[_OWN_CUSTOMERS, _ACCOUNTABILITY],
        retention=[Keep(after="told_at", ends_with=LAST_REASON, because=_TOLD)],
        written_by=WrittenBy.SITE_APPENDS,
        goes_with=["person", "contact_point"],
        goes_early_with=["person"],
        lets_go=["order"],
    )
)
register(
    PersonalData(
        model=WorkDuty,
        subjects=["contact_person__person"],
        fields={
            "contact_person": Field(Category.COMPANY_CONTACT),
            "product_group": Field(Category.COMPANY_CONTACT),
            "evidence": Field(Category.COMPANY_CONTACT, provided_by_subject=True),
            "recorded_at": Field(Category.COMPANY_CONTACT),
            "ended_on": Field(Category.COMPANY_CONTACT),
        },
        not_personal=["id", "public_id", "recorded_by"],
        uses=[_OWN_CUSTOMERS],
        retention=[
            Keep(months=12, after="ended_on", because=_("Answering why she was written to")),
            Keep(
                months=12,
                after="contact_person__ended_on",
                because=_("Answering why she was written to"),
            ),
        ],
        goes_with=["contact_person"],
    )
)
register(
    PersonalData(
        model=Consent,
        subjects=["person"],
        fields={
            "purpose": Field(Category.SUPPLEMENTARY, provided_by_subject=True),
            "wording": Field(Category.SUPPLEMENTARY),
            "source": Field(Category.SUPPLEMENTARY),
            "evidence": Field(Category.SUPPLEMENTARY),
            "given_at": Field(Category.SUPPLEMENTARY, provided_by_subject=True),
            "withdrawn_at": Field(Category.SUPPLEMENTARY, provided_by_subject=True),
        },
        not_personal=["id", "public_id", "person", "recorded_by"],
        uses=[Use(Purpose.RESEARCH, LawfulBasis.CONSENT), _ACCOUNTABILITY],
        retention=[
            Keep(years=3, after="withdrawn_at", because=_EVIDENCE),
            Keep(
                years=3,
                after="given_at",
                because=_EVIDENCE,
                when=is_of_no_more_use(),
                begins=given_or_last_needed_on,
                since=_("given, or end of the last relationship since; not withdrawn"),
            ),
        ],
        needs_little=["person"],
    )
)
register(
    PersonalData(
        model=SupplementaryInformation,
        subjects=["person"],
        fields={
            "kind": Field(Category.SUPPLEMENTARY),
            "topic": Field(Category.SUPPLEMENTARY),
            "question": Field(Category.SUPPLEMENTARY),
            "answer": Field(Category.SUPPLEMENTARY, provided_by_subject=True),
            "consent": Field(Category.SUPPLEMENTARY),
            "source": Field(Category.SUPPLEMENTARY),
            "reference": Field(Category.SUPPLEMENTARY, is_searched=True),
            "collected_at": Field(Category.SUPPLEMENTARY),
            "erase_by": Field(Category.SUPPLEMENTARY),
        },
        not_personal=["id", "public_id", "person"],
        uses=[Use(Purpose.RESEARCH, LawfulBasis.CONSENT)],
        retention=[
            Keep(
                days=30,
                after="consent__withdrawn_at",
                because=_("Withdrawn consent: erased without delay, GDPR Art. 17(1)(b)"),
            ),
            Keep(after="erase_by", because=_("Its purpose is met, GDPR Art. 17(1)(a)")),
            Keep(years=3, after="collected_at", because=_("The purpose is met by then")),
        ],
        goes_with=["person", "consent"],
    )
)
register(
    PersonalData(
        model=MarketingListRow,
        subjects=["person", "customer__owner"],
        fields={
            "marketing_list": Field(Category.MARKETING),
            "contact_point": Field(Category.MARKETING),
            "address": Field(Category.MARKETING),
            "rule": Field(Category.MARKETING),
        },
        not_personal=["id", "person", "customer"],
        uses=[_CONSENT, _OWN_CUSTOMERS],
        retention=[
            Keep(
                days=1,
                after="marketing_list__expires_on",
                because=_("A list is used until it expires"),
            )
        ],
        goes_with=["person", "customer", "contact_point", "address"],
        goes_early_with=["person", "customer"],
    )
)
declare_impersonal("consents.Wording", because="Our own texts; they are about nobody.")
declare_impersonal(
    "consents.MarketingList", because="How a target group was described, and counts; no names."
)
declare_impersonal(
    "consents.RobinsonEntry", because="Keyed hashes: without the key they name nobody."
)
declare_impersonal(
    "consents.Suppression", because="Keyed hashes: without the key they name nobody."
)
declare_impersonal("consents.Survey", because="Our own words; they are about nobody.")
declare_impersonal("consents.SurveyQuestion", because="Our own words; they are about nobody.")
