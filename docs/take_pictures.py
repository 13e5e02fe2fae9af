"""Take the README's pictures anew from a site with demo data, so that they stay true.

    python3 dev.py run --fresh            # in one terminal
    .local/venv/bin/python docs/take_pictures.py

Needs Chromium and the demo accounts that `dev.py run` made.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = Path(__file__).resolve().parent / "pictures"
COMPANY = "kust båt"
"""A customer of the demo data to whom much has happened."""
QUIET = ("no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    site = parser.parse_args().site
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if chromium is None:
        sys.exit("There is no Chromium to take pictures with.")
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[f"--{word}" for word in QUIET]
        )
        page = signed_in(browser, site, "agent")
        page.get_by_role("searchbox").fill("korhonen")
        expect(page.locator("[data-person]").first).to_be_visible()
        page.get_by_role("searchbox").press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#card h1")).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURES / "lookup.png")
        page.reload()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURES / "card.png")
        page.goto(f"{site}/lookup/")
        page.get_by_role("searchbox").fill(COMPANY)
        page.locator("a.company-name").first.click()
        page.locator('main a[href$="/history/"]').first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURES / "customer.png")
        page = signed_in(browser, site, "account_manager")
        page.goto(f"{site}/admin/contracts/contract/")
        page.locator("input[name=purpose]").first.check()
        page.locator("main [type=submit]").click()
        page.locator("main input[name=q]").fill(COMPANY)
        page.keyboard.press("Enter")
        page.locator("main tbody a").first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURES / "contract.png")
        browser.close()


def signed_in(browser: Browser, site: str, role: str) -> Page:
    """A page on which the demo account of a role is signed in."""
    accounts = json.loads((ROOT / ".local" / "demo-accounts.json").read_text(encoding="utf-8"))
    password = next(one["password"] for one in accounts if one["role"] == role)
    context = browser.new_context(locale="fi-FI", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(site)
    page.locator("input[name=login]").fill(role)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    return page


if __name__ == "__main__":
    main()
