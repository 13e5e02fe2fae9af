"""Contracts with the services under them: what each customer uses, and how that has changed."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from contracts.dates import add_months
from praecom_registry.demo.catalogue import CATALOGUE, CENT, Item
from praecom_registry.demo.clients import Client, Numbers
from praecom_registry.demo.contract_rows import ContractRow, ServiceChangeRow, SubscriptionRow
from praecom_registry.demo.draw import Weighted, one_of
from praecom_registry.demo.scene import Scene

Lines = list[tuple[Item, int]]
"""What an offer or an order is of, and how many of each."""

_TERMS = Weighted([(12, 40), (24, 40), (36, 20)])
_NUMBERED = ("mobile", "voice")
_BETTER = {
    "mobile-m": "mobile-s", "mobile-l": "mobile-m", "mobile-work-plus": "mobile-work",
    "internet-500": "internet-100", "internet-1000": "internet-500",
    "cloud-standard": "cloud-basic",
}  # fmt: skip
"""What a service was before it was changed to a better one."""


@dataclass
class Agreement:
    """A contract of the batch, while its story is told."""

    place: int
    signed_on: date
    starts_on: date
    last_day: date | None
    services: list[int] = field(default_factory=list)


def add_contract(
    scene: Scene,
    client: Client,
    account: int,
    signed_by: int | None,
    signed_on: date,
    *,
    last_day: date | None,
) -> Agreement:
    """A contract until further notice or for a term that renews; on a last day by notice."""
    rng, yesterday = scene.rng, scene.today - timedelta(days=1)
    starts_on = min(scene.days_after(signed_on, 0, 6), yesterday, last_day or yesterday)
    renewal, ends_on, months = "open_ended", last_day, None
    if rng.random() < (0.45 if client.is_company else 0.12):
        renewal, months = "renews", _TERMS.draw(rng)
        ends_on = last_day or _term_after(scene.today, starts_on, months)
    notice_given_on = None
    if last_day is not None:
        latest = min(last_day, yesterday)
        notice_given_on = max(signed_on, latest - timedelta(days=20 + int(15 * rng.random())))
    place = len(scene.batch.contracts)
    scene.batch.contracts.append(
        ContractRow(
            client.place, signed_by, account, scene.uuid(), scene.now, scene.now, "staff",
            signed_on, starts_on, ends_on, renewal, months, 3 if months == 36 else 1,
            notice_given_on,
        )
    )  # fmt: skip
    return Agreement(place, signed_on, starts_on, last_day)


def _term_after(today: date, starts_on: date, months: int) -> date:
    """The last day of the term that is running."""
    passed = (today.year - starts_on.year) * 12 + today.month - starts_on.month
    terms = max(passed // months, 0) + 1
    last_day = add_months(starts_on, terms * months) - timedelta(days=1)
    return last_day if last_day >= today else add_months(starts_on, (terms + 1) * months)


def add_services(
    scene: Scene, client: Client, agreement: Agreement, lines: Lines, numbers: Numbers
) -> None:
    """Open the services that were ordered, each for its user and at its place."""
    discount = 1 - Decimal(one_of(scene.rng, (0, 0, 0, 5, 10))) / 100
    for item, quantity in lines:
        if not item.is_monthly:
            continue
        price = (item.unit_price * (discount if client.is_company else 1)).quantize(CENT)
        for unit in range(quantity):
            _open(scene, client, agreement, item, price, unit, numbers)


def _open(
    scene: Scene,
    client: Client,
    agreement: Agreement,
    item: Item,
    price: Decimal,
    unit: int,
    numbers: Numbers,
) -> None:
    is_personal = item.group in ("mobile", "voice", "cloud", "support", "security")
    is_personal = is_personal and item.code not in _FOR_ALL
    user = client.users[unit] if is_personal and unit < len(client.users) else None
    place = len(scene.batch.subscriptions)
    yesterday = scene.today - timedelta(days=1)
    opened_on = min(
        scene.days_after(agreement.starts_on, 0, 3), yesterday, agreement.last_day or yesterday
    )
    agreement.services.append(place)
    scene.batch.subscriptions.append(
        SubscriptionRow(
            client.place, agreement.place, item.code, user,
            client.address if item.group == "internet" or item.code == "voice-exchange" else None,
            scene.uuid(), scene.now, scene.now, "staff",
            _identifier(client, item, user, place, numbers), price, opened_on,
            agreement.last_day,
        )
    )  # fmt: skip


_FOR_ALL = {"voice-exchange", "cloud-mail", "cloud-backup", "security-firewall"}


def _identifier(client: Client, item: Item, user: int | None, place: int, numbers: Numbers) -> str:
    """A subscriber number, the name of a line, or nothing."""
    if item.code == "voice-exchange":
        number = client.switchboard
        return number if number and numbers.give(number) else numbers.next()
    if item.group in _NUMBERED:
        return numbers.of(user)
    return f"KL-{client.number}-{place % 1000:03d}" if item.group == "internet" else ""


def terminate_one(scene: Scene, agreement: Agreement) -> None:
    """One of several services was given up while the contract went on."""
    if len(agreement.services) < 2 or agreement.last_day is not None:
        return
    place = agreement.services.pop()
    row = scene.batch.subscriptions[place]
    scene.batch.subscriptions[place] = row._replace(terminated_on=scene.day_after(row.opened_on))


def change_one(scene: Scene, client: Client, agreement: Agreement) -> None:
    """A service became a better one, or another person's in the same company."""
    for place in agreement.services:
        row = scene.batch.subscriptions[place]
        if row.product in _BETTER:
            worse = CATALOGUE[_BETTER[row.product]]
            _add_change(scene, place, kind="product", old_product=worse.code,
                        new_product=row.product)  # fmt: skip
            return
        if row.user is not None and len(client.users) > 1:
            before = one_of(scene.rng, [user for user in client.users if user != row.user])
            _add_change(scene, place, kind="user", old_user=before, new_user=row.user)
            return


def _add_change(
    scene: Scene,
    place: int,
    *,
    kind: str,
    old_product: str | None = None,
    new_product: str | None = None,
    old_user: int | None = None,
    new_user: int | None = None,
) -> None:
    row = scene.batch.subscriptions[place]
    latest = min(row.terminated_on or scene.today, scene.today) - timedelta(days=1)
    if latest <= row.opened_on:
        return
    days = int((latest - row.opened_on).days * scene.rng.random())
    changed_on = row.opened_on + timedelta(days=1 + days)
    scene.batch.service_changes.append(
        ServiceChangeRow(
            row.customer, place, old_product, new_product, old_user, new_user, scene.uuid(),
            scene.now, scene.now, kind, changed_on,
        )
    )  # fmt: skip
