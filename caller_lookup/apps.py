"""The caller_lookup app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallerLookupConfig(AppConfig):
    """Configuration of caller_lookup."""

    name = "caller_lookup"
    verbose_name = _("Caller lookup")
