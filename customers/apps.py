"""The customers app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Says that a recorded contact is a call."""

    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from audit.volume import counts_as_call
        from customers.models import Interaction

        counts_as_call(Interaction)
