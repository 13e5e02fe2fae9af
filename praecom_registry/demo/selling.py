"""Offers and orders with their lines, what was cancelled or came back, and devices given out."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from praecom_registry.demo.agreements import Agreement, Lines
from praecom_registry.demo.catalogue import Item, vat_of, vat_percent
from praecom_registry.demo.clients import Client
from praecom_registry.demo.contract_rows import (
    DeviceRow,
    HandoverRow,
    OfferLineRow,
    OfferRow,
    OrderLineRow,
    OrderRow,
    ReturnRow,
)
from praecom_registry.demo.draw import Weighted, one_of
from praecom_registry.demo.scene import Scene

_SOURCE = Weighted([("phone_call", 40), ("email", 30), ("web_form", 20), ("staff", 10)])
_REASON = Weighted([("changed_mind", 40), ("faulty", 30), ("late", 15), ("other", 15)])


@dataclass(frozen=True)
class Ordered:
    """An order of the batch: its lines' places, and when it was delivered."""

    place: int
    first_line: int
    lines: Lines
    ordered_on: date
    delivered_on: date | None


def _lines(lines: Lines, day: date) -> list[tuple[str, int, int, Decimal, str, Decimal]]:
    percent = vat_percent(day)
    return [
        (item.code, position, quantity, item.unit_price, item.charged, percent)
        for position, (item, quantity) in enumerate(lines, start=1)
    ]


# --- offers ---------------------------------------------------------------------------------------


def add_accepted_offer(
    scene: Scene, client: Client, made_to: int | None, lines: Lines, accepted_on: date
) -> int:
    """The offer that a contract began with."""
    sent_on = max(accepted_on - timedelta(days=int(20 * scene.rng.random())), client.since)
    valid_until = max(sent_on + timedelta(days=30), accepted_on)
    return _add_offer(scene, client, made_to, lines, valid_until, sent_on, accepted_on, None)


def add_other_offer(scene: Scene, client: Client, made_to: int | None, lines: Lines) -> None:
    """An offer that was declined, has expired, is still open or has not been sent."""
    rng = scene.rng
    chance = rng.random()
    if chance < 0.2:
        valid_until = scene.days_after(scene.today, 10, 30)
        _add_offer(scene, client, made_to, lines, valid_until, None, None, None)
        return
    sent_on = max(scene.day(25 if chance < 0.5 else 700, 1), client.since)
    valid_until = sent_on + timedelta(days=30)
    declined_on = scene.days_after(sent_on, 1, 20) if chance > 0.75 else None
    if declined_on is not None and declined_on >= scene.today:
        declined_on = None
    _add_offer(scene, client, made_to, lines, valid_until, sent_on, None, declined_on)


def _add_offer(
    scene: Scene,
    client: Client,
    made_to: int | None,
    lines: Lines,
    valid_until: date,
    sent_on: date | None,
    accepted_on: date | None,
    declined_on: date | None,
) -> int:
    place = len(scene.batch.offers)
    scene.batch.offers.append(
        OfferRow(
            client.place, made_to, scene.uuid(), scene.now, scene.now, "staff", valid_until,
            sent_on, accepted_on, declined_on,
        )
    )  # fmt: skip
    scene.batch.offer_lines.extend(
        OfferLineRow(place, *line) for line in _lines(lines, sent_on or scene.today)
    )
    return place


# --- orders ---------------------------------------------------------------------------------------


def add_order(
    scene: Scene,
    client: Client,
    ordered_by: int | None,
    lines: Lines,
    ordered_on: date,
    *,
    offer: int | None = None,
    agreement: Agreement | None = None,
    is_cancelled: bool = False,
) -> Ordered:
    """An order; delivered within days, unless those have not passed yet."""
    delivered_on: date | None = scene.days_after(ordered_on, 1, 10)
    cancelled_on = None
    if is_cancelled:
        cancelled_on = min(scene.days_after(ordered_on, 0, 3), scene.today - timedelta(days=1))
    if is_cancelled or (delivered_on is not None and delivered_on >= scene.today):
        delivered_on = None
    place = len(scene.batch.orders)
    scene.batch.orders.append(
        OrderRow(
            client.place, ordered_by, offer, None if agreement is None else agreement.place,
            scene.uuid(), scene.now, scene.now, _SOURCE.draw(scene.rng), ordered_on,
            *_delivery(scene, client, ordered_by), delivered_on, cancelled_on,
        )
    )  # fmt: skip
    first_line = len(scene.batch.order_lines)
    scene.batch.order_lines.extend(OrderLineRow(place, *line) for line in _lines(lines, ordered_on))
    ordered = Ordered(place, first_line, lines, ordered_on, delivered_on)
    if cancelled_on is not None:
        for line in range(len(lines)):
            _take_back(scene, client, ordered, line, lines[line][1], "cancellation", cancelled_on)
    return ordered


