"""The page of one record: as a form, or to read where nothing may be changed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.register_forms import WIDGETS, FormLine, PublicIdField, loaded, show_version
from accounts.register_steps import RegisterSteps


class RegisterFormPages(RegisterSteps):
    """How the fields of a record are asked for, and how its page shows them."""

    # --- forms ------------------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.applies = self.applies
        return form

    def _changeable(self, request: HttpRequest) -> list[str]:
        return [name for name in self.get_fields(request) if name not in self.fixed]  # type: ignore[misc]

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest | None, **kwargs: Any
    ) -> forms.Field | None:
        """Plain fields of HTML; whoever a record belongs to is named by public ID."""
        other: Any = self.admin_site._registry.get(getattr(db_field, "related_model", None))  # type: ignore[arg-type]
        if other is not None and other.can_be_chosen:
            return self.choosing(request, db_field.related_model, db_field)
        widget = WIDGETS.get(type(db_field))
        more = {"localize": True} if isinstance(db_field, models.DecimalField) else {}
        if widget is not None:
            more["widget"] = widget()
        field: forms.Field | None = db_field.formfield(**more)
        return field

    def choosing(self, request: HttpRequest | None, model: Any, like: Any) -> PublicIdField:
        """A field that names a record of another kind, with the words of the model field `like`."""
        other: Any = self.admin_site._registry[model]
        return PublicIdField(
            queryset=other.get_queryset(request),
            choose_url=other.address("choose"),
            label_of=other.label,
            label=like.verbose_name,
            help_text=like.help_text,
            required=not like.blank,
        )

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
        is_again: bool = False,
    ) -> HttpResponse:
        more: dict[str, Any] = {}
        if record is None:
            heading = _("Add: %(kind)s") % {"kind": self.opts.verbose_name}
            if self.begins_with:
                known = [self.belongs_to[self.begins_with]]
                more = {"facts": self._facts(request, form.instance, known)}
        else:
            heading = heading or self.label(record)
            shows = stored if stored is not None else form
            version = version or self.version(record)
            is_hers = form.is_bound or is_again
            before = loaded(request.POST.get("loaded", "")) if is_hers else None
            more = {
                "facts": self._facts(request, record, [*self.fixed, *self.told]),
                **self._around(request, record),
                "tables": self.tables(request, record, in_form=True),
                # A form that comes back with mistakes has been shown with the same row.
                "loaded": request.POST["loaded"] if before else show_version(shows, version),
            }
        return self._render(
            request,
            "admin/change_form.html",
            status=status,
            heading=heading,
            form=form,
            fields=[
                FormLine(form[name], self.applies, stored, name in conflicts)
                for name in form.fields
            ],
            has_conflicts=stored is not None,
            issued=issued,
            here=self.address("change", record) if record else self._add_address(request),
            **more,
        )

    def _show_record(
        self, request: HttpRequest, record: Any, refusal: str, closed: str
    ) -> HttpResponse:
        every = dict.fromkeys([*self.get_fields(request), *self.told])
        names = [name for name in every if name not in self.only_typed]
        return self._render(
            request,
            "admin/change_form.html",
            heading=self.label(record),
            facts=self._facts(request, record, names),
            refusal=refusal,
            closed=closed if self.has_change_permission(request) else "",
            tables=self.tables(request, record, in_form=False),
            **self._around(request, record),
        )
