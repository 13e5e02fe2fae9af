"""The accounts app: staff, their roles and how they sign in."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Keeps the roles in the database equal to the table in code, and second factors in the log."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from allauth.mfa.models import Authenticator

        from accounts import roles, services

        post_save.connect(
            services.note_second_factor_added,
            sender=Authenticator,
            dispatch_uid="accounts.note_second_factor_added",
        )
        post_delete.connect(
            services.note_second_factor_removed,
            sender=Authenticator,
            dispatch_uid="accounts.note_second_factor_removed",
        )
        post_migrate.connect(
            roles.synchronise, sender=self, dispatch_uid="accounts.roles.synchronise"
        )
