"""Panels of the caller card and tabs of the customer page: each app adds its own, none is known.

A panel shows one kind of data of one person, a tab one of one customer, so each has a right of its
own, and a look at it makes log rows with its categories. An app registers its panels in its
`panels.py`, its tabs in its `tabs.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Panel:
    """One panel, `/persons/UUID/NAME/`, or one tab, `/customers/UUID/NAME/`: by permission.

    `load` takes the person or the customer and the request and gives what the template needs; its
    queries must not grow with the history. `place` orders the panels; `key` is the shortcut on the
    page, one small letter or none. With `uncovers`, `load` takes `uncovered=True` too: contact
    details as they are, for who has asked to see them.
    """

    name: str
    label: str | Promise
    permission: str
    load: Callable[..., Mapping[str, Any]]
    template: str
    place: int
    key: str = ""
    uncovers: bool = False


class Panels:
    """All panels of one page, by name; filled by each app at start."""

    def __init__(self) -> None:
        self._panels: dict[str, Panel] = {}

    def register(self, panel: Panel) -> None:
        """Add a panel; its name, place and key are nobody else's."""
        for known in self._panels.values():
            if known.name == panel.name or known.place == panel.place:
                raise ImproperlyConfigured(f"There is a panel like {panel.name} already.")
            if panel.key and known.key == panel.key:
                raise ImproperlyConfigured(f"{known.name} has the shortcut of {panel.name}.")
        self._panels[panel.name] = panel

    def get(self, name: str) -> Panel | None:
        return self._panels.get(name)

    def allowed(self, user: Any) -> list[Panel]:
        """The panels that the user may see, in order."""
        found = sorted(self._panels.values(), key=lambda panel: panel.place)
        return [panel for panel in found if user.has_perm(panel.permission)]


def collect() -> None:
    """Import every app's `panels.py` and `tabs.py`; repeated calls change nothing."""
    autodiscover_modules("panels", "tabs")


panels = Panels()
register_panel = panels.register
tabs = Panels()
register_tab = tabs.register
