"""Recipients and countries with adequate protection on the desk (S7, S27; Arts. 26, 45)."""

from typing import Any

from django.contrib.admin import register
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.admin_site import site
from accounts.models import AdequacyDecision, Recipient
from accounts.register_forms import RegisterForm
from accounts.register_lists import Narrowing, by_choice
from privacy.admin.asking import RecordsAdmin, country_field
from privacy.reference import save_reference


class RecipientForm(RegisterForm):
    """A recipient; a group company with its ground."""

    country = country_field()
    applies = {"arrangement": ("kind", (Recipient.Kind.GROUP,))}


@register(Recipient, site=site)
class RecipientAdmin(RecordsAdmin):
    """Who receives data: authorities, partners, companies of the group."""

    form = RecipientForm
    ordering = ("name",)
    list_display = ("name", "kind", "country", "arrangement")
    reads = ("public_id", "name", "kind", "country", "arrangement")
    fields = ("name", "kind", "country", "arrangement")
    applies = RecipientForm.applies
    told = ("created_at",)
    narrow_by = (by_choice(Recipient, "kind"),)

    def label(self, record: Recipient) -> str:
        return record.name

    def create(self, request: HttpRequest, form: Any) -> Recipient:
        recipient: Recipient = form.instance
        return save_reference(record=recipient)

    update = create


class AdequacyDecisionForm(RegisterForm):
    """A decision of the Commission on a country."""

    country = country_field()


def _in_force() -> Q:
    today = timezone.localdate()
    open_end = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return open_end & Q(valid_from__lte=today)


@register(AdequacyDecision, site=site)
class AdequacyDecisionAdmin(RecordsAdmin):
    """Countries to which data may go as within the EEA, each for its time."""

    form = AdequacyDecisionForm
    list_display = ("country", "limits", "valid_from", "valid_until")
    reads = ("public_id", *list_display)
    fields = ("country", "limits", "valid_from", "valid_until")
    narrow_by = (
        Narrowing(
            "state",
            _("State"),
            (
                ("open", pgettext_lazy("records", "In force"), lambda user: _in_force()),
                ("ended", pgettext_lazy("records", "Ended"), lambda user: ~_in_force()),
            ),
        ),
    )

    def label(self, record: AdequacyDecision) -> str:
        return self.show_country(None, record)  # type: ignore[arg-type]

    def create(self, request: HttpRequest, form: Any) -> AdequacyDecision:
        decision: AdequacyDecision = form.instance
        return save_reference(record=decision)

    update = create
