"""Panels of the caller card: each app adds its own in its `panels.py`, and the card knows none.

A panel shows one kind of data of one person, so it has a right of its own, and a look at it makes
a log row with its categories.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Panel:
    """One panel: `/persons/UUID/NAME/`, shown to whoever has the permission.

    `load` takes the person and the request and gives what the template needs; its queries must
    not grow with the person's history. `place` orders the panels; `key` is the shortcut on the
    card, one small letter or none.
    """

    name: str
    label: str | Promise
    permission: str
    load: Callable[[Any, Any], Mapping[str, Any]]
    template: str
    place: int
    key: str = ""


class Panels:
    """All panels, by name; filled by each app's `panels.py` at start."""

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
    """Import every app's `panels.py`; repeated calls change nothing."""
    autodiscover_modules("panels")


panels = Panels()
register_panel = panels.register
