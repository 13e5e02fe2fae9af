"""The lines of offers and orders on the desk: typed in a table, and added up as the database will.

A line without a price has its product's; how often it is charged and its percentage of value added
tax follow from the product and the day.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.register_forms import OneOfField, RegisterForm, version_of
from accounts.register_lines import LineKind, LinesField, Reckoned, Row
from accounts.register_parts import Table, TableRow
from contracts.admin.base import group_of_product, heading_of_amounts, sold_now, to_the_right, today
from contracts.models import Charged, Offer, OfferLine, Order, OrderLine, Product
from contracts.models.base import CENT
from contracts.services import LineInput, LineRefused, percent_on
from contracts.templatetags.money import money, percent

Document = Offer | Order
DocumentLine = OfferLine | OrderLine


class LineForm(forms.Form):
    """A row: what, how many, and at what price if not the product's."""

    quantity = forms.IntegerField(
        label=_("quantity"),
        initial=1,
        min_value=1,
        max_value=2_147_483_647,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    unit_price = forms.DecimalField(
        label=_("unit price"),
        required=False,
        localize=True,
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, products: Sequence[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"] = OneOfField(
            label=_("product"),
            records=products,
            label_of=lambda product: product.display_name,
            group_of=group_of_product,
        )
        self.order_fields(["product"])
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class DocumentForm(RegisterForm):
    """An offer or an order with its lines."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document: Document = self.instance
        lines = lines_of(document) if document.pk else []
        products = sold_now(also=[line.product for line in lines])
        kind = LineKind(
            row=partial(LineForm, products=products),
            means=means,
            reckon=partial(reckon, document),
            columns=(_("VAT"), _("without VAT")),
        )
        self.fields["lines"] = LinesField(
            kind=kind,
            label=_("Lines"),
            help_text=_("Empty rows are left out. Without a price a line has its product's."),
        )
        self.initial.setdefault("lines", [row_of(line) for line in lines])
        self.order_fields([*(name for name in self.fields if not name.startswith("source"))])

    def inputs(self) -> list[LineInput]:
        """The lines as the services take them."""
        return [LineInput(**line) for line in self.cleaned_data["lines"]]

    def saved(self, save: Any) -> Any:
        """Save; what is wrong with one line is said beside it."""
        try:
            return save()
        except LineRefused as error:
            field: Any = self.fields["lines"]
            field.refuse(error.index, error)
            raise ValidationError({"lines": _now("Look through the lines.")}) from None


def means(row: Mapping[str, Any]) -> tuple[int, int, Decimal]:
    """What a row says: a line without a price says the product's."""
    line = LineInput(**row)
    return line.product.pk, line.quantity, line.price


def lines_of(document: Document) -> list[DocumentLine]:
    """The lines of a document, in order, with their products; the page has read them already."""
    related: Any = document.lines
    return list(related.all())


def row_of(line: DocumentLine) -> Row:
    """A line as it stands in the table."""
    return {
        "product": str(line.product.public_id),
        "quantity": str(line.quantity),
        "unit_price": str(formats.localize_input(line.unit_price)),
    }


def day_of(document: Document) -> date:
    """The day whose percentages of value added tax a document has."""
    return (document.sent_on if isinstance(document, Offer) else document.ordered_on) or today()


def reckon(document: Document, rows: Sequence[Mapping[str, Any] | None]) -> Reckoned:
    """Add the rows up as the database adds up what is saved of them."""
    percent_of = cache(partial(_percent, day_of(document)))
    currency = document.currency
    shown: list[tuple[str, str]] = []
    sums = {charged: [Decimal(0), Decimal(0)] for charged in Charged}
    for row in rows:
        line = LineInput(**row) if row is not None else None
        rate = percent_of(line.product.vat_kind) if line is not None else None
        if line is None or rate is None:
            shown.append(("", ""))
            continue
        charged = Charged(line.product.charged)
        net = line.quantity * line.price
        sums[charged][0] += net
        sums[charged][1] += net + (net * rate / 100).quantize(CENT, ROUND_HALF_UP)
        shown.append((percent(rate), _each(charged, money(net, currency))))
    return Reckoned(shown, _totals(sums, currency))


def _percent(day: date, kind: str) -> Decimal | None:
    try:
        return percent_on(kind=kind, day=day)
    except ValidationError:  # the service says so when the document is saved
        return None


def _each(charged: Charged, amount: str) -> str:
    if charged == Charged.MONTHLY:
        return _now("%(amount)s a month") % {"amount": amount}
    return amount


def _totals(
    sums: Mapping[Charged, Sequence[Decimal]], currency: str
) -> list[tuple[str | Promise, str]]:
    """What is charged once and what a month costs, as far as anything is."""
    labels = {Charged.ONCE: Charged.ONCE.label, Charged.MONTHLY: _("A month")}
    return [
        (
            labels[charged],
            _now("%(net)s without VAT, %(gross)s with VAT")
            % {"net": money(net, currency), "gross": money(gross, currency)},
        )
        for charged, (net, gross) in sums.items()
        if net
    ]


def lines_table(document: Document) -> Table:
    """The lines of a document to read, with the sums that the database keeps."""
    currency = document.currency
    return Table(
        label=_("Lines"),
        headings=(
            _("product"),
            *map(heading_of_amounts, (_("quantity"), _("unit price"), _("VAT"), _("without VAT"))),
        ),
        rows=[
            TableRow(
                (
                    line.product.display_name,
                    *map(
                        to_the_right,
                        (
                            line.quantity,
                            money(line.unit_price, currency),
                            percent(line.vat_percent),
                            _each(Charged(line.charged), money(line.net, currency)),
                        ),
                    ),
                )
            )
            for line in lines_of(document)
        ],
        totals=_totals(
            {
                Charged.ONCE: (document.once_net, document.once_gross),
                Charged.MONTHLY: (document.monthly_net, document.monthly_gross),
            },
            currency,
        ),
    )


def version_with_lines(document: Document, more: str = "") -> str:
    """What makes two states of a document different, its lines included."""
    lines = [(line.product_id, line.quantity, line.unit_price) for line in lines_of(document)]
    return version_of(document, f"{lines}{more}")
