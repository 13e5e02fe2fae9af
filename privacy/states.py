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
    WITHDRAWN = "withdrawn", _("Withdrawn by her")
    CLOSED = "closed", _("Closed")


GIVING = (State.ANSWERED, State.PARTLY_REFUSED)
"""The answers with which she gets something; for these what she asks for was decided."""
ANSWERS = (*GIVING, State.REFUSED)
ENDED = (*ANSWERS, State.WITHDRAWN)
"""With these nothing more is given; what is left is closed."""
OPEN = (State.RECEIVED, State.IDENTIFYING, State.IN_PROGRESS, State.EXTENDED)

FOLLOWING: Mapping[State, tuple[State, ...]] = {
    State.RECEIVED: (State.IDENTIFYING, State.IN_PROGRESS, State.REFUSED, State.WITHDRAWN),
    State.IDENTIFYING: (State.IN_PROGRESS, State.EXTENDED, State.REFUSED, State.WITHDRAWN),
    State.IN_PROGRESS: (State.IDENTIFYING, State.EXTENDED, *ENDED),
    State.EXTENDED: (State.IDENTIFYING, *ENDED),
    State.ANSWERED: (State.CLOSED,),
    State.PARTLY_REFUSED: (State.CLOSED,),
    State.REFUSED: (State.CLOSED,),
    State.WITHDRAWN: (State.CLOSED,),
    State.CLOSED: (),
}
"""What may come after a state; the database refuses anything else."""
