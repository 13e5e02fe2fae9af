"""Writing the lines of an offer or an order, one place after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from contracts.models import Offer, OfferLine, Order, OrderLine, Product
from contracts.rules import said
from contracts.services.errors import LineRefused
from contracts.services.products import percent_on

MOST_OF_A_DOCUMENT = Decimal(1_000_000_000)


@dataclass(frozen=True)
class LineInput:
    """A line as it was filled in; without a price it has the product's."""

    product: Product
    quantity: int = 1
    unit_price: Decimal | None = None

    @property
    def price(self) -> Decimal:
        """The price of one, without value added tax."""
        return self.product.unit_price if self.unit_price is None else self.unit_price

    def is_said_by(self, line: OfferLine | OrderLine) -> bool:
        """Whether the line says this already."""
        return (line.product_id, line.quantity, line.unit_price) == (
            self.product.pk,
            self.quantity,
            self.price,
        )


def write_lines(
    document: Offer | Order, lines: Sequence[LineInput], *, day: date, is_open: bool
) -> None:
    """Let a document have these lines: place by place changed, added at the end, or taken away.

    A line that stays as it was keeps what was agreed; as long as the document is open, its
    percentage is the one of `day`. What may not be changed any more the database refuses.
    """
    model: Any = OfferLine if isinstance(document, Offer) else OrderLine
    parent = {"offer" if isinstance(document, Offer) else "order": document}
    _refuse_beyond(lines)
    percent_of = cache(lambda kind: percent_on(kind=kind, day=day))
    present = list(model.objects.filter(**parent).select_related("product").order_by("position"))
    for line in present[len(lines) :]:
        said(partial(_remove, line))
    for index, wanted in enumerate(lines):
        line = present[index] if index < len(present) else None
        if line is None:
            position = present[-1].position + 1 + index - len(present) if present else index + 1
            line = model(**parent, position=position)
        stays = not line._state.adding and wanted.is_said_by(line)
        if stays and (not is_open or line.vat_percent == percent_of(line.product.vat_kind)):
            continue
        if not stays:
            _refuse_product(index, wanted, document.currency, day)
            line.product = wanted.product
            line.quantity = wanted.quantity
            line.unit_price = wanted.price
            line.charged = wanted.product.charged
        line.vat_percent = percent_of(line.product.vat_kind)
        said(partial(_save_line, index, line))


def copy_lines(lines: Sequence[OfferLine], order: Order) -> None:
    """Let an order have the lines of its offer as they were agreed, taxed as on its own day."""
    percent_of = cache(lambda kind: percent_on(kind=kind, day=order.ordered_on))
    for line in lines:
        copy = OrderLine(
            order=order,
            position=line.position,
            product=line.product,
            quantity=line.quantity,
            unit_price=line.unit_price,
            charged=line.charged,
            vat_percent=percent_of(line.product.vat_kind),
        )
        copy.full_clean()
        said(copy.save)


def _save_line(index: int, line: OfferLine | OrderLine) -> None:
    try:
        line.full_clean()
    except ValidationError as errors:
        raise LineRefused(index, errors) from None
    line.save()


def _remove(line: OfferLine | OrderLine) -> None:
    try:
        line.delete()
    except ProtectedError:
        raise ValidationError(
            _("Some of a line was cancelled, returned or handed out: it stays.")
        ) from None


def _refuse_beyond(lines: Sequence[LineInput]) -> None:
    """Refuse the line with which a document comes to more than is kept of its sums."""
    total = Decimal(0)
    for index, line in enumerate(lines):
        total += line.quantity * line.price
        if total > MOST_OF_A_DOCUMENT:
            sentence = _("With this line it comes to more than a thousand million.")
            raise LineRefused(index, ValidationError({"unit_price": sentence}))


def _refuse_product(index: int, wanted: LineInput, currency: str, day: date) -> None:
    product = wanted.product
    if product.currency != currency:
        sentence = _("The price of this product is in another currency.")
    elif not Product.objects.filter(pk=product.pk).sold_on(day).exists():
        sentence = _("This product is not sold on that day.")
    else:
        return
    raise LineRefused(index, ValidationError({"product": sentence}))
