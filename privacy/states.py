"""The states of a data-subject request, and which may follow which (domain §2)."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a request stands; the clock stands still while somebody is being identified."""

    RECEIVED = "received", _("Received")
    IDENTIFYING = "identifying", _("Waiting for identification")
    IN_PROGRESS = "in_progress", _("In progress")
    EXTENDED = "extended", _("Extended")
    ANSWERED = "answered", _("Answered")
    PARTLY_REFUSED = "partly_refused", _("Answered, partly refused")
    REFUSED = "refused", pgettext_lazy("state of a request", "Refused")
    CLOSED = "closed", _("Closed")


GIVING = (State.ANSWERED, State.PARTLY_REFUSED)
"""The answers with which she gets something; for these what she asks for was decided."""
ANSWERS = (*GIVING, State.REFUSED)
OPEN = (State.RECEIVED, State.IDENTIFYING, State.IN_PROGRESS, State.EXTENDED)

FOLLOWING: Mapping[State, tuple[State, ...]] = {
    State.RECEIVED: (State.IDENTIFYING, State.IN_PROGRESS, State.REFUSED),
    State.IDENTIFYING: (State.IN_PROGRESS, State.EXTENDED, State.REFUSED),
    State.IN_PROGRESS: (State.IDENTIFYING, State.EXTENDED, *ANSWERS),
    State.EXTENDED: (State.IDENTIFYING, *ANSWERS),
    State.ANSWERED: (State.CLOSED,),
    State.PARTLY_REFUSED: (State.CLOSED,),
    State.REFUSED: (State.CLOSED,),
    State.CLOSED: (),
}
"""What may come after a state; the database refuses anything else."""
