"""What contracts holds of persons, for what and how long (S19, S20, S23, S25; domain §5).

Data of a company customer belongs to the persons named in it: who signed, ordered, uses or is
written to. Data of a private customer or a sole trader belongs to the owner.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.models import (
    BillingAccount,
    BillingContact,
    CollectionCase,
    Contract,
    CustomerSummary,
    Device,
    DeviceHandover,
    Invoice,
    Offer,
    OfferLine,
    Order,
    OrderLine,
    Return,
    ServiceChange,
    Subscription,
)
from datamap.declarations import (
    FINANCIAL_YEAR,
    Field,
    Keep,
    PersonalData,
    Use,
    declare_impersonal,
    register,
)
from datamap.vocabulary import Category, LawfulBasis, Purpose, WrittenBy

_CONTRACT = Use(Purpose.CUSTOMER_RELATIONSHIP, LawfulBasis.CONTRACT)
_SERVICES = Use(Purpose.SERVICES, LawfulBasis.CONTRACT)
_BOOKKEEPING = Use(
    Purpose.ACCOUNTABILITY,
    LawfulBasis.LEGAL_OBLIGATION,
    recipients=(_("accounting firm"), _("tax administration")),
)
_COLLECTION = Use(
    Purpose.CUSTOMER_RELATIONSHIP,
    LawfulBasis.LEGITIMATE_INTEREST,
    recipients=(_("collection agency"),),
    balancing=_(
        "Who has received a service owes its price. Only what collecting it needs is kept, only "
        "billing and the registrar see it, and it goes with the voucher of its invoice."
    ),
)
_DERIVED = Use(
    Purpose.CUSTOMER_RELATIONSHIP,
    LawfulBasis.LEGITIMATE_INTEREST,
    balancing=_(
        "Sums of what the register holds anyway spare the agent adding up while the customer "
        "waits; nothing is decided by them alone."
    ),
)
_CLAIMS = _("Claims within the limitation period")
_GOES_ON = Q(renewal=Contract.Renewal.RENEWS, notice_given_on__isnull=True)
_VOUCHER = _("Vouchers: six years from the end of the calendar year, Accounting Act 2:10")
_TIMES = ["created_at", "changed_at"]


def _voucher(after: str, when: Q | None = None) -> Keep:
    return Keep(
        years=6,
        after=after,
        because=_VOUCHER,
        when=when,
        counted_from=FINANCIAL_YEAR,
        by_law=True,
        least=72,
    )


def _ended(after: str) -> list[Keep]:
    """What ended by itself, or with the customer."""
    return [
        Keep(years=3, after=after, because=_CLAIMS),
        Keep(years=3, after="customer__ended_on", because=_CLAIMS),
    ]


def _all(category: Category, *names: str, provided: bool = False) -> dict[str, Field]:
    return {name: Field(category, provided_by_subject=provided) for name in names}


_SOURCED = _all(Category.SERVICES, "source", "source_wording")
_LINE = _all(
    Category.SERVICES,
    *("position", "product", "quantity", "unit_price", "charged", "vat_percent", "net", "vat"),
)
_TOTALS = _all(Category.SERVICES, "once_net", "once_gross", "monthly_net", "monthly_gross")

register(
    PersonalData(
        model=Offer,
        subjects=["made_to", "customer__owner"],
        fields={
            **_all(Category.SERVICES, "number", "customer", "currency", "valid_until"),
            **_all(Category.SERVICES, "sent_on", "accepted_on", "declined_on"),
            **_TOTALS,
            **_SOURCED,
        },
        not_personal=["id", "public_id", "made_to", *_TIMES],
        uses=[_CONTRACT, _BOOKKEEPING],
        retention=[
            Keep(
                months=12,
                after="declined_on",
                because=_("Questions about a declined offer"),
                when=Q(accepted_on__isnull=True),
            ),
            Keep(
                months=12,
                after="valid_until",
                because=_("Questions about an expired offer"),
                when=Q(accepted_on__isnull=True),
            ),
            # Accepted, it is a part of the contract and business correspondence of the law.
            _voucher("accepted_on", when=Q(accepted_on__isnull=False)),
        ],
        lets_go=["made_to"],
    )
)
register(
    PersonalData(
        model=OfferLine,
        subjects=["offer__made_to", "offer__customer__owner"],
        fields=_LINE,
        not_personal=["id", "offer"],
        uses=[_CONTRACT, _BOOKKEEPING],
        goes_with=["offer"],
    )
)
register(
    PersonalData(
        model=Order,
        subjects=["ordered_by", "customer__owner"],
        fields={
            **_all(Category.SERVICES, "number", "customer", "offer", "contract", "currency"),
            **_all(Category.SERVICES, "ordered_on", "delivered_on", "cancelled_on"),
            **_all(
                Category.SERVICES,
                *("delivery_name", "delivery_street", "delivery_postal_code", "delivery_city"),
                "delivery_country",
                provided=True,
            ),
            **_TOTALS,
            **_SOURCED,
        },
        not_personal=["id", "public_id", "ordered_by", *_TIMES],
        uses=[_CONTRACT, _BOOKKEEPING],
        retention=[_voucher("ordered_on")],
        lets_go=["ordered_by", "offer", "contract"],
    )
)
register(
    PersonalData(
        model=OrderLine,
        subjects=["order__ordered_by", "order__customer__owner"],
        fields=_LINE,
        not_personal=["id", "order"],
        uses=[_CONTRACT, _BOOKKEEPING],
        goes_with=["order"],
    )
)
register(
    PersonalData(
        model=Return,
        subjects=["order_line__order__ordered_by", "customer__owner"],
        fields=_all(
            Category.SERVICES,
            *("customer", "order_line", "kind", "quantity", "happened_on", "reason", "refund"),
        ),
        not_personal=["id", "public_id", *_TIMES],
        uses=[_CONTRACT, _BOOKKEEPING],
        retention=[_voucher("happened_on")],
    )
)
register(
    PersonalData(
        model=Contract,
        subjects=["signed_by", "customer__owner"],
        fields={
            **_all(Category.SERVICES, "number", "customer", "billing_account", "currency"),
            **_all(Category.SERVICES, "signed_on", "starts_on", "ends_on", "renewal"),
            **_all(Category.SERVICES, "renewal_months", "notice_months", "notice_given_on"),
            **_SOURCED,
        },
        not_personal=["id", "public_id", "signed_by", *_TIMES],
        uses=[_CONTRACT, _SERVICES],
        retention=[
            Keep(years=3, after="ends_on", because=_CLAIMS, when=~_GOES_ON),
            Keep(years=3, after="customer__ended_on", because=_CLAIMS),
        ],
        lets_go=["billing_account"],
        needs_little=["signed_by"],
    )
)
register(
    PersonalData(
        model=Subscription,
        subjects=["user", "customer__owner"],
        fields={
            **_all(Category.SERVICES, "customer", "contract", "product", "address"),
            "identifier": Field(Category.SERVICES, is_searched=True),
            **_all(Category.SERVICES, "unit_price", "currency"),
            **_all(Category.SERVICES, "opened_on", "terminated_on"),
            **_SOURCED,
        },
        not_personal=["id", "public_id", "user", *_TIMES],
        uses=[_CONTRACT, _SERVICES],
        retention=_ended("terminated_on"),
    )
)
register(
    PersonalData(
        model=ServiceChange,
        subjects=["old_user", "new_user", "subscription__user", "customer__owner"],
        fields={
            **_all(Category.HISTORY, "customer", "subscription", "kind", "changed_on"),
            **_all(Category.HISTORY, "old_product", "new_product", "old_address", "new_address"),
        },
        not_personal=["id", "public_id", "old_user", "new_user", *_TIMES],
        uses=[_CONTRACT, _SERVICES],
        retention=[Keep(years=3, after="changed_on", because=_CLAIMS)],
        needs_little=["old_user", "new_user"],
    )
)
register(
    PersonalData(
        model=Device,
        subjects=[],
        fields={"serial_number": Field(Category.SERVICES)},
        not_personal=["id", "public_id", "product", *_TIMES],
        uses=[_SERVICES],
        retention=[
            Keep(years=3, after="created_at", because=_("Knowing which device was handed out"))
        ],
    )
)
register(
    PersonalData(
        model=DeviceHandover,
        subjects=["person", "customer__owner"],
        fields=_all(
            Category.SERVICES, "device", "customer", "order_line", "went_out_on", "came_back_on"
        ),
        not_personal=["id", "public_id", "person", *_TIMES],
        uses=[_CONTRACT, _SERVICES],
        retention=_ended("came_back_on"),
        lets_go=["order_line"],
    )
)
register(
    PersonalData(
        model=BillingAccount,
        subjects=["customer__owner"],
        fields={
            **_all(Category.BILLING, "number", "customer", "payment_term_days", "language"),
            **_all(
                Category.BILLING,
                *("method", "address", "email", "e_invoice_address", "operator_id"),
                "customer_reference",
                provided=True,
            ),
            **_all(Category.BILLING, "opened_on", "closed_on", "source", "source_wording"),
        },
        not_personal=["id", "public_id", *_TIMES],
        uses=[_CONTRACT],
        retention=_ended("closed_on"),
    )
)
register(
    PersonalData(
        model=BillingContact,
        subjects=["person", "billing_account__customer__owner"],
        fields=_all(Category.BILLING, "billing_account", "started_on", "ended_on"),
        not_personal=["id", "public_id", "person", *_TIMES],
        uses=[_CONTRACT],
        retention=[
            Keep(months=12, after="ended_on", because=_("Questions about old invoices")),
            Keep(
                months=12,
                after="billing_account__closed_on",
                because=_("Questions about old invoices"),
            ),
            Keep(
                months=12,
                after="billing_account__customer__ended_on",
                because=_("Questions about old invoices"),
            ),
        ],
    )
)
register(
    PersonalData(
        model=Invoice,
        subjects=["customer__owner"],
        fields=_all(
            Category.BILLING,
            *("number", "customer", "billing_account", "reference", "issued_on", "due_on"),
            *("net", "vat", "gross", "paid", "paid_on", "open_amount", "currency"),
        ),
        not_personal=["id", "public_id", *_TIMES],
        uses=[_CONTRACT, _BOOKKEEPING],
        retention=[_voucher("issued_on")],
        needs_all=Q(open_amount__gt=0),
        lets_go=["billing_account"],
    )
)
register(
    PersonalData(
        model=CollectionCase,
        subjects=["customer__owner"],
        fields=_all(
            Category.BILLING,
            *("customer", "invoice", "stage", "agency", "amount", "currency"),
            *("opened_on", "closed_on"),
        ),
        not_personal=["id", "public_id", *_TIMES],
        uses=[_COLLECTION],
        retention=[_voucher("closed_on")],
        needs_all=Q(closed_on__isnull=True),
    )
)
register(
    PersonalData(
        model=CustomerSummary,
        subjects=["customer__owner"],
        fields=_all(
            Category.DERIVED,
            *("services_in_use", "yearly_value", "open_balance", "days_overdue"),
            *("contacts_in_90_days", "last_contact_at", "currency", "computed_at"),
        ),
        not_personal=["id", "customer"],
        uses=[_DERIVED],
        # No rule of its own: figures go when what they are computed from has gone.
        written_by=WrittenBy.DATABASE,
    )
)
declare_impersonal("contracts.Product", because="What we sell; it is about nobody.")
declare_impersonal("contracts.VatRate", because="Percentages of the law; they are about nobody.")
declare_impersonal("contracts.SummaryQueue", because="Keys of customers and nothing of them.")
