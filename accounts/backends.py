"""How a staff member is authenticated and where her rights come from."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.roles import permissions_of


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Password and user name by allauth; rights by roles alone, as the one table has them.

    The groups in the database are equal to that table, so what a role may do is not asked there
    on every page: only which roles the account has.
    """

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session with its roles, in one statement; none that is not active."""
        user: User | None = User.objects.with_role_names().filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.__dict__["roles"] = frozenset(user.role_names)  # type: ignore[attr-defined]
        return user

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """None: an account has no rights of its own."""
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """The rights of the account's roles; none of an account that is not active."""
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        return set().union(*map(permissions_of, user_obj.roles))

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """What the account may do, put together once per request."""
        if not isinstance(user_obj, User) or obj is not None:
            return set()
        known: set[str] | None = user_obj.__dict__.get("_rights")
        if known is None:
            known = user_obj.__dict__["_rights"] = self.get_group_permissions(user_obj)
        return known
