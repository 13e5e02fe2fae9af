"""Making and changing staff accounts; each change leaves a row in the access log.

Accounts are no customer's data, so the gate does not see them: what is written about them is put
into the log here. Who the holder is stays out of it, like every other name; which roles an
account had and has is what an auditor wants to know, and stands there in clear. What lets an
admin use another's account, the registrars are told besides.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.alerts import Alert
from accounts.group_lookups import refuse_new_past, refuse_unknown_company
from accounts.models import SECOND_FACTOR, User
from accounts.roles import Role
from accounts.tasks import tell_registrars
from audit import log
from audit.changes import MASK
from audit.context import require
from audit.log import Action, Event

_NAMES_SOMEBODY = {"username", "given_name", "family_name", "email", "password"}
_NOT_EDITED = {"id", "public_id", "last_login", "created_at"}


class NotOneself(Exception):  # noqa: N818  (it reads as what it says)
    """Nobody changes her own account, its roles or its acknowledgement."""


@transaction.atomic
def create_staff(
    *,
    username: str,
    roles: list[Role],
    password: str | None,
    given_name: str = "",
    family_name: str = "",
    email: str = "",
    employer: str = User.Employer.PRAECOM,
    employer_name: str = "",
    unit: str = "",
    language: str = User.Language.FINNISH,
    acknowledged_on: date | None = None,
    public_id: UUID | None = None,
) -> User:
    """Make an account with its roles; it stays inactive until confidentiality is acknowledged.

    Without a password the holder sets one by the link that is mailed to her. Raises
    ValidationError where a value, the user name or the password does not do.
    """
    user = User(
        public_id=public_id or uuid4(),
        username=username,
        given_name=given_name,
        family_name=family_name or username,
        email=email,
        employer=employer,
        employer_name=employer_name,
        unit=unit or _unit_of(roles),
        language=language,
        confidentiality_acknowledged_on=acknowledged_on,
    )
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.full_clean()
    refuse_unknown_company(user)
    user.save()
    user.groups.set(Group.objects.filter(name__in=roles))
    _note(user, Action.CREATE, {**_differences(User(), user), **_roles_changed([], roles)})
    _alert(Alert.ACCOUNT_MADE, user)
    return user


def _unit_of(roles: Iterable[str]) -> str:
    """What her report says of who looked, where no unit is given: what she does (C-579/21)."""
    with override(settings.LANGUAGE_CODE):
        return ", ".join(str(Role(name).label) for name in sorted(roles))[:100]


@transaction.atomic
def change_staff(*, user: User, roles: Iterable[str], by: User, password: str = "") -> User:
    """Save an account as it was filled in, with these roles and, where given, a new password.

    A lost role and a new password count from the holder's next request. Raises NotOneself, and
    ValidationError.
    """
    _refuse_oneself(user, by)
    before = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    had = sorted(user.groups.values_list("name", flat=True))
    if user.unit in ("", _unit_of(had)):
        user.unit = _unit_of(roles)
    if password:
        validate_password(password, user)
        user.set_password(password)
    user.full_clean()
    refuse_unknown_company(user)
    refuse_new_past(user, before)
    user.save()
    user.groups.set(Group.objects.filter(name__in=list(roles)))
    changed_roles = _roles_changed(had, roles)
    _note(user, Action.UPDATE, {**_differences(before, user), **changed_roles})
    if changed_roles:
        _alert(Alert.ROLES_CHANGED, user)
    if password:
        _alert(Alert.PASSWORD_SET, user)
    return user


@transaction.atomic
def disable_staff(*, user: User, by: User) -> User:
    """Close an account; its sessions end at their next request. Closing twice changes nothing."""
    return _set_disabled(user, by, disabled=True)


@transaction.atomic
def enable_staff(*, user: User, by: User) -> User:
    """Open a closed account again; opening twice changes nothing."""
    return _set_disabled(user, by, disabled=False)


def _set_disabled(user: User, by: User, *, disabled: bool) -> User:
    _refuse_oneself(user, by)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if (user.disabled_at is not None) != disabled:
        before = user.disabled_at
        user.disabled_at = timezone.now() if disabled else None
        user.save(update_fields=["disabled_at"])
        _note(user, Action.UPDATE, {"disabled_at": [_text(before), _text(user.disabled_at)]})
    return user


def _refuse_oneself(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise NotOneself


# --- what the holder does herself -----------------------------------------------------------------


@transaction.atomic
def set_own_password(*, user: User, password: str) -> User:
    """Give the holder the password that she chose; it has been validated."""
    before = MASK if user.has_usable_password() else None
    user.set_password(password)
    user.save(update_fields=["password"])
    _note(user, Action.UPDATE, {"password": [before, MASK]})
    return user


@transaction.atomic
def set_own_language(*, user: User, language: str) -> User:
    """Speak another language with the holder from now on."""
    before, user.language = user.language, language
    if before != language:
        user.save(update_fields=["language"])
        _note(user, Action.UPDATE, {"language": [before, language]})
    return user


@transaction.atomic
def set_own_shortcuts(*, user: User, are_on: bool) -> User:
    """Let single keys do something on the holder's pages, or nothing (WCAG 2.1.4)."""
    before, user.key_shortcuts = user.key_shortcuts, are_on
    if before != are_on:
        user.save(update_fields=["key_shortcuts"])
        _note(user, Action.UPDATE, {"key_shortcuts": [_text(before), _text(are_on)]})
    return user


def note_second_factor_added(
    sender: type[Authenticator], instance: Authenticator, created: bool, **kwargs: Any
) -> None:
    """Receiver of `post_save`: a row for a new second factor; its use is no change."""
    if created:
        _note(instance.user, Action.UPDATE, {SECOND_FACTOR: [None, instance.type]})


def note_second_factor_removed(
    sender: type[Authenticator], instance: Authenticator, **kwargs: Any
) -> None:
    """Receiver of `post_delete`: a row for a second factor that was taken away."""
    _note(instance.user, Action.UPDATE, {SECOND_FACTOR: [instance.type, None]})


# --- the log, and the registrars ------------------------------------------------------------------


def _note(user: User, action: Action, changes: dict[str, Any]) -> None:
    """A row about the account; like any change it is forgotten if its work is rolled back."""
    if changes:
        content_type = ContentType.objects.get_for_model(User).pk
        event = Event(action, content_type=content_type, object_id=user.pk, changes=changes)
        log.add_change(require(), event)


def _alert(alert: Alert, user: User) -> None:
    tell_registrars.defer(alert=alert.value, user_id=user.pk, by_id=require().actor_id)


def _differences(before: User, after: User) -> dict[str, Any]:
    found = {}
    for field in User._meta.concrete_fields:
        if field.generated or field.name in _NOT_EDITED:
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            values = [_text(old), _text(new)]
            hidden = field.name in _NAMES_SOMEBODY
            found[field.name] = [value and MASK for value in values] if hidden else values
    return found


def _roles_changed(before: Iterable[str], after: Iterable[str]) -> dict[str, Any]:
    had, has = (", ".join(sorted(str(name) for name in names)) for names in (before, after))
    return {} if had == has else {"groups": [had or None, has or None]}


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)
