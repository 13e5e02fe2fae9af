"""Products and the rates of value added tax on the desk; they are about nobody."""

from typing import Any

from django.contrib.admin import display
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.register_admin import RegisterAdmin
from accounts.register_forms import RegisterForm
from accounts.register_lists import Search, by_choice
from contracts.admin.asking import saying
from contracts.admin.base import WithAmounts, narrowed, today
from contracts.models import Product, VatRate
from contracts.services import save_product, save_vat_rate
from contracts.templatetags.money import percent
from customers.querysets import open_on


class ProductAdmin(WithAmounts):
    """What is sold: services by the month, and devices."""

    list_display = ("code", "name", "kind", "group", "unit_price", "charged", "sold_until")
    reads = (
        *("public_id", "code", "name_fi", "name_sv", "name_en", "kind", "group", "unit_price"),
        *("currency", "charged", "sold_until"),
    )
    fields = (
        *("code", "kind", "group", "name_fi", "name_sv", "name_en", "unit_price", "currency"),
        *("charged", "vat_kind", "sold_from", "sold_until"),
    )
    fixed = ("code", "kind")
    search_label = _("Product code or name")
    amounts = ("unit_price",)
    narrow_by = (
        narrowed(
            "state",
            _("State"),
            ("sold", _("Sold now"), lambda: open_on("sold_from", "sold_until", today())),
            ("ended", _("Not sold any more"), lambda: Q(sold_until__lt=today())),
        ),
        by_choice(Product, "kind"),
        by_choice(Product, "group"),
    )

    def label(self, record: Product) -> str:
        return record.display_name

    def search(self, request: HttpRequest, term: str) -> Search:
        names = [Q(**{f"{name}__icontains": term}) for name in ("name_fi", "name_sv", "name_en")]
        return Search(Q(code__istartswith=term) | names[0] | names[1] | names[2])

    @display(description=_("name"))
    def name(self, product: Product) -> str:
        return product.display_name

    def create(self, request: HttpRequest, form: Any) -> Product:
        return saying(lambda: save_product(product=form.instance))

    update = create


class VatRateForm(RegisterForm):
    """A new rate ends the one before: the service sees to it, and to overlapping ones."""

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*excluded, "kind"}


class VatRateAdmin(RegisterAdmin):
    """The percentages of value added tax, each for its time."""

    form = VatRateForm
    list_display = ("kind", "percent", "valid_from", "valid_until")
    reads = ("public_id", *list_display)
    fields = ("kind", "percent", "valid_from", "valid_until")
    fixed = ("kind",)
    narrow_by = (by_choice(VatRate, "kind"),)

    def label(self, record: VatRate) -> str:
        return f"{record.get_kind_display()} {percent(record.percent)}"

    def show_percent(self, request: HttpRequest, record: VatRate) -> str:
        return percent(record.percent)

    def create(self, request: HttpRequest, form: Any) -> VatRate:
        return saying(lambda: save_vat_rate(rate=form.instance))

    update = create
