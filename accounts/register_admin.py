"""RegisterAdmin: the pages of one model on the staff's desk, the same for all of them.

What Django's admin does otherwise and must not here: names in addresses, in titles and messages;
counts over whole tables; drop-downs of everybody; a redirect where a record is missing; a second
log beside the access log. Nobody deletes; records go by the retention rules alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.register_forms import (
    NOT_ISSUED,
    WIDGETS,
    PublicIdField,
    RegisterForm,
    issue,
    issued,
    loaded,
    show_version,
    shown,
    touched,
    version_of,
)
from accounts.register_lists import Narrowing, Search, as_uuid, exists, read_page
from audit.context import require
from datamap.declarations import registry

_SEARCHES = "admin_searches"  # in the session: a name has no place in an address
LONGEST_TERM = 200
MOST_CHOICES = 20


@dataclass(frozen=True)
class Step:
    """Something to do with a record by one button: the end of its address, and the word on it."""

    name: str
    label: str | Promise


class RegisterAdmin(ModelAdmin):  # type: ignore[type-arg]
    """The list, the form and the record of one model; `create` and `update` call its services."""

    form = RegisterForm
    actions = None
    show_full_result_count = False
    ordering = ("-pk",)

    reads: tuple[str, ...] = ()
    """The columns that the list loads, those of `list_select_related` included."""
    loads: tuple[str, ...] = ()
    """What a record's own page loads along."""
    fixed: tuple[str, ...] = ()
    """Fields that are given when the record is made, and only shown afterwards."""
    told: tuple[str, ...] = ()
    """What a record's page shows besides its fields."""
    steps: tuple[Step, ...] = ()
    """What can be done with a record besides changing its fields: each has its `do_…` here."""
    narrow_by: tuple[Narrowing, ...] = ()
    only_typed: tuple[str, ...] = ()
    """Fields of the form that hold nothing of the record, such as a new password."""
    belongs_to: Mapping[str, str] = {}
    """Narrowing to what belongs to one record: the name in the address, and the path to it."""
    search_label: str | Promise = ""
    """What can be searched for; empty where there is no search."""
    can_be_chosen = False

    # --- what a model's own admin says ------------------------------------------------------------

    def label(self, record: Any) -> str:
        """The record's name for people; it stands in headings, never in titles or addresses."""
        return str(getattr(record, "display_name", record))

    def search(self, term: str) -> Search:
        """What the term asks for."""
        raise NotImplementedError

    def create(self, request: HttpRequest, form: Any) -> models.Model:
        """Make the new record through its service; the one that is there already counts too."""
        raise NotImplementedError

    def update(self, request: HttpRequest, form: Any) -> models.Model:
        """Save the changes through the record's service."""
        raise NotImplementedError

    def links(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        """Where to go from a record: labels and addresses."""
        return []

    def steps_for(self, request: HttpRequest, record: Any) -> list[Step]:
        """Those of the `steps` that can be taken with this record now."""
        return []

    def may_search(self, request: HttpRequest) -> bool:
        """Whether she may search here."""
        return bool(self.search_label) and self.has_view_permission(request)

    def why_not(self, request: HttpRequest, record: Any) -> str:
        """Why she may not change this record although its kind; empty if she may."""
        return ""

    def version(self, record: Any) -> str:
        """What makes two states of a record different."""
        return version_of(record)

    # --- addresses --------------------------------------------------------------------------------

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

    def _guard(self, view: Any) -> Any:
        """Whose role has nothing to do with the kind is refused before anything is asked."""
        site: Any = self.admin_site
        asked = view if registry.is_impersonal(self.model) else site.with_purpose(view)

        def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not self.has_module_permission(request):
                raise PermissionDenied
            response: HttpResponse = asked(request, **kwargs)
            return response

        return site.admin_view(inner)

    def address(self, page: str, record: Any = None) -> str:
        """The address of one of this model's pages."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[record.public_id] if record is not None else [])

    # --- rights -----------------------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        manager: Any = self.model._default_manager
        user: Any = request.user
        return manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()

    # --- the list ---------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The records, newest first, narrowed by what the address and the search say."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_search = self.may_search(request)
        term = self._term(request) if may_search and not self._belongs(request) else ""
        found = self._narrowed(request, self.get_queryset(request))
        search = Search(None)
        if term:
            search = self._search(term)
            found = found.none() if search.condition is None else found.filter(search.condition)
        after = as_uuid(request.GET.get("after"))
        page = read_page(found, after, self.reads, self._related(), self.ordering[0])
        query = self._query(request)
        return self._render(
            request,
            "admin/change_list.html",
            heading=self.opts.verbose_name_plural,
            columns=[label_for_field(name, self.model, self) for name in self.list_display],
            rows=[self._row(request, record) for record in page.rows],
            next_page=_with(query, after=str(page.after)) if page.after else "",
            is_first=after is None,
            first_page=_with(query),
            narrowings=self._narrowings(request),
            belongs=self._belongs(request),
            term=term,
            search=search,
            search_url=self.address("search") if may_search else "",
            search_label=self.search_label,
            add_url=self._add_address(request),
        )

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """Keep what is searched for in the session; an empty search shows the list again."""
        if not self.may_search(request):
            raise PermissionDenied
        term = request.POST.get("q", "").replace("\0", "").strip()[: LONGEST_TERM + 1]
        searches = {**request.session.get(_SEARCHES, {})}
        searches.pop(self.opts.label_lower, None)
        if len(term) > LONGEST_TERM:
            messages.warning(request, _("This is too long to be a name, a number or an ID."))
        elif term:
            searches[self.opts.label_lower] = term
        request.session[_SEARCHES] = searches
        return redirect(self.address("changelist"))

    def choose_view(self, request: HttpRequest) -> HttpResponse:
        """Answer what is typed with those it may mean, for a field that names one of them."""
        if not self.may_search(request):
            raise PermissionDenied
        term = request.POST.get("term", "").replace("\0", "").strip()
        found: list[tuple[Any, str]] = []
        search = Search(None)
        if term and len(term) <= LONGEST_TERM:
            search = self._search(term)
        if search.condition is not None:
            rows = self.get_queryset(request).filter(search.condition).order_by("pk")
            rows = rows.select_related(*self._related()).only(*self.reads)
            found = [(row.public_id, self.label(row)) for row in rows[:MOST_CHOICES]]
        return render(request, "admin/_choices.html", {"found": found, "search": search})

    def _search(self, term: str) -> Search:
        """Search; one for persons or what is theirs makes its row in the log, hit or miss."""
        if not registry.is_impersonal(self.model):
            require().record_search()
        return self.search(term)

    def _related(self) -> tuple[str, ...]:
        related = self.list_select_related
        return () if isinstance(related, bool) else tuple(related)

    def _term(self, request: HttpRequest) -> str:
        return str(request.session.get(_SEARCHES, {}).get(self.opts.label_lower, ""))

    def _narrowed(self, request: HttpRequest, queryset: Any) -> Any:
        user: Any = request.user
        for narrowing in self.narrow_by:
            queryset = queryset.filter(narrowing.condition(request.GET.get(narrowing.name), user))
        for name, lookup in self.belongs_to.items():
            public_id = as_uuid(request.GET.get(name))
            if public_id is not None:
                queryset = queryset.filter(**{f"{lookup}__public_id": public_id})
        return queryset

    def _narrowings(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The links that narrow the list, and which of them are chosen."""
        query = self._query(request)
        found = []
        for narrowing in self.narrow_by:
            now = request.GET.get(narrowing.name, "")
            known = {value for value, _label, _make in narrowing.choices}
            choices = [(_("All"), _with(query, **{narrowing.name: ""}), now not in known)] + [
                (label, _with(query, **{narrowing.name: value}), value == now)
                for value, label, _make in narrowing.choices
            ]
            found.append({"label": narrowing.label, "choices": choices})
        return found

    def _query(self, request: HttpRequest) -> dict[str, str]:
        """What the address narrows by; whatever else it says is not said again."""
        known = [narrowing.name for narrowing in self.narrow_by]
        query = {name: request.GET[name] for name in known if request.GET.get(name)}
        whose = {name: as_uuid(request.GET.get(name)) for name in self.belongs_to}
        return {**query, **{name: str(value) for name, value in whose.items() if value}}

    def _belongs(self, request: HttpRequest) -> bool:
        return any(as_uuid(request.GET.get(name)) for name in self.belongs_to)

    def _add_address(self, request: HttpRequest) -> str:
        if not self.has_add_permission(request):
            return ""
        given = {
            name: str(public_id)
            for name in self.belongs_to
            if (public_id := as_uuid(request.GET.get(name)))
        }
        return self.address("add") + (f"?{urlencode(given)}" if given else "")

    def _row(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        return {
            "url": self.address("change", record),
            "cells": [self._cell(request, name, record) for name in self.list_display],
        }

    def _cell(self, request: HttpRequest, name: Any, record: Any) -> Any:
        """What is shown of a field: what the admin's own `show_…` makes of it, or its value."""
        show = getattr(self, f"show_{name}", None)
        if show is not None:
            return show(request, record) or "–"
        field, _attribute, value = lookup_field(name, record, self)
        if field is None:
            return value if value not in (None, "") else "–"
        return shown(value, field.flatchoices)

    # --- a new record -----------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Make a record; the same form sent again leads to the one that it made."""
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
        made = public_id
        if not self._is_made(public_id) and form.is_valid():
            made = self._attempt(form, lambda: self.create(request, form)) or public_id
        if self._is_made(made):
            messages.success(request, _("Saved."))
            return redirect(self._after_adding(request, made))
        return self._show_form(request, form, None, issued=request.POST["issued"])

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whose the new record is, by public ID; nothing else is taken from an address."""
        return {
            path: str(public_id)
            for name, path in self.belongs_to.items()
            if (public_id := as_uuid(request.GET.get(name)))
        }

    def _is_made(self, public_id: UUID) -> bool:
        return exists(self.model._default_manager.filter(public_id=public_id))

    def _after_adding(self, request: HttpRequest, public_id: UUID) -> str:
        if not self.has_view_permission(request):
            return reverse("admin:index")
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[public_id])

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

    def _around(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """What stands beside a record: where to go from it, and what can be done with it."""
        steps = self.steps_for(request, record) if self.has_change_permission(request) else []
        return {
            "links": [*self.links(request, record), *self._what_belongs(request, record)],
            "steps": [(step.label, self.address(step.name, record)) for step in steps],
        }

    def _what_belongs(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        """The lists of what belongs to this record, of the kinds that she may see."""
        name = self.opts.model_name or ""
        return [
            (str(other.opts.verbose_name_plural), f"{other.address('changelist')}?{query}")
            for other in self._others(name)
            if other.has_view_permission(request)
            for query in [urlencode({name: str(record.public_id)})]
        ]

    def _others(self, name: str) -> list["RegisterAdmin"]:
        admins: Any = self.admin_site._registry.values()
        return [admin for admin in admins if name in admin.belongs_to]

    def _facts(
        self, request: HttpRequest, record: Any, names: Sequence[Any]
    ) -> list[tuple[str, Any]]:
        """Labels and values of what is only shown."""
        return [
            (str(label_for_field(name, self.model, self)), self._cell(request, name, record))
            for name in names
        ]

    def _render(
        self, request: HttpRequest, template: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        site: Any = self.admin_site
        context = {
            **site.each_context(request),
            "kind": self.opts.verbose_name,
            "kinds": self.opts.verbose_name_plural,
            "list_url": self.address("changelist"),
            "may_list": self.has_view_permission(request),
            **context,
        }
        return render(request, template, context, status=status)


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


def staff_of(request: HttpRequest) -> User:
    """The user of a page that only signed-in staff reach."""
    user: User = request.user  # type: ignore[assignment]
    return user


def _with(query: Mapping[str, str], **values: str) -> str:
    """The query of an address with some of its values changed; empty ones are left out."""
    return f"?{urlencode({name: value for name, value in {**query, **values}.items() if value})}"
