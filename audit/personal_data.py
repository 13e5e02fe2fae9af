"""The log is personal data of the people it is about (domain §8)."""

from django.utils.translation import gettext_lazy as _

from audit.models import LogEntry
from datamap.declarations import Field, Keep, PersonalData, Use, register
from datamap.vocabulary import Category, LawfulBasis, Purpose, WrittenBy

_SHOWN = ("timestamp", "action", "categories", "unit", "purpose", "reason", "changes")

register(
    PersonalData(
        model=LogEntry,
        subjects=["subject"],
        fields=dict.fromkeys(_SHOWN, Field(Category.ACCESS_LOG)),
        not_personal=[
            "id",
            "subject",
            "actor",
            "actor_label",
            "route",
            "cid",
            "remote_addr",
            "content_type",
            "object_pk",
            "object_id",
        ],
        uses=[Use(Purpose.ACCOUNTABILITY, LawfulBasis.LEGAL_OBLIGATION)],
        retention=[
            Keep(
                years=3,
                after="timestamp",
                because=_("Showing who has handled the data, GDPR Art. 5(2) and 32"),
                least=24,  # traffic data, domain section 5
            )
        ],
        written_by=WrittenBy.SITE_APPENDS,
        set_by_database=["id", "timestamp"],
    )
)
