"""The steps of a request as the registrar is offered them: when, what they ask, what they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from privacy import services, step_forms
from privacy.models import SubjectRequest
from privacy.needed import erasures_of, lacking
from privacy.states import ENDED, State

Data = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One step: its address `/requests/UUID/NAME/`, its form and the service that takes it."""

    name: str
    label: str | Promise
    about: str | Promise
    form: type[step_forms.TakingForm]
    do: Callable[[SubjectRequest, User, Data], SubjectRequest]
    is_offered: Callable[[SubjectRequest], bool]
    is_next: Callable[[SubjectRequest], bool] = lambda case: False


def offered(case: SubjectRequest) -> list[tuple[Step, bool]]:
    """The steps that can be taken as the request stands; of each, whether it is the next to take.

    What still lacks something before it is no next step.
    """
    return [(step, step.is_next(case)) for step in STEPS if step.is_offered(case)]


def _seen(data: Data) -> Data:
    return {"seen_at": data["seen_at"]}


def _whose(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    person = step_forms.person_of(data["person"], user)
    return services.say_whose(request=case, person=person, by=user, **_seen(data))


def _assign(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.assign(request=case, by=user, **data)


def _start(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.move(request=case, to=State.IN_PROGRESS, by=user, **data)


def _ask_identity(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.ask_identity(request=case, by=user, **data)


def _identify(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.identify(request=case, by=user, **data)


def _go_on(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.go_on(request=case, by=user, **data)


def _extend(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.extend(request=case, by=user, **data)


def _answer(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.answer(request=case, by=user, **data)


def _decide_refusal(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.decide_refusal(request=case, by=user, **data)


def _refuse_partly(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.decide_refusal(request=case, by=user, is_partly=True, **data)


def _take_back(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.take_back_refusal(request=case, by=user, **data)


def _refuse(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.refuse(request=case, by=user, **data)


def _correct(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.correct(request=case, by=user, **data)


def _withdraw(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.withdraw(request=case, by=user, **data)


def _close(case: SubjectRequest, user: User, data: Data) -> SubjectRequest:
    return services.close(request=case, by=user, **data)


def _is_known(case: SubjectRequest) -> bool:
    return bool(case.identified_by)


def _is_whose_open(case: SubjectRequest) -> bool:
    """Whether it is still to be said whose it is; of who was erased for it nothing is said."""
    if not case.is_open or (_is_known(case) and case.person_id is not None):
        return False
    return case.person_id is not None or not erasures_of(case).exists()


_IN_WORK = (State.IN_PROGRESS, State.EXTENDED)
_ABOUT_REFUSING = _(
    "Only where the law allows it, in whole or for a part. The letter tells her the reasons and"
    " that she can complain to the Ombudsman and go to court (GDPR Art. 12(4)). Until it has gone"
    " out the request stays open: write it next, send it, and note that it was refused."
)


def _may_be_given(case: SubjectRequest) -> bool:
    """Whether something can be given: in work, and to nobody unidentified."""
    return case.state in _IN_WORK and (_is_known(case) or case.person_id is None)


STEPS = (
    Step(
        "whose",
        _("Say whose data it is about"),
        _("Search for her by what the request says: a name, a number, an address, an ID."),
        step_forms.WhoseForm,
        _whose,
        _is_whose_open,
    ),
    Step(
        "identify",
        _("Note who was identified"),
        _(
            "By what we know already, if it will do. Copies of identity documents in this file are"
            " destroyed at once; how, when and by whom it was made sure stays."
        ),
        step_forms.IdentifyForm,
        _identify,
        lambda case: case.is_open and not _is_known(case),
        is_next=lambda case: case.person_id is not None,
    ),
    Step(
        "ask-identity",
        _("Ask who she is"),
        _("The clock stands still until she answers. Send her the letter that asks."),
        step_forms.AskIdentityForm,
        _ask_identity,
        lambda case: case.state in (State.RECEIVED, *_IN_WORK) and not _is_known(case),
    ),
    Step(
        "go-on",
        _("Let the clock run again"),
        _("She has answered, and it is still to be made sure who she is."),
        step_forms.GoOnForm,
        _go_on,
        lambda case: case.state == State.IDENTIFYING,
    ),
    Step(
        "start",
        _("Begin to work on it"),
        _("Nothing is in doubt, or nobody is known by what the request says."),
        step_forms.NothingForm,
        _start,
        lambda case: case.state == State.RECEIVED,
    ),
    Step(
        "extend",
        _("Extend by two months"),
        _(
            "For complexity or number of requests alone, and only while the first month lasts."
            " Send her the letter with the reasons within that month (GDPR Art. 12(3))."
        ),
        step_forms.ExtendForm,
        _extend,
        lambda case: (
            case.state == State.IN_PROGRESS
            and case.extended_on is None
            and timezone.localdate() <= case.due_on
        ),
    ),
    Step(
        "answer",
        _("Note that it was answered"),
        _("The whole answer has gone out."),
        step_forms.AnswerForm,
        _answer,
        lambda case: not case.refusal and _may_be_given(case),
        is_next=lambda case: not lacking(case),
    ),
    Step(
        "refused",
        _("Note that it was refused"),
        _("The letter with the reasons has gone out; its day is the day of the answer."),
        step_forms.NothingForm,
        _refuse,
        lambda case: (
            bool(case.refusal) and (_may_be_given(case) if case.is_partly_refused else case.is_open)
        ),
        is_next=lambda case: not lacking(case),
    ),
    Step(
        "refuse-partly",
        _("Refuse a part"),
        _ABOUT_REFUSING,
        step_forms.RefuseForm,
        _refuse_partly,
        _may_be_given,
    ),
    Step(
        "refuse",
        pgettext_lazy("step of a request", "Refuse"),
        _ABOUT_REFUSING,
        step_forms.RefuseForm,
        _decide_refusal,
        lambda case: case.is_open,
    ),
    Step(
        "take-back-refusal",
        _("Take the refusal back"),
        _("It is not refused after all; drafts of the letter are thrown away."),
        step_forms.NothingForm,
        _take_back,
        lambda case: case.is_open and bool(case.refusal),
    ),
    Step(
        "withdraw",
        _("She takes it back"),
        _("She does not want an answer any more. Without her word for it, a request is answered."),
        step_forms.WithdrawForm,
        _withdraw,
        lambda case: case.is_open,
    ),
    Step(
        "close",
        _("Close the request"),
        _("Nothing is left to do: from then on the file stays as it is, for three years."),
        step_forms.NothingForm,
        _close,
        lambda case: case.state in ENDED,
        is_next=lambda case: True,
    ),
    Step(
        "correct",
        _("Correct how to answer"),
        _("What was noted of who asks, and where and how she gets the answer."),
        step_forms.CorrectForm,
        _correct,
        lambda case: case.state != State.CLOSED,
    ),
    Step(
        "assign",
        _("Give it to a registrar"),
        _("She answers for it from now on."),
        step_forms.HandlerForm,
        _assign,
        lambda case: case.state != State.CLOSED,
    ),
)
