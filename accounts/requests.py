"""The type of a request that only signed-in staff can make."""

from django.http import HttpRequest

from accounts.models import User


class StaffRequest(HttpRequest):
    """A request behind `LoginRequiredMiddleware`: its user is a staff member. For types only."""

    user: User
