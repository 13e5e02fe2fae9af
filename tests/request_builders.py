"""Requests of data subjects in any state, made by the services alone."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, in_context
from customers.models import Person
from privacy.correctable import Value
from privacy.held import categories_held
from privacy.letters import Template, Writing, pdf_of
from privacy.models import (
    Package,
    RecipientNotice,
    RequestAttachment,
    RequestLetter,
    RequestTask,
    SubjectRequest,
)
from privacy.services import (
    add_task,
    answer,
    ask_identity,
    attach,
    close,
    decide_erasure,
    decide_objection,
    decide_refusal,
    extend,
    identify,
    keep_letter,
    open_request,
    rectify,
    refuse,
    restrict,
    send_letter,
    withdraw,
)
from privacy.states import State
from tests.builders import a_user
from tests.disclosing import a_recipient


def the_registrar(username: str = "registrar") -> User:
    """A registrar, made when first asked for."""
    found: User | None = User.objects.filter(username=username).first()
    if found is None:
        found = a_user(username)
        found.groups.add(Group.objects.get(name="registrar"))
    registrar: User = User.objects.get(pk=found.pk)  # whose roles nobody has looked up yet
    return registrar


@in_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST)
def a_request(
    person: Person | None = None,
    state: State = State.RECEIVED,
    *,
    by: User | None = None,
    received_on: date | None = None,
    **more: Any,
) -> SubjectRequest:
    """A request that has come as far as `state`, step by step, today."""
    by = by or the_registrar()
    values = {
        "public_id": uuid4(),
        "kind": SubjectRequest.Kind.ACCESS,
        "channel": SubjectRequest.Channel.LETTER,
        "received_on": received_on or timezone.localdate(),
        "requester_name": "Aino Mallikas",
        "answer_to": "Mallitie 1\n13210 Hämeenlinna",
        "language": "fi",
        **more,
    }
    request = open_request(person=person, opened_by=by, **values)
    return _brought(request, state, by)


def _brought(request: SubjectRequest, state: State, by: User) -> SubjectRequest:
    today = timezone.localdate()
    if state == State.RECEIVED:
        return request
    if state == State.IDENTIFYING:
        return ask_identity(request=request, doubt="Nimi ja osoite eivät täsmää", by=by)
    if state == State.REFUSED:
        return refused(request, by=by)
    if state == State.WITHDRAWN:
        return withdraw(request=request, withdrawn_on=today, how="Soitti", by=by)
    request = identify(request=request, method=SubjectRequest.Identified.CALL_BACK, by=by)
    if state == State.EXTENDED:
        request = extend(request=request, reason="Monta pyyntöä yhtä aikaa", by=by)
        a_sent_letter(request, Template.EXTENSION, by=by)
        return request
    if state in (State.PARTLY_REFUSED, State.ANSWERED, State.CLOSED):
        all_decided(request, by)
    if state == State.PARTLY_REFUSED:
        return refused(
            request, "exempt", reasons="Osa tiedoista koskee toista.", is_partly=True, by=by
        )
    if state in (State.ANSWERED, State.CLOSED):
        request = answer(request=request, answered_on=today, by=by)
    if state == State.CLOSED:
        request = close(request=request, by=by)
    return request


@in_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST)
def refused(
    request: SubjectRequest,
    ground: str = SubjectRequest.Refusal.UNFOUNDED,
    *,
    by: User | None = None,
    reasons: str = "Pyyntö on ilmeisen perusteeton.",
    is_partly: bool = False,
) -> SubjectRequest:
    """A request that was refused, in whole or for a part, once the letter had gone out."""
    by = by or the_registrar()
    request = decide_refusal(
        request=request, ground=ground, reasons=reasons, is_partly=is_partly, by=by
    )
    a_sent_letter(request, Template.REFUSAL, by=by)
    return refuse(request=request, by=by)


@in_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST)
def a_sent_letter(
    request: SubjectRequest,
    template: Template = Template.ANSWER,
    *,
    by: User | None = None,
    **writing: Any,
) -> RequestLetter:
    """A letter that went out today; nobody reads what it says."""
    by = by or the_registrar()
    letter = keep_letter(
        request=request,
        public_id=uuid4(),
        template=template,
        writing=Writing(**writing),
        pdf=b"%PDF-1.7\n%%EOF\n",
        by=by,
    )
    return send_letter(letter=letter, sent_on=timezone.localdate(), by=by)


@in_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST)
def all_decided(request: SubjectRequest, by: User | None = None) -> None:
    """What the request needs before its answer: a package, or a decision and its letter."""
    by, person = by or the_registrar(), request.person
    if person is None:
        a_sent_letter(request, Template.NOTHING_HELD, by=by)
    elif request.kind in _PACKAGES:
        _a_sent_package(request, by)
    else:
        _decided(request, person, by)
        a_sent_letter(request, Template.ANSWER, by=by)


def _decided(request: SubjectRequest, person: Person, by: User) -> None:
    if request.kind == SubjectRequest.Kind.RESTRICTION:
        restrict(request=request, ground="accuracy", by=by)
    elif request.kind == SubjectRequest.Kind.OBJECTION:
        decide_objection(
            request=request, public_id=uuid4(), purpose="marketing", grounds="", weighing="",
            is_upheld=True, seen_last=None, by=by,
        )  # fmt: skip
    elif request.kind == SubjectRequest.Kind.ERASURE:
        held = dict.fromkeys(categories_held(person), ("still_needed", ""))
        decide_erasure(request=request, decided=held, seen_last=None, by=by)
    else:
        value = Value(person, "first_name")
        rectify(
            request=request, public_id=uuid4(), value=value, new_value="Aina", is_accepted=False,
            reason="Nimi on oikein.", statement="", seen_at=person.changed_at, by=by,
        )  # fmt: skip


_PACKAGES = {
    SubjectRequest.Kind.ACCESS: Package.Contents.ACCESS,
    SubjectRequest.Kind.PORTABILITY: Package.Contents.PORTABLE,
}


def _a_sent_package(request: SubjectRequest, by: User) -> None:
    """A package that was approved and went out, without files."""
    now = timezone.now()
    Package.objects.create(
        request=request,
        contents=_PACKAGES[SubjectRequest.Kind(request.kind)],
        status=Package.Status.SENT,
        asked_by=by,
        needs_second_person=False,
        approved_by=by,
        approved_at=now,
        sent_at=now,
        expires_on=timezone.localdate() + timedelta(days=30),
    )


@in_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST)
def a_task(request: SubjectRequest, what: str = "Soita takaisin") -> RequestTask:
    """An open task."""
    by = the_registrar()
    return add_task(request=request, public_id=uuid4(), what=what, due_on=None, by=by)


@in_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST)
def a_paper(
    request: SubjectRequest,
    content: bytes = "Haluan nähdä tietoni.".encode(),
    *,
    is_identity_document: bool = False,
) -> RequestAttachment:
    """An attachment, a plain text unless `content` is something else."""
    return attach(
        request=request,
        public_id=uuid4(),
        title="Kirje",
        content=content,
        is_identity_document=is_identity_document,
        by=the_registrar(),
    )


def a_signed_paper(request: SubjectRequest) -> RequestAttachment:
    """A plain text with the name of who asks under it."""
    return a_paper(request, f"Haluan nähdä tietoni.\n{request.requester_name}\n".encode())


@in_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST)
def a_letter(
    request: SubjectRequest, template: Template = Template.RECEIPT, words: str = "", **more: Any
) -> RequestLetter:
    """A draft of a letter."""
    writing = Writing(words=words, **more)
    return keep_letter(
        request=request,
        public_id=uuid4(),
        template=template,
        writing=writing,
        pdf=pdf_of(request, template, writing),
        by=the_registrar(),
    )


@in_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST)
def a_notice(request: SubjectRequest) -> RecipientNotice:
    """A recipient who waits to be told."""
    return RecipientNotice.objects.create(request=request, recipient=a_recipient())
