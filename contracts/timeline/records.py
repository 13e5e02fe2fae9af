"""What happens to each kind of record, and what of the record is read to tell of it."""

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
from contracts.timeline.moments import Moment, Record, Through

COLUMNS = {
    "customer_id": "r.customer_id",
    "persons": "'{}'::bigint[]",
    "number": "''",
    "what": "''",
    "amount": "NULL::numeric",
    "monthly": "NULL::numeric",
    "currency": "''",
    "state": "''",
    "note": "''",
    "until": "NULL::date",
    "old_address": "NULL::jsonb",
    "new_address": "NULL::jsonb",
    "category": "'services'",
}
"""What is read of a record, and what stands there where it has no such thing.

`persons` are whom the entry names, by key: at a change of user who it was and who it is.
"""


def _row(table: str, joins: str = "", **columns: str) -> str:
    chosen = ", ".join({**COLUMNS, **columns}.values())
    return f"SELECT {chosen} FROM {table} r{joins} WHERE r.id = k.id"


def _once(day: str) -> Moment:
    return Moment(f"r.{day}", f"r.{day} IS NOT NULL")


def _either(one: str, other: str) -> Moment:
    """Two ends of which a record has one at most."""
    return Moment(
        f"coalesce(r.{one}, r.{other})", f"(r.{one} IS NOT NULL OR r.{other} IS NOT NULL)"
    )


def _product(key: str) -> str:
    return f" JOIN contracts_product p ON p.id = {key}"


def _name(product: str) -> str:
    """The name of a product in the language of the page."""
    return (
        f"CASE %(language)s WHEN 'fi' THEN {product}.name_fi WHEN 'sv' THEN {product}.name_sv"
        f" ELSE {product}.name_en END"
    )


def _then(what: str, service: str, today: str, day: str, key: str) -> str:
    """The product or the user that a service had after a change, or at a day's beginning.

    The first later change says what it was until then; without one it is what it is today.
    """
    return (
        f"(SELECT w.it FROM ((SELECT 1 AS number, c.old_{what}_id AS it"
        f" FROM contracts_servicechange c WHERE c.subscription_id = {service}"
        f" AND c.kind = '{what}' AND (c.changed_on, c.id) > ({day}, {key})"
        f" ORDER BY c.changed_on, c.id LIMIT 1) UNION ALL SELECT 2, {today}) AS w"
        " ORDER BY w.number LIMIT 1)"
    )


_OPENED = "CASE k.step WHEN 0 THEN r.opened_on ELSE 'infinity' END"
_OPENED_BY = _then("user", "r.id", "r.user_id", "r.opened_on", "0")
_USER_THEN = _then(
    "user",
    "r.subscription_id",
    "(SELECT s.user_id FROM contracts_subscription s WHERE s.id = r.subscription_id)",
    "r.changed_on",
    "r.id",
)


def _address(address: str) -> str:
    """An address, and whether it is a person's own."""
    return (
        f"CASE WHEN {address}.id IS NOT NULL THEN jsonb_build_array({address}.street,"
        f" {address}.postal_code, {address}.city, {address}.country,"
        f" {address}.person_id IS NOT NULL) END"
    )


