"""Staff are not in the register; whose data was disclosed is (S27).

Staff accounts are under employment, not customer, rules.
"""

from django.utils.translation import gettext_lazy as _

from accounts.models import DisclosedPerson
from datamap.declarations import Field, Keep, PersonalData, Use, declare_impersonal, register
from datamap.vocabulary import Category, LawfulBasis, Purpose, WrittenBy

declare_impersonal(
    "accounts.*", because="Staff accounts, recipients, countries; no customer's data."
)
register(
    PersonalData(
        model=DisclosedPerson,
        subjects=["subject"],
        fields={"disclosure": Field(Category.RIGHTS, is_searched=True)},
        not_personal=["id", "subject"],
        uses=[Use(Purpose.ACCOUNTABILITY, LawfulBasis.LEGAL_OBLIGATION)],
        retention=[
            Keep(
                years=3,
                after="disclosure__made_at",
                because=_("Telling the person who received her data, Art. 15(1)(c)"),
            )
        ],
        written_by=WrittenBy.SITE_APPENDS,
    )
)
