"""One record of any kind about a person, for walks over all the pages that show records."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import AdequacyDecision, Disclosure, Processor, Recipient, User
from audit.context import AccessPurpose, access_context
from consents.models import (
    CollectionNotice,
    Consent,
    MarketingChoice,
    MarketingList,
    SupplementaryInformation,
    Survey,
    SurveyQuestion,
    Wording,
    WorkDuty,
)
from contracts.models import (
    BillingAccount,
    BillingContact,
    CollectionCase,
    Contract,
    Device,
    DeviceHandover,
    Invoice,
    Offer,
    Order,
    OrderLine,
    Product,
    Return,
    ServiceChange,
    Subscription,
    VatRate,
)
from customers.models import (
    Address,
    ContactPerson,
    ContactPoint,
    Customer,
    Hold,
    Interaction,
    Person,
    Restriction,
    ServiceUser,
    Source,
)
from datamap.vocabulary import LawfulBasis
from privacy.models import (
    Breach,
    ErasureRun,
    Package,
    RecipientNotice,
    RequestAttachment,
    RequestLetter,
    RequestTask,
    RetentionOutlook,
    SubjectRequest,
)
from privacy.package_tasks import collect_package
from recordings.models import Reassignment, Recording, RecordingHold, StoredMessage
from tests.builders import a_company, a_private_customer, a_user
from tests.contract_builders import (
    DAY,
    a_billing_account,
    a_collection_case,
    a_contract,
    a_device,
    a_device_model,
    a_handover,
    a_service,
    a_subscription,
    an_invoice,
    an_offer,
    an_order,
)
from tests.disclosing import a_breach, a_processor, a_recipient, disclosed
from tests.marketing import a_list_of
from tests.recording_builders import a_message, a_recording
from tests.request_builders import a_letter, a_notice, a_request, a_signed_paper, a_task


def a_record(kind: str, person: Person) -> UUID:
    """The public ID of a record of a kind (`app.model`) about the person, made if need be.

    Of an account or a wording, which are about nobody, it is a new one each time.
    """
    model: Any = apps.get_model(kind)
    if model is Person:
        return person.public_id
    if model is User:
        return a_user(f"user{User.objects.count()}").public_id
    if model is Wording:
        version = Wording.objects.count() + 1
        return Wording.objects.create(name="kirje", version=version, text="Teksti.").public_id
    if model in (Survey, SurveyQuestion):
        return _a_survey(model)
    if model in (Product, VatRate):
        return _for_sale(model)
    if model in (Recipient, Processor, AdequacyDecision, Disclosure, Breach):
        return _of_the_registrar(model, person)
    if model is MarketingList:
        return a_list_of(person, _the_marketer()).public_id
    for models, make in _MADE_APART:
        if model in models:
            return make(model, person)
    values = _VALUES[model](person)
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        whose = {"owner" if model is Customer else "person": person}
        found = model.objects.filter(**whose).order_by("pk").first()
        public_id: UUID = (found or model.objects.create(**whose, **values)).public_id
        return public_id


def _of_retention(model: Any, _person: Person) -> UUID:
    """A run that waits for approval, or an outlook that was asked for."""
    today, values = timezone.localdate(), {}
    if model is ErasureRun:
        values = {"as_of": today, "kind": "retention", "status": "planned", "digest": "0" * 64}
    found = model.objects.first() or model.objects.create(**(values or {"day": today}))
    public_id: UUID = found.public_id
    return public_id


def _a_duty(_model: Any, person: Person) -> UUID:
    role = a_record("customers.contactperson", person)
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        held = WorkDuty.objects.filter(contact_person__public_id=role).first()
        duty = held or WorkDuty.objects.create(
            contact_person=ContactPerson.objects.get(public_id=role),
            product_group=Product.Group.SUPPORT,
            evidence="Kertoi puhelimessa.",
        )
        return duty.public_id


def _of_a_request(model: Any, person: Person) -> UUID:
    """A request of hers, or the first thing of a kind in its file."""
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        found = SubjectRequest.objects.filter(person=person).order_by("pk").first()
    request = found or a_request(person, requester_name=person.display_name)
    if model is SubjectRequest:
        return request.public_id
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        part: Any = model.objects.filter(request=request).order_by("pk").first()
    make: Any = {
        RequestTask: a_task,
        RequestAttachment: a_signed_paper,
        RequestLetter: a_letter,
        RecipientNotice: a_notice,
    }[model]
    public_id: UUID = (part or make(request)).public_id
    return public_id


def _of_the_vault(model: Any, person: Person) -> UUID:
    """A recording or a message of hers, or a recording's hold or correction."""
    kind = StoredMessage if model is StoredMessage else Recording
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        found: Any = kind.objects.filter(concerns__person=person).order_by("pk").first()
    record = found or (a_message if kind is StoredMessage else a_recording)(person)
    if model is kind:
        public_id: UUID = record.public_id
        return public_id
    values = {
        RecordingHold: {"reason": "Riita laskusta", "placed_by": _somebody(person)},
        Reassignment: {
            "reason": "Soittaja oli toinen.",
            "given_to": person,
            "made_by": _somebody(person),
        },
    }[model]
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        made: Any = model.objects.filter(recording=record).first()
        kept: UUID = (made or model.objects.create(recording=record, **values)).public_id
        return kept


