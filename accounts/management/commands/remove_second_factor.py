"""remove_second_factor: for a holder who has lost hers; she sets up a new one at sign-in."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import AccessPurpose, access_context


class Command(BaseCommand):
    """The removal leaves its rows in the log, under the command's name."""

    help = _("Take the second factors of an account away; the holder sets up a new one.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("There is no account %(user)s.") % {"user": username})
        with access_context(job="remove_second_factor", purpose=AccessPurpose.UPKEEP):
            Authenticator.objects.filter(user=user).delete()
        self.stdout.write(_("%(user)s has no second factor now.") % {"user": username})
