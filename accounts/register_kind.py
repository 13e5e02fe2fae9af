"""What one kind of record is on the staff's desk: its columns, its addresses, who may do what.

What Django's admin does otherwise and must not here: names in addresses, in titles and messages;
counts over whole tables; drop-downs of everybody; a redirect where a record is missing; a second
log beside the access log. Nobody deletes; records go by the retention rules alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.register_forms import Applies, RegisterForm, differing, shown, version_of
from accounts.register_lists import Narrowing, Search
from datamap.declarations import registry


@dataclass(frozen=True)
class Step:
    """Something to do with a record: the end of its address, and the word on its button.

    `asks` is the form (`register_steps.StepForm`) of a step that needs a day or a reason first.
    """

    name: str
    label: str | Promise
    asks: Any = None

    @property
    def is_asking(self) -> bool:
        """Whether it has a page of its own."""
        return self.asks is not None


class RegisterKind(ModelAdmin):  # type: ignore[type-arg]
    """One model on the desk: what its own admin says, and what all of them have."""

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
    begins_with: str = ""
    """Which of them a new record needs before it has a form: whose it is, or what it is under."""
    applies: Applies = {}
    """Fields that apply only to some choices of another."""
    search_label: str | Promise = ""
    """What can be searched for; empty where there is no search."""
    parts: tuple[Any, ...] = ()
    """What belongs to a record and is shown on its page (`register_parts.Part`)."""
    can_be_chosen = False
    can_be_added = True
    """Whether there is a form for a new one; otherwise what makes it stands elsewhere."""

    # --- what a model's own admin says ------------------------------------------------------------

    def label(self, record: Any) -> str:
        """The record's name for people; it stands in headings, never in titles or addresses."""
        return str(getattr(record, "display_name", record))

    def search(self, request: HttpRequest, term: str) -> Search:
        """What the term asks for."""
        raise NotImplementedError

    def create(self, request: HttpRequest, form: Any) -> models.Model:
        """Make the new record through its service; the one that is there already counts too."""
        raise NotImplementedError

    def is_as_made(self, form: Any) -> bool:
        """Whether a form sent again says what the record holds that was made of it."""
        return not differing(form)

    def update(self, request: HttpRequest, form: Any) -> models.Model:
        """Save the changes through the record's service."""
        raise NotImplementedError

    def begun(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """What a new form shows first, where that follows from what it begins with."""
        return {}

    def why_not_begin(self, request: HttpRequest, record: Any) -> str:
        """Why none of this kind can be added to the record that it would begin with."""
        return ""

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

    def holds(self, request: HttpRequest, record: Any) -> Iterable[Any]:
        """What holds a record from being erased; shown above it."""
        return ()

    def closed(self, record: Any) -> str:
        """Why nothing of a record is changed by a form any more; empty while something is."""
        return ""

    def lock_before(self, public_id: UUID) -> None:
        """Lock what the record's services lock before it: in one order, nobody waits in a ring."""

    def version(self, record: Any) -> str:
        """What makes two states of a record different."""
        return version_of(record)

    # --- addresses --------------------------------------------------------------------------------

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
        return reverse(name) if record is None else record_address(name, record.public_id)

    # --- rights -----------------------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or self.has_add_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_be_added and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def records(self, request: HttpRequest) -> Any:
        """What the page of one record reads of it."""
        return self.get_queryset(request).select_related(*self.loads)

    def get_queryset(self, request: HttpRequest) -> Any:
        manager: Any = self.model._default_manager
        user: Any = request.user
        return manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()

    # --- what is shown ----------------------------------------------------------------------------

    def _teller(self, request: HttpRequest, name: Any) -> Callable[[Any], Any]:
        """What tells what is shown of a field: the admin's own `show_…` of it, or its value.

        It is found once for a whole column, since finding it costs more than a cell.
        """
        show = getattr(self, f"show_{name}", None)
        if show is not None:
            return lambda record: show(request, record) or "–"
        field: Any = next((field for field in self.opts.fields if field.name == name), None)
        if field is None:
            own = getattr(self, name, None)
            if own is not None:
                return lambda record: shown(own(record))
            return lambda record: shown(lookup_field(name, record, self)[2])
        labels = {value: str(label) for value, label in field.flatchoices}
        return lambda record: shown(getattr(record, name), labels)

    def _around(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """What stands around a record: what holds it, where to go from it, what can be done."""
        steps = self.steps_for(request, record) if self.has_change_permission(request) else []
        return {
            "holds": self.holds(request, record),
            "links": [*self.links(request, record), *self._what_belongs(request, record)],
            "steps": [(step, self.address(step.name, record)) for step in steps],
        }

    def _what_belongs(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        """The lists of what belongs to this record, of the kinds that she may see."""
        name, shown_here = self.opts.model_name or "", {part.model for part in self.parts}
        return [
            (str(other.opts.verbose_name_plural), f"{other.address('changelist')}?{query}")
            for other in self._others(name)
            if other.has_view_permission(request) and other.model not in shown_here
            for query in [urlencode({name: str(record.public_id)})]
        ]

    def _others(self, name: str) -> list["RegisterKind"]:
        admins: Any = self.admin_site._registry.values()
        return [admin for admin in admins if name in admin.belongs_to]

    def _facts(
        self, request: HttpRequest, record: Any, names: Sequence[Any]
    ) -> list[tuple[str, Any]]:
        """Labels and values of what is only shown, as far as it applies."""
        return [
            (self._label_of(name), self._teller(request, name)(record))
            for name in names
            if self._applies(name, record)
        ]

    def _label_of(self, name: Any) -> str:
        return str(label_for_field(name, self.model, self))

    def _applies(self, name: str, record: Any) -> bool:
        other, choices = self.applies.get(name, ("", ()))
        return not other or getattr(record, other) in choices

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


def record_address(name: str, public_id: UUID) -> str:
    """The address of a record's page by the page's name; put together once, lists have many."""
    before, behind = _around_the_id(name)
    return f"{before}{public_id}{behind}"


@cache
def _around_the_id(name: str) -> tuple[str, str]:
    nobody = UUID(int=0)
    before, _, behind = reverse(name, args=[nobody]).partition(str(nobody))
    return before, behind


def staff_of(request: HttpRequest) -> User:
    """The user of a page that only signed-in staff reach."""
    user: User = request.user  # type: ignore[assignment]
    return user
