"""How much time is left for a request, as lists and its page say it: in words, with a colour."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.deadlines import REMINDERS
from privacy.models import SubjectRequest
from privacy.states import State


@dataclass(frozen=True)
class Left:
    """The days left, in words; `tone` is the colour that says the same."""

    text: str
    tone: str = ""
    days: int | None = None


def left_of(case: SubjectRequest) -> Left:
    """How much time is left for a request today."""
    if not case.is_open:
        return Left("")
    if case.state == State.IDENTIFYING:
        return Left(_("The clock stands still"), "info")
    days = (case.due_on - timezone.localdate()).days
    if days < 0:
        late = ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
        return Left(late, "danger", days)
    if days == 0:
        return Left(_("Due today"), "danger", days)
    text = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return Left(text, _tone(days), days)


def _tone(days: int) -> str:
    many, few, _one = REMINDERS
    if days <= few:
        return "danger"
    return "warning" if days <= many else "good"
