"""How tests read the log without adding to it."""

from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from audit.context import AccessContext, AccessPurpose, activate
from audit.log import Action
from audit.models import LogEntry


class Trail:
    """The rows of the log, oldest first, as dictionaries."""

    def rows(self, **filters: Any) -> list[dict[str, Any]]:
        with activate(AccessContext(purpose=AccessPurpose.LOG_CONTROL)):
            return list(QuerySet(LogEntry).filter(**filters).order_by("id").values())

    def last_id(self) -> int:
        """The number of the newest row, zero if there is none."""
        with activate(AccessContext(purpose=AccessPurpose.LOG_CONTROL)):
            return QuerySet(LogEntry).aggregate(last=Max("id"))["last"] or 0

    def last_request(self) -> list[dict[str, Any]]:
        """The rows of the newest request."""
        rows = self.rows()
        return [row for row in rows if row["cid"] == rows[-1]["cid"]] if rows else []

    def actions(self, subject: UUID | None = None, **filters: Any) -> list[str]:
        """What was done, in order, to one subject or at all."""
        if subject is not None:
            filters["subject"] = subject
        return [Action(row["action"]).name.lower() for row in self.rows(**filters)]

    def subjects(self, **filters: Any) -> set[UUID]:
        """Everybody whom the rows name."""
        return {row["subject"] for row in self.rows(**filters) if row["subject"]}

    def count(self) -> int:
        return len(self.rows())
