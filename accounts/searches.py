"""What staff search their lists for: in their sessions, and nowhere once somebody goes."""

from collections.abc import Sequence

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

SEARCHES = "admin_searches"
"""Under which key of a session they stand, by kind of record: a name has no place in an address."""


def forget_searches(_keys: Sequence[int] = ()) -> None:
    """Take out of every session what was searched for: it may name whoever is being erased."""
    for session in Session.objects.select_for_update().order_by("pk"):
        data = session.get_decoded()
        if data.pop(SEARCHES, None) is not None:
            session.session_data = SessionStore().encode(data)
            session.save(update_fields=["session_data"])
