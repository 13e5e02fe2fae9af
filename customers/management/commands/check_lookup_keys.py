"""check_lookup_keys: prove that every lookup key is what its source says."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.context import AccessPurpose, access_context
from customers.key_upkeep import differences, make_true


class Command(BaseCommand):
    """Compares all of them; a difference is an error. Only the owner can put them right."""

    help = _("Compare the lookup keys with the records that they were made from.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help=_("first make wrong keys anew, as the owner")
        )

    def handle(self, *, repair: bool, **options: Any) -> None:
        with access_context(job="check_lookup_keys", purpose=AccessPurpose.UPKEEP):
            if repair:
                make_true()
            found = differences()
        for one in found:
            self.stdout.write(
                _("%(source)s: %(expected)d keys, %(missing)d missing, %(surplus)d too many")
                % {
                    "source": one.source or _("nobody's"),
                    "expected": one.expected,
                    "missing": one.missing,
                    "surplus": one.surplus,
                }
            )
        if not all(one.is_true for one in found):
            raise CommandError(_("The lookup keys are not what their sources say."))
