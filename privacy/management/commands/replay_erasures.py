"""`replay_erasures`: erases again, in a register that was restored, whoever was erased since."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.forgetting.ledger import NotSettled
from privacy.forgetting.replaying import replay
from privacy.forgetting.saying import name_of


class Command(BaseCommand):
    help = _(
        "Erase again whoever is in the ledger of erasures; needed after a backup was restored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--with-what-is-left",
            action="store_true",
            help=_(
                "the ledger is lost or damaged for good, or was cut off at its end: go by all that "
                "there is of it"
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = replay(
                job="replay_erasures", with_what_is_left=bool(options["with_what_is_left"])
            )
        except NotSettled:
            raise CommandError(
                _("The ledger of erasures is missing or is not whole. Bring it back first.")
            ) from None
        self.stdout.write(
            ngettext(
                "%(count)d person was erased again.",
                "%(count)d persons were erased again.",
                found.persons,
            )
            % {"count": found.persons}
        )
        if found.in_part:
            self.stdout.write(
                ngettext(
                    "Of %(count)d person what had been decided was erased again.",
                    "Of %(count)d persons what had been decided was erased again.",
                    found.in_part,
                )
                % {"count": found.in_part}
            )
        if found.held:
            self.stdout.write(
                ngettext(
                    "%(count)d person is kept by a hold or a restriction. Run this again when it"
                    " has ended.",
                    "%(count)d persons are kept by holds or restrictions. Run this again when"
                    " they have ended.",
                    found.held,
                )
                % {"count": found.held}
            )
        if found.undecided:
            self.stdout.write(
                ngettext(
                    "The ledger ends with %(count)d erasure of which nobody can tell whether it was"
                    " carried out. If a backup was restored, run this again with"
                    " --with-what-is-left.",
                    "The ledger ends with %(count)d erasures of which nobody can tell whether they"
                    " were carried out. If a backup was restored, run this again with"
                    " --with-what-is-left.",
                    found.undecided,
                )
                % {"count": found.undecided}
            )
        if found.left:
            for label, number in found.held_by.items():
                self.stdout.write(f"  {name_of(label)}: {number}")
            raise CommandError(
                ngettext(
                    "Of %(count)d person not everything is gone that had been erased: something"
                    " holds it, or somebody has it in hand. The register stays closed. Run this"
                    " again.",
                    "Of %(count)d persons not everything is gone that had been erased: something"
                    " holds it, or somebody has it in hand. The register stays closed. Run this"
                    " again.",
                    found.left,
                )
                % {"count": found.left}
            )
