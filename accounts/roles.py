"""Who may do what: the one table of roles and rights.

Rights are by kind of data. The groups in the database are made equal to this table after every
migration, and `docs/permissions.md` is printed from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.context import AccessPurpose


class Role(models.TextChoices):
    """The roles of staff; an account may have several."""

    AGENT = "agent", _("Service Desk agent")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    BILLING = "billing", pgettext_lazy("role", "Billing")
    MARKETER = "marketer", _("Marketer")
    RECORDING_REVIEWER = "recording_reviewer", _("Reviewer of recordings")
    REGISTRAR = "registrar", _("Registrar")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


VIEW, ADD, CHANGE = "view", "add", "change"
_R = (VIEW,)
_RA = (VIEW, ADD)
_RW = (VIEW, ADD, CHANGE)


@dataclass(frozen=True)
class DataKind:
    """A kind of data: its models (`app.model`), and what each role may do with them.

    Nobody has a right to delete: records go by the retention and erasure rules alone.
    """

    label: str | Promise
    models: tuple[str, ...]
    rights: Mapping[Role, tuple[str, ...]]

    def permissions(self, role: Role) -> Iterator[str]:
        """The permissions of a role, as `app.right_model`."""
        for model in self.models:
            app, name = model.split(".")
            for right in self.rights.get(role, ()):
                yield f"{app}.{right}_{name}"


@dataclass(frozen=True)
class Task:
    """Something that is done rather than a kind of data: its permission, and who has it."""

    label: str | Promise
    permission: str
    roles: tuple[Role, ...]


KINDS = (
    DataKind(
        _("Identity, contact points and addresses"),
        ("customers.person", "customers.contactpoint", "customers.address"),
        {
            Role.AGENT: _RW,
            Role.ACCOUNT_MANAGER: _RW,
            Role.BILLING: _R,
            Role.RECORDING_REVIEWER: _R,
            Role.REGISTRAR: _RW,
        },
    ),
    DataKind(
        _("Customers, contact persons and users"),
        ("customers.customer", "customers.contactperson", "customers.serviceuser"),
        {
            Role.AGENT: _RW,
            Role.ACCOUNT_MANAGER: _RW,
            Role.BILLING: _R,
            Role.RECORDING_REVIEWER: _R,
            Role.REGISTRAR: _RW,
        },
    ),
    DataKind(
        _("Contacts and history"),
        ("customers.interaction", "customers.identitycheck"),
        {
            Role.AGENT: _RW,
            Role.ACCOUNT_MANAGER: _RW,
            Role.BILLING: _R,
            Role.RECORDING_REVIEWER: _RW,
            Role.REGISTRAR: _R,
        },
    ),
    DataKind(
        _("Restrictions and holds"),
        ("customers.restriction", "customers.hold"),
        {
            Role.AGENT: _R,
            Role.ACCOUNT_MANAGER: _R,
            Role.BILLING: _R,
            Role.RECORDING_REVIEWER: _R,
            Role.REGISTRAR: _RW,
        },
    ),
    DataKind(
        _("Marketing permissions and prohibitions"),
        ("consents.marketingchoice",),
        {
            Role.AGENT: _RA,
            Role.ACCOUNT_MANAGER: _RA,
            Role.MARKETER: _RA,
            Role.REGISTRAR: _RA,
        },
    ),
    DataKind(
        _("Notices at collection"),
        ("consents.collectionnotice",),
        {
            Role.AGENT: _RA,
            Role.ACCOUNT_MANAGER: _RA,
            Role.MARKETER: _R,
            Role.REGISTRAR: _RA,
        },
    ),
    DataKind(
        _("Duties at work"),
        ("consents.workduty",),
        {
            Role.AGENT: _RA,
            Role.ACCOUNT_MANAGER: _RW,
            Role.MARKETER: _R,
            Role.REGISTRAR: _RW,
        },
    ),
    DataKind(
        _("Marketing lists"),
        ("consents.marketinglist",),
        {Role.MARKETER: _RA, Role.REGISTRAR: _R},
    ),
    DataKind(
        _("Consents and supplementary information"),
        ("consents.consent", "consents.supplementaryinformation"),
        {Role.AGENT: _R, Role.ACCOUNT_MANAGER: _R, Role.REGISTRAR: _RW},
    ),
    DataKind(
        _("Surveys: their questions"),
        ("consents.survey", "consents.surveyquestion"),
        {
            Role.AGENT: _R,
            Role.ACCOUNT_MANAGER: _R,
            Role.MARKETER: _RW,
            Role.REGISTRAR: _RW,
        },
    ),
    DataKind(
        _("Suppressed and listed addresses"),
        ("consents.robinsonentry", "consents.suppression"),
        {Role.MARKETER: _R, Role.REGISTRAR: _R},
    ),
    DataKind(
        _("Recordings and messages: that they exist"),
        ("recordings.recording", "recordings.storedmessage"),
        {
            Role.AGENT: _R,
            Role.ACCOUNT_MANAGER: _R,
            Role.RECORDING_REVIEWER: _R,
            Role.REGISTRAR: _R,
        },
    ),
    DataKind(
        _("Holds of recordings"),
        ("recordings.recordinghold",),
        {Role.RECORDING_REVIEWER: _RW, Role.REGISTRAR: _RW},
    ),
    DataKind(
        _("Corrections of whom a recording concerns"),
        ("recordings.reassignment",),
        {Role.RECORDING_REVIEWER: _RA, Role.REGISTRAR: _RA},
    ),
    DataKind(
        _("Recipients, disclosures and processors"),
        (
            "accounts.recipient",
            "accounts.disclosure",
            "accounts.processor",
            "accounts.subprocessor",
        ),
        {Role.REGISTRAR: _RW, Role.AUDITOR: _R},
    ),
    DataKind(
        _("Data-subject requests"),
        ("privacy.subjectrequest",),
        {Role.AGENT: (ADD,), Role.ACCOUNT_MANAGER: (ADD,), Role.REGISTRAR: _RW},
    ),
    DataKind(
        _("Files of data-subject requests"),
        (
            "privacy.requesttask",
            "privacy.requestattachment",
            "privacy.requestletter",
            "privacy.recipientnotice",
            "privacy.package",
            "privacy.proposedredaction",
        ),
        {Role.REGISTRAR: _RW},
    ),
    DataKind(
        _("Decisions and notes in data-subject requests"),
        (
            "privacy.requestnote",
            "privacy.rectification",
            "privacy.erasuredecision",
            "privacy.objection",
            "privacy.staffnamesdecision",
        ),
        {Role.REGISTRAR: _RA},
    ),
    DataKind(
        _("Retention periods and outlooks"),
        ("privacy.retentionperiod", "privacy.retentionoutlook"),
        {Role.REGISTRAR: _RA, Role.AUDITOR: _R},
    ),
    DataKind(
        _("Runs of retention and erasure"),
        ("privacy.erasurerun",),
        {Role.REGISTRAR: _RW, Role.AUDITOR: _R},
    ),
    DataKind(
        _("Statistics of groups of customers"),
        ("privacy.statistic",),
        {Role.REGISTRAR: _R, Role.AUDITOR: _R},
    ),
    DataKind(
        _("Register description"),
        ("privacy.registerdescription",),
        {Role.REGISTRAR: _RA, Role.AUDITOR: _R},
    ),
    DataKind(
        _("Breaches and countries with adequate protection"),
        ("privacy.breach", "accounts.adequacydecision"),
        {Role.REGISTRAR: _RW, Role.AUDITOR: _R},
    ),
    DataKind(
        _("Marketing wordings"),
        ("consents.wording",),
        {
            Role.AGENT: _R,
            Role.ACCOUNT_MANAGER: _R,
            Role.MARKETER: _RA,
            Role.REGISTRAR: _RA,
        },
    ),
    DataKind(
        _("Offers, orders, contracts, services and devices"),
        (
            "contracts.offer",
            "contracts.offerline",
            "contracts.order",
            "contracts.orderline",
            "contracts.return",
            "contracts.contract",
            "contracts.subscription",
            "contracts.servicechange",
            "contracts.device",
            "contracts.devicehandover",
        ),
        {
            Role.AGENT: _R,
            Role.ACCOUNT_MANAGER: _RW,
            Role.BILLING: _R,
            Role.RECORDING_REVIEWER: _R,
            Role.REGISTRAR: _R,
        },
    ),
    DataKind(
        _("Billing method and contacts, invoices"),
        ("contracts.billingaccount", "contracts.billingcontact", "contracts.invoice"),
        {
            Role.AGENT: _R,
            Role.ACCOUNT_MANAGER: _R,
            Role.BILLING: _RW,
            Role.REGISTRAR: _R,
        },
    ),
    DataKind(
        _("Collections"),
        ("contracts.collectioncase",),
        {Role.BILLING: _RW, Role.REGISTRAR: _R},
    ),
    DataKind(
        _("Derived information"),
        ("contracts.customersummary",),
        {Role.AGENT: _R, Role.ACCOUNT_MANAGER: _R, Role.REGISTRAR: _R},
    ),
    DataKind(
        _("Products and VAT rates"),
        ("contracts.product", "contracts.vatrate"),
        {Role.AUDITOR: _R, Role.ADMIN: _RW},
    ),
    DataKind(_("Access log"), ("audit.logentry",), {Role.REGISTRAR: _R, Role.AUDITOR: _R}),
    DataKind(_("Staff accounts"), ("accounts.user",), {Role.AUDITOR: _R, Role.ADMIN: _RW}),
    DataKind(_("Roles"), ("auth.group",), {Role.AUDITOR: _R, Role.ADMIN: _R}),
)

TASKS = (
    Task(
        _("Looking up a caller"),
        "customers.look_up_person",
        (
            Role.AGENT,
            Role.ACCOUNT_MANAGER,
            Role.BILLING,
            Role.RECORDING_REVIEWER,
            Role.REGISTRAR,
        ),
    ),
    Task(
        _("Seeing numbers and addresses uncovered"),
        "customers.see_contact_details_uncovered",
        (Role.AGENT, Role.ACCOUNT_MANAGER, Role.REGISTRAR),
    ),
    Task(
        _("Playing recordings, with a reason"),
        "recordings.play_recording",
        (Role.RECORDING_REVIEWER, Role.REGISTRAR),
    ),
    Task(
        _("Reading stored messages, with a reason"),
        "recordings.read_storedmessage",
        (Role.RECORDING_REVIEWER, Role.REGISTRAR),
    ),
    Task(
        _("Putting right what is in quarantine"),
        "recordings.put_right_recording",
        (Role.REGISTRAR,),
    ),
)

PURPOSES: Mapping[Role, tuple[AccessPurpose, ...]] = {
    Role.AGENT: (
        AccessPurpose.CUSTOMER_CARE,
        AccessPurpose.PROBLEM_SOLVING,
        AccessPurpose.VERIFICATION,
    ),
    Role.ACCOUNT_MANAGER: (AccessPurpose.CUSTOMER_CARE, AccessPurpose.PROBLEM_SOLVING),
    Role.BILLING: (AccessPurpose.BILLING, AccessPurpose.CUSTOMER_CARE),
    Role.MARKETER: (AccessPurpose.MARKETING,),
    Role.RECORDING_REVIEWER: (AccessPurpose.VERIFICATION, AccessPurpose.PROBLEM_SOLVING),
    Role.REGISTRAR: (AccessPurpose.SUBJECT_REQUEST, AccessPurpose.UPKEEP),
}
"""What each role works on in the admin, where she says for herself what for."""


def purposes_of(user: Any) -> list[AccessPurpose]:
    """What the user's roles let her work on, in the order in which she is asked."""
    return list(
        dict.fromkeys(
            purpose
            for role, purposes in PURPOSES.items()
            if role.value in user.roles
            for purpose in purposes
        )
    )


