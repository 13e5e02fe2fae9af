"""What stands on the start page: each role's desk, with how much waits there.

Counts tell nothing of anybody, so they are no look at personal data.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from consents.models import MarketingList
from contracts.models import CollectionCase, Contract, Invoice, Offer
from customers.models import Hold, Interaction, Restriction
from privacy.deadlines import REMINDERS
from privacy.forgetting.nightly import of_which_to_tell
from privacy.models import Breach, ErasureRun, SubjectRequest
from recordings.models import Recording, StoredMessage

_ONLY_LOOK_UP = {Role.AGENT.value, Role.RECORDING_REVIEWER.value}


@dataclass(frozen=True)
class Tile:
    """A way to work: where it leads, what it is, and how many records wait there."""

    label: str | Promise
    url: str
    text: str | Promise
    number: int | None = None
    is_urgent: bool = False


@dataclass(frozen=True)
class Desk:
    """The tiles of one role."""

    label: str | Promise
    tiles: list[Tile]


def only_looks_up(roles: frozenset[str]) -> bool:
    """Whether the lookup is the whole desk, so that it is the start page itself."""
    return bool(roles) and roles <= _ONLY_LOOK_UP


def desks_of(user: User, roles: frozenset[str]) -> list[Desk]:
    """The desks of the user's roles, in the order of the table of roles."""
    return [
        Desk(role.label, list(make(user))) for role, make in _DESKS.items() if role.value in roles
    ]


def _list_of(kind: str, state: str = "") -> str:
    address = reverse(f"admin:{kind}_changelist")
    return f"{address}?state={state}" if state else address


def _account_manager(user: User) -> Iterator[Tile]:
    mine = Interaction.objects.visible_to(user).open().filter(handled_by=user).count()
    yield Tile(
        _("My open contacts"),
        _list_of("customers_interaction", "mine"),
        _("Matters that you have noted and nobody has closed yet."),
        mine,
    )
    yield Tile(
        _("Offers waiting for an answer"),
        _list_of("contracts_offer", "waiting"),
        _("Sent, neither accepted nor declined, and still valid."),
        Offer.objects.visible_to(user).waiting().count(),
    )
    yield Tile(
        _("Contracts that end soon"),
        _list_of("contracts_contract", "ends_soon"),
        _("Their last day, or that of their term, comes within 60 days."),
        Contract.objects.visible_to(user).ending_soon().count(),
    )
    yield Tile(
        _("Customers"),
        _list_of("customers_customer"),
        _("Companies and private customers, their names, numbers and languages."),
    )
    yield Tile(
        _("Contact persons"),
        _list_of("customers_contactperson"),
        _("Who speaks for which company, and in which task."),
    )


def _billing(user: User) -> Iterator[Tile]:
    overdue = Invoice.objects.visible_to(user).overdue().count()
    yield Tile(
        _("Overdue invoices"),
        _list_of("contracts_invoice", "overdue"),
        _("Unpaid after their due date, as the billing system reports them."),
        overdue,
        is_urgent=overdue > 0,
    )
    yield Tile(
        _("Open collections"),
        _list_of("contracts_collectioncase", "open"),
        _("Reminded, demanded, with an agency or in court."),
        CollectionCase.objects.visible_to(user).open().count(),
    )
    yield Tile(
        _("Billing accounts"),
        _list_of("contracts_billingaccount", "open"),
        _("How each customer is billed, and whom to write to about it."),
    )


def _marketer(user: User) -> Iterator[Tile]:
    yield Tile(
        _("New marketing list"),
        reverse("marketing:new"),
        _("Describe a target group, see how many may be reached, and make the list."),
    )
    yield Tile(
        _("Lists in use"),
        reverse("marketing:lists"),
        _("Yours that have not expired: who may still be reached, and files to hand out."),
        MarketingList.objects.visible_to(user).in_force().count(),
    )
    yield Tile(
        _("Marketing choices"),
        _list_of("consents_marketingchoice"),
        _("What has been permitted and prohibited, without names."),
    )
    yield Tile(
        _("Wordings"),
        _list_of("consents_wording"),
        _("The texts by which people are asked, each version in each language."),
    )


