"""Requests of data subjects in every state: near their day, paused, extended, about nobody.

They are made by the services themselves, so that a demo request could have been noted by hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from audit.context import AccessPurpose, access_context
from customers.models import Address, Interaction, Person
from customers.services.contacts import log_contact
from datamap.vocabulary import Category, Purpose
from praecom_registry.demo.packing import make_packages
from praecom_registry.demo.scene import Scene
from privacy import services
from privacy.correctable import Value
from privacy.forgetting.requests import plan_erasure
from privacy.held import categories_held
from privacy.letters import Template, Writing, pdf_of
from privacy.models import Package, SubjectRequest
from privacy.package_services import ask_for_package
from privacy.states import State

_NEEDLESS = {Category.HISTORY, Category.MARKETING, Category.RECORDINGS, Category.SUPPLEMENTARY}

Kind = SubjectRequest.Kind
Channel = SubjectRequest.Channel

_COPY = b"\xff\xd8\xff\xe0" + bytes(64) + b"\xff\xd9"
"""As short as a picture can be: the copy of an identity document that shows nothing."""


@dataclass(frozen=True)
class Asked:
    """A request: what for, by which way, how many days ago, and what has been done since."""

    kind: Kind
    channel: Channel
    days_ago: int
    since: Callable[["Desk", SubjectRequest], None]
    is_known: bool = True
    is_heard: bool = False  # somebody with a recording, where there is one
    representative: str = ""
    scope: str = ""


class Desk:
    """The registrar at work, with keys that are the same each time."""

    def __init__(self, registrar: User) -> None:
        self.by = registrar
        self.to_review: list[Package] = []
        self.to_make: list[Package] = []
        self._keys = Scene(Random("requests"), timezone.localdate())

    def key(self) -> UUID:
        return self._keys.uuid()

    def take(self, request: SubjectRequest) -> SubjectRequest:
        return services.assign(request=request, handler=self.by, by=self.by)

    def identify(self, request: SubjectRequest, method: str = "call_back") -> SubjectRequest:
        return services.identify(request=self.take(request), method=method, by=self.by)

    def note(self, request: SubjectRequest, text: str) -> None:
        services.add_note(request=request, public_id=self.key(), text=text, by=self.by)

    def task(self, request: SubjectRequest, what: str, days: int) -> None:
        due_on = timezone.localdate() + timedelta(days=days)
        services.add_task(
            request=request, public_id=self.key(), what=what, due_on=due_on, by=self.by
        )

    def letter(
        self, request: SubjectRequest, template: Template, words: str = "", *, is_sent: bool = True
    ) -> None:
        writing = Writing(words=words)
        letter = services.keep_letter(
            request=request,
            public_id=self.key(),
            template=template,
            writing=writing,
            pdf=pdf_of(request, template, writing),
            by=self.by,
        )
        if is_sent:
            services.send_letter(letter=letter, sent_on=timezone.localdate(), by=self.by)

    def refuse(self, request: SubjectRequest, *, reasons: str, is_partly: bool = False) -> None:
        request = services.decide_refusal(
            request=request,
            ground=SubjectRequest.Refusal.NOT_OURS,
            reasons=reasons,
            is_partly=is_partly,
            by=self.by,
        )
        self.letter(request, Template.REFUSAL)
        services.refuse(request=request, by=self.by)

    def attach(self, request: SubjectRequest, title: str, content: bytes, *, is_id: bool) -> None:
        services.attach(
            request=request,
            public_id=self.key(),
            title=title,
            content=content,
            is_identity_document=is_id,
            by=self.by,
        )

    def contact(self, request: SubjectRequest, subject: str, summary: str) -> None:
        """A call that an agent has written down, with somebody else in it."""
        person: Any = request.person
        agent = User.objects.with_role("agent").order_by("pk").first() or self.by
        log_contact(
            public_id=self.key(),
            person=person,
            handled_by=agent,
            channel=Interaction.Channel.PHONE,
            direction=Interaction.Direction.INBOUND,
            subject=subject,
            summary=summary.format(name=_somebody_else(person)),
            outcome=Interaction.Outcome.RESOLVED,
            is_closed=True,
            answers={},
        )

    def ask_for_package(self, request: SubjectRequest) -> Package:
        package, _is_new = ask_for_package(
            request=request, public_id=self.key(), contents=Package.Contents.ACCESS, by=self.by
        )
        return package


# --- what has been done since ---------------------------------------------------------------------


def _nothing(desk: Desk, request: SubjectRequest) -> None:
    """It has only been noted."""


def _near(desk: Desk, request: SubjectRequest) -> None:
    letter = "Pyydän nähdä kaikki minusta tallennetut tiedot.\n".encode()
    desk.attach(request, "Kirje", letter, is_id=False)
    desk.letter(request, Template.RECEIPT)


def _doubted(desk: Desk, request: SubjectRequest) -> None:
    asked_on = request.received_on + timedelta(days=2)
    request = services.ask_identity(
        request=desk.take(request),
        doubt="Pyyntö tuli sähköpostiosoitteesta, jota emme tunne.",
        asked_on=asked_on,
        by=desk.by,
    )
    desk.letter(request, Template.IDENTITY)
    desk.attach(request, "Ajokortin kopio", _COPY, is_id=True)


def _in_work(desk: Desk, request: SubjectRequest) -> None:
    request = desk.identify(request)
    desk.note(request, "Soitettu takaisin rekisterissä olevaan numeroon, vahvisti osoitteensa.")
    desk.task(request, "Tarkista laskutusosoite laskutukselta", 2)


def _extended(desk: Desk, request: SubjectRequest) -> None:
    request = services.extend(
        request=desk.identify(request, "registered_email"),
        reason="Pyyntö koskee kymmenen vuoden puhelutallenteita ja viestejä.",
        by=desk.by,
    )
    desk.letter(request, Template.EXTENSION)
    desk.contact(
        request,
        "Laskutusosoite",
        "Puoliso {name} soitti ja pyysi laskun kotiin. {name} soittaa maanantaina uudestaan.",
    )
    desk.to_review.append(desk.ask_for_package(request))


def _packed(desk: Desk, request: SubjectRequest) -> None:
    request = desk.identify(request)
    desk.contact(request, "Liittymän siirto", "Naapuri {name} avasi asentajalle oven.")
    desk.to_make.append(desk.ask_for_package(request))


def _represented(desk: Desk, request: SubjectRequest) -> None:
    request = desk.identify(request, "authorisation")
    desk.note(request, "Valtakirja tarkastettu: voimassa, oikein allekirjoitettu.")


def _unknown(desk: Desk, request: SubjectRequest) -> None:
    request = services.move(request=desk.take(request), to=State.IN_PROGRESS, by=desk.by)
    desk.note(request, "Haettu nimellä, osoitteella ja sähköpostilla: ei löydy.")
    desk.letter(request, Template.NOTHING_HELD, is_sent=False)


def _answered(desk: Desk, request: SubjectRequest) -> None:
    request = desk.identify(request)
    services.decide_objection(
        request=request,
        public_id=desk.key(),
        purpose=Purpose.RESEARCH,
        grounds="Ei halua vastauksiaan käytettävän tutkimuksessa.",
        weighing="Tutkimus onnistuu ilman hänen vastauksiaan.",
        is_upheld=True,
        seen_last=None,
        by=desk.by,
    )
    desk.letter(request, Template.ANSWER)
    services.answer(request=request, answered_on=timezone.localdate(), by=desk.by)


def _partly(desk: Desk, request: SubjectRequest) -> None:
    request = desk.identify(request)
    person: Any = request.person
    services.rectify(
        request=request,
        public_id=desk.key(),
        value=Value(person, "last_name"),
        new_value="Toinen-Nimi",
        is_accepted=False,
        reason="Nimi on väestötietojen mukainen.",
        statement="",
        seen_at=person.changed_at,
        by=desk.by,
    )
    desk.refuse(
        request,
        reasons="Toinen korjattavista tiedoista on toisen yhtiön rekisterissä.",
        is_partly=True,
    )


def _refused(desk: Desk, request: SubjectRequest) -> None:
    desk.refuse(desk.take(request), reasons="Pyyntö koskee toisen yhtiön rekisteriä.")


def _to_erase(desk: Desk, request: SubjectRequest) -> None:
    """What the relationship does not need is to go; the plan waits for the second registrar."""
    request = desk.identify(request)
    person: Any = request.person
    held = categories_held(person)
    services.decide_erasure(
        request=request,
        decided={
            one: ("not_needed", "") if one in _NEEDLESS else ("still_needed", "") for one in held
        },
        seen_last=None,
        by=desk.by,
    )
    if _NEEDLESS & set(held):
        plan_erasure(request=request, by=desk.by)


def _withdrawn(desk: Desk, request: SubjectRequest) -> None:
    services.withdraw(
        request=desk.identify(request),
        withdrawn_on=timezone.localdate(),
        how="Soitti rekisterissä olevasta numerosta: näki tiedot jo laskultaan.",
        by=desk.by,
    )


def _closed(desk: Desk, request: SubjectRequest) -> None:
    _answered(desk, request)
    services.close(request=request, by=desk.by)


_ASKED = (
    Asked(Kind.ACCESS, Channel.LETTER, 26, _near),
    Asked(Kind.ERASURE, Channel.EMAIL, 0, _nothing),
    Asked(Kind.ACCESS, Channel.EMAIL, 12, _doubted),
    Asked(Kind.RECTIFICATION, Channel.PHONE, 21, _in_work),
    Asked(Kind.ACCESS, Channel.LETTER, 25, _extended, is_heard=True),
    Asked(Kind.ACCESS, Channel.EMAIL, 17, _packed, is_heard=True),
    Asked(Kind.ERASURE, Channel.LETTER, 10, _to_erase),
    Asked(Kind.PORTABILITY, Channel.LETTER, 8, _represented, representative="Asianajaja Esimerkki"),
    Asked(Kind.ACCESS, Channel.LETTER, 14, _unknown, is_known=False),
    Asked(Kind.OBJECTION, Channel.IN_PERSON, 18, _answered),
    Asked(Kind.RECTIFICATION, Channel.PHONE, 20, _partly),
    Asked(Kind.RESTRICTION, Channel.OTHER, 9, _refused),
    Asked(Kind.ACCESS, Channel.PHONE, 4, _withdrawn),
    Asked(Kind.OBJECTION, Channel.EMAIL, 40, _closed),
)


_HEARD = sum(asked.is_heard for asked in _ASKED)


def make_requests(job: str) -> None:
    """Make the requests, where there is a registrar; those that are there stay as they are."""
    registrar = User.objects.with_role("registrar").order_by("pk").first()
    if registrar is None:
        return
    desk = Desk(registrar)
    with access_context(job=job, purpose=AccessPurpose.SUBJECT_REQUEST, actor_id=registrar.pk):
        if SubjectRequest.objects.keys_only().exists():
            return
        customers = Person.objects.filter(customers__isnull=False).distinct().order_by("pk")
        heard = list(customers.filter(recordings__isnull=False)[:_HEARD])
        others = customers.exclude(pk__in=[one.pk for one in heard])[: len(_ASKED)]
        persons, of_recordings = iter(others), iter(heard)
        for asked in _ASKED:
            person = next(of_recordings, None) if asked.is_heard else None
            if asked.is_known and person is None:
                person = next(persons, None)
                if person is None:
                    continue  # fewer people than requests
            asked.since(desk, services.open_request(**_values(desk, asked, person)))
    make_packages(desk.to_review, desk.to_make, asked_by=registrar, job=job)


def _values(desk: Desk, asked: Asked, person: Person | None) -> dict[str, Any]:
    return {
        "public_id": desk.key(),
        "kind": asked.kind,
        "channel": asked.channel,
        "received_on": _day(asked.days_ago),
        "person": person,
        "requester_name": person.display_name if person else "Tuntematon Kysyjä",
        "answer_to": "\n".join(_address(person)) or "kysyja@demo.example.org",
        "language": person.language if person else "fi",
        "opened_by": desk.by,
        "representative": asked.representative,
        "authorisation": "Valtakirja" if asked.representative else "",
        "scope": asked.scope,
    }


def _day(days_ago: int) -> date:
    return timezone.localdate() - timedelta(days=days_ago)


def _somebody_else(person: Person) -> str:
    other = Person.objects.exclude(pk=person.pk).order_by("pk").first()
    return other.display_name if other is not None else ""


def _address(person: Person | None) -> Iterator[str]:
    if person is None:
        return
    address = Address.objects.filter(person=person).in_force().order_by("pk").first()
    if address is not None:
        yield address.street
        yield f"{address.postal_code} {address.city}".strip()
