"""RegisterAdmin: the list, the form and the record of one model on the staff's desk.

One form makes one object however often it is sent; whoever saves second sees what was saved
meanwhile, field by field, and loses nothing (promise 8).
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.register_form_pages import RegisterFormPages
from accounts.register_forms import (
    NOT_ISSUED,
    SAVED_BEFORE,
    FormLine,
    issue,
    issued,
    loaded,
    touched,
)
from accounts.register_kind import Step, record_address, staff_of
from accounts.register_lists import as_uuid
from accounts.register_steps import StepForm

__all__ = ["RegisterAdmin", "Step", "StepForm", "record_address", "staff_of"]


class RegisterAdmin(RegisterFormPages):
    """The pages of one model; `create` and `update` call its services."""

    def get_urls(self) -> list[URLPattern]:
        """List, search, form and record; deletion and a history of its own are not among them."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        both = require_http_methods(["GET", "HEAD", "POST"])
        pages = [
            path("", require_safe(self._guard(self.changelist_view)), name=f"{name}_changelist"),
            path(
                "<uuid:public_id>/change/",
                both(self._guard(self.change_view)),
                name=f"{name}_change",
            ),
        ]
        if self.can_be_added:
            pages.append(path("add/", both(self._guard(self.add_view)), name=f"{name}_add"))
        if self.search_label:
            pages.append(
                path("search/", require_POST(self._guard(self.search_view)), name=f"{name}_search")
            )
        pages += self.step_urls()
        if self.can_be_chosen:
            pages.append(
                path("choose/", require_POST(self._guard(self.choose_view)), name=f"{name}_choose")
            )
        return pages

    # --- a new record -----------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Make a record; the same form sent again leads to the one that it made.

        Sent again with something else in it, it comes back as the form of another record.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        begun: dict[str, Any] = {}
        if self.begins_with:
            owner = self._begin(request)
            if isinstance(owner, HttpResponse):
                return owner
            begun = {self.belongs_to[self.begins_with]: owner}
        fields = [name for name in self.get_fields(request) if name not in begun]
        form_class = self.get_form(request, None, fields=fields)
        if request.method == "POST":
            return self._add(request, form_class, begun)
        initial = self.get_changeform_initial_data(request)
        form = form_class(instance=self._new(request, begun), initial=initial)
        return self._show_new(request, form)

    def _add(self, request: HttpRequest, form_class: Any, begun: dict[str, Any]) -> HttpResponse:
        public_id = issued(request.POST.get("issued", ""), self.model, staff_of(request).pk)
        form = form_class(request.POST, instance=self._new(request, begun, public_id))
        if public_id is None:
            form.add_error(None, NOT_ISSUED)
            return self._show_new(request, form)
        token = request.POST["issued"]
        if "do" in request.POST:
            again = form_class(instance=form.instance, initial=self._typed(request, form))
            return self._show_new(request, again, token)
        there = self._made(public_id)
        if there is None:
            may = form.is_valid()
            saved = self._attempt(form, lambda: self.create(request, form)) if may else None
            if saved is not None:
                return self._added(request, saved)
            there = self._made(public_id)  # by the same form, sent in the same moment
        if there is None:
            return self._show_new(request, form, token)
        is_of_same = all(getattr(there, name) == owner for name, owner in begun.items())
        if is_of_same and self.is_as_made(form_class(request.POST, instance=there)):
            return self._added(request, public_id)
        form = form_class(request.POST, instance=self._new(request, begun))
        form.add_error(None, SAVED_BEFORE)
        return self._show_new(request, form, status=409)

    def _show_new(
        self, request: HttpRequest, form: Any, token: str = "", *, status: int = 200
    ) -> HttpResponse:
        token = token or issue(self.model, staff_of(request).pk)
        return self._show_form(request, form, None, issued=token, status=status)

    def _begin(self, request: HttpRequest) -> Any:
        """What the new record is to begin with, or the page that asks for it."""
        field: Any = self.model._meta.get_field(self.belongs_to[self.begins_with])
        form = forms.Form(request.GET if self.begins_with in request.GET else None)
        form.fields[self.begins_with] = self.choosing(request, field.related_model, field)
        if not form.is_bound or not form.is_valid():
            lines = [FormLine(form[self.begins_with], {})]
            add = self.address("add")
            return self._render(request, "admin/begin.html", form=form, fields=lines, here=add)
        other: Any = self.admin_site._registry[field.related_model]
        record = other.records(request).get(pk=form.cleaned_data[self.begins_with].pk)
        refusal = self.why_not_begin(request, record)
        if refusal:
            messages.warning(request, refusal)
            return redirect(other.address("change", record))
        return record

    def _new(
        self, request: HttpRequest, begun: dict[str, Any], public_id: UUID | None = None
    ) -> Any:
        """The record that is to be made, as far as it is known before its form is filled in."""
        known: dict[str, Any] = {"public_id": public_id} if public_id else {}
        for owner in begun.values():
            known |= self.begun(request, owner)
        return self.model(**known, **begun)

    @staticmethod
    def _typed(request: HttpRequest, form: Any) -> dict[str, Any]:
        """What was typed, to be shown again; a field whose button says so takes the stored one."""
        left = request.POST["do"].removeprefix("stored-")
        return {name: form[name].data for name in form.fields if name != left}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whose the new record is, by public ID; nothing else is taken from an address."""
        return {
            path: str(public_id)
            for name, path in self.belongs_to.items()
            if (public_id := as_uuid(request.GET.get(name)))
        }

    def _made(self, public_id: UUID) -> Any:
        return self.model._default_manager.filter(public_id=public_id).first()

    def _added(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        messages.success(request, _("Saved."))
        if not self.has_view_permission(request):
            return redirect("admin:index")
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return redirect(name, public_id)

    # --- a record ---------------------------------------------------------------------------------

    def change_view(  # type: ignore[override]
        self, request: HttpRequest, public_id: UUID, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a record and change it; who saves second sees what has been saved meanwhile."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        is_post = request.method == "POST"
        if is_post and not self.has_change_permission(request):
            raise PermissionDenied
        rows, is_again = self.records(request), is_post and "do" in request.POST
        if is_post and not is_again:
            self.lock_before(public_id)
            rows = rows.select_for_update(of=("self",), no_key=True)
        record = get_object_or_404(rows, public_id=public_id)
        refusal = "" if not self.has_change_permission(request) else self.why_not(request, record)
        changeable = self._changeable(request) if self.has_change_permission(request) else []
        closed = self.closed(record)
        if not changeable or refusal or closed:
            if is_post and (refusal or closed):
                messages.warning(request, refusal or closed)
            if is_post:
                return redirect(self.address("change", record))
            return self._show_record(request, record, refusal, closed)
        form_class = self.get_form(request, record, change=True, fields=changeable)
        if not is_post:
            return self._show_form(request, form_class(instance=record), record)
        if is_again:
            typed = self._typed(request, form_class(request.POST, instance=record))
            form = form_class(instance=record, initial=typed)
            return self._show_form(request, form, record, is_again=True)
        return self._save(request, record, form_class)

    def _save(self, request: HttpRequest, record: Any, form_class: Any) -> HttpResponse:
        heading, version = self.label(record), self.version(record)
        before = loaded(request.POST.get("loaded", ""))
        form = form_class(request.POST, instance=record)
        if before is None or before.version != version:
            hers = {name: form[name].data for name in touched(form, before)}
            differ = [name for name in hers if name in form.changed_data]
            if before is not None and not differ:
                return self._saved(request, record)  # both typed the same
            return self._show_form(
                request,
                form_class(instance=record, initial=hers),
                record,
                stored=form_class(instance=record),
                conflicts=differ,
                status=409,
            )
        if form.is_valid() and (
            not form.changed_data or self._attempt(form, lambda: self.update(request, form))
        ):
            return self._saved(request, record)
        return self._show_form(request, form, record, heading=heading, version=version)

    def _saved(self, request: HttpRequest, record: Any) -> HttpResponse:
        messages.success(request, _("Saved."))
        return redirect(self.address("change", record))
