"""The recordings app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordingsConfig(AppConfig):
    """Configuration of recordings."""

    name = "recordings"
    verbose_name = _("Recordings and messages")
