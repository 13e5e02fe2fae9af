"""register_description: the register description from the declarations, to read or to publish."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.context import AccessPurpose, access_context
from privacy.description.blocks import lines_of
from privacy.description.contents import NOTICE
from privacy.description.pdf import edition_of, title_of
from privacy.description.publishing import draft, publish


class Command(BaseCommand):
    """Prints what the declarations say now; what has been published stands at `/register/`."""

    help = _("Print the register description, from the declarations.")

    def add_arguments(self, parser: CommandParser) -> None:
        languages = [code for code, _label in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)
        parser.add_argument(
            "--publish", action="store_true", help=_("publish it as the next version first")
        )

    def handle(self, *, language: str, publish: bool, **options: Any) -> None:
        if publish:
            self._publish()
        with override(language):
            now = draft()
            self.stdout.write(f"{title_of(NOTICE)}\n{edition_of(now)}")
            for section in now.contents[NOTICE][language]:
                self.stdout.write(f"\n{section['heading']}\n{'-' * len(section['heading'])}")
                self.stdout.write("\n".join(lines_of(section)))

    def _publish(self) -> None:
        with access_context(job="register_description", purpose=AccessPurpose.UPKEEP):
            made = publish(by=None)
        self.stderr.write(_("Version %(number)d is published.") % {"number": made.version})