def _the_marketer() -> User:
    """Who is signed in where a test works as a marketer: a list is its maker's."""
    user = User.objects.filter(username="marketer").first() or a_user("marketer")
    user.groups.add(Group.objects.get(name="marketer"))
    return user


def _a_survey(model: Any) -> UUID:
    titles = {"title_fi": "Kysely", "title_sv": "Enkät", "title_en": "Survey"}
    survey = Survey.objects.create(
        topic=f"Kysely {Survey.objects.count()}", closes_on="2999-12-31", **titles
    )
    texts = {"text_fi": "Miten meni?", "text_sv": "Hur gick det?", "text_en": "How did it go?"}
    question = SurveyQuestion.objects.create(survey=survey, place=1, kind="text", **texts)
    public_id: UUID = (survey if model is Survey else question).public_id
    return public_id


def _of_the_registrar(model: Any, person: Person) -> UUID:
    """A record of the registrar's own; a disclosure and a breach are about the person."""
    if model is Recipient:
        record: Any = a_recipient()
    elif model is Processor:
        record = a_processor()
    elif model is AdequacyDecision:
        record = AdequacyDecision.objects.earliest("pk")
    elif model is Disclosure:
        record = disclosed(person, to=a_recipient(), basis=LawfulBasis.LEGAL_OBLIGATION)
    else:
        record = a_breach(_somebody(person))
    public_id: UUID = record.public_id
    return public_id


def _a_wording(name: str) -> Wording:
    return Wording.objects.get_or_create(
        name=name, version=1, language="fi", defaults={"text": "Suostun."}
    )[0]


def _for_sale(model: Any) -> UUID:
    public_id: UUID = a_service().public_id
    if model is VatRate:
        public_id = VatRate.objects.earliest("pk").public_id
    return public_id


def _of_a_customer(model: Any, person: Person) -> UUID:
    """A record of the customer that the person is herself, which is made too if need be."""
    path = "billing_account__customer" if model is BillingContact else "customer"
    if model is Device:
        path = "handovers__customer"
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        found = model.objects.filter(**{f"{path}__owner": person}).order_by("pk").first()
        customer = Customer.objects.filter(owner=person).order_by("pk").first()
    record = found or _OF_A_CUSTOMER[model](customer or a_private_customer(person), person)
    public_id: UUID = record.public_id
    return public_id


def _a_return(customer: Customer, person: Person) -> Return:
    order = an_order(customer, [a_device_model()], ordered_by=person)
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        return Return.objects.create(
            customer=customer,
            order_line=OrderLine.objects.get(order=order),
            kind=Return.Kind.CANCELLATION,
            happened_on=DAY,
            reason=Return.Reason.LATE,
        )


def _a_service_change(customer: Customer, person: Person) -> ServiceChange:
    service = a_subscription(a_contract(customer, signed_by=person), user=person)
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        return ServiceChange.objects.create(
            customer=customer,
            subscription=service,
            kind=ServiceChange.Kind.PRODUCT,
            changed_on=DAY,
            old_product=a_service(),
            new_product=service.product,
        )


def _a_billing_contact(customer: Customer, person: Person) -> BillingContact:
    account = a_billing_account(customer)
    with access_context(job="builder", purpose=AccessPurpose.UPKEEP):
        return BillingContact.objects.create(billing_account=account, person=person)


