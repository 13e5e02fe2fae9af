"""Consents for other purposes and supplementary information on the desk, and surveys' questions."""

from typing import Any

from django.contrib.admin import register
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import site
from accounts.register_admin import RegisterAdmin, Step
from accounts.register_lists import by_choice
from consents.models import Consent, SupplementaryInformation, Survey, SurveyQuestion
from consents.services import withdraw_consent
from customers.admin import CustomersAdmin, in_force_by

_PERSON = ("person", "person__public_id", "person__first_name", "person__last_name")


@register(Consent, site=site)
class ConsentAdmin(CustomersAdmin):
    """To what persons consented; given on their cards, withdrawn here too, never deleted."""

    list_display = ("person", "purpose", "given_at", "withdrawn_at")
    list_select_related = ("person",)
    reads = ("public_id", "purpose", "given_at", "withdrawn_at", *_PERSON)
    loads = ("person", "wording", "recorded_by")
    fields = ("person", "purpose", "wording", "source", "evidence")
    fixed = ("person", "purpose", "wording", "source", "evidence")
    told = ("recorded_by", "given_at", "withdrawn_at")
    belongs_to = {"person": "person"}
    narrow_by = (by_choice(Consent, "purpose"), in_force_by("withdrawn_at"))
    steps = (Step("withdraw", _("She withdraws it")),)
    can_be_added = False

    def label(self, record: Consent) -> str:
        return str(record.get_purpose_display())

    def why_not(self, request: HttpRequest, record: Consent) -> str:
        """A restricted person withdraws her consent too: it is her right."""
        return ""

    def steps_for(self, request: HttpRequest, record: Consent) -> list[Step]:
        return [] if record.withdrawn_at else list(self.steps)

    def do_withdraw(self, request: HttpRequest, record: Consent) -> None:
        withdraw_consent(consent=record)


@register(SupplementaryInformation, site=site)
class SupplementaryInformationAdmin(CustomersAdmin):
    """What persons told of themselves, or answered with their consent; only read here."""

    list_display = ("person", "kind", "topic", "collected_at", "erase_by")
    list_select_related = ("person",)
    reads = ("public_id", "kind", "topic", "collected_at", "erase_by", *_PERSON)
    loads = ("person", "consent")
    fields = ("person", "kind", "topic", "question", "answer", "consent", "source")
    told = ("collected_at", "erase_by")
    can_be_added = False
    belongs_to = {"person": "person"}
    narrow_by = (by_choice(SupplementaryInformation, "kind"),)

    def label(self, record: SupplementaryInformation) -> str:
        return record.topic

    def show_consent(self, request: HttpRequest, record: SupplementaryInformation) -> str:
        """To what she consented; a survey's answer has always one."""
        return str(record.consent.get_purpose_display()) if record.consent else ""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@register(Survey, site=site)
class SurveyAdmin(RegisterAdmin):
    """Surveys that persons answer behind their own links."""

    list_display = ("topic", "closes_on")
    reads = ("public_id", "topic", "closes_on")
    fields = ("topic", "title_fi", "title_sv", "title_en", "closes_on")
    fixed = ("topic",)

    def label(self, record: Survey) -> str:
        return record.topic

    def create(self, request: HttpRequest, form: Any) -> Survey:
        survey: Survey = form.save()
        return survey

    update = create


@register(SurveyQuestion, site=site)
class SurveyQuestionAdmin(RegisterAdmin):
    """The questions of surveys, in the languages they are asked in."""

    list_display = ("survey", "place", "kind", "text_fi")
    list_select_related = ("survey",)
    reads = (
        "public_id",
        "survey",
        "survey__public_id",
        "survey__topic",
        "place",
        "kind",
        "text_fi",
    )
    loads = ("survey",)
    fields = ("survey", "place", "kind", "text_fi", "text_sv", "text_en")
    fixed = ("survey",)
    belongs_to = {"survey": "survey"}

    def label(self, record: SurveyQuestion) -> str:
        return record.text

    def create(self, request: HttpRequest, form: Any) -> SurveyQuestion:
        question: SurveyQuestion = form.save()
        return question

    update = create
