"""What one run has done and what was wrong: sentences that name nobody, and counts."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from recordings.models import Quarantine


@dataclass
class Report:
    """Counts of one run, remarks, and a sentence for each problem."""

    taken: int = 0
    known: int = 0
    waiting: int = 0
    put_right: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def problem(self, number: int, why: str, row: int | None = None) -> None:
        """Say what is wrong with the file of this inode, or with a row of it."""
        if row is None:
            self.problems.append(_("File %(number)d: %(why)s.") % {"number": number, "why": why})
        else:
            self.problems.append(
                _("File %(number)d, row %(row)d: %(why)s.")
                % {"number": number, "row": row, "why": why}
            )

    def remark(self, number: int, what: str) -> None:
        """Say something of a file that is no problem."""
        self.note(_("File %(number)d: %(why)s.") % {"number": number, "why": what})

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)

    def sentences(self) -> list[str]:
        """What was done, a line each."""
        said = [*self.notes]
        said.append(_("Taken in: %(number)d.") % {"number": self.taken})
        for reason, number in sorted(self.quarantined.items()):
            said.append(
                _("In quarantine: %(number)d. %(why)s.")
                % {"number": number, "why": Quarantine(reason).label}
            )
        if self.put_right:
            said.append(_("Put right in quarantine: %(number)d.") % {"number": self.put_right})
        if self.known:
            said.append(_("Taken in before: %(number)d.") % {"number": self.known})
        if self.waiting:
            said.append(_("Left for the next run: %(number)d.") % {"number": self.waiting})
        return said
