"""An attempt to break each rule that the database holds over several rows."""

from tests.contracts.attempts import agreements, customers, devices, offers, orders
from tests.contracts.attempts.base import ATTEMPTS

__all__ = ["ATTEMPTS", "agreements", "customers", "devices", "offers", "orders"]
