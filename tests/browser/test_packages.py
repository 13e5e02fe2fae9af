"""An access request in a real browser, from the letter to the closed case.

What an archive and a PDF hold is read from the files that the browser was handed.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pyzipper
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from accounts.models import User
from customers.models import Person
from privacy.models import Package
from privacy.package_tasks import collect_package, make_package
from tests.browser.conftest import PASSWORD
from tests.browser.looking import look_at
from tests.builders import a_person, a_private_customer, an_interaction
from tests.contract_builders import a_contract, a_service, a_subscription
from tests.package_builders import the_other_registrar, working
from tests.recording_builders import SOUND, a_recording

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def aino(transactional_db: None) -> Person:
    """She has a contract and a recorded call; two others stand in what was written of her calls."""
    aino = a_person("Zetalla", "Qvantelo", phones=["040 000 1234"])
    contract = a_contract(a_private_customer(aino), signed_by=aino)
    a_subscription(contract, a_service("VALOKUITU"), user=aino)
    a_person("Bruxana", "Wolframi")
    a_person("Kvarkku", "Toinen")
    an_interaction(aino, "Lasku", "Eilen Bruxana Wolframi soitti laskusta, naapurin pyynnöstä")
    an_interaction(aino, "Asennus", "Asennus tehtiin taloyhtiö Kvarkku 3:een")
    a_recording(aino)
    return aino


def worked(task: Callable[[int], int]) -> None:
    """The background worker has its turn."""
    with working():
        package = Package.objects.get()
    task(package.pk)


def proved(page: Page, button: Locator) -> None:
    """Press what asks who one is, and prove it."""
    button.click()
    page.get_by_label("Salasana", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(button).to_be_visible()


def saved(page: Page, button: Locator, to: Path) -> bytes:
    with page.expect_download() as download:
        button.click()
    download.value.save_as(to)
    return to.read_bytes()


def test_she_gets_all_of_hers_and_nothing_of_anybody_else(
    page: Page,
    browser: Browser,
    browser_context_args: dict[str, Any],
    live_server: Any,
    sign_in: Callable[[str], User],
    complaints: list[str],
    tmp_path: Path,
    aino: Person,
) -> None:
    sign_in("registrar")
    page.goto(f"{live_server.url}/requests/new/")
    page.get_by_label("Mitä pyydetään").select_option("access")
    page.get_by_label("Miten se tuli").select_option("letter")
    page.get_by_label("Etsi henkilö").press_sequentially("qvantelo")
    page.get_by_role("button", name="Zetalla Qvantelo").click()
    page.get_by_label("Nimi pyynnössä").fill("Zetalla Qvantelo")
    page.get_by_label("Mihin vastaus lähetetään").fill("Mallitie 1\n13210 Hämeenlinna")
    page.get_by_label("Vastauksen kieli").select_option("fi")
    page.get_by_role("button", name="Kirjaa pyyntö").click()
    page.get_by_role("link", name="Merkitse varmistetuksi").click()
    page.get_by_label("Soitettu takaisin rekisterissä olevaan numeroon").check()
    page.get_by_role("button", name="Merkitse varmistetuksi").click()
    expect(page.get_by_role("button", name="Tee paketti")).to_be_visible()
    case = page.url

    # Asked for, and collected in the background.
    page.get_by_role("button", name="Tee paketti").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    worked(collect_package)
    page.get_by_role("link", name="Katso uudelleen").click()
    expect(page.get_by_role("link", name="Tarkasta löydöt")).to_be_visible()
    package = page.url
    look_at(page)

    # Reviewed by keyboard alone.
    page.get_by_role("link", name="Tarkasta löydöt").press("Enter")
    this = page.locator("[data-find]")
    expect(this).to_have_text("Bruxana")
    look_at(page)
    page.keyboard.press("b")
    expect(this).to_have_text("Wolframi")
    page.keyboard.press("b")
    expect(this).to_have_text("Kvarkku")
    page.keyboard.press("k")
    expect(page.get_by_role("status")).to_have_text("Jokainen löytö on ratkaistu.")
    page.get_by_label("Peitettävät sanat").press_sequentially("naapurin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Peitettiin 1 kohdasta.")
    look_at(page)

    # Whoever asked for it cannot approve it; somebody else does.
    page.goto(package)
    expect(page.get_by_role("button", name="Hyväksy ja tee tiedostot")).to_have_count(0)
    other = browser.new_context(**browser_context_args)
    approving = other.new_page()
    second = the_other_registrar()
    second.set_password(PASSWORD)
    second.save()
    approving.goto(package)
    approving.get_by_label("Käyttäjätunnus").fill(second.username)
    approving.get_by_label("Salasana", exact=True).fill(PASSWORD)
    approving.keyboard.press("Enter")
    approving.get_by_role("button", name="Hyväksy ja tee tiedostot").click()
    expect(approving.get_by_role("progressbar")).to_be_visible()
    other.close()
    worked(make_package)

    # The files, for who has just proved who she is; the password until it is written down.
    page.goto(package)
    show = page.get_by_role("button", name="Näytä salasana")
    proved(page, show)
    show.click()
    password = page.get_by_role("alert").locator("strong").inner_text()
    look_at(page)
    file = page.get_by_role("row").filter(has_text="Raportti").get_by_role("button")
    report = saved(page, file, tmp_path / "report.pdf")
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(report)).pages)
    text = re.sub(r"[\s\u200b\u00ad]+", " ", text)
    for hers in ("Zetalla", "Qvantelo", "VALOKUITU", "040 000 1234", "soitti laskusta", "Kvarkku"):
        assert hers in text
    for anothers in ("Bruxana", "Wolframi", "naapurin"):
        assert anothers not in text
    file = page.get_by_role("row").filter(has_text="Tallenteet").get_by_role("button")
    archive = saved(page, file, tmp_path / "recordings.zip")
    with pyzipper.AESZipFile(io.BytesIO(archive)) as opened:
        opened.setpassword(password.encode())
        [sounded] = [name for name in opened.namelist() if name.endswith(".wav")]
        assert opened.read(sounded) == SOUND
    page.get_by_role("button", name="Olen kirjoittanut sen muistiin").click()
    expect(page.locator("main")).not_to_contain_text(password)
    expect(show).to_have_count(0)

    # It goes out with its letter, and the case is closed.
    page.get_by_role("button", name="Merkitse lähetetyksi").click()
    done = page.get_by_role("complementary")
    for who in ("registrar", second.username):
        expect(done).to_contain_text(who)
    page.goto(case)
    page.get_by_text("Kirjoita kirje").first.click()
    page.get_by_label("Kirje", exact=True).select_option("answer")
    page.get_by_role("button", name="Kirjoita kirje").click()
    page.locator("#letters").get_by_role("button", name="Lähetetty").click()
    expect(page.locator("#letters .badge-good")).to_contain_text("Lähetetty")
    for step in ("Merkitse vastatuksi", "Sulje pyyntö"):
        page.get_by_role("link", name=step).click()
        page.get_by_role("button", name=step).click()
    look_at(page)
    steps = page.get_by_role("region", name="Kaikki vaiheet").locator("strong")
    expect(steps).to_have_text(["Saapunut", "Käsittelyssä", "Vastattu", "Suljettu"])
