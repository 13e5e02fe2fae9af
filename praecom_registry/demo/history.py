"""What has happened with a person: contacts, marketing choices, restrictions and holds."""

from datetime import date, timedelta

from praecom_registry.demo import texts
from praecom_registry.demo.draw import Weighted, one_of
from praecom_registry.demo.rows import ChoiceRow, HoldRow, InteractionRow, RestrictionRow
from praecom_registry.demo.scene import Scene

_CHANNEL = Weighted(
    [
        ("phone", 52), ("email", 22), ("chat", 10), ("web_form", 8), ("sms", 3), ("visit", 2),
        ("letter", 2), ("video", 1),
    ]
)  # fmt: skip
_SOURCE_OF_CHANNEL = {
    "phone": "phone_call", "email": "email", "web_form": "web_form", "letter": "letter",
}  # fmt: skip
_OUTCOME = Weighted(
    [("resolved", 70), ("forwarded", 13), ("call_back", 8), ("not_reached", 5), ("other", 4)]
)
_QUIET_SINCE, _STORM_SINCE = 1100, 120
"""Days: how far back contacts go, and how recent a stormy customer's are."""

_MARKETING = ("email", "sms", "phone", "post")
_CHOICE = Weighted([("permitted", 62), ("prohibited", 38)])
_CHOICE_SOURCE = Weighted([("page", 50), ("call", 30), ("form", 15), ("letter", 5)])

_RESTRICTED_OF, _HELD_OF = 250, 200
"""One person of so many is restricted, one of so many held: some even in a small register."""
_GROUNDS = ("accuracy", "objection", "claims", "unlawful")


def add_interactions(scene: Scene, person: int, customer: int | None, language: str) -> None:
    """Four of five are quiet; some call now and then, a few are a storm of recent contacts."""
    rng = scene.rng
    chance = rng.random()
    if chance < 0.6:
        return
    if chance < 0.8:
        days = [scene.day(_QUIET_SINCE, 1)]
    elif chance < 0.975:
        days = [scene.day(_QUIET_SINCE, 1) for _ in range(2 + int(5 * rng.random()))]
    else:
        days = [scene.day(_STORM_SINCE, 1) for _ in range(10 + int(30 * rng.random()))]
    for day in sorted(days):
        _add_interaction(scene, person, customer, language, day)


def _add_interaction(
    scene: Scene, person: int, customer: int | None, language: str, day: date
) -> None:
    rng = scene.rng
    channel, matter = _CHANNEL.draw(rng), texts.draw_matter(rng, language)
    outbound = channel != "web_form" and rng.random() < 0.18
    happened = scene.office_hour(day)
    is_open = (scene.today - day).days < 14 and rng.random() < 0.3
    closed = None if is_open else happened + timedelta(minutes=2 + int(40 * rng.random()))
    scene.batch.interactions.append(
        InteractionRow(
            person, customer, int(1000 * rng.random()), scene.uuid(), scene.now, scene.now,
            _SOURCE_OF_CHANNEL.get(channel, "service_use"), channel, "out" if outbound else "in",
            matter.subject, matter.summary, "" if is_open else _OUTCOME.draw(rng), happened, closed,
        )
    )  # fmt: skip


def add_choices(scene: Scene, person: int, language: str) -> None:
    """Fewer than half were ever asked; some prohibit, some change their minds."""
    rng = scene.rng
    if rng.random() > 0.45:
        return
    source = _CHOICE_SOURCE.draw(rng)
    asked = scene.day(1400, 2)
    for channel in _MARKETING:
        if rng.random() < 0.4:
            continue
        choice = _CHOICE.draw(rng)
        _add_choice(scene, person, language, channel, choice, source, asked)
        if choice == "permitted" and rng.random() < 0.12:
            later = scene.day_after(asked + timedelta(days=1))
            _add_choice(scene, person, language, channel, "withdrawn", "page", later)


def _add_choice(
    scene: Scene,
    person: int,
    language: str,
    channel: str,
    choice: str,
    source: str,
    day: date,
) -> None:
    """A wording was shown on pages and forms; which one, the day tells."""
    version = 1 if (scene.today - day).days > texts.WORDING_SINCE_DAYS[2] else 2
    shown = source in ("page", "form") and choice == "permitted"
    scene.batch.choices.append(
        ChoiceRow(
            person, None, (version, language) if shown else None, scene.uuid(), channel, "",
            choice, source, "", scene.office_hour(day),
        )
    )  # fmt: skip


def add_safeguards(scene: Scene, person: int, place: int) -> None:
    """Restrictions (GDPR Art. 18), some lifted, and holds, by a person's place."""
    rng = scene.rng
    staff = int(1000 * rng.random())
    if place % _RESTRICTED_OF == 17:
        since = scene.office_hour(scene.day(300, 10))
        lifted = since + timedelta(days=5) if rng.random() < 0.3 else None
        scene.batch.restrictions.append(
            RestrictionRow(
                person, staff, None if lifted is None else staff, scene.uuid(), scene.now,
                scene.now, one_of(rng, _GROUNDS), since, lifted,
            )
        )  # fmt: skip
    if place % _HELD_OF == 23:
        until = scene.today + timedelta(days=90 + int(600 * rng.random()))
        scene.batch.holds.append(
            HoldRow(
                person, staff, scene.uuid(), scene.now, scene.now,
                one_of(rng, texts.HOLD_REASONS), scene.office_hour(scene.day(400, 5)), until,
            )
        )  # fmt: skip