RECORDS = (
    Record(
        OFFER,
        "contracts_offer",
        (_once("sent_on"), _either("accepted_on", "declined_on")),
        _row(
            "contracts_offer",
            persons="ARRAY[r.made_to_id]",
            number="r.number",
            amount="r.once_gross",
            monthly="r.monthly_gross",
            currency="r.currency",
            state="CASE WHEN r.declined_on IS NULL THEN 'accepted' ELSE 'declined' END",
            until="r.valid_until",
        ),
        naming=("made_to_id",),
    ),
    Record(
        CONTRACT,
        "contracts_contract",
        (
            Moment("r.signed_on"),
            _once("notice_given_on"),
            # A renewal is no end.
            Moment(
                "r.ends_on",
                "r.ends_on IS NOT NULL"
                " AND (NOT r.renewal = 'renews' OR r.notice_given_on IS NOT NULL)",
            ),
        ),
        _row(
            "contracts_contract",
            persons="ARRAY[r.signed_by_id]",
            number="r.number",
            until="CASE k.step WHEN 0 THEN r.starts_on ELSE r.ends_on END",
        ),
        naming=("signed_by_id",),
    ),
    Record(
        ORDER,
        "contracts_order",
        (Moment("r.ordered_on"), _either("delivered_on", "cancelled_on")),
        _row(
            "contracts_order",
            persons="ARRAY[r.ordered_by_id]",
            number="r.number",
            amount="r.once_gross",
            monthly="r.monthly_gross",
            currency="r.currency",
            state="CASE WHEN r.cancelled_on IS NULL THEN 'delivered' ELSE 'cancelled' END",
        ),
        naming=("ordered_by_id",),
    ),
    Record(
        SERVICE,
        "contracts_subscription",
        (
            Moment("r.opened_on", names=f"{_OPENED_BY} = %(whose)s"),
            Moment("r.terminated_on", "r.terminated_on IS NOT NULL", "r.user_id = %(whose)s"),
        ),
        _row(
            "contracts_subscription",
            _product(_then("product", "r.id", "r.product_id", _OPENED, "0")),
            persons=f"ARRAY[{_then('user', 'r.id', 'r.user_id', _OPENED, '0')}]",
            number="r.identifier",
            what=_name("p"),
        ),
        naming=("user_id",),
        through=(Through("contracts_servicechange", "old_user_id", "r.id = t.subscription_id"),),
    ),
    Record(
        CHANGE,
        "contracts_servicechange",
        (Moment("r.changed_on", names=f"(r.kind = 'user' OR {_USER_THEN} = %(whose)s)"),),
        _row(
            "contracts_servicechange",
            " JOIN contracts_subscription s ON s.id = r.subscription_id"
            + _product(_then("product", "s.id", "s.product_id", "r.changed_on", "r.id"))
            + " LEFT JOIN contracts_product old ON old.id = r.old_product_id"
            " LEFT JOIN customers_address a ON a.id = r.old_address_id"
            " LEFT JOIN customers_address b ON b.id = r.new_address_id",
            persons="CASE r.kind WHEN 'user' THEN ARRAY[r.old_user_id, r.new_user_id]"
            f" ELSE ARRAY[{_USER_THEN}] END",
            number="s.identifier",
            what=_name("p"),
            state="r.kind",
            note=f"CASE r.kind WHEN 'product' THEN {_name('old')} ELSE '' END",
            old_address=_address("a"),
            new_address=_address("b"),
            category="'history'",
        ),
        naming=("old_user_id", "new_user_id"),
        through=(
            Through(
                "contracts_subscription",
                "user_id",
                "r.subscription_id = t.id AND r.kind <> 'user'",
            ),
            Through(
                "contracts_servicechange",
                "old_user_id",
                "r.subscription_id = t.subscription_id AND r.kind <> 'user'",
            ),
        ),
    ),
    Record(
        DEVICE,
        "contracts_devicehandover",
        (Moment("r.went_out_on"), _once("came_back_on")),
        _row(
            "contracts_devicehandover",
            f" JOIN contracts_device d ON d.id = r.device_id{_product('d.product_id')}",
            persons="ARRAY[r.person_id]",
            number="d.serial_number",
            what=_name("p"),
        ),
        naming=("person_id",),
    ),
    Record(
        RETURN,
        "contracts_return",
        (Moment("r.happened_on"),),
        _row(
            "contracts_return",
            " JOIN contracts_orderline l ON l.id = r.order_line_id"
            f" JOIN contracts_order o ON o.id = l.order_id{_product('l.product_id')}",
            persons="ARRAY[o.ordered_by_id]",
            number="o.number",
            what=f"r.quantity || ' × ' || {_name('p')}",
            amount="r.refund",
            currency="o.currency",
            state="r.kind",
            note="r.reason",
        ),
    ),
    Record(
        INVOICE,
        "contracts_invoice",
        (Moment("r.issued_on"), _once("paid_on")),
        _row(
            "contracts_invoice",
            number="r.number",
            amount="CASE k.step WHEN 0 THEN r.gross ELSE r.paid END",
            currency="r.currency",
            state="CASE WHEN r.gross < 0 THEN 'credit' WHEN r.open_amount > 0 THEN 'open'"
            " ELSE 'paid' END",
            until="r.due_on",
            category="'billing'",
        ),
    ),
    Record(
        COLLECTION,
        "contracts_collectioncase",
        (Moment("r.opened_on"), _once("closed_on")),
        _row(
            "contracts_collectioncase",
            " JOIN contracts_invoice i ON i.id = r.invoice_id",
            number="i.number",
            amount="r.amount",
            currency="r.currency",
            state="r.stage",
            note="r.agency",
            category="'billing'",
        ),
    ),
)
