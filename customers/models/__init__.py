"""The models of customers, by aggregate."""

from customers.models.addresses import Address
from customers.models.base import Language, Source
from customers.models.interactions import IdentityCheck, Interaction
from customers.models.lookup_keys import LookupKey
from customers.models.persons import ContactPoint, Person
from customers.models.relationships import ContactPerson, Customer, ServiceUser
from customers.models.safeguards import Hold, Restriction

__all__ = [
    "Address",
    "ContactPerson",
    "ContactPoint",
    "Customer",
    "Hold",
    "IdentityCheck",
    "Interaction",
    "Language",
    "LookupKey",
    "Person",
    "Restriction",
    "ServiceUser",
    "Source",
]
