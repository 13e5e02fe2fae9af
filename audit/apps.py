"""The audit app: the access context, the gate, the log and its viewer."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Puts both nets in place once every model and declaration is loaded."""

    name = "audit"
    verbose_name = _("Access log")

    def ready(self) -> None:
        from audit import changes, checks, gate, grants  # noqa: F401  (checks register)
        from datamap.declarations import collect

        collect()
        changes.follow_declared_models()
        connection_created.connect(gate.install, dispatch_uid="audit.gate.install")
        post_migrate.connect(
            grants.grant_site_role, sender=self, dispatch_uid="audit.grants.grant_site_role"
        )
