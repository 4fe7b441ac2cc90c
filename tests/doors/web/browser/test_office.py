"""The office in a real browser: an exception answered, a table sorted, a filter kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.doors.web.browser.conftest import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_supervisor_answers_an_exception_from_the_list(chromium: Browser, worked_on: str) -> None:
    one = desk(chromium, worked_on, "office")
    page = one.sign_in("sam")
    one.go("/live/")
    page.get_by_role("link", name="Answer B-2").click()
    page.get_by_label("What was found, and what was done").fill("Bag discarded, lot changed.")
    page.get_by_role("button", name="Look and sign").click()
    expect(page.get_by_role("heading", name="Sign")).to_be_visible()
    expect(page.locator("#sign")).to_contain_text("Bag discarded, lot changed.")
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/batches/B-2/")
    expect(page.get_by_text("Bag discarded, lot changed.")).to_be_visible()
    assert one.said == []


def test_order_and_filter_of_a_table_stay_in_the_address(chromium: Browser, shown: str) -> None:
    one = desk(chromium, shown, "office")
    page = one.sign_in("sam")
    one.go("/batches/")
    page.get_by_label("Find among these").fill("B-")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Batch", exact=True).click()
    expect(page).to_have_url(f"{shown}/batches/?q=B-&product=&sort=batch")
    head = page.locator("th[aria-sort]")
    expect(head).to_have_attribute("aria-sort", "ascending")
    rows = page.locator("tbody th")
    expect(rows).to_have_text(["B-1", "B-2", "B-3"])
    page.reload()
    expect(rows).to_have_text(["B-1", "B-2", "B-3"])
