"""What the registrars are told by mail: who was stopped, and what admins did with accounts.

An admin can give an account any role and a password, and then use it: nobody checks that but the
people who read these mails. A mail names staff, and no customer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.core.mail import send_mail
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role


class Alert(StrEnum):
    """What happened; a job carries the word and the numbers of the accounts, nothing else."""

    MANY_PERSONS = "many persons"
    MANY_CALLS = "many calls"
    ACCOUNT_MADE = "account made"
    ROLES_CHANGED = "roles changed"
    PASSWORD_SET = "password set"  # noqa: S105  (a word, no password)


@dataclass(frozen=True)
class Wording:
    """The mail about an alert: `user` is whom it is about, `by` who did it, `time` when."""

    subject: str | Promise
    body: str | Promise


WORDINGS = {
    Alert.MANY_PERSONS: Wording(
        _("Caller lookup stopped: %(user)s"),
        _(
            "%(user)s has found unusually many persons in ten minutes without a call, and was "
            "stopped at %(time)s. The access log shows who was found."
        ),
    ),
    Alert.MANY_CALLS: Wording(
        _("Caller lookup stopped: %(user)s"),
        _(
            "%(user)s has recorded more contacts than one has in ten minutes, and was stopped at "
            "%(time)s. The access log shows with whom, and who was found."
        ),
    ),
    Alert.ACCOUNT_MADE: Wording(
        _("New staff account: %(user)s"),
        _(
            "%(by)s has made the account %(user)s at %(time)s. The access log shows its roles, "
            "and whether it was given a password."
        ),
    ),
    Alert.ROLES_CHANGED: Wording(
        _("Roles changed: %(user)s"),
        _(
            "%(by)s has changed the roles of %(user)s at %(time)s. The access log shows the roles "
            "before and after."
        ),
    ),
    Alert.PASSWORD_SET: Wording(
        _("Password set by another: %(user)s"),
        _(
            "%(by)s has set a new password for the account of %(user)s at %(time)s. If its holder "
            "did not ask for one, somebody else may be using the account."
        ),
    ),
}


def mail_registrars(wording: Wording, values: Callable[[], dict[str, str | int]]) -> int:
    """Send every registrar a mail in her language; returns how many have an address.

    `values` gives what the wording says, in the language that is active.
    """
    registrars = User.objects.with_role(Role.REGISTRAR).filter(is_active=True).exclude(email="")
    for registrar in registrars:
        with translation.override(registrar.language):
            said = values()
            send_mail(
                str(wording.subject) % said, str(wording.body) % said, None, [registrar.email]
            )
    return len(registrars)
