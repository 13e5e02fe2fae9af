"""How a page looks to everybody: on a phone in the dark, on a desk in the light."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LOOKS: tuple[tuple[int, Any], ...] = ((390, "dark"), (1440, "light"))
WIDEST = 1920


def look_at(page: Page, what: str = "") -> None:
    """Nothing serious for axe in any look, and nothing wider than the window; ends on the desk."""
    page.wait_for_load_state()  # a click is over once its page begins, before anything is in it
    _set_width(page, WIDEST)
    assert _fits(page), (what, WIDEST)
    for width, scheme in LOOKS:
        _set_width(page, width)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert _fits(page), (what, width)
        assert serious(page) == [], (what, width)


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical, by rule and place."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']}: {node['target']}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def _set_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def _fits(page: Page) -> bool:
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"))
