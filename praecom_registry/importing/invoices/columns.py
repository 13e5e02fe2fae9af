"""The columns of a file of invoices and the words of its cells, in all three languages."""

from enum import IntEnum

from contracts.models import CollectionCase
from praecom_registry.importing.columns import Columns, Rule


class Column(IntEnum):
    """Every column of a file of invoices, in the order in which a row is parsed."""

    CUSTOMER_NUMBER = 0
    INVOICE_NUMBER = 1
    BILLING_ACCOUNT = 2
    INVOICE_DATE = 3
    DUE_DATE = 4
    NET = 5
    VAT = 6
    GROSS = 7
    CURRENCY = 8
    REFERENCE = 9
    PAID = 10
    PAID_DATE = 11
    COLLECTION_STAGE = 12
    COLLECTION_AGENCY = 13
    COLLECTION_AMOUNT = 14
    COLLECTION_OPENED = 15
    COLLECTION_CLOSED = 16


_RULES = {
    Column.CUSTOMER_NUMBER: Rule("asiakasnumero", ("kundnummer",), 32),
    Column.INVOICE_NUMBER: Rule("laskunumero", ("fakturanummer",), 32),
    Column.BILLING_ACCOUNT: Rule("laskutustili", ("faktureringskonto",), 32),
    Column.INVOICE_DATE: Rule("laskun_päivä", ("fakturadatum",), 40),
    Column.DUE_DATE: Rule("eräpäivä", ("förfallodag",), 40),
    Column.NET: Rule("veroton", ("utan_moms", "netto"), 40),
    Column.VAT: Rule("alv", ("moms",), 40),
    Column.GROSS: Rule("verollinen", ("med_moms", "brutto"), 40),
    Column.CURRENCY: Rule("valuutta", ("valuta",), 12),
    Column.REFERENCE: Rule("viitenumero", ("referensnummer",), 40),
    Column.PAID: Rule("maksettu", ("betalt",), 40),
    Column.PAID_DATE: Rule("maksupäivä", ("betalningsdag",), 40),
    Column.COLLECTION_STAGE: Rule("perinnän_vaihe", ("indrivningsskede",), 40),
    Column.COLLECTION_AGENCY: Rule("perintätoimisto", ("indrivningsbyrå",), 100),
    Column.COLLECTION_AMOUNT: Rule("perittävä", ("indrivs",), 40),
    Column.COLLECTION_OPENED: Rule("perintä_alkoi", ("indrivning_inleddes",), 40),
    Column.COLLECTION_CLOSED: Rule("perintä_päättyi", ("indrivning_avslutades",), 40),
}

COLUMNS = Columns(
    _RULES,
    must_have=(
        *(Column.CUSTOMER_NUMBER, Column.INVOICE_NUMBER, Column.INVOICE_DATE),
        *(Column.DUE_DATE, Column.NET, Column.VAT),
    ),
)

_STAGES = {
    CollectionCase.Stage.REMINDER: ("reminder", "muistutus", "maksumuistutus", "påminnelse"),
    CollectionCase.Stage.DEMAND: ("demand", "maksuvaatimus", "betalningskrav"),
    CollectionCase.Stage.AGENCY: ("agency", "perintätoimisto", "indrivningsbyrå"),
    CollectionCase.Stage.COURT: ("court", "oikeus", "tuomioistuin", "domstol"),
    CollectionCase.Stage.PAID: ("paid", "maksettu", "betalt", "betald"),
    CollectionCase.Stage.WITHDRAWN: ("withdrawn", "peruttu", "återtagen", "återkallad"),
    CollectionCase.Stage.TIME_BARRED: (
        *("time-barred", "time barred", "time_barred"),
        *("vanhentunut", "preskriberad"),
    ),
}
STAGES = {"": "", **{word: stage.value for stage, words in _STAGES.items() for word in words}}
CLOSING = frozenset(stage.value for stage in CollectionCase.CLOSING)
EUROS = {"": "", "€": "EUR"}
"""Currencies that are not written as their code; an empty one is the euro, or as it was."""
