"""Fixed, typed builders: what a test needs, with plain defaults."""

from typing import Any

from django.utils import timezone

from accounts.models import User


def a_user(username: str = "outsider", **more: Any) -> User:
    """An active staff member."""
    values = {
        "given_name": "Testi",
        "family_name": "Henkilö",
        "unit": "Service Desk",
        "confidentiality_acknowledged_on": timezone.localdate(),
        **more,
    }
    user = User(username=username, **values)
    user.set_unusable_password()
    user.save()
    user.refresh_from_db()
    return user
