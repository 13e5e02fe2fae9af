"""How sign-in by allauth is bent to staff accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.models import User
from accounts.services import set_own_password


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an admin: nobody signs up by herself (S31)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by django-axes; `login_failed` is for wrong codes alone."""

    def set_password(self, user: User, password: str) -> None:
        """A password that its holder changed, or set anew by the link in a mail."""
        set_own_password(user=user, password=password)

    def get_client_ip(self, request: HttpRequest) -> str | None:
        """The address that our own proxies vouch for (audit.middleware)."""
        return request.META.get("REMOTE_ADDR")
