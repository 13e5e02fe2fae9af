"""createsuperuser: taken away, since no account is above its roles."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    """Says what to use instead."""

    help = _("There are no superusers; use create_staff.")

    def handle(self, **options: Any) -> None:
        raise CommandError(
            _("There are no superusers here. Use create_staff USERNAME --role ROLE.")
        )
