"""The datamap app: the vocabulary of declarations and their registries; it has no models."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatamapConfig(AppConfig):
    """Collects every app's declarations once all models are loaded."""

    name = "datamap"
    verbose_name = _("Data map")

    def ready(self) -> None:
        from datamap import (  # noqa: F401  (the checks register themselves)
            checks,
            declarations,
            lookup_keys,
            panels,
            timeline,
        )

        declarations.collect()
        lookup_keys.collect()
        panels.collect()
        timeline.collect()
