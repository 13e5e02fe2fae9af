"""The customers app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Configuration of customers."""

    name = "customers"
    verbose_name = _("Customers")
