"""What people were told when they gave their details, what they consented to, and what they say."""

from datetime import date, datetime, time, timedelta

from consents.models import OWN_COMPANY
from praecom_registry.demo import consent_texts as texts
from praecom_registry.demo.consent_rows import ConsentRow, DutyRow, InformationRow, NoticeRow
from praecom_registry.demo.draw import Weighted, one_of
from praecom_registry.demo.rows import ChoiceRow
from praecom_registry.demo.scene import HELSINKI, Scene

_TOLD = 0.85
_TOLD_IN_A_SALE = 0.6
_COULD_OPT_OUT = 0.85
_HAS_A_DUTY = 0.3
_COMPANY_REFUSES = 0.08
_WITHDRAWS = 0.12
_TELLS_A_WISH = 0.05
_CONSENTS = (("survey", 0.15), ("training", 0.05), ("transfer", 0.03))
_GROUPS = Weighted(
    [
        *(("support", 25), ("internet", 20), ("voice", 15), ("mobile", 15), ("cloud", 12)),
        *(("security", 8), ("devices", 5)),
    ]
)
_SOURCES = Weighted([("page", 60), ("call", 25), ("form", 10), ("letter", 5)])
_GRADES = Weighted([("5", 45), ("4", 30), ("3", 14), ("2", 7), ("1", 4)])
_KEPT_DAYS = 30


def add_consents(scene: Scene) -> None:
    """Everything of this kind about the persons and companies of a finished batch."""
    for person, row in enumerate(scene.batch.persons):
        if scene.rng.random() < _TOLD:
            _tell(scene, person, row.created_at)
        for purpose, share in _CONSENTS:
            if scene.rng.random() < share:
                _consent(scene, person, row.language, purpose)
        if scene.rng.random() < _TELLS_A_WISH:
            _add_wish(scene, person, row.language)
    _tell_in_sales(scene)
    _add_duties(scene)
    _refuse_for_companies(scene)


def _tell(
    scene: Scene,
    person: int,
    at: datetime,
    point: int | None = None,
    order: int | None = None,
    *,
    could_opt_out: bool = False,
) -> None:
    scene.batch.notices.append(
        NoticeRow(person, point, order, scene.uuid(), OWN_COMPANY, could_opt_out, at)
    )


def _tell_in_sales(scene: Scene) -> None:
    """Who orders gives her e-mail address, and is mostly offered a way out at once."""
    mail: dict[int, int] = {}
    for place, point in enumerate(scene.batch.contact_points):
        if point.person is not None and point.kind == "email" and point.ended_on is None:
            mail.setdefault(point.person, place)
    for place, order in enumerate(scene.batch.orders):
        person = order.ordered_by
        if person not in mail or scene.rng.random() >= _TOLD_IN_A_SALE:
            continue
        at = datetime.combine(order.ordered_on, time(12), HELSINKI)
        could_opt_out = scene.rng.random() < _COULD_OPT_OUT
        _tell(scene, person, at, mail[person], place, could_opt_out=could_opt_out)


def _add_duties(scene: Scene) -> None:
    rng = scene.rng
    for place, role in enumerate(scene.batch.contact_persons):
        if role.ended_on is None and rng.random() < _HAS_A_DUTY:
            day = scene.day_after(role.started_on)
            scene.batch.duties.append(
                DutyRow(
                    place, scene.uuid(), _GROUPS.draw(rng), one_of(rng, texts.DUTY_EVIDENCE),
                    scene.office_hour(day), None,
                )
            )  # fmt: skip


def _refuse_for_companies(scene: Scene) -> None:
    """Some companies want no marketing at their own addresses."""
    for place, customer in enumerate(scene.batch.customers):
        if customer.owner is None and scene.rng.random() < _COMPANY_REFUSES:
            for channel in ("email", "phone")[: 1 + int(2 * scene.rng.random())]:
                scene.batch.choices.append(
                    ChoiceRow(
                        None, place, None, scene.uuid(), channel, "", "prohibited", "call", "",
                        scene.office_hour(scene.day(700, 2)),
                    )
                )  # fmt: skip


def _consent(scene: Scene, person: int, language: str, purpose: str) -> None:
    """A consent, in force or withdrawn; a survey's has answers until they are erased."""
    rng, place = scene.rng, len(scene.batch.consents)
    given = scene.day(400, 60)
    withdrawn = scene.office_hour(scene.day(55, 1)) if rng.random() < _WITHDRAWS else None
    source = _SOURCES.draw(rng)
    scene.batch.consents.append(
        ConsentRow(
            person, (purpose, language), scene.uuid(), purpose, source,
            texts.LETTER if source == "letter" else "", scene.office_hour(given), withdrawn,
        )
    )  # fmt: skip
    if purpose != "survey":
        return
    erase_by = withdrawn.date() + timedelta(days=_KEPT_DAYS) if withdrawn else None
    if erase_by is None or erase_by > scene.today:
        _add_answers(scene, person, place, language, erase_by)


def _add_answers(
    scene: Scene, person: int, consent: int, language: str, erase_by: date | None
) -> None:
    rng = scene.rng
    collected = scene.batch.consents[consent].given_at + timedelta(days=1)
    grade, wish = texts.QUESTIONS[language]
    answers = [(grade, _GRADES.draw(rng))]
    if rng.random() < 0.4:
        answers.append((wish, one_of(rng, texts.ANSWERS[language])))
    reference = f"demo-{scene.uuid().hex}"
    for question, answer in answers:
        scene.batch.information.append(
            InformationRow(
                person, consent, scene.uuid(), "survey", texts.SURVEY, question, answer, "web_form",
                reference, collected, erase_by,
            )
        )  # fmt: skip


def _add_wish(scene: Scene, person: int, language: str) -> None:
    topic, answer = one_of(scene.rng, texts.WISHES[language])
    scene.batch.information.append(
        InformationRow(
            person, None, scene.uuid(), "preference", topic, "", answer, "phone_call", "",
            scene.office_hour(scene.day(600, 2)), None,
        )
    )  # fmt: skip
