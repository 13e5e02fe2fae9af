"""What a caller can be found by who has only the number of a service, a document or a device."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from datamap.lookup_keys import Form, KeyKind, KeySource, register_key_source
from datamap.vocabulary import Category

_IDENTIFIER = "(SELECT t.identifier FROM contracts_subscription t WHERE t.id = {source_id})"
# Not EXISTS: for that the planner may read all services into a table of its own.
_IN_USE = (
    "(SELECT coalesce(t.terminated_on >= %(today)s, true)"
    " FROM contracts_subscription t WHERE t.id = {source_id})"
)
_SEEN_BY = "contracts.view_subscription"

# A termination is known weeks ahead: the service finds its user until its last day is over.
SUBSCRIPTION = KeySource(
    name="subscription",
    table="contracts_subscription",
    columns=("customer_id", "user_id", "identifier"),
    kinds=(
        KeyKind(
            10,
            Form.PHONE,
            _("Subscriber number"),
            Category.PHONE,
            _IDENTIFIER,
            _SEEN_BY,
            _IN_USE,
            of_customer=True,
        ),
        KeyKind(
            11,
            Form.LAST_DIGITS,
            _("Subscriber number"),
            Category.PHONE,
            _IDENTIFIER,
            _SEEN_BY,
            _IN_USE,
            of_customer=True,
        ),
        KeyKind(
            12,
            Form.IDENTIFIER,
            _("Service identifier"),
            Category.SERVICES,
            _IDENTIFIER,
            _SEEN_BY,
            _IN_USE,
            of_customer=True,
        ),
    ),
    select="SELECT k.kind, k.key, r.user_id, r.customer_id, r.id FROM {rows} AS r,"
    " LATERAL (SELECT regexp_replace(r.identifier, '[^0-9]', '', 'g'), r.identifier LIKE '+%'"
    ") AS n(digits, is_number),"
    " LATERAL (SELECT 10, '+' || n.digits WHERE n.is_number"
    " UNION ALL SELECT 11, '<' || reverse(n.digits) WHERE n.is_number"
    " UNION ALL SELECT 12, '#' || lookup_identifier(r.identifier) WHERE NOT n.is_number"
    ") AS k(kind, key) WHERE r.identifier <> ''",
)


def _numbers_of(number: int, name: str, label: Promise, category: Category) -> KeySource:
    """The numbers of a kind of document: each finds its customer."""
    table = f"contracts_{name}"
    return KeySource(
        name=name,
        table=table,
        columns=("number", "customer_id"),
        kinds=(
            KeyKind(
                number,
                Form.IDENTIFIER,
                label,
                category,
                f"(SELECT t.number FROM {table} t WHERE t.id = {{source_id}})",
                f"contracts.view_{name}",
                of_customer=True,
            ),
        ),
        select=f"SELECT {number}, '#' || lookup_identifier(r.number), NULL, r.customer_id, r.id"
        " FROM {rows} AS r",
    )


ORDER = _numbers_of(13, "order", _("Order number"), Category.SERVICES)
CONTRACT = _numbers_of(14, "contract", _("Contract number"), Category.SERVICES)
OFFER = _numbers_of(15, "offer", _("Offer number"), Category.SERVICES)
INVOICE = _numbers_of(16, "invoice", _("Invoice number"), Category.BILLING)

# A device's serial number is given once, and a device that has gone out is not deleted: the keys
# of its handovers stay true by the handovers alone.
DEVICE = KeySource(
    name="device",
    table="contracts_devicehandover",
    columns=("device_id", "customer_id", "person_id", "came_back_on"),
    kinds=(
        KeyKind(
            17,
            Form.IDENTIFIER,
            _("Serial number of a device"),
            Category.SERVICES,
            "(SELECT d.serial_number FROM contracts_devicehandover t"
            " JOIN contracts_device d ON d.id = t.device_id WHERE t.id = {source_id})",
            "contracts.view_devicehandover",
            of_customer=True,
        ),
    ),
    select="SELECT 17, '#' || lookup_identifier(d.serial_number), r.person_id, r.customer_id, r.id"
    " FROM {rows} AS r JOIN contracts_device d ON d.id = r.device_id"
    " WHERE r.came_back_on IS NULL",
)

SOURCES = (SUBSCRIPTION, ORDER, CONTRACT, OFFER, INVOICE, DEVICE)

for _source in SOURCES:
    register_key_source(_source)
