"""rotate_recordings_keys: wrap the keys of all files with the newest key-encryption key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from recordings.keys import UnknownKey
from recordings.services import rotate


class Command(BaseCommand):
    """Touches no file; can be stopped and run again at any time, while recordings are played."""

    help = _("Wrap the keys of all recordings and messages with the newest key-encryption key.")

    def handle(self, **options: Any) -> None:
        try:
            done = rotate()
        except UnknownKey as error:
            raise CommandError(
                _("RECORDINGS_KEYS lacks a key of version %(version)d that files still need.")
                % {"version": error.version}
            ) from None
        self.stdout.write(
            _("Keys wrapped anew with version %(version)d: %(number)d.")
            % {"number": done.wrapped, "version": done.version}
        )
        if done.left:
            raise CommandError(
                _("Keys in use that still have an older version: %(number)d. Run this again.")
                % {"number": done.left}
            )
