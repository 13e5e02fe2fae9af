"""The contracts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    """Configuration of contracts."""

    name = "contracts"
    verbose_name = _("Contracts and billing")
