"""How a staff member is authenticated and where her rights come from."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from accounts.models import User


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Password and user name by allauth; rights by roles alone, never by account."""

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return Permission.objects.none()
