"""Marketing choices of persons and companies, and wordings: read and added to, never changed."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.admin_site import site
from accounts.register_admin import RegisterAdmin, staff_of
from accounts.register_lists import by_choice
from consents.models import MarketingChoice, Wording
from consents.services import add_wording, record_choice
from customers.admin import CustomersAdmin, said


@register(MarketingChoice, site=site)
class MarketingChoiceAdmin(CustomersAdmin):
    """What was permitted or prohibited; a mistake is put right by another choice."""

    list_display = ("channel", "choice", "person", "customer", "product_group", "source", "at")
    list_select_related = ("person", "customer")
    reads = (
        *("public_id", "channel", "choice", "product_group", "source", "at", "person"),
        *("person__public_id", "person__first_name", "person__last_name"),
        *("customer", "customer__public_id", "customer__number", "customer__company_name"),
        "customer__owner",
    )
    loads = ("person", "customer", "wording", "recorded_by")
    fields = (
        *("person", "customer", "channel", "product_group", "choice", "wording", "source"),
        "evidence",
    )
    told = ("recorded_by", "at")
    belongs_to = {"person": "person", "customer": "customer"}
    narrow_by = (by_choice(MarketingChoice, "channel"), by_choice(MarketingChoice, "choice"))

    def label(self, record: MarketingChoice) -> str:
        return f"{record.get_channel_display()}: {record.get_choice_display()}"

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest | None, **kwargs: Any
    ) -> forms.Field | None:
        """Of the wordings those on which marketing is permitted."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.related_model is Wording and isinstance(field, forms.ModelChoiceField):
            field.queryset = Wording.objects.of_permissions()
        return field

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may not see persons records their choices where she meets them, not here."""
        return super().has_add_permission(request) and request.user.has_perm(
            "customers.view_person"
        )

    def show_customer(self, request: HttpRequest, record: MarketingChoice) -> SafeString | str:
        """The company, for who may see customers."""
        if not request.user.has_perm("customers.view_customer"):
            return ""
        return super().show_customer(request, record)

    def create(self, request: HttpRequest, form: Any) -> MarketingChoice:
        choice: MarketingChoice = said(
            lambda: record_choice(recorded_by=staff_of(request), **form.cleaned_data)
        )
        return choice


@register(Wording, site=site)
class WordingAdmin(RegisterAdmin):
    """The texts that people were shown, each version in each language."""

    list_display = ("name", "version", "language", "created_at")
    reads = ("public_id", "name", "version", "language", "created_at")
    fields = ("name", "version", "language", "text")
    told = ("created_at",)
    narrow_by = (by_choice(Wording, "language"),)

    def label(self, record: Wording) -> str:
        return f"{record.name} {record.version}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def create(self, request: HttpRequest, form: Any) -> Wording:
        return add_wording(wording=form.instance)
