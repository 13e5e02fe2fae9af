"""The generator: persons with their roles, batch by batch, the same ones for the same seed.

Nothing here touches the database. Choices are values of the models' enumerations; the tests load
a batch and so prove that they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from random import Random

from praecom_registry.demo import companies, reach
from praecom_registry.demo.clients import Numbers
from praecom_registry.demo.consenting import add_consents
from praecom_registry.demo.draw import Weighted, one_of
from praecom_registry.demo.history import add_choices, add_interactions, add_safeguards
from praecom_registry.demo.names import draw_name
from praecom_registry.demo.places import Place, draw_place
from praecom_registry.demo.rows import (
    AddressRow,
    Batch,
    ContactPersonRow,
    ContactPointRow,
    CustomerRow,
    PersonRow,
    ServiceUserRow,
)
from praecom_registry.demo.scene import Scene
from praecom_registry.demo.stories import tell_stories

BATCH = 5_000
FIRST_CUSTOMER_NUMBER = 7_000_001
FIRST_USER_NUMBER = 7_000_001
USER_ID_LETTER = "D"


@dataclass(frozen=True)
class Plan:
    """What to make: how many persons, from which seed, as seen on which day.

    `persons_before` and the first numbers are for a register that holds demo data already.
    """

    persons: int
    seed: int
    today: date
    persons_before: int = 0
    first_customer_number: int = FIRST_CUSTOMER_NUMBER
    first_user_number: int = FIRST_USER_NUMBER


def batches(plan: Plan) -> Iterator[Batch]:
    """All persons of the plan, at most `BATCH` at a time: memory stays flat."""
    customers, users = plan.first_customer_number, plan.first_user_number
    ids = companies.business_ids(plan.persons_before)
    for first in range(0, plan.persons, BATCH):
        maker = _Maker(plan, first, customers, users, ids)
        batch = maker.make(min(BATCH, plan.persons - first))
        tell_stories(Scene(Random(f"{maker.seed} contracts"), plan.today, batch), maker.numbers())
        add_consents(Scene(Random(f"{maker.seed} consents"), plan.today, batch))
        customers += len(batch.customers)
        users += len(batch.service_users)
        yield batch


_UNIT = Weighted([("private", 58), ("company", 27), ("user", 11), ("couple", 4)])
_COMPANY_SIZE = Weighted(
    [(1, 32), (2, 24), (3, 16), (4, 10), (6, 8), (9, 5), (14, 3), (25, 1.5), (60, 0.3)]
)
_SOURCE = Weighted(
    [
        ("registration", 45),
        ("web_form", 20),
        ("phone_call", 16),
        ("service_use", 10),
        ("email", 6),
        ("letter", 3),
    ]
)
_PHONES = Weighted([(1, 76), (2, 14), (0, 10)])


class _Maker:
    """Makes one batch; everything in it comes from one random generator of its own."""

    def __init__(
        self, plan: Plan, first: int, customers: int, users: int, business_ids: Iterator[str]
    ) -> None:
        self.seed = f"{plan.seed} {plan.persons_before} {first}"
        rng = Random(self.seed)
        self.scene = Scene(rng, plan.today)
        self.rng, self.batch = rng, self.scene.batch
        self.first = plan.persons_before + first
        self.customers, self.users, self.business_ids = customers, users, business_ids
        self.book_begins = self.first * reach.PER_PERSON + plan.seed * 7919
        self.phones = reach.PhoneBook(self.book_begins, plan.persons_before + plan.persons)

    def make(self, persons: int) -> Batch:
        """As many persons as asked for; the last company may be smaller than it would be."""
        while (missing := persons - len(self.batch.persons)) > 0:
            unit = _UNIT.draw(self.rng)
            if unit == "company":
                self._company(missing)
            elif unit == "user":
                self._user_of_nobody()
            else:
                self._household(2 if unit == "couple" and missing > 1 else 1)
        return self.batch

    def numbers(self) -> Numbers:
        """What is left of the phone numbers, for services that are nobody's own."""
        end = self.book_begins + reach.PER_PERSON * len(self.batch.persons)
        return Numbers(self.batch, self.phones.numbers_before(end))

    # --- units of people who belong together

    def _household(self, size: int) -> None:
        """One private customer, or two at one address; couples often share a number."""
        place = None
        for _member in range(size):
            person, language = self._person()
            since = self.scene.day(4000, 1)
            customer = self._customer(owner=person, language=language, since=since)
            if place is None:
                place = draw_place(self.rng, language)
            elif self.rng.random() < 0.4:
                self._share_a_number(person)
            self._address("postal", place, since, person=person)
            if self.rng.random() < 0.45:
                self._user(person, customer, since)
            if self.rng.random() < 0.04:
                self._former_address(person, language, since)
            add_interactions(self.scene, person, customer, language)

    def _user_of_nobody(self) -> None:
        """A person may use services without being a customer (S13)."""
        person, language = self._person()
        self._user(person, None, self.scene.day(2500, 1))
        add_interactions(self.scene, person, None, language)

    def _company(self, most: int) -> None:
        rng = self.rng
        form = companies.LEGAL_FORM.draw(rng)
        swedish = form == "ab" or rng.random() < 0.03
        size = min(_COMPANY_SIZE.draw(rng), most, 2 if form == "tmi" else most)
        since = self.scene.day(5000, 200)
        customer = -1
        for member in range(size):
            person, language = self._person("sv" if swedish and rng.random() < 0.8 else None)
            if member == 0:
                customer = self._customer(
                    owner=person if form == "tmi" else None,
                    language="sv" if swedish else "fi",
                    since=since,
                    legal_form=form,
                    last_name=self.batch.persons[person].last_name,
                )
                self._company_reach(customer, since, "sv" if swedish else "fi")
            if (member == 0 and form != "tmi") or (member and rng.random() < 0.45):
                self._contact_roles(person, customer, since, language)
            elif member or rng.random() < 0.5:
                self._user(person, customer, since)
            if rng.random() < 0.05:
                own = self._customer(owner=person, language=language, since=self.scene.day(3000, 1))
                add_interactions(self.scene, person, own, language)
            add_interactions(self.scene, person, customer, language)

    # --- one thing each

    def _person(self, community: str | None = None) -> tuple[int, str]:
        scene, rng = self.scene, self.rng
        first_name, last_name, language = draw_name(rng, community)
        person = len(self.batch.persons)
        self.batch.persons.append(
            PersonRow(
                scene.uuid(),
                scene.now,
                scene.now,
                _SOURCE.draw(rng),
                first_name,
                last_name,
                language,
            )
        )
        for place in range(_PHONES.draw(rng)):
            number = self.phones.next_number()
            label = "" if rng.random() < 0.7 else one_of(rng, ("työ", "koti", "mökki"))
            self._contact_point(
                "phone", reach.as_written(rng, number), reach.normalised(number),
                person=person, label=label, is_primary=place == 0,
            )  # fmt: skip
        if rng.random() < 0.06:
            number = self.phones.next_number()
            self._contact_point(
                "phone", reach.as_written(rng, number), reach.normalised(number),
                person=person, ended_on=self.scene.day(1500, 20),
            )  # fmt: skip
        if rng.random() < 0.82:
            local_part = reach.draw_local_part(rng, first_name, last_name)
            written, address = reach.draw_address(rng, local_part)
            self._contact_point("email", written, address, person=person, is_primary=True)
        add_choices(scene, person, language)
        add_safeguards(scene, person, self.first + person)
        return person, language

    def _contact_point(
        self,
        kind: str,
        written: str,
        normalised: str,
        *,
        person: int | None = None,
        customer: int | None = None,
        label: str = "",
        is_primary: bool = False,
        ended_on: date | None = None,
    ) -> None:
        scene = self.scene
        verified = self.scene.day(900, 1) if ended_on is None and self.rng.random() < 0.3 else None
        self.batch.contact_points.append(
            ContactPointRow(
                person, customer, scene.uuid(), scene.now, scene.now, _SOURCE.draw(self.rng), kind,
                written, normalised, label, is_primary, verified, ended_on,
            )
        )  # fmt: skip

    def _share_a_number(self, person: int) -> None:
        """She can also be reached at the number of whoever came before her."""
        recent = takewhile(
            lambda point: point.person in (person, person - 1), reversed(self.batch.contact_points)
        )
        shared = [p for p in recent if p.person == person - 1 and p.label != "mökki"]
        for point in shared:
            if point.kind == "phone" and point.ended_on is None:
                self._contact_point(
                    "phone", point.as_written, point.normalised, person=person, label="koti"
                )
                return

    def _customer(
        self,
        *,
        owner: int | None,
        language: str,
        since: date,
        legal_form: str = "",
        last_name: str = "",
    ) -> int:
        scene, rng = self.scene, self.rng
        place = len(self.batch.customers)
        name = (
            companies.draw_company_name(rng, legal_form, last_name, language) if legal_form else ""
        )
        ended_on = self.scene.day_after(since) if rng.random() < 0.06 else None
        self.batch.customers.append(
            CustomerRow(
                owner, scene.uuid(), scene.now, scene.now, _SOURCE.draw(rng),
                str(self.customers + place), "company" if legal_form else "person", legal_form,
                name, next(self.business_ids) if legal_form else "", language, since, ended_on,
            )
        )  # fmt: skip
        return place

    def _company_reach(self, customer: int, since: date, language: str) -> None:
        """A company's own number and address, and where it is."""
        rng = self.rng
        name = self.batch.customers[customer].company_name
        if rng.random() < 0.5:
            number = self.phones.next_number()
            self._contact_point(
                "phone", reach.as_written(rng, number), reach.normalised(number),
                customer=customer, label="vaihde", is_primary=True,
            )  # fmt: skip
        if rng.random() < 0.4:
            written, address = reach.draw_address(rng, reach.company_local_part(name))
            self._contact_point("email", written, address, customer=customer, is_primary=True)
        self._address("visiting", draw_place(rng, language), since, customer=customer)
        if rng.random() < 0.2:
            self._address("billing", draw_place(rng, language), since, customer=customer)

    def _address(
        self,
        kind: str,
        place: Place,
        since: date,
        *,
        person: int | None = None,
        customer: int | None = None,
        until: date | None = None,
    ) -> None:
        scene = self.scene
        self.batch.addresses.append(
            AddressRow(
                person, customer, scene.uuid(), scene.now, scene.now, _SOURCE.draw(scene.rng), kind,
                place.street, place.postal_code, place.city, "FI", since, until,
            )
        )  # fmt: skip

    def _former_address(self, person: int, language: str, since: date) -> None:
        """Where she lived before she moved."""
        came = since - timedelta(days=300 + int(2000 * self.rng.random()))
        place = draw_place(self.rng, language)
        self._address("postal", place, came, person=person, until=since - timedelta(days=1))

    def _user(self, person: int, customer: int | None, since: date) -> None:
        scene = self.scene
        started = scene.day_after(since)
        ended = scene.day_after(started) if self.rng.random() < 0.08 else None
        number = self.users + len(self.batch.service_users)
        self.batch.service_users.append(
            ServiceUserRow(
                person, customer, scene.uuid(), scene.now, scene.now, "registration",
                f"{USER_ID_LETTER}{number}", started, ended,
            )
        )  # fmt: skip

    def _contact_roles(self, person: int, customer: int, since: date, language: str) -> None:
        """A task in the company; some have had another one before, some have left."""
        scene, swedish = self.scene, language == "sv"
        task = (companies.TASKS_SV if swedish else companies.TASKS).draw(self.rng)
        position = (companies.POSITIONS_SV if swedish else companies.POSITIONS).draw(self.rng)
        started = scene.day_after(since)
        chance = self.rng.random()
        ended = scene.day_after(started) if chance < 0.13 else None
        roles = [(task, position, started, ended)]
        if chance > 0.93:
            changed = scene.day_after(started)
            former = one_of(
                self.rng,
                ("ställföreträdare", "reception") if swedish else ("varahenkilö", "vaihde"),
            )
            roles = [
                (former, "", started, changed),
                (task, position, changed + timedelta(days=1), None),
            ]
        for role in roles:
            self.batch.contact_persons.append(
                ContactPersonRow(
                    person, customer, scene.uuid(), scene.now, scene.now, "company", *role
                )
            )