def _a_device_of(customer: Customer, person: Person) -> Device:
    return a_handover(a_device(), customer, person).device


_OF_A_CUSTOMER: dict[Any, Any] = {
    Offer: lambda customer, person: an_offer(customer, [a_service()], made_to=person),
    Order: lambda customer, person: an_order(customer, [a_device_model()], ordered_by=person),
    Return: _a_return,
    Contract: lambda customer, person: a_contract(customer, signed_by=person),
    Subscription: lambda customer, person: a_subscription(
        a_contract(customer, signed_by=person), user=person
    ),
    ServiceChange: _a_service_change,
    Device: _a_device_of,
    DeviceHandover: lambda customer, person: a_handover(a_device(), customer, person),
    BillingAccount: lambda customer, person: a_billing_account(customer),
    BillingContact: _a_billing_contact,
    Invoice: lambda customer, person: an_invoice(customer),
    CollectionCase: lambda customer, person: a_collection_case(an_invoice(customer)),
}


def _a_package(_model: Any, person: Person) -> UUID:
    """A package to be reviewed, of the person's request; she asked for it herself."""
    case = a_record("privacy.subjectrequest", person)
    with access_context(job="builder", purpose=AccessPurpose.SUBJECT_REQUEST):
        found = Package.objects.filter(request__public_id=case).first()
        package = found or Package.objects.create(
            request=SubjectRequest.objects.get(public_id=case),
            contents=Package.Contents.ACCESS,
            asked_by=_somebody(person),
            expires_on=timezone.localdate(),
        )
    collect_package(package.pk)
    public_id: UUID = package.public_id
    return public_id


_MADE_APART: Sequence[tuple[Any, Callable[[Any, Person], UUID]]] = (
    ((WorkDuty,), _a_duty),
    ((ErasureRun, RetentionOutlook), _of_retention),
    ((Recording, StoredMessage, RecordingHold, Reassignment), _of_the_vault),
    (
        (SubjectRequest, RequestTask, RequestAttachment, RequestLetter, RecipientNotice),
        _of_a_request,
    ),
    ((Package,), _a_package),
    (_OF_A_CUSTOMER, _of_a_customer),
)


def _somebody(person: Person) -> User:
    name = f"registrar of {person.pk}"
    return User.objects.filter(username=name).first() or a_user(name)


_VALUES: dict[Any, Any] = {
    Consent: lambda person: {
        "purpose": Consent.Purpose.SURVEY,
        "wording": _a_wording(Consent.Purpose.SURVEY),
        "source": MarketingChoice.Source.CALL,
    },
    SupplementaryInformation: lambda person: {
        "kind": SupplementaryInformation.Kind.FEEDBACK,
        "topic": "Palvelu",
        "answer": "Toimi hyvin.",
        "source": Source.STAFF,
    },
    ContactPoint: lambda person: {
        "kind": ContactPoint.Kind.PHONE,
        "as_written": "040 000 0001",
        "normalised": "+358400000001",
        "source": Source.STAFF,
    },
    Address: lambda person: {
        "kind": Address.Kind.POSTAL,
        "street": "Mallikatu 1",
        "postal_code": "13100",
        "source": Source.STAFF,
    },
    Customer: lambda person: {
        "kind": Customer.Kind.PERSON,
        "number": f"9-{person.pk}",
        "source": Source.STAFF,
    },
    ContactPerson: lambda person: {"customer": a_company(), "source": Source.STAFF},
    ServiceUser: lambda person: {"user_id": f"K9-{person.pk}", "source": Source.STAFF},
    Interaction: lambda person: {
        "channel": Interaction.Channel.PHONE,
        "direction": Interaction.Direction.INBOUND,
        "subject": "Laskun eräpäivä",
        "source": Source.PHONE_CALL,
    },
    Restriction: lambda person: {
        "ground": Restriction.Ground.ACCURACY,
        "restricted_by": _somebody(person),
    },
    Hold: lambda person: {"reason": "Riita laskusta", "placed_by": _somebody(person)},
    MarketingChoice: lambda person: {
        "channel": MarketingChoice.Channel.EMAIL,
        "choice": MarketingChoice.Choice.PROHIBITED,
        "source": MarketingChoice.Source.CALL,
    },
    CollectionNotice: lambda person: {},
}
