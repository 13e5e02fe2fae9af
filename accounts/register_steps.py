"""What is done with a record besides changing its fields: by one button, or by a page that asks.

A step that needs a day, a reason or an amount asks for it on a page of its own. What cannot be
done now is not offered; sent anyway, it is answered with the service's own sentence.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.register_forms import (
    Applies,
    FormLine,
    loaded,
    show_version,
    without_inapplicable,
)
from accounts.register_kind import Step
from accounts.register_parts import RegisterParts


class StepForm(forms.Form):
    """What a step asks; `record` is what it is done with, `admin` whose page it is."""

    applies: Applies = {}

    def __init__(
        self, *args: Any, record: Any, admin: Any, request: HttpRequest, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        self.prepare(admin, request)

    def prepare(self, admin: Any, request: HttpRequest) -> None:
        """Fill in what the record itself says, and what may be chosen."""

    def clean(self) -> dict[str, Any]:
        return without_inapplicable(self, super().clean() or {})

    foretells = False

    def foretold(self) -> str:
        """What will come of what is filled in so far, where the form `foretells`."""
        if not self.foretells:
            return ""
        if not self.is_bound:
            return self.what_comes(
                {name: self.get_initial_for_field(one, name) for name, one in self.fields.items()}
            )
        return self.what_comes(self.cleaned_data) if self.is_valid() else ""

    def what_comes(self, given: Mapping[str, Any]) -> str:
        """The sentence that says it."""
        raise NotImplementedError


class RegisterSteps(RegisterParts):
    """The steps of one model; each has its `do_…`, and `asks` a form of its own or nothing."""

    def step_urls(self) -> list[URLPattern]:
        """A step's own address takes what was asked for; without a question it is a button."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        asks = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path(
                f"<uuid:public_id>/{step.name}/",
                (asks if step.asks else require_POST)(self._guard(partial(self.step_view, step))),
                name=f"{name}_{step.name}",
            )
            for step in self.steps
        ]

    def step_view(self, step: Step, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Do with a record what its button says; a button that came too late changes nothing."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        rows = self.records(request)
        if request.method == "POST":
            self.lock_before(public_id)
            rows = rows.select_for_update(of=("self",), no_key=True)
        record = get_object_or_404(rows, public_id=public_id)
        is_offered = step in self.steps_for(request, record)
        if step.asks is not None:
            return self._ask(step, request, record, is_offered=is_offered)
        if is_offered:
            self._doing(step)(request, record)
            messages.success(request, _("Saved."))
        return redirect(self.address("change", record))

    def _ask(
        self, step: Step, request: HttpRequest, record: Any, *, is_offered: bool
    ) -> HttpResponse:
        make = partial(step.asks, record=record, admin=self, request=request)
        if request.method != "POST":
            return self._show_step(step, request, record, make() if is_offered else None)
        form = make(request.POST)
        before = loaded(request.POST.get("loaded", ""))
        if not form.is_valid() or "do" in request.POST:
            return self._show_step(step, request, record, form)
        if is_offered and (before is None or before.version != self.version(record)):
            form.add_error(None, _CHANGED)
            return self._show_step(step, request, record, form, status=409)
        if self._attempt(form, partial(self._doing(step), request, record, form)) is None:
            return self._show_step(step, request, record, form)
        messages.success(request, _("Saved."))
        return redirect(self.address("change", record))

    def _doing(self, step: Step) -> Any:
        """What takes the step: `do_…` with its name."""
        return getattr(self, f"do_{step.name.replace('-', '_')}")

    def _show_step(
        self, step: Step, request: HttpRequest, record: Any, form: Any, *, status: int = 200
    ) -> HttpResponse:
        more: dict[str, Any] = {}
        if form is not None:
            # A form that comes back with mistakes has been shown with the same row.
            token = request.POST.get("loaded", "") if status == 200 else ""
            more = {
                "fields": [FormLine(form[name], form.applies) for name in form.fields],
                "loaded": token if loaded(token) else show_version(form, self.version(record)),
            }
        return self._render(
            request,
            "admin/step.html",
            status=status,
            heading=self.label(record),
            step=step,
            form=form,
            **more,
            here=self.address(step.name, record),
            record_url=self.address("change", record),
            facts=self._facts(request, record, [*self.fixed, *self.told]),
        )


_CHANGED = gettext_lazy(
    "The record has changed since you opened this page, and nothing was done now. Look at it as "
    "it is, and send again what still holds."
)
