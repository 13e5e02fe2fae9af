"""The list of one kind of record on the staff's desk, its search, and the choice of one of them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.limits import stop_in_lists
from accounts.register_kind import RegisterKind, record_address, staff_of
from accounts.register_lists import Search, as_uuid, read_page
from accounts.searches import SEARCHES
from audit.context import require
from datamap.declarations import registry

LONGEST_TERM = 200
MOST_CHOICES = 20


class RegisterList(RegisterKind):
    """The list of one model: only what it shows is read, and any page costs the same."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The records, newest first, narrowed by what the address and the search say."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        stop = self._stop(request)
        if stop is not None:
            return stop
        may_search = self.may_search(request)
        term = self._term(request) if may_search and not self._belongs(request) else ""
        found = self._narrowed(request, self.get_queryset(request))
        search = Search(None)
        if term:
            search = self._search(request, term)
            found = found.none() if search.condition is None else found.filter(search.condition)
        after = as_uuid(request.GET.get("after"))
        page = read_page(found, after, self.reads, self._related(), self.ordering[0])
        query = self._query(request)
        return self._render(
            request,
            "admin/change_list.html",
            heading=self.opts.verbose_name_plural,
            columns=[self._label_of(name) for name in self.list_display],
            rows=self._rows(request, page.rows),
            next_page=_with(query, after=str(page.after)) if page.after else "",
            is_first=after is None,
            first_page=_with(query),
            narrowings=self._narrowings(request),
            belongs=self._belongs(request),
            whose_url=self._whose(request),
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
        searches = {**request.session.get(SEARCHES, {})}
        searches.pop(self.opts.label_lower, None)
        if len(term) > LONGEST_TERM:
            messages.warning(request, _("This is too long to be a name, a number or an ID."))
        elif term:
            searches[self.opts.label_lower] = term
        request.session[SEARCHES] = searches
        return redirect(self.address("changelist"))

    def choose_view(self, request: HttpRequest) -> HttpResponse:
        """Answer what is typed with those it may mean, for a field that names one of them."""
        if not self.may_search(request):
            raise PermissionDenied
        stop = self._stop(request)
        if stop is not None:
            return stop
        term = request.POST.get("term", "").replace("\0", "").strip()
        found: list[tuple[Any, str]] = []
        search = Search(None)
        if term and len(term) <= LONGEST_TERM:
            search = self._search(request, term)
        if search.condition is not None:
            rows = self.get_queryset(request).filter(search.condition).order_by("pk")
            rows = rows.select_related(*self._related()).only(*self.reads)
            found = [(row.public_id, self.label(row)) for row in rows[:MOST_CHOICES]]
        return render(request, "admin/_choices.html", {"found": found, "search": search})

    def _stop(self, request: HttpRequest) -> HttpResponse | None:
        """The answer for who has been shown too many persons; lists of nobody are not counted."""
        return (
            None
            if registry.is_impersonal(self.model)
            else stop_in_lists(request, staff_of(request))
        )

    def _search(self, request: HttpRequest, term: str) -> Search:
        """Search; one for persons or what is theirs makes its row in the log, hit or miss."""
        if not registry.is_impersonal(self.model):
            require().record_search()
        return self.search(request, term)

    def _related(self) -> tuple[str, ...]:
        related = self.list_select_related
        return () if isinstance(related, bool) else tuple(related)

    def _term(self, request: HttpRequest) -> str:
        return str(request.session.get(SEARCHES, {}).get(self.opts.label_lower, ""))

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

    def _whose(self, request: HttpRequest) -> str:
        """Where the record is to which all of the list belongs, for whoever may see it."""
        whose = {name: as_uuid(request.GET.get(name)) for name in self.belongs_to}
        for admin in self.admin_site._registry.values():
            public_id = whose.get(admin.opts.model_name or "")
            if public_id is not None and admin.has_view_permission(request):
                name = f"{admin.opts.app_label}_{admin.opts.model_name}"
                return record_address(f"admin:{name}_change", public_id)
        return ""

    def _add_address(self, request: HttpRequest) -> str:
        if not self.has_add_permission(request):
            return ""
        given = {
            name: str(public_id)
            for name in self.belongs_to
            if (public_id := as_uuid(request.GET.get(name)))
        }
        return self.address("add") + (f"?{urlencode(given)}" if given else "")

    def _rows(self, request: HttpRequest, records: Sequence[Any]) -> list["ListRow"]:
        tellers = [self._teller(request, name) for name in self.list_display]
        return [ListRow(record, tellers, partial(self.address, "change")) for record in records]


@dataclass(frozen=True)
class ListRow:
    """A record as the template shows it: its values are put into words while it is rendered."""

    record: Any
    tellers: Sequence[Callable[[Any], Any]]
    address: Callable[[Any], str]

    def url(self) -> str:
        """Where the record's own page is."""
        return self.address(self.record)

    def cells(self) -> Iterator[Any]:
        """What each column says of it; the first one leads to the record, and nowhere else."""
        tell_first, *others = self.tellers
        yield unlinked(tell_first(self.record))
        for tell in others:
            yield tell(self.record)


def unlinked(cell: Any) -> Any:
    """A cell without its own links, for one that is a link as a whole."""
    return SafeString(_LINK.sub("", cell)) if isinstance(cell, SafeString) else cell


_LINK = re.compile(r"</?a\b[^>]*>")


def _with(query: Mapping[str, str], **values: str) -> str:
    """The query of an address with some of its values changed; empty ones are left out."""
    return f"?{urlencode({name: value for name, value in {**query, **values}.items() if value})}"
