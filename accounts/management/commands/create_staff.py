"""create_staff: a staff account with its role."""

import os
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from accounts.services import create_staff
from audit.context import AccessPurpose, access_context


class Command(BaseCommand):
    """The password is asked for, or taken from the environment variable STAFF_PASSWORD."""

    help = _("Make a staff account; the password is asked for, or comes from STAFF_PASSWORD.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--role", choices=Role.values, action="append", required=True, help=_("may be repeated")
        )
        parser.add_argument("--given-name", default="")
        parser.add_argument("--family-name", default="")
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--employer", choices=User.Employer.values, default=User.Employer.PRAECOM.value
        )
        parser.add_argument("--employer-name", default="", help=_("unless it is Praecom Oy"))
        parser.add_argument("--unit", default="")
        parser.add_argument(
            "--language", choices=User.Language.values, default=User.Language.FINNISH.value
        )
        parser.add_argument(
            "--acknowledged",
            action="store_true",
            help=_("confidentiality is acknowledged today; inactive without it"),
        )

    def handle(self, *, username: str, role: list[str], acknowledged: bool, **options: Any) -> None:
        details = {
            name: options[name]
            for name in (
                "given_name", "family_name", "email", "employer", "employer_name", "unit",
                "language",
            )
        }  # fmt: skip
        password = os.environ.get("STAFF_PASSWORD") or _ask_for_password()
        try:
            with access_context(job="create_staff", purpose=AccessPurpose.UPKEEP):
                user = create_staff(
                    username=username,
                    roles=[Role(name) for name in role],
                    password=password,
                    acknowledged_on=timezone.localdate() if acknowledged else None,
                    **details,
                )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(
            _("%(user)s can sign in.") % {"user": user.username}
            if user.is_active
            else _("%(user)s is inactive until confidentiality is acknowledged.")
            % {"user": user.username}
        )


def _ask_for_password() -> str:
    password = getpass(_("Password: "))
    if password != getpass(_("Password again: ")):
        raise CommandError(_("The two passwords differ."))
    return password
