"""The words that declarations are written in: categories, purposes, bases, recipients.

Categories are the lines of the register description (S14-S25), purposes its S5-S10; the values
are stored in the log and printed in reports, so a value never changes once it is in use.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    """What kind of data it is: one line of the register description each."""

    NAME = "name", _("Name")  # S14
    EMAIL = "email", _("E-mail address")  # S15
    PHONE = "phone", _("Phone number")  # S16
    IDENTIFIER = "identifier", _("Customer or user ID")  # S17
    COMPANY_CONTACT = "company_contact", _("Company's contact person")  # S18
    SERVICES = "services", _("Services, contracts and orders")  # S19
    HISTORY = "history", _("Customer history")  # S20
    MARKETING = "marketing", _("Marketing permissions and prohibitions")  # S21
    RECORDINGS = "recordings", _("Recordings and messages")  # S22
    BILLING = "billing", _("Billing and collection")  # S23
    SUPPLEMENTARY = "supplementary", _("Supplementary information")  # S24
    DERIVED = "derived", _("Derived information")  # S25
    RIGHTS = "rights", _("Data-subject rights and safeguards")  # S32-S35
    ACCESS_LOG = "access_log", _("Access log")  # S31


class Purpose(TextChoices):
    """What the register is kept for (S5-S10)."""

    CUSTOMER_RELATIONSHIP = "customer_relationship", _("Managing the customer relationship")
    COMMUNICATION = "communication", _("Customer communication")
    SERVICES = "services", _("Producing and developing services")
    MARKETING = "marketing", _("Direct marketing")
    RESEARCH = "research", _("Market research and statistics")
    VERIFICATION = "verification", _("Verifying service events")
    PROBLEM_SOLVING = "problem_solving", _("Solving problems")
    ACCOUNTABILITY = "accountability", _("Showing that the law is kept")


class LawfulBasis(TextChoices):
    """The ground of GDPR Art. 6(1) that a use stands on."""

    CONSENT = "a", _("Consent, Art. 6(1)(a)")
    CONTRACT = "b", _("Contract, Art. 6(1)(b)")
    LEGAL_OBLIGATION = "c", _("Legal obligation, Art. 6(1)(c)")
    LEGITIMATE_INTEREST = "f", _("Legitimate interest, Art. 6(1)(f)")


class WrittenBy(TextChoices):
    """Who may write a table: the grants of the site's database role follow from it."""

    SITE = "site", _("The site: insert, change and delete")
    SITE_APPENDS = "appends", _("The site appends; nothing is changed or deleted")
    DATABASE = "database", _("The database's own triggers only")
