"""What consents holds: marketing permissions and prohibitions (S21)."""

from django.utils.translation import gettext_lazy as _

from consents.models import MarketingChoice
from datamap.declarations import Field, Keep, PersonalData, Use, declare_impersonal, register
from datamap.vocabulary import Category, LawfulBasis, Purpose, WrittenBy

register(
    PersonalData(
        model=MarketingChoice,
        subjects=["person"],
        fields={
            "channel": Field(Category.MARKETING, provided_by_subject=True),
            "product_group": Field(Category.MARKETING),
            "choice": Field(Category.MARKETING, provided_by_subject=True),
            "wording": Field(Category.MARKETING),
            "source": Field(Category.MARKETING),
            "evidence": Field(Category.MARKETING),
            "at": Field(Category.MARKETING),
        },
        not_personal=["id", "public_id", "person", "recorded_by"],
        uses=[
            Use(Purpose.MARKETING, LawfulBasis.CONSENT),
            Use(Purpose.ACCOUNTABILITY, LawfulBasis.LEGAL_OBLIGATION),
        ],
        retention=[
            Keep(years=3, after="at", because=_("Evidence of a consent, GDPR Art. 7(1); claims")),
        ],
        written_by=WrittenBy.SITE_APPENDS,
    )
)
declare_impersonal("consents.Wording", because="Our own texts; they are about nobody.")
