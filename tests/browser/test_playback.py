"""A recording in a real browser: a reason first, then the player, by keyboard alone."""

import io
import struct
import wave
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from customers.models import Person
from recordings.models import Recording
from tests.browser.looking import look_at
from tests.builders import a_person
from tests.recording_builders import a_message, a_quarantined_recording, a_recording

pytestmark = pytest.mark.django_db(transaction=True)

MINUTES = 14
RATE = 4000


@pytest.fixture
def aino(transactional_db: None) -> Person:
    return a_person("Aino", "Mallikas", phones=["040 000 1234"])


def a_long_call() -> bytes:
    """Fourteen minutes in which each second says its own number, as the height of its samples."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for second in range(MINUTES * 60):
            file.writeframes(struct.pack("<h", second * 20) * RATE)
    return sound.getvalue()


@pytest.fixture
def call(aino: Person) -> Recording:
    return a_recording(aino, content=a_long_call(), duration=MINUTES * 60)


def page_of(live_server: Any, recording: Recording) -> str:
    return f"{live_server.url}/recordings/{recording.public_id}/"


def at(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def wait(page: Page, condition: str) -> None:
    """Until something is so of the `audio`; the page itself may not evaluate text."""
    page.evaluate(
        "async () => { const audio = document.querySelector('audio');"
        f" while (!({condition})) await new Promise(requestAnimationFrame); }}"
    )


HEARD = """async () => {
    const audio = document.querySelector('audio');
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, {fftSize: 2048});
    context.createMediaElementSource(audio).connect(analyser);
    await context.resume();
    await audio.play();
    const samples = new Float32Array(2048);
    for (let tries = 0; tries < 200; tries += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        analyser.getFloatTimeDomainData(samples);
        const height = samples[2047];
        if (samples.every((one) => Math.abs(one - height) < 0.0005) && height > 0.01) {
            audio.pause();
            return height * 32768 / 20;
        }
    }
    return -1;
}"""
"""Which second is heard: the height of the samples that come out of the player."""


def test_a_reviewer_goes_to_minute_twelve_by_keyboard_and_hears_the_right_second(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    call: Recording,
    complaints: list[str],
) -> None:
    sign_in("recording_reviewer")
    page.goto(page_of(live_server, call))
    assert page.locator("audio").count() == 0

    # The reason, without a mouse.
    page.locator("[name=purpose]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Tapaus 1234, mitä luvattiin")
    page.keyboard.press("Enter")

    play = page.locator("[data-do=play]")
    expect(play).to_be_focused()
    expect(page.locator("[data-whole]")).to_have_text("14:00")
    wait(page, "audio.readyState >= 2")
    assert page.evaluate("document.querySelector('audio').duration") == pytest.approx(840, abs=0.1)
    assert page.locator("audio").get_attribute("controls") is None

    # Minute twelve, and what is heard there.
    page.locator("#player-minute").focus()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    wait(page, "!audio.seeking")
    assert at(page) == pytest.approx(720, abs=0.5)
    expect(page.locator("[data-at]")).to_have_text("12:00")
    expect(play).to_be_focused()
    assert page.evaluate(HEARD) == pytest.approx(720, abs=4)

    # Five seconds back and on, the speed, and a pause.
    page.locator("#player-minute").fill("3:30")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert at(page) == pytest.approx(215, abs=1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.25
    expect(page.locator("[data-speed]")).to_have_value("1.25")
    page.keyboard.press("Space")
    wait(page, "!audio.paused")
    pause = page.locator("[data-player]").get_attribute("data-say-pause")
    expect(play).to_have_text(str(pause))
    page.keyboard.press("Space")
    wait(page, "audio.paused")
    look_at(page)


def test_the_sound_goes_nowhere_else(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    call: Recording,
) -> None:
    sign_in("registrar")
    page.goto(page_of(live_server, call))
    page.locator("[name=purpose]").first.check()
    page.locator("[name=reason]").fill("Tapaus 1234")
    page.locator("form.reason button").click()
    address = page.locator("audio").evaluate("audio => audio.src")

    opened = page.goto(address)
    assert opened is not None
    assert opened.status == 403
    # Going back asks for the reason again, or shows the page as it was; a new look asks anew.
    page.goto(page_of(live_server, call))
    expect(page.locator("form.reason")).to_be_visible()


def test_its_pages_are_accessible_on_any_screen(
    page: Page,
    live_server: Any,
    sign_in: Callable[[str], User],
    aino: Person,
    complaints: list[str],
) -> None:
    recording, message = a_recording(aino), a_message(aino)
    a_quarantined_recording(aino)
    sign_in("registrar")
    for path in (
        "recordings/",
        "recordings/?show=quarantine",
        "recordings/messages/",
        f"recordings/{recording.public_id}/",
        f"recordings/messages/{message.public_id}/",
        f"persons/{aino.public_id}/recordings/",
        f"admin/recordings/recording/{recording.public_id}/change/",
    ):
        page.goto(f"{live_server.url}/{path}")
        look_at(page, path)
