"""A row of the statement as an entry of the timeline: its words, and what the viewer may see."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contracts.models import CollectionCase, Invoice, Return
from contracts.timeline.kinds import (
    CHANGE,
    COLLECTION,
    CONTRACT,
    DEVICE,
    INVOICE,
    OFFER,
    ORDER,
    RETURN,
    SERVICE,
)
from customers.covering import address_lines, shown_detail
from datamap.timeline import Badge, Entry, EntryKind, Named, Position

Row = dict[str, Any]
Words = dict[str, Any]
"""Fields of an entry, by name."""


def entry_of(kind: EntryKind, position: Position, row: Row, *, cover: bool) -> Entry:
    """What a row tells; with `cover`, natural persons' numbers and addresses are covered."""
    words: Words = {
        "what": row["what"],
        "reference": row["number"],
        "persons": tuple(one for one in _persons(row) if one is not None),
        "customer": Named(row["customer"], row["customer_name"]) if row["customer_name"] else None,
        **_WORDS[kind.name](row, cover),
    }
    return Entry(position=position, kind=kind, **words)


def _offer(row: Row, cover: bool) -> Words:
    if row["step"] == 0:
        valid = _("valid until %(day)s") % {"day": _day(row["until"])}
        return {"title": _("Offer sent"), "facts": (valid,), **_sums(row)}
    was_declined = row["state"] == "declined"
    return {"title": _("Offer declined") if was_declined else _("Offer accepted"), **_sums(row)}


def _contract(row: Row, cover: bool) -> Words:
    if row["step"] == 0:
        starts = _("starts %(day)s") % {"day": _day(row["until"])}
        return {"title": _("Contract signed"), "facts": (starts,)}
    if row["step"] == 1:
        last = _("last day %(day)s") % {"day": _day(row["until"])}
        return {"title": _("Notice given of the contract"), "facts": (last,)}
    return {"title": _("Contract ended")}


def _order(row: Row, cover: bool) -> Words:
    if row["step"] == 0:
        return {"title": _("Order placed"), **_sums(row)}
    was_cancelled = row["state"] == "cancelled"
    return {"title": _("Order cancelled") if was_cancelled else _("Order delivered")}


def _service(row: Row, cover: bool) -> Words:
    title = _("Service opened") if row["step"] == 0 else _("Service terminated")
    return {"title": title, "reference": _identifier(row, cover)}


def _change(row: Row, cover: bool) -> Words:
    reference = _identifier(row, cover)
    if row["state"] == "product":
        return {
            "title": _("Service changed"),
            "what": "",
            "reference": reference,
            "before": row["note"],
            "after": row["what"],
        }
    if row["state"] == "address":
        return {
            "title": _("Address of use changed"),
            "reference": reference,
            "before": _address(row, "old_address", cover),
            "after": _address(row, "new_address", cover),
        }
    before, after = _persons(row) or (None, None)
    return {
        "title": _("User changed"),
        "reference": reference,
        "before": before or _("no user"),
        "after": after or _("no user"),
        "persons": (),
    }


def _device(row: Row, cover: bool) -> Words:
    return {"title": _("Device went out") if row["step"] == 0 else _("Device came back")}


def _return(row: Row, cover: bool) -> Words:
    was_cancelled = row["state"] == Return.Kind.CANCELLATION
    if row["amount"]:
        title = _("Cancelled and refunded") if was_cancelled else _("Returned and refunded")
    else:
        title = _("Cancelled") if was_cancelled else _("Returned")
    return {"title": title, "facts": (Return.Reason(row["note"]).label,), **_sums(row)}


def _invoice(row: Row, cover: bool) -> Words:
    is_credit, is_open = row["state"] == "credit", row["state"] == "open"
    if row["step"] == 0:
        due = _("due %(day)s") % {"day": _day(row["until"])}
        return {
            "title": _("Credit note") if is_credit else pgettext("entry", "Invoice"),
            "facts": () if is_credit else (due,),
            "badges": (_unpaid(row["until"]),) if is_open else (),
            **_sums(row),
        }
    if is_credit:
        title = _("Credit note settled")
    else:
        title = _("Invoice partly paid") if is_open else _("Invoice paid")
    return {"title": title, **_sums(row)}


def _unpaid(due: date) -> Badge:
    if due < timezone.localdate():
        return Badge(Invoice.State.OVERDUE.label, "danger")
    return Badge(Invoice.State.OPEN.label, "warning")


def _collection(row: Row, cover: bool) -> Words:
    stage = CollectionCase.Stage(row["state"])
    has_closed = stage in CollectionCase.CLOSING
    if row["step"] == 0:
        return {
            "title": _("Collection opened"),
            "badges": () if has_closed else (Badge(stage.label, "danger"),),
            "facts": tuple(filter(None, [row["note"]])),
            **_sums(row),
        }
    return {"title": _("Collection closed"), "badges": (Badge(stage.label),)}


_WORDS: dict[str, Callable[[Row, bool], Words]] = {
    OFFER.name: _offer,
    CONTRACT.name: _contract,
    ORDER.name: _order,
    SERVICE.name: _service,
    CHANGE.name: _change,
    DEVICE.name: _device,
    RETURN.name: _return,
    INVOICE.name: _invoice,
    COLLECTION.name: _collection,
}


# --- parts of a row -------------------------------------------------------------------------------


def _persons(row: Row) -> tuple[Named | None, ...]:
    """Whom the entry names, in the places of their columns; nobody where names are not shown."""
    return tuple(
        None if public_id is None else Named(public_id, name)
        for public_id, name in zip(row["person_ids"], row["person_names"] or (), strict=False)
    )


def _sums(row: Row) -> Words:
    """What is due once and every month; a sum of nothing is left out."""
    once: Decimal | None = row["amount"] or None
    monthly: Decimal | None = row["monthly"] or None
    return {"amount": once, "monthly": monthly, "currency": row["currency"]}


def _identifier(row: Row, cover: bool) -> str:
    """A natural person's subscriber number is her phone number; the name of a line is nobody's."""
    is_hers = row["is_natural"] or any(row["person_ids"])
    is_number = row["number"].startswith("+")
    return shown_detail(row["number"], cover=cover and is_hers and is_number)


def _address(row: Row, column: str, cover: bool) -> str:
    if row[column] is None:
        return _("no address")
    street, postal_code, city, country, is_a_persons = json.loads(row[column])
    covers = cover and (row["is_natural"] or is_a_persons)
    return ", ".join(address_lines(street, postal_code, city, country, cover=covers))


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