@cache
def permissions_of(role_name: str) -> frozenset[str]:
    """Everything that a role may do, as `app.codename`."""
    role = Role(role_name)
    return frozenset(
        [
            *(permission for kind in KINDS for permission in kind.permissions(role)),
            *(task.permission for task in TASKS if role in task.roles),
        ]
    )


def synchronise(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`: make the groups in the database equal to the table."""
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    with transaction.atomic(using=using):
        known = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.using(using).select_related("content_type")
        }
        for role in Role:
            group, _made = Group.objects.using(using).get_or_create(name=role.value)
            group.permissions.set([known[name] for name in permissions_of(role)])
        Group.objects.using(using).exclude(name__in=Role.values).delete()


def as_markdown() -> str:
    """The table as `docs/permissions.md` shows it."""
    lines = [
        f"# {_now('Roles and rights')}",
        "",
        _now("Printed from `accounts/roles.py` by `python3 dev.py manage print_permissions`."),
        _now("v = view, a = add, c = change; nobody may delete."),
        "",
        f"| {_now('data')} | {' | '.join(Role.values)} |",
        f"|---|{'---|' * len(Role)}",
    ]
    for kind in KINDS:
        cells = ["".join(right[0] for right in kind.rights.get(role, ())) or "–" for role in Role]
        lines.append(f"| {kind.label} | {' | '.join(cells)} |")
    for task in TASKS:
        cells = ["×" if role in task.roles else "–" for role in Role]
        lines.append(f"| {task.label} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])
