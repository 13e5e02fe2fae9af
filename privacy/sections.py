"""What stands on the page of a request beside its file: each part of the app adds its own.

A section is one thing that a request may need (its package, decisions of one kind), with a right
of its own; `load` takes the request of the person and the request of the browser, and gives
nothing where there is nothing to show. A module that has sections is named in `MODULES` and
registers them when it is imported.
"""

from importlib import import_module

from datamap.panels import Panel, Panels

MODULES: tuple[str, ...] = (
    "privacy.package_section",
    "privacy.decision_section",
    "privacy.erasure_section",
)
"""Where the sections are registered; one line for each part of the app that has some."""

Section = Panel
sections = Panels()
register_section = sections.register


def collect() -> None:
    """Import the modules that have sections; repeated calls change nothing."""
    for name in MODULES:
        import_module(name)
