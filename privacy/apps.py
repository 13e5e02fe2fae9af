"""The privacy app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Configuration of privacy."""

    name = "privacy"
    verbose_name = _("Data protection")

    def ready(self) -> None:
        from privacy import checks  # noqa: F401  (the check registers itself)
        from privacy.sections import collect

        collect()
