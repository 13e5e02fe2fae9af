"""Making staff accounts."""

from datetime import date

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from accounts.models import User
from accounts.roles import Role


@transaction.atomic
def create_staff(
    *,
    username: str,
    roles: list[Role],
    password: str,
    given_name: str = "",
    family_name: str = "",
    email: str = "",
    employer: str = User.Employer.PRAECOM,
    employer_name: str = "",
    unit: str = "",
    language: str = User.Language.FINNISH,
    acknowledged_on: date | None = None,
) -> User:
    """Make an account with its roles; it stays inactive until confidentiality is acknowledged.

    Raises ValidationError where a value, the user name or the password does not do.
    """
    user = User(
        username=username,
        given_name=given_name,
        family_name=family_name or username,
        email=email,
        employer=employer,
        employer_name=employer_name,
        unit=unit,
        language=language,
        confidentiality_acknowledged_on=acknowledged_on,
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user
