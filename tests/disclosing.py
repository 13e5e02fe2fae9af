"""The registrar's own records in tests: recipients, disclosures, processors, breaches."""

from typing import Any

from django.utils import timezone

from accounts.models import DisclosedPerson, Disclosure, Processor, Recipient, User
from audit.context import AccessPurpose, access_context
from consents.models import Consent, Wording
from consents.services import disclose, give_consent
from customers.models import Person
from datamap.vocabulary import Category, LawfulBasis
from privacy.breaches import save_breach
from privacy.models import Breach
from tests.builders import a_user


def a_recipient(name: str = "Tilitoimisto Malli Oy", country: str = "FI", **more: Any) -> Recipient:
    """A recipient outside Praecom Oy, made when first asked for."""
    values = {"kind": "other", "country": country, **more}
    return Recipient.objects.get_or_create(name=name, defaults=values)[0]


def a_group_company(name: str = "Praecom Tytär Oy") -> Recipient:
    return a_recipient(name, kind="group", arrangement="Oma peruste: asiakassuhde")


def agreed_to_transfers(person: Person) -> Consent:
    """She consents to transfers outside the EEA."""
    wording, _made = Wording.objects.get_or_create(
        name="transfer", version=1, language="fi", defaults={"text": "Suostun siirtoon."}
    )
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return give_consent(person=person, purpose="transfer", wording=wording, source="call")


def disclosed(*persons: Person, to: Recipient, **more: Any) -> Disclosure:
    values: dict[str, Any] = {
        "categories": [Category.NAME, Category.BILLING],
        "what": "Kirjanpidon aineisto",
        "basis": LawfulBasis.LEGITIMATE_INTEREST,
        "by": None,
        **more,
    }
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return disclose(recipient=to, persons=persons, **values)


def named_in(disclosure: Disclosure) -> set[Any]:
    """Whose data was part of a disclosure."""
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        found = DisclosedPerson.objects.filter(disclosure=disclosure)
        return set(found.values_list("subject", flat=True))


def a_colleague(company: Recipient, username: str = "colleague") -> Any:
    """A staff member of a group company."""
    return a_user(username, employer="group", employer_name=company.name)


def a_processor(name: str = "Malli Pilvi Oy", **more: Any) -> Processor:
    """Who processes data on our behalf, made when first asked for."""
    values = {"service": "Palvelinkeskus", "categories": ["name"], "contract_on": "2025-01-01"}
    return Processor.objects.get_or_create(name=name, defaults={**values, **more})[0]


def a_breach(by: User, **more: Any) -> Breach:
    """A breach that became known just now."""
    values = {
        "nature": "Lasku lähti väärään osoitteeseen.",
        "aware_at": timezone.now(),
        "categories": ["name", "billing"],
        **more,
    }
    with access_context(job="test", purpose=AccessPurpose.UPKEEP):
        return save_breach(breach=Breach(**values), by=by)
