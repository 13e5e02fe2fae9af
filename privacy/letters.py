"""The letters of a request, in the language of who asks: plain words, and her rights in each.

What they look like is `contracts.documents`' letter; what is written by hand comes in `words`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from contracts.documents.letters import Letter, compiled
from customers.models import Restriction
from datamap.controller import CONTROLLER
from privacy.decided_words import decided_in
from privacy.description.sayings import OMBUDSMAN
from privacy.models import RequestLetter, SubjectRequest
from privacy.needed import erasures_of
from privacy.states import State

Template = RequestLetter.Template
Kind = SubjectRequest.Kind


@dataclass(frozen=True)
class Writing:
    """What a letter needs besides the request: own words; which restriction ends, and when."""

    words: str = ""
    restriction: UUID | None = None
    ends_on: date | None = None

    def digest(self, template: str, language: str) -> str:
        """The SHA-256 of a letter with this in it, by which the same form is known again."""
        ending = [str(self.restriction or ""), str(self.ends_on or "")]
        written = json.dumps([template, language, self.words, *ending])
        return sha256(written.encode()).hexdigest()


def fitting(request: SubjectRequest) -> list[Template]:
    """The letters that can be written as the request stands."""
    return [template for template, fits in _FITS.items() if fits(request)]


def pdf_of(request: SubjectRequest, template: Template, writing: Writing) -> bytes:
    """A letter as a tagged PDF in the language of the request; raises DocumentNotMade."""
    return compiled(letter_of(request, template, writing))


def letter_of(request: SubjectRequest, template: Template, writing: Writing) -> Letter:
    """What a letter says."""
    with override(request.language):
        title, paragraphs = _TEXTS[template](request, writing)
        return Letter(
            language=request.language,
            title=title,
            recipient=addressee(request),
            facts=_facts(request),
            opening=[one for one in paragraphs if one],
            closing=[_ask_us()],
        )


# --- whom it is for, and what about ---------------------------------------------------------------


def addressee(request: SubjectRequest) -> list[str]:
    """Whom an answer goes to, line by line: who acts for her, else herself."""
    who = request.representative or request.requester_name
    return [who, *request.answer_to.splitlines()]


def _facts(request: SubjectRequest) -> list[tuple[str, str]]:
    facts = [
        (pgettext("of a document", "Date"), _day(timezone.localdate())),
        (_("Request"), request.number),
        (pgettext("of a request", "Received"), _day(request.received_on)),
        (_("What was asked for"), str(request.get_kind_display())),
    ]
    if request.representative:
        facts.append((_("On behalf of"), request.requester_name))
    return facts


# --- what each of them says -----------------------------------------------------------------------

_Text = tuple[str, list[str]]


def _receipt(request: SubjectRequest, writing: Writing) -> _Text:
    return _("We have received your request"), [
        _("Your request reached us on %(day)s. You get our answer on %(due)s at the latest.")
        % {"day": _day(request.received_on), "due": _day(request.due_on)},
        _(
            "The answer costs you nothing. Should we need more time because the request is"
            " complex, we tell you by that day, and why."
        ),
        writing.words,
    ]


def _identity(request: SubjectRequest, writing: Writing) -> _Text:
    return _("We need to know who is asking"), [
        _(
            "We give personal data only to the person whom it is about. From your request of"
            " %(day)s we cannot be sure who is asking (GDPR Art. 12(6))."
        )
        % {"day": _day(request.received_on)},
        writing.words,
        _(
            "The easiest way is to call us at %(phone)s: we call you back at the number that you"
            " have given us before. You can also write from the e-mail address that we know."
            " Please send neither a copy of an identity document nor your personal identity code."
        )
        % {"phone": CONTROLLER.phone},
        _("Until we hear from you, the time in which we must answer stands still."),
    ]


def _extension(request: SubjectRequest, writing: Writing) -> _Text:
    return _("We need more time for your request"), [
        _(
            "We cannot answer your request of %(day)s within one month. You get our answer on"
            " %(due)s at the latest (GDPR Art. 12(3))."
        )
        % {"day": _day(request.received_on), "due": _day(request.due_on)},
        _("The reason: %(reason)s") % {"reason": request.extension_reason},
        writing.words,
        _complaint(),
    ]


def _answer(request: SubjectRequest, writing: Writing) -> _Text:
    said = {
        Kind.ACCESS: _(
            "With this letter you get what our customer register holds about you, what we use it"
            " for and who has received it."
        ),
        Kind.PORTABILITY: _(
            "With this letter you get the data that you have given us, in files that other"
            " systems can read."
        ),
        Kind.RECTIFICATION: _("We have looked at the data that you say is wrong."),
        Kind.ERASURE: _("We have decided which of your data is erased and which must stay."),
        Kind.RESTRICTION: _("We have decided about the restriction that you asked for."),
        Kind.OBJECTION: _("We have decided about your objection."),
    }
    return _("Answer to your request"), [
        _("This is our answer to your request of %(day)s.") % {"day": _day(request.received_on)},
        said[Kind(request.kind)],
        _("The certificate with this letter says what was erased, what stays and why.")
        if _is_erased(request)
        else "",
        *decided_in(request),
        writing.words,
        *(_reasons(request) if request.refusal else ()),
        _complaint(),
    ]


def _refusal(request: SubjectRequest, writing: Writing) -> _Text:
    is_partly = request.is_partly_refused
    day = {"day": _day(request.received_on)}
    return (
        _("We cannot do all that you asked for")
        if is_partly
        else _("We cannot do what you asked for"),
        [
            _("We have decided about your request of %(day)s: we cannot do all of it.") % day
            if is_partly
            else _("We have decided about your request of %(day)s: we do not grant it.") % day,
            *_reasons(request),
            *(decided_in(request) if is_partly else ()),
            writing.words,
            _complaint(),
        ],
    )


def _nothing_held(request: SubjectRequest, writing: Writing) -> _Text:
    return _("We hold no data about you"), [
        _(
            "We have looked for you in our customer register by everything that your request of"
            " %(day)s says. It holds no data about you."
        )
        % {"day": _day(request.received_on)},
        _(
            "Have you dealt with us under another name, number or address? Tell us, and we look"
            " again."
        ),
        writing.words,
        _(
            "We keep this request and our answer for three years, so that we can show that we"
            " answered; then they are erased."
        ),
        _complaint(),
    ]


def _lifting(request: SubjectRequest, writing: Writing) -> _Text:
    ends_on = writing.ends_on or timezone.localdate()
    return _("The restriction of your data ends"), [
        _(
            "At your request we have only stored your data and not used it otherwise (GDPR"
            " Art. 18). The restriction ends on %(day)s; after that we use the data as before."
        )
        % {"day": _day(ends_on)},
        *(
            _("The ground: %(ground)s.") % {"ground": one.get_ground_display()}
            for one in _in_force(request).filter(public_id=writing.restriction)
        ),
        writing.words,
        _("Do you not agree? Tell us before that day."),
        _complaint(),
    ]


def _in_force(request: SubjectRequest) -> Any:
    """The restrictions of her data that can be ended."""
    return Restriction.objects.filter(person=request.person_id).in_force()


def _reasons(request: SubjectRequest) -> list[str]:
    return [
        _("The ground: %(ground)s.") % {"ground": request.get_refusal_display()},
        _("The reasons: %(reasons)s") % {"reasons": request.refusal_reason},
    ]


def _is_erased(request: SubjectRequest) -> bool:
    """Whether something was erased for it, she herself perhaps."""
    return erasures_of(request).exists()


def _complaint() -> str:
    return _(
        "If you think that we handle your data against the law, you can complain to the Office of"
        " the Data Protection Ombudsman: %(ombudsman)s. You can also take the matter to a court."
    ) % {"ombudsman": OMBUDSMAN}


def _ask_us() -> str:
    return _("Questions? Call us: %(phone)s.") % {"phone": CONTROLLER.phone}


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


_TEXTS: Mapping[str, Callable[[SubjectRequest, Writing], _Text]] = {
    Template.RECEIPT: _receipt,
    Template.IDENTITY: _identity,
    Template.EXTENSION: _extension,
    Template.ANSWER: _answer,
    Template.REFUSAL: _refusal,
    Template.NOTHING_HELD: _nothing_held,
    Template.LIFTING: _lifting,
}

_IN_WORK = (State.IN_PROGRESS, State.EXTENDED)
_FITS: Mapping[Template, Callable[[SubjectRequest], bool]] = {
    Template.RECEIPT: lambda one: one.is_open,
    Template.IDENTITY: lambda one: one.state == State.IDENTIFYING,
    Template.EXTENSION: lambda one: one.state == State.EXTENDED,
    Template.ANSWER: lambda one: (
        (not one.refusal or one.is_partly_refused)
        and (one.person_id is not None or _is_erased(one))
        and bool(one.identified_by)
        and one.state in (*_IN_WORK, State.ANSWERED, State.PARTLY_REFUSED)
    ),
    Template.NOTHING_HELD: lambda one: (
        one.person_id is None
        and not one.refusal
        and not _is_erased(one)
        and one.state in (*_IN_WORK, State.ANSWERED)
    ),
    Template.REFUSAL: lambda one: (
        bool(one.refusal) and (one.is_open or one.state in (State.REFUSED, State.PARTLY_REFUSED))
    ),
    Template.LIFTING: lambda one: (
        one.person_id is not None
        and bool(one.identified_by)
        and one.state != State.CLOSED
        and bool(_in_force(one).exists())
    ),
}
