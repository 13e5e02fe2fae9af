"""System checks: the published description is true, and no records hold each other."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.checks import CheckMessage, Warning, register  # noqa: A004  (Django's name)
from django.core.exceptions import ImproperlyConfigured
from django.db import Error


@register("privacy")
def check_description(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn when the description that people read is not the one that would be published now.

    It asks the database; where that cannot be asked, or nothing is published yet, there is nothing
    to compare. It is no check of the kind that Django runs only when asked to, since a changed
    declaration must not go unnoticed.
    """
    from privacy.description.publishing import draft, newest

    try:
        published = newest()
        if published is None or published.fingerprint == draft().fingerprint:
            return []
    except Error:
        return []
    return [
        Warning(
            "The published register description does not match what is declared any more.",
            hint="Let the registrar look at the differences and publish it: /register/publish/.",
            obj=f"version {published.version}",
            id="privacy.W001",
        )
    ]


@register("privacy")
def check_holding(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Records that hold each other would never go."""
    from privacy.forgetting.ties import in_order

    try:
        in_order()
    except ImproperlyConfigured as refused:
        return [checks.Error(str(refused), id="privacy.E001")]
    return []
