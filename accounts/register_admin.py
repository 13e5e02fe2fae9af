"""RegisterAdmin: the list, the form and the record of one model on the staff's desk.

One form makes one object however often it is sent; whoever saves second sees what was saved
meanwhile, field by field, and loses nothing (promise 8).
"""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.register_forms import (
    NOT_ISSUED,
    SAVED_BEFORE,
    WIDGETS,
    PublicIdField,
    issue,
    issued,
    loaded,
    show_version,
    shown,
    touched,
)
from accounts.register_kind import Step, staff_of
from accounts.register_list_pages import RegisterList
from accounts.register_lists import as_uuid

__all__ = ["RegisterAdmin", "Step", "staff_of"]


class RegisterAdmin(RegisterList):
    """The pages of one model; `create` and `update` call its services."""

    def get_urls(self) -> list[URLPattern]:
        """List, search, form and record; deletion and a history of its own are not among them."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        both = require_http_methods(["GET", "HEAD", "POST"])
        pages = [
            path("", require_safe(self._guard(self.changelist_view)), name=f"{name}_changelist"),
            path("add/", both(self._guard(self.add_view)), name=f"{name}_add"),
            path(
                "<uuid:public_id>/change/",
                both(self._guard(self.change_view)),
                name=f"{name}_change",
            ),
        ]
        if self.search_label:
            pages.append(
                path("search/", require_POST(self._guard(self.search_view)), name=f"{name}_search")
            )
        pages += [
            path(
                f"<uuid:public_id>/{step.name}/",
                require_POST(self._guard(partial(self.step_view, step))),
                name=f"{name}_{step.name}",
            )
            for step in self.steps
        ]
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
        user: Any = request.user
        form_class = self.get_form(request, None, fields=self.get_fields(request))
        if request.method != "POST":
            form = form_class(initial=self.get_changeform_initial_data(request))
            return self._show_form(request, form, None, issued=issue(self.model, user.pk))
        public_id = issued(request.POST.get("issued", ""), self.model, user.pk)
        form = form_class(request.POST, instance=self.model(public_id=public_id))
        if public_id is None:
            form.add_error(None, NOT_ISSUED)
            return self._show_form(request, form, None, issued=issue(self.model, user.pk))
        there = self._made(public_id)
        if there is None and form.is_valid():
            saved = self._attempt(form, lambda: self.create(request, form))
            if saved is not None:
                return self._added(request, saved)
            there = self._made(public_id)  # by the same form, sent in the same moment
        if there is None:
            return self._show_form(request, form, None, issued=request.POST["issued"])
        if self.is_as_made(form_class(request.POST, instance=there)):
            return self._added(request, public_id)
        form = form_class(request.POST)
        form.add_error(None, SAVED_BEFORE)
        return self._show_form(request, form, None, issued=issue(self.model, user.pk), status=409)

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
        rows = self.get_queryset(request).select_related(*self.loads)
        if is_post:
            rows = rows.select_for_update(of=("self",), no_key=True)
        record = get_object_or_404(rows, public_id=public_id)
        refusal = "" if not self.has_change_permission(request) else self.why_not(request, record)
        if not self.has_change_permission(request) or refusal:
            if is_post:
                messages.warning(request, refusal)
                return redirect(self.address("change", record))
            return self._show_record(request, record, refusal)
        form_class = self.get_form(request, record, change=True, fields=self._changeable(request))
        if not is_post:
            return self._show_form(request, form_class(instance=record), record)
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

    def step_view(self, step: Step, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Do with a record what its button says; a button that came too late changes nothing."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).select_for_update(of=("self",), no_key=True)
        record = get_object_or_404(rows, public_id=public_id)
        if step in self.steps_for(request, record):
            getattr(self, f"do_{step.name}")(request, record)
            messages.success(request, _("Saved."))
        return redirect(self.address("change", record))

    def _attempt(self, form: Any, save: Any) -> UUID | None:
        """Save inside a savepoint; what the service or the database refuses is said in the form.

        Returns the public ID of what was saved.
        """
        try:
            with transaction.atomic():
                saved: UUID = save().public_id
                return saved
        except ValidationError as error:
            for name, errors in getattr(error, "error_dict", {None: error}).items():
                form.add_error(name if name in form.fields else None, errors)
        except IntegrityError:
            form.add_error(None, _("Somebody has just saved something that this would contradict."))
        return None

    # --- forms ------------------------------------------------------------------------------------

    def _changeable(self, request: HttpRequest) -> list[str]:
        return [name for name in self.get_fields(request) if name not in self.fixed]  # type: ignore[misc]

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest | None, **kwargs: Any
    ) -> forms.Field | None:
        """Plain fields of HTML; whoever a record belongs to is named by public ID."""
        other: Any = self.admin_site._registry.get(getattr(db_field, "related_model", None))  # type: ignore[arg-type]
        if other is not None and other.can_be_chosen:
            return PublicIdField(
                queryset=other.get_queryset(request),
                choose_url=other.address("choose"),
                label_of=other.label,
                label=db_field.verbose_name,
                help_text=db_field.help_text,
                required=not db_field.blank,
            )
        widget = WIDGETS.get(type(db_field))
        field: forms.Field | None = db_field.formfield(**({"widget": widget()} if widget else {}))
        return field

    # --- pages ------------------------------------------------------------------------------------

    def _show_form(
        self,
        request: HttpRequest,
        form: Any,
        record: Any,
        *,
        heading: str = "",
        version: str = "",
        status: int = 200,
        stored: Any = None,
        conflicts: Sequence[str] = (),
        issued: str = "",
    ) -> HttpResponse:
        more: dict[str, Any] = {}
        if record is None:
            heading = _("Add: %(kind)s") % {"kind": self.opts.verbose_name}
        else:
            heading = heading or self.label(record)
            shows = stored if stored is not None else form
            version = version or self.version(record)
            before = loaded(request.POST.get("loaded", "")) if form.is_bound else None
            more = {
                "facts": self._facts(request, record, [*self.fixed, *self.told]),
                **self._around(request, record),
                # A form that comes back with mistakes has been shown with the same row.
                "loaded": request.POST["loaded"] if before else show_version(shows, version),
            }
        return self._render(
            request,
            "admin/change_form.html",
            status=status,
            heading=heading,
            form=form,
            fields=[_FormLine(form[name], stored, name in conflicts) for name in form.fields],
            has_conflicts=stored is not None,
            issued=issued,
            here=self.address("change", record) if record else self._add_address(request),
            **more,
        )

    def _show_record(self, request: HttpRequest, record: Any, refusal: str) -> HttpResponse:
        every = dict.fromkeys([*self.get_fields(request), *self.told])
        names = [name for name in every if name not in self.only_typed]
        return self._render(
            request,
            "admin/change_form.html",
            heading=self.label(record),
            facts=self._facts(request, record, names),
            refusal=refusal,
            **self._around(request, record),
        )


class _FormLine:
    """A field of a form as the page shows it, with what is stored where both were changed."""

    def __init__(self, field: Any, stored: Any, is_conflict: bool) -> None:
        self.field = field
        self.is_conflict = is_conflict
        widget = field.field.widget
        self.choose_url = getattr(field.field, "choose_url", "")
        self.chosen = field.field.name_of(field.value()) if self.choose_url else ""
        self.is_many = isinstance(widget, forms.CheckboxSelectMultiple)
        self.is_check = isinstance(widget, forms.CheckboxInput)
        self.is_wide = self.is_many or bool(self.choose_url) or isinstance(widget, forms.Textarea)
        if stored is not None:
            value = stored[field.name].value()
            self.stored = shown(value, getattr(field.field, "choices", None))
            self.stored_raw = json.dumps(
                value if isinstance(value, list | bool | None) else widget.format_value(value)
            )
