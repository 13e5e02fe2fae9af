"""Requests of data subjects in any state, made by the services alone."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, in_context
from customers.models import Person
from privacy.letters import Template, Writing, pdf_of
from privacy.models import RequestAttachment, RequestLetter, RequestTask, SubjectRequest
from privacy.services import (
    add_task,
    answer,
    ask_identity,
    attach,
    close,
    extend,
    identify,
    keep_letter,
    open_request,
    refuse,
)
from privacy.states import State
from tests.builders import a_user


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
        return refuse(
            request=request,
            ground=SubjectRequest.Refusal.UNFOUNDED,
            reasons="Pyyntö on ilmeisen perusteeton.",
            answered_on=today,
            by=by,
        )
    request = identify(request=request, method=SubjectRequest.Identified.CALL_BACK, by=by)
    if state == State.EXTENDED:
        return extend(request=request, reason="Monta pyyntöä yhtä aikaa", by=by)
    if state == State.PARTLY_REFUSED:
        return refuse(
            request=request,
            ground=SubjectRequest.Refusal.EXEMPT,
            reasons="Osa tiedoista koskee toista.",
            answered_on=today,
            by=by,
            is_partly=True,
        )
    if state in (State.ANSWERED, State.CLOSED):
        request = answer(request=request, answered_on=today, by=by)
    if state == State.CLOSED:
        request = close(request=request, by=by)
    return request


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
    request: SubjectRequest, template: Template = Template.RECEIPT, words: str = ""
) -> RequestLetter:
    """A draft of a letter."""
    return keep_letter(
        request=request,
        public_id=uuid4(),
        template=template,
        pdf=pdf_of(request, template, Writing(words=words)),
        by=the_registrar(),
    )
