"""Whose register it is: what stands on every letter, notice and document (S1-S4)."""

import re
from dataclasses import dataclass
from datetime import date

import phonenumbers
from django.core.exceptions import ImproperlyConfigured
from stdnum.fi import ytunnus


@dataclass(frozen=True)
class ContactPerson:
    """Somebody who answers for the register or for data protection, from a day on."""

    name: str
    since: date
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Controller:
    """The company that answers for the register, and how it is reached.

    A contact person is replaced by adding the next one with her first day; who was it before stays
    known. `officer` is the data protection officer, if there is one (GDPR Art. 37).
    """

    name: str
    register_name: str
    street: str
    postal_code: str
    city: str
    business_id: str
    phone: str
    contacts: tuple[ContactPerson, ...]
    officer: ContactPerson | None = None

    def __post_init__(self) -> None:
        if not ytunnus.is_valid(self.business_id):
            raise ImproperlyConfigured("The controller's business ID has a wrong check digit.")
        if not re.fullmatch(r"[0-9]{5}", self.postal_code):
            raise ImproperlyConfigured("The controller's postal code has five digits.")
        if not phonenumbers.is_valid_number(phonenumbers.parse(self.phone, "FI")):
            raise ImproperlyConfigured("The controller's phone number is none.")
        if not self.contacts:
            raise ImproperlyConfigured("The register needs a contact person (S3).")

    def contact_on(self, day: date) -> ContactPerson:
        """The contact person of a day; before the first one's day, the first one."""
        in_order = sorted(self.contacts, key=lambda contact: contact.since)
        begun = [contact for contact in in_order if contact.since <= day]
        return begun[-1] if begun else in_order[0]


CONTROLLER = Controller(
    name="Praecom Oy",
    register_name="Praecom Oy:n asiakasrekisteri",
    street="Kutalantie 2",
    postal_code="13210",
    city="Hämeenlinna",
    business_id="2108420-7",
    phone="+358 20 164 0200",
    contacts=(ContactPerson("Juha Elonen", since=date(2018, 5, 25)),),
)
