"""Staff accounts on the staff's desk: made and changed by an admin, read by the auditor.

An account is disabled, never deleted, since the log names it. Nobody changes her own account.
"""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib.admin import display, register
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.admin_site import site
from accounts.models import User
from accounts.proving import prove_again
from accounts.register_admin import RegisterAdmin, Step, staff_of
from accounts.register_forms import RegisterForm, version_of
from accounts.register_lists import Narrowing, Search, by_choice
from accounts.roles import Role
from accounts.services import change_staff, create_staff, disable_staff, enable_staff

_WAITING = Q(disabled_at__isnull=True, confidentiality_acknowledged_on__isnull=True)
_DISABLE, _ENABLE = Step("disable", _("Disable the account")), Step("enable", _("Enable again"))
_INVITE = Step("invite", _("Mail a link to set a password"))


class StaffForm(RegisterForm):
    """An account with its roles; a password only where a new one is given."""

    roles = forms.MultipleChoiceField(
        label=_("roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new_password = forms.CharField(
        label=_("new password"),
        required=False,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 15 characters. Left empty, the holder sets it by a mailed link."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial.setdefault("roles", roles_of(self.instance))

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        return password


def roles_of(user: User) -> list[str]:
    """The names of the user's roles, in the order of the table of roles."""
    names = {group.name for group in user.groups.all()}
    return [role.value for role in Role if role.value in names]


@register(User, site=site)
class StaffAdmin(RegisterAdmin):
    """Who works with the register, for whom, and in which roles."""

    form = StaffForm
    ordering = ("username",)
    list_display = ("username", "name", "roles", "employer", "unit", "state")
    reads = (
        *("public_id", "username", "given_name", "family_name", "employer", "employer_name"),
        *("unit", "confidentiality_acknowledged_on", "disabled_at"),
    )
    fields = (
        *("username", "given_name", "family_name", "email", "employer", "employer_name", "unit"),
        *("language", "confidentiality_acknowledged_on", "roles", "new_password"),
    )
    fixed = ("username",)
    only_typed = ("new_password",)
    told = ("state", "disabled_at", "last_login", "created_at")
    search_label = _("User name or family name")
    steps = (_DISABLE, _ENABLE, _INVITE)
    narrow_by = (
        Narrowing(
            "state",
            _("State"),
            (
                ("active", pgettext_lazy("accounts", "Active"), lambda user: Q(is_active=True)),
                ("waiting", _("Waiting for acknowledgement"), lambda user: _WAITING),
                (
                    "disabled",
                    pgettext_lazy("accounts", "Disabled"),
                    lambda user: Q(disabled_at__isnull=False),
                ),
            ),
        ),
        by_choice(User, "employer"),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return User.objects.prefetch_related("groups")

    def version(self, record: User) -> str:
        return version_of(record, ",".join(roles_of(record)))

    def search(self, request: HttpRequest, term: str) -> Search:
        return Search(Q(username__istartswith=term) | Q(family_name__istartswith=term))

    def label(self, record: User) -> str:
        return record.display_name

    @display(description=_("name"))
    def name(self, user: User) -> str:
        return user.display_name

    @display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(str(Role(name).label) for name in roles_of(user))

    @display(description=_("State"))
    def state(self, user: User) -> str:
        if user.disabled_at is not None:
            return _now("Disabled")
        if user.confidentiality_acknowledged_on is None:
            return _now("Waiting for acknowledgement")
        return _now("Active")

    def why_not(self, request: HttpRequest, record: User) -> str:
        if record.pk == request.user.pk:
            return _now("This is your own account: another administrator changes it.")
        return ""

    def steps_for(self, request: HttpRequest, record: User) -> list[Step]:
        if record.pk == request.user.pk:
            return []
        if record.disabled_at is not None:
            return [_ENABLE]
        return [_DISABLE, _INVITE] if record.is_active and record.email else [_DISABLE]

    # --- pages: who changes accounts proves once more who she is ----------------------------------

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._prove(request, self.address("add")) or super().add_view(request)

    def change_view(self, request: HttpRequest, public_id: Any, *args: Any) -> HttpResponse:
        page = super().change_view
        return self._prove(request, request.path) or page(request, public_id)

    def step_view(self, step: Step, request: HttpRequest, public_id: Any) -> HttpResponse:
        back = reverse("admin:accounts_user_change", args=[public_id])
        return self._prove(request, back) or super().step_view(step, request, public_id)

    def _prove(self, request: HttpRequest, back: str) -> HttpResponse | None:
        may = self.has_change_permission(request) or self.has_add_permission(request)
        return prove_again(request, back) if may else None

    # --- saving -----------------------------------------------------------------------------------

    def is_as_made(self, form: Any) -> bool:
        user, typed = form.instance, form["new_password"].data
        has_it = user.check_password(typed) if typed else not user.has_usable_password()
        return has_it and set(form.changed_data) <= {"new_password"}

    def create(self, request: HttpRequest, form: Any) -> User:
        data = form.cleaned_data
        given = ("username", "given_name", "family_name", "email", "employer", "employer_name")
        return create_staff(
            public_id=form.instance.public_id,
            roles=[Role(name) for name in data["roles"]],
            password=data["new_password"] or None,
            acknowledged_on=data["confidentiality_acknowledged_on"],
            unit=data["unit"],
            language=data["language"],
            **{name: data[name] for name in given},
        )

    def update(self, request: HttpRequest, form: Any) -> User:
        return change_staff(
            user=form.instance,
            roles=form.cleaned_data["roles"],
            password=form.cleaned_data["new_password"],
            by=staff_of(request),
        )

    def do_disable(self, request: HttpRequest, record: User) -> None:
        disable_staff(user=record, by=staff_of(request))

    def do_enable(self, request: HttpRequest, record: User) -> None:
        enable_staff(user=record, by=staff_of(request))

    def do_invite(self, request: HttpRequest, record: User) -> None:
        form = ResetPasswordForm({"email": record.email})
        if form.is_valid():
            form.save(request)
