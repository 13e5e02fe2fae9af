"""print_permissions: the table of roles as it stands in docs/permissions.md."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from accounts.roles import as_markdown


class Command(BaseCommand):
    """Prints in English, like the rest of the documentation."""

    help = "Print docs/permissions.md from the table of roles."

    def handle(self, **options: Any) -> None:
        with translation.override("en"):
            self.stdout.write(as_markdown(), ending="")
