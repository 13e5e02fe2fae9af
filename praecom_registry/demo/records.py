"""The registrar's own records: recipients, disclosures, processors, breaches, the description."""

from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from accounts.models import Disclosure, Processor, Recipient, User
from audit.context import AccessPurpose, access_context
from consents.services import disclose
from customers.models import Person, Restriction
from datamap.vocabulary import Category, LawfulBasis
from praecom_registry.demo.scene import Scene
from privacy.breaches import close_breach, save_breach
from privacy.description.publishing import publish
from privacy.models import Breach
from privacy.reference import SubInput, save_processor

Kind = Recipient.Kind

_RECIPIENTS = (
    ("Praecom Palvelut Oy", Kind.GROUP, "FI", "Yhteisrekisterinpitäjät, 26 artikla, 1.3.2024"),
    ("Praecom Sverige AB", Kind.GROUP, "SE", "Oma peruste: sopimus asiakkaan kanssa"),
    ("Verohallinto", Kind.AUTHORITY, "FI", ""),
    ("Tilitoimisto Esimerkki Oy", Kind.OTHER, "FI", ""),
    ("Perintätoimisto Malli Oy", Kind.OTHER, "FI", ""),
)
_TAXES, _AGENCY = "Verohallinto", "Perintätoimisto Malli Oy"

_PROCESSORS = (
    (
        "Esimerkki Konesalit Oy",
        "Palvelinkeskus ja varmuuskopiot",
        list(Category),
        date(2023, 9, 1),
        (SubInput("Exempel Backup AB", "Varmuuskopioiden säilytys", "SE", date(2023, 10, 2)),),
    ),
    (
        "Mallipaino Oy",
        "Laskujen tulostus ja postitus",
        [Category.NAME, Category.BILLING],
        date(2022, 5, 16),
        (),
    ),
    (
        "Esimerkki Asiakaspalvelu Oy",
        "Service Desk iltaisin ja viikonloppuisin",
        [Category.NAME, Category.PHONE, Category.EMAIL, Category.SERVICES, Category.HISTORY],
        date(2024, 1, 8),
        (),
    ),
)


def make_records(job: str) -> None:
    """Make them, where there is a registrar; those that are there stay as they are."""
    registrar = User.objects.filter(groups__name="registrar").order_by("pk").first()
    if registrar is None:
        return
    with access_context(job=job, purpose=AccessPurpose.UPKEEP, actor_id=registrar.pk):
        publish(by=None)
        _recipients()
        _processors()
        if not Disclosure.objects.filter(recipient__name__in=[_TAXES, _AGENCY]).exists():
            _disclosures(registrar)
        if not Breach.objects.exists():
            _breaches(registrar)
        publish(by=registrar)


def _scene(name: str) -> Scene:
    return Scene(Random(f"record {name}"), timezone.localdate())


def _recipients() -> None:
    for name, kind, country, arrangement in _RECIPIENTS:
        values = {"kind": kind, "country": country, "arrangement": arrangement}
        Recipient.objects.get_or_create(
            name=name, defaults={**values, "public_id": _scene(name).uuid()}
        )


def _processors() -> None:
    for name, service, categories, contract_on, subs in _PROCESSORS:
        if Processor.objects.filter(name=name).exists():
            continue
        processor = Processor(
            public_id=_scene(name).uuid(),
            name=name,
            service=service,
            categories=[category.value for category in categories],
            contract_on=contract_on,
            audited_on=timezone.localdate() - timedelta(days=120),
        )
        save_processor(processor=processor, sub_processors=subs)


def _disclosures(registrar: User) -> None:
    restricted = Restriction.objects.in_force().values("person")
    free = Person.objects.exclude(pk__in=restricted).order_by("pk").only("pk", "public_id")
    some = list(free[:12])
    if not some:
        return
    now = timezone.now()
    disclose(
        public_id=_scene(_TAXES).uuid(),
        recipient=Recipient.objects.get(name=_TAXES),
        persons=some[:4],
        categories=[Category.NAME, Category.BILLING],
        what="Verotarkastuksessa pyydetyt laskut",
        basis=LawfulBasis.LEGAL_OBLIGATION,
        by=registrar,
        made_at=now - timedelta(days=63),
    )
    disclose(
        public_id=_scene(_AGENCY).uuid(),
        recipient=Recipient.objects.get(name=_AGENCY),
        persons=some[4:],
        categories=[Category.NAME, Category.PHONE, Category.BILLING],
        what="Perittäväksi siirretyt laskut",
        basis=LawfulBasis.LEGITIMATE_INTEREST,
        by=registrar,
        made_at=now - timedelta(days=12),
    )


def _breaches(registrar: User) -> None:
    now = timezone.now()
    known = _at(now - timedelta(days=96), 9)
    closed = Breach(
        public_id=_scene("closed breach").uuid(),
        nature=(
            "Laskutusajon virhe: kolmen asiakkaan laskut lähtivät toisten asiakkaiden "
            "sähköpostiosoitteisiin."
        ),
        began_at=known - timedelta(hours=3),
        ended_at=known + timedelta(hours=1),
        aware_at=known,
        categories=[Category.NAME.value, Category.BILLING.value],
        persons=3,
        records=3,
        risk=Breach.Risk.RISK,
        consequences="Vastaanottajat näkivät nimen, osoitteen ja laskun rivit.",
        measures="Vastaanottajia pyydettiin poistamaan viestit. Ajon tarkistus korjattiin.",
        contact="Juha Elonen, 020 164 0200",
        told_authority_at=known + timedelta(hours=22),
        told_persons_at=known + timedelta(hours=26),
    )
    close_breach(breach=save_breach(breach=closed, by=registrar))
    open_one = Breach(
        public_id=_scene("open breach").uuid(),
        nature="Kannettava tietokone katosi junassa. Levy oli salattu; selvitetään, oliko se auki.",
        began_at=now - timedelta(hours=29),
        aware_at=now - timedelta(hours=26),
        categories=[Category.NAME.value, Category.PHONE.value, Category.HISTORY.value],
        contact="Juha Elonen, 020 164 0200",
    )
    save_breach(breach=open_one, by=registrar)


def _at(moment: datetime, hour: int) -> datetime:
    return timezone.localtime(moment).replace(hour=hour, minute=0, second=0, microsecond=0)
