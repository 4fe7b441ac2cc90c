"""Leadership in a real browser: the figures move with the ledger while the page stays open."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError, expect  # noqa: A004 - its own name for it

from tests.conftest import PASSWORD
from tests.doors.web.browser.conftest import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def signed(page: Page) -> None:
    page.get_by_role("button", name="Look and sign").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The figure that was frozen")).to_be_visible()


def test_target_set_elsewhere_comes_onto_the_open_page(chromium: Browser, worked_on: str) -> None:
    """Somebody signs a target in another window; tile and chart show it without a reload."""
    looks, acts = (desk(chromium, worked_on, "office") for _ in range(2))
    open_page = looks.sign_in("lea")
    open_page.clock.install()
    looks.go("/leadership/")
    tile = open_page.get_by_label("Batch release cycle time", exact=True)
    expect(tile).to_contain_text("Against the baseline")
    expect(tile).not_to_contain_text("Target")
    open_page.evaluate("window.stayed = true")

    page = acts.sign_in("lea")
    acts.go("/baselines/K1-baseline-1/")
    page.get_by_label("To be reached").fill("0.5")
    page.get_by_label("By", exact=True).fill("2099-12-31")
    page.get_by_label("Why so much").fill("agreed")
    signed(page)

    for _ in range(20):  # it asks every ten seconds; the figure is made beside that
        open_page.clock.run_for(10_500)
        with suppress(TimeoutError):
            tile.get_by_text("Target 0.50").wait_for(timeout=1000)
            break
    expect(tile).to_contain_text(re.compile("Target 0.50.d by 31 Dec 2099"))
    assert open_page.evaluate("window.stayed") is True
    assert looks.said == acts.said == []


def test_leader_prints_the_pack(chromium: Browser, shown: str) -> None:
    one = desk(chromium, shown, "office")
    page = one.sign_in("lea")
    one.go("/leadership/?period=all")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Print the pack").click()
    assert taken.value.suggested_filename.startswith("leadership-")
    assert taken.value.path().read_bytes().startswith(b"%PDF-1.")
