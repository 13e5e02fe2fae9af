"""The card's panel of consents for other purposes, and of what she told us of herself (S24)."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.requests import StaffRequest
from consents.models import Consent, SupplementaryInformation, Survey
from consents.surveys import survey_link
from customers.models import Person, Restriction
from datamap.panels import Panel, register_panel

MOST_SHOWN = 50
MOST_SURVEYS = 5


@dataclass(frozen=True)
class Purpose:
    """One purpose, the consent to it that is in force, and those that were withdrawn."""

    label: str
    in_force: Consent | None
    withdrawn: list[Consent]


def load_extra(person: Person, request: StaffRequest) -> Any:
    """Consents by purpose with their state, and supplementary information, newest first."""
    user = request.user
    consents = list(
        Consent.objects.visible_to(user)
        .filter(person=person)
        .select_related("wording", "recorded_by")
        .newest_first()[:MOST_SHOWN]
    )
    information = (
        SupplementaryInformation.objects.visible_to(user)
        .filter(person=person)
        .select_related("consent")
        .newest_first()[:MOST_SHOWN]
    )
    is_restricted = Restriction.objects.filter(person=person).in_force().exists()
    return {
        "purposes": [_purpose(purpose, consents) for purpose in Consent.Purpose],
        "information": list(information),
        "may_change": not is_restricted,
        "survey_links": _links(person) if _may_send(request) else [],
    }


def _purpose(purpose: Consent.Purpose, consents: list[Consent]) -> Purpose:
    of_it = [one for one in consents if one.purpose == purpose]
    in_force = next((one for one in of_it if one.withdrawn_at is None), None)
    return Purpose(str(purpose.label), in_force, [one for one in of_it if one.withdrawn_at])


def _may_send(request: StaffRequest) -> bool:
    return request.user.has_perm("consents.add_supplementaryinformation")


def _links(person: Person) -> list[tuple[str, str]]:
    """Each open survey with the person's own link to it."""
    surveys = Survey.objects.open_on(timezone.localdate()).newest_first()[:MOST_SURVEYS]
    return [(one.title, survey_link(person.public_id, one)) for one in surveys]


register_panel(
    Panel(
        "extra",
        _("Consents and wishes"),
        "consents.view_supplementaryinformation",
        load_extra,
        "consents/_panel_extra.html",
        place=80,
        key="x",
    )
)
