"""Whose register it is: what stands on every letter, notice and document (S2)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Controller:
    """The company that answers for the register, and how it is reached."""

    name: str
    street: str
    postal_code: str
    city: str
    business_id: str
    phone: str


CONTROLLER = Controller(
    name="Praecom Oy",
    street="Kutalantie 2",
    postal_code="13210",
    city="Hämeenlinna",
    business_id="2108420-7",
    phone="+358 20 164 0200",
)
