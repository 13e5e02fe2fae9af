"""The staff's desk for the register's data: whose pages it has, who may enter, and what for.

Django's admin with our own doors: sign-in and sign-out are allauth's, only our own models are
here, and nothing of a person is shown before somebody has said what for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.roles import ADD, CHANGE, KINDS, TASKS, VIEW, Role, purposes_of
from audit.context import AccessPurpose, require

_PURPOSE = "admin_purpose"  # in the session, which lasts a working day at most

_RIGHTS = {
    VIEW: pgettext_lazy("right", "view"),
    ADD: pgettext_lazy("right", "add"),
    CHANGE: pgettext_lazy("right", "change"),
}

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class DeskEntry:
    """One kind of records on the first page: its list, and its form if she may add."""

    label: str
    url: str
    add_url: str


@dataclass(frozen=True)
class DeskSection:
    """The kinds of records of one app."""

    label: str | Promise
    entries: list[DeskEntry]


class PurposeForm(forms.Form):
    """What the work is for; only what the roles of the user lead to."""

    purpose = forms.ChoiceField(label=_("What are you working on?"), widget=forms.RadioSelect)
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, purposes: list[AccessPurpose], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["purpose"]
        field.choices = [(purpose.value, purpose.label) for purpose in purposes]


class RegisterSite(AdminSite):
    """The one admin site; it is not Django's default, so nobody else registers anything here."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether she may see anything here at all."""
        return any(admin.has_module_permission(request) for admin in self._registry.values())

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """A view of the site; whoever may see nothing here is refused, not led to a sign-in."""

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return inner

    def with_purpose(self, view: View) -> View:
        """A view that reads personal data: what for is asked once per working context."""

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            purpose = purpose_of(request)
            if purpose is None:
                address = reverse("admin:purpose")
                return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
            require().purpose = purpose
            return view(request, *args, **kwargs)

        return inner

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """The first page, the question what for, and the pages of each model; nothing else."""
        index = require_safe(self.admin_view(self.index))
        ask = require_http_methods(["GET", "HEAD", "POST"])(self.admin_view(self.ask_purpose))
        roles = require_safe(self.admin_view(self.show_roles))
        return [
            path("", index, name="index"),
            path("purpose/", ask, name="purpose"),
            path("roles/", roles, name="roles"),
            *(
                path(f"{model._meta.app_label}/{model._meta.model_name}/", include(admin.urls))
                for model, admin in self._registry.items()
            ),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page here shows: what the work is for."""
        return {"purpose": _chosen(request)}

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """The kinds of records that she may see."""
        context = {**self.each_context(request), "sections": list(self._sections(request))}
        return render(request, "admin/index.html", context)

    def ask_purpose(self, request: HttpRequest) -> HttpResponse:
        """Ask what the work is for, and keep the answer for this session."""
        purposes = purposes_of(_user(request))
        if not purposes:
            raise PermissionDenied
        if request.method == "POST":
            form = PurposeForm(request.POST, purposes=purposes)
            if form.is_valid():
                request.session[_PURPOSE] = form.cleaned_data["purpose"]
                return redirect(_way_back(request, form.cleaned_data["next"]))
        else:
            chosen = _chosen(request)
            initial = {"next": request.GET.get("next", ""), "purpose": chosen and chosen.value}
            form = PurposeForm(initial=initial, purposes=purposes)
        return render(request, "admin/purpose.html", {**self.each_context(request), "form": form})

    def show_roles(self, request: HttpRequest) -> HttpResponse:
        """The table of roles and rights, to read."""
        if not request.user.has_perm("auth.view_group"):
            raise PermissionDenied
        rows: list[tuple[str | Promise, list[list[str | Promise]]]] = [
            (kind.label, [[_RIGHTS[right] for right in kind.rights.get(role, ())] for role in Role])
            for kind in KINDS
        ]
        rows += [(t.label, [[_("yes")] if role in t.roles else [] for role in Role]) for t in TASKS]
        context = {**self.each_context(request), "roles": list(Role), "rows": rows}
        return render(request, "admin/roles.html", context)

    def _sections(self, request: HttpRequest) -> Iterator[DeskSection]:
        found: dict[str, DeskSection] = {}
        for model, admin in self._registry.items():
            if not admin.has_view_permission(request):
                continue
            config = model._meta.app_config
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            add_url = reverse(f"{name}_add") if admin.has_add_permission(request) else ""
            section = found.setdefault(
                config.label, DeskSection(getattr(config, "desk_name", config.verbose_name), [])
            )
            section.entries.append(
                DeskEntry(
                    str(model._meta.verbose_name_plural), reverse(f"{name}_changelist"), add_url
                )
            )
        yield from found.values()
        if request.user.has_perm("auth.view_group"):
            table = DeskEntry(str(_("Roles and rights")), reverse("admin:roles"), "")
            yield DeskSection(_("Roles"), [table])


def purpose_of(request: HttpRequest) -> AccessPurpose | None:
    """What the user works on; where her roles leave no choice, that is it."""
    purpose = _chosen(request)
    if purpose is None:
        purposes = purposes_of(_user(request))
        if len(purposes) == 1:
            purpose = purposes[0]
            request.session[_PURPOSE] = purpose.value
    return purpose


def _chosen(request: HttpRequest) -> AccessPurpose | None:
    purpose = request.session.get(_PURPOSE)
    return AccessPurpose(purpose) if purpose in AccessPurpose.values else None


def _user(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    return user


def _way_back(request: HttpRequest, address: str) -> str:
    """Where she came from, if that is a page of ours."""
    first = reverse("admin:index")
    is_ours = address.startswith(first) and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if is_ours else first


site = RegisterSite(name="admin")