def _registrar(user: User) -> Iterator[Tile]:
    soon = timezone.localdate() + timedelta(days=max(REMINDERS))
    running = SubjectRequest.objects.visible_to(user).running()
    urgent = running.filter(due_on__lte=soon).count()
    yield Tile(
        _("Requests due soon"),
        reverse("requests:requests"),
        _("What people ask about their own data, to be answered within ten days."),
        urgent,
        is_urgent=urgent > 0,
    )
    yield Tile(
        _("Restrictions in force"),
        _list_of("customers_restriction", "open"),
        _("Persons whose data is only stored for now."),
        Restriction.objects.visible_to(user).in_force().count(),
    )
    yield Tile(
        _("Holds in force"),
        _list_of("customers_hold", "open"),
        _("Data that is kept from deletion for a dispute or a claim."),
        Hold.objects.visible_to(user).in_force().count(),
    )
    quarantine = Recording.objects.visible_to(user).in_quarantine().count()
    quarantine += StoredMessage.objects.visible_to(user).in_quarantine().count()
    yield Tile(
        _("Recordings in quarantine"),
        f"{reverse('recordings:recordings')}?show=quarantine",
        _("Opened by nobody: put right, or destroyed within seven days."),
        quarantine,
        is_urgent=quarantine > 0,
    )
    yield from _records(user)
    yield _log()
    yield Tile(
        _("Register data"),
        reverse("admin:index"),
        _("Records as they are kept, one by one."),
    )


def _auditor(user: User) -> Iterator[Tile]:
    yield _log()
    yield from _records(user)
    yield Tile(
        _("Staff accounts"),
        _list_of("accounts_user"),
        _("Who works with the register, for whom, and in which roles."),
    )


def _admin(user: User) -> Iterator[Tile]:
    numbers = User.objects.aggregate(
        active=Count("pk", Q(is_active=True)),
        waiting=Count(
            "pk", Q(disabled_at__isnull=True, confidentiality_acknowledged_on__isnull=True)
        ),
        disabled=Count("pk", Q(disabled_at__isnull=False)),
    )
    yield Tile(
        _("Accounts in use"),
        _list_of("accounts_user", "active"),
        _("Who works with the register, for whom, and in which roles."),
        numbers["active"],
    )
    yield Tile(
        _("Waiting for acknowledgement"),
        _list_of("accounts_user", "waiting"),
        _("Inactive until the holder's acknowledgement of confidentiality is dated."),
        numbers["waiting"],
        is_urgent=numbers["waiting"] > 0,
    )
    yield Tile(
        _("Disabled accounts"),
        _list_of("accounts_user", "disabled"),
        _("Closed, and kept because the log names them."),
        numbers["disabled"],
    )
    yield Tile(
        _("Products"),
        _list_of("contracts_product"),
        _("What is sold: services and devices, their names in each language and their prices."),
    )
    yield Tile(
        _("Rates of value added tax"),
        _list_of("contracts_vatrate"),
        _("Which percentage applies from which day."),
    )
    yield Tile(
        _("Add a staff account"),
        reverse("admin:accounts_user_add"),
        _("For somebody new; each holder has her own."),
    )


def _records(user: User) -> Iterator[Tile]:
    """What the register keeps of itself: retention, breaches, and how it is described."""
    needs_care = of_which_to_tell()
    yield Tile(
        _("Retention"),
        reverse("retention:retention"),
        _retention_text(needs_care),
        len(needs_care),
        is_urgent=bool(needs_care),
    )
    waiting = Breach.objects.filter(closed_at__isnull=True)
    yield Tile(
        _("Open breaches"),
        reverse("breaches:breaches"),
        _("Personal data breaches: what is known, who is told, and how much time is left."),
        waiting.count(),
        is_urgent=waiting.filter(told_authority_at__isnull=True).exclude(risk="none").exists(),
    )
    publishes = user.has_perm("privacy.add_registerdescription")
    yield Tile(
        _("Register description"),
        reverse("register:publish" if publishes else "register:record"),
        _("What people read about the register, and the record of processing of Art. 30."),
    )


def _retention_text(runs: list[ErasureRun]) -> str | Promise:
    if not runs:
        return _("What is due to be erased, what is held, and how long data is kept.")
    if any(run.failure for run in runs):
        return _("The last run was stopped: look at what stopped it.")
    return _("A run waits for approval; until then nothing of it is erased.")


def _log() -> Tile:
    return Tile(
        _("Access log"),
        reverse("audit:log"),
        _("Who looked at whose data, when and what for, and what was changed."),
    )


_DESKS: dict[Role, Callable[[User], Iterator[Tile]]] = {
    Role.ACCOUNT_MANAGER: _account_manager,
    Role.BILLING: _billing,
    Role.MARKETER: _marketer,
    Role.REGISTRAR: _registrar,
    Role.AUDITOR: _auditor,
    Role.ADMIN: _admin,
}
