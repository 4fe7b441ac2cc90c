"""The floor in a real browser: scan, sign, refuse, verify; by keyboard, and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.doors.web.browser.conftest import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TOUCH_PX = 44


def tick_and_finish(page: Page) -> None:
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Sign and finish").click()


def test_step_is_signed_refused_and_verified(chromium: Browser, worked_on: str) -> None:
    one = desk(chromium, worked_on)
    page = one.sign_in("olga")
    one.go("/floor/B-3/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Line clearance of the dispensary")
    tick_and_finish(page)
    expect(page.get_by_role("heading", name="Look, then sign")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    expect(page.get_by_label("Your password")).to_be_focused()
    assert Axe().run(page).response["violations"] == []

    page.get_by_label("Your password").fill("not the password")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("Your entry is kept below")
    expect(page.get_by_label("Your password")).to_be_focused()
    expect(page.get_by_label("Your password")).to_have_attribute("aria-invalid", "true")
    assert Axe().run(page).response["violations"] == []

    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("A second person must verify this")).to_be_visible()
    page.get_by_role("button", name="Hand over to a second person").click()

    page.get_by_label("Your id").fill("otto")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Verify and sign").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Balance")
    assert [text for text in one.said if "403" not in text] == []


def test_way_back_from_the_signature_keeps_the_entry(chromium: Browser, worked_on: str) -> None:
    one = desk(chromium, worked_on)
    page = one.sign_in("olga")
    one.go("/floor/B-3/")
    tick_and_finish(page)
    page.get_by_role("button", name="Back to the entry").click()
    assert all(box.is_checked() for box in page.get_by_role("checkbox").all())


def test_step_works_without_a_script(chromium: Browser, worked_on: str) -> None:
    one = desk(chromium, worked_on, java_script_enabled=False)
    page = one.sign_in("olga")
    one.go("/floor/B-3/")
    tick_and_finish(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("A second person must verify this")).to_be_visible()


def test_scanner_types_and_presses_enter(chromium: Browser, worked_on: str) -> None:
    one = desk(chromium, worked_on)
    page = one.sign_in("olga")
    one.go("/floor/B-2/DSP-040/")
    expect(page.get_by_label("Scan the lot")).to_be_focused()
    page.keyboard.type("L-NOBODY")
    page.get_by_label("Scan the balance").fill("B-balance-01")
    page.get_by_label("Tare").fill("2.000")
    page.get_by_label("Gross").fill("23.600")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("There is no lot L-NOBODY")
    expect(page.get_by_label("Gross")).to_have_value("23.600")
    expect(page.get_by_label("Scan the lot")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Scan the lot")).to_be_focused()
    page.keyboard.type("L-NEXT")
    expect(page.get_by_label("Scan the lot")).to_have_value("L-NEXT")


def test_something_is_wrong_opens_and_reports(chromium: Browser, worked_on: str) -> None:
    one = desk(chromium, worked_on)
    page = one.sign_in("olga")
    one.go("/floor/B-3/")
    page.get_by_role("button", name="Something is wrong").click()
    panel = page.locator("#wrong")
    expect(panel).to_be_visible()
    expect(panel.get_by_label("What is wrong")).to_be_focused()
    assert Axe().run(page).response["violations"] == []
    panel.get_by_label("What is wrong").fill("The seal of the drum is broken.")
    panel.get_by_label("Yes, nothing goes on until it is answered").check()
    panel.get_by_role("button", name="Report").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    expect(page.get_by_text("The seal of the drum is broken.")).to_be_visible()


@pytest.mark.parametrize("path", ["/floor/B-3/DSP-010/", "/floor/B-2/DSP-040/"])
def test_targets_are_large_enough_for_gloves(path: str, chromium: Browser, shown: str) -> None:
    one = desk(chromium, shown)
    page = one.sign_in("olga")
    one.go(path)
    small = page.evaluate(
        """least => [...document.querySelectorAll('main input, .choice, button, a, summary')]
           .filter(e => e.checkVisibility() && e.type !== 'hidden')
           .filter(e => !e.matches('.skip, .choice input, .idle *'))
           .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
           .filter(([, height]) => height < least)""",
        TOUCH_PX,
    )
    assert small == []


def test_keyboard_reaches_the_content_first(chromium: Browser, shown: str) -> None:
    one = desk(chromium, shown, "office")
    page = one.sign_in("sam")
    one.go("/batches/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
