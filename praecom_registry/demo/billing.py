"""How customers are billed: accounts, contacts, invoices, and what of them was not paid."""

from datetime import date, timedelta
from decimal import Decimal

from contracts.dates import add_months
from contracts.identifiers import reference_of
from praecom_registry.demo.catalogue import vat_of
from praecom_registry.demo.clients import Client
from praecom_registry.demo.contract_rows import (
    BillingAccountRow,
    BillingContactRow,
    CollectionRow,
    InvoiceRow,
)
from praecom_registry.demo.draw import Weighted, one_of
from praecom_registry.demo.reach import draw_billing_address
from praecom_registry.demo.scene import Scene

_METHODS = Weighted([("e_invoice", 62), ("email", 28), ("paper", 10)])
_PRIVATE_METHODS = Weighted([("email", 48), ("direct_payment", 32), ("paper", 20)])
_OPERATORS = ("003723327487", "E204503", "003721291126", "NDEAFIHH", "OKOYFIHH")
_TERMS = Weighted([(14, 60), (21, 15), (30, 25)])
_AGENCY = "Malliperintä Oy"
_REMINDER = Decimal("5.00")
_COLLECTING = Decimal("24.00")


def add_account(scene: Scene, client: Client, opened_on: date) -> int:
    """A billing account, by the method that the customer asked for."""
    rng, place = scene.rng, len(scene.batch.billing_accounts)
    method = (_METHODS if client.is_company else _PRIVATE_METHODS).draw(rng)
    address = client.address if client.billing_address is None else client.billing_address
    if method == "paper" and address is None:
        method = "email"
    email = ovt = operator = ""
    if method == "e_invoice":
        ovt = f"0037{client.business_id.replace('-', '')}{one_of(rng, ('', '', '00001', '12'))}"
        operator = one_of(rng, _OPERATORS)
    elif method == "email":
        email = client.email or draw_billing_address(rng, client.name)
    closed_on = client.ended_on
    scene.batch.billing_accounts.append(
        BillingAccountRow(
            client.place, address if method == "paper" else None, scene.uuid(), scene.now,
            scene.now, "company" if client.is_company else "phone_call", method, email, ovt,
            operator, _TERMS.draw(rng) if client.is_company else 14,
            f"KP{100 + int(900 * rng.random())}" if client.is_company and rng.random() < 0.3
            else "",
            client.language, opened_on, None if closed_on is None else max(closed_on, opened_on),
        )
    )  # fmt: skip
    if client.is_company and client.contacts and rng.random() < 0.7:
        scene.batch.billing_contacts.append(
            BillingContactRow(
                place, client.contacts[-1], scene.uuid(), scene.now, scene.now, opened_on,
                scene.day_after(opened_on) if rng.random() < 0.05 else None,
            )
        )  # fmt: skip
    return place


def add_invoices(
    scene: Scene, client: Client, account: int, most: int, unpaid: int, credit: bool = False
) -> None:
    """The invoices of the last months, oldest first; the newest `unpaid` of them were not paid."""
    terms = timedelta(days=scene.batch.billing_accounts[account].payment_term_days)
    day_of_month = 1 + int(28 * scene.rng.random())
    days = []
    for months in range(most, -1, -1):
        day = add_months(scene.today.replace(day=1), -months).replace(day=day_of_month)
        if day < scene.today and (client.ended_on is None or day <= client.ended_on):
            days.append(day)
    services = _services(scene, client)
    due = [(day, net) for day in days[-most:] if (net := _monthly(services, day))]
    overdue = [day for day, _net in due if day + terms < scene.today][-unpaid:] if unpaid else []
    for day, net in due:
        _add_invoice(scene, client, account, day, day + terms, net, is_unpaid=day in overdue)
    if credit and due:
        _add_credit(scene, client, account, *due[0])


def _services(scene: Scene, client: Client) -> list[tuple[date, date | None, Decimal]]:
    found = []
    for row in reversed(scene.batch.subscriptions):
        if row.customer != client.place:
            break
        found.append((row.opened_on, row.terminated_on, row.unit_price))
    return found


def _monthly(services: list[tuple[date, date | None, Decimal]], day: date) -> Decimal:
    """What the services in use on a day cost a month."""
    return sum(
        (
            price
            for opened, terminated, price in services
            if opened <= day and (terminated is None or day <= terminated)
        ),
        Decimal(0),
    )


def _add_invoice(
    scene: Scene,
    client: Client,
    account: int,
    issued_on: date,
    due_on: date,
    net: Decimal,
    *,
    is_unpaid: bool,
) -> None:
    """Most pay before it falls due; what was not paid is reminded of, and then collected."""
    vat = vat_of(net, issued_on)
    paid_on: date | None = due_on - timedelta(days=int(9 * scene.rng.random()))
    if is_unpaid or (paid_on is not None and paid_on >= scene.today):
        paid_on = None
    place = _invoice(scene, client, account, issued_on, due_on, net, vat, paid_on)
    if is_unpaid:
        _collect(scene, client, place)


def _invoice(
    scene: Scene,
    client: Client,
    account: int,
    issued_on: date,
    due_on: date,
    net: Decimal,
    vat: Decimal,
    paid_on: date | None,
) -> int:
    place = len(scene.batch.invoices)
    own = f"{client.number}{place % 100:02d}"  # no customer has a hundred
    scene.batch.invoices.append(
        InvoiceRow(
            client.place, account, scene.uuid(), scene.now, scene.now, f"8{own}",
            reference_of(own), issued_on, due_on, net, vat,
            net + vat if paid_on else Decimal(0), paid_on,
        )
    )  # fmt: skip
    return place


def _add_credit(scene: Scene, client: Client, account: int, day: date, net: Decimal) -> None:
    """A month was billed twice: a credit note that was paid back."""
    issued_on = min(day + timedelta(days=9), scene.today - timedelta(days=1))
    _invoice(scene, client, account, issued_on, issued_on, -net, -vat_of(net, issued_on), issued_on)


def _collect(scene: Scene, client: Client, place: int) -> None:
    """A reminder after ten days, a demand after thirty, the agency after sixty; some then pay."""
    rng, row = scene.rng, scene.batch.invoices[place]
    late = (scene.today - row.due_on).days
    if late <= 10:
        return
    stage = "reminder" if late <= 30 else "demand" if late <= 60 else "agency"
    gross = row.net + row.vat
    opened_on = row.due_on + timedelta(days=10)
    closed_on = None
    if rng.random() < 0.35:
        stage, closed_on = "paid", scene.day_after(opened_on)
        scene.batch.invoices[place] = row._replace(paid=gross, paid_on=closed_on)
    elif rng.random() < 0.2:
        part = (gross / 2).quantize(_REMINDER)
        paid_on = scene.day_after(row.due_on)
        scene.batch.invoices[place] = row._replace(paid=part, paid_on=paid_on)
        gross -= part
    scene.batch.collections.append(
        CollectionRow(
            client.place, place, scene.uuid(), scene.now, scene.now, stage,
            _AGENCY if stage == "agency" else "",
            gross + (_COLLECTING if stage == "agency" else _REMINDER), opened_on, closed_on,
        )
    )  # fmt: skip
