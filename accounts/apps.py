"""The accounts app: staff, their roles and how they sign in."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Keeps the roles in the database equal to the table in code."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import roles

        post_migrate.connect(
            roles.synchronise, sender=self, dispatch_uid="accounts.roles.synchronise"
        )