def _delivery(scene: Scene, client: Client, person: int | None) -> tuple[str, str, str, str]:
    """The recipient and the address as they were on that day."""
    batch = scene.batch
    recipient = client.name
    if person is not None:
        whole = f"{batch.persons[person].first_name} {batch.persons[person].last_name}"
        recipient = f"{client.name} / {whole}" if client.is_company else whole
    if client.address is None:
        return recipient, "", "", ""
    address = batch.addresses[client.address]
    return recipient, address.street, address.postal_code, address.city


def cancel_last_line(scene: Scene, client: Client, ordered: Ordered) -> None:
    """The last line of an order was cancelled on the day, before anything was delivered."""
    line = len(ordered.lines) - 1
    quantity = ordered.lines[line][1]
    _take_back(scene, client, ordered, line, quantity, "cancellation", ordered.ordered_on)


def _take_back(
    scene: Scene,
    client: Client,
    ordered: Ordered,
    line: int,
    quantity: int,
    kind: str,
    happened_on: date,
) -> None:
    reason = _REASON.draw(scene.rng)
    if kind == "return" and not client.is_company and scene.rng.random() < 0.5:
        reason = "withdrawal"
    net = ordered.lines[line][0].unit_price * quantity
    refund = net + vat_of(net, ordered.ordered_on) if kind == "return" else Decimal(0)
    scene.batch.returns.append(
        ReturnRow(
            client.place, ordered.first_line + line, scene.uuid(), scene.now, scene.now, kind,
            quantity, happened_on, reason, refund,
        )
    )  # fmt: skip


# --- devices --------------------------------------------------------------------------------------


def hand_out(scene: Scene, client: Client, ordered: Ordered, last_day: date | None) -> None:
    """The devices of a delivered order, each with its serial number; back by the last day."""
    if ordered.delivered_on is None:
        return
    for line, (item, quantity) in enumerate(ordered.lines):
        for unit in range(quantity if item.is_device else 0):
            came_back_on = None
            if last_day is not None and last_day < scene.today:
                came_back_on = max(last_day, ordered.delivered_on)
            _hand_over(scene, client, ordered, line, item, unit, came_back_on)


def _hand_over(
    scene: Scene,
    client: Client,
    ordered: Ordered,
    line: int,
    item: Item,
    unit: int,
    came_back_on: date | None,
) -> None:
    batch, device = scene.batch, len(scene.batch.devices)
    made_by = "".join(one_of(scene.rng, "ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(3))
    batch.devices.append(
        DeviceRow(
            item.code, scene.uuid(), scene.now, scene.now,
            f"{made_by}{client.number}{device % 1000:03d}",
        )
    )  # fmt: skip
    is_personal = item.code in ("device-phone", "device-laptop", "device-headset")
    person = client.users[unit] if is_personal and unit < len(client.users) else None
    batch.handovers.append(
        HandoverRow(
            device, client.place, person, ordered.first_line + line, scene.uuid(), scene.now,
            scene.now, ordered.delivered_on or ordered.ordered_on, came_back_on,
        )
    )  # fmt: skip


def return_a_device(scene: Scene, client: Client, ordered: Ordered) -> None:
    """A device of a delivered order came back within days, and its price was refunded."""
    for place in range(len(scene.batch.handovers) - 1, -1, -1):
        handover = scene.batch.handovers[place]
        if handover.customer != client.place or ordered.delivered_on is None:
            return
        line = (handover.order_line or 0) - ordered.first_line
        happened_on = scene.days_after(ordered.delivered_on, 2, 14)
        if 0 <= line < len(ordered.lines) and happened_on < scene.today:
            if handover.came_back_on is None:
                scene.batch.handovers[place] = handover._replace(came_back_on=happened_on)
                _take_back(scene, client, ordered, line, 1, "return", happened_on)
            return
