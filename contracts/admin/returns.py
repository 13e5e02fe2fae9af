"""What was cancelled of orders, and what came back, on the desk."""

from typing import Any

from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.register_lists import by_choice
from contracts.admin.base import (
    CUSTOMER,
    TIMES,
    ContractsAdmin,
    link_to,
)
from contracts.models import Return

LINE_COLUMNS = (
    *("order_line", "order_line__order", "order_line__order__currency", "order_line__product"),
    *(f"order_line__product__name_{language}" for language in ("fi", "sv", "en")),
)


class ReturnAdmin(ContractsAdmin):
    """What was cancelled of orders, and what came back; made on the order's own page."""

    list_display = (
        *("happened_on", "kind", "product", "quantity", "order", "customer", "reason", "refund"),
    )
    list_select_related = ("customer", "order_line__product", "order_line__order")
    reads = (
        *("public_id", "happened_on", "kind", "quantity", "reason", "refund", *CUSTOMER),
        *("order_line__order__number", "order_line__order__public_id", *LINE_COLUMNS),
    )
    loads = ("customer__owner", "order_line__product", "order_line__order")
    fields = ("customer", "happened_on", "kind", "quantity", "reason", "refund")
    told = ("order", "product", *TIMES)
    can_be_added = False
    amounts = ("refund",)
    belongs_to = {"customer": "customer", "order": "order_line__order"}
    narrow_by = (by_choice(Return, "kind"),)

    def label(self, record: Return) -> str:
        return f"{record.get_kind_display()}: {record.order_line.order.number}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("product"))
    def product(self, record: Return) -> str:
        return record.order_line.product.display_name

    @display(description=_("order"))
    def order(self, record: Return) -> SafeString | str:
        order = record.order_line.order
        return link_to(order, order.number)

    def currency_of(self, record: Return) -> str:
        currency: str = record.order_line.order.currency
        return currency
