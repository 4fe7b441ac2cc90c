"""Three clicks from sign-in: why release takes so long, what to fix first, and how one knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.doors.web.browser.conftest import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize(("size", "scheme"), [("office", "dark"), ("tablet", "light")])
def test_site_head_is_answered_in_three_clicks(
    size: str, scheme: str, chromium: Browser, shown: str
) -> None:
    one = desk(chromium, shown, size, scheme)
    page = one.sign_in("lea")
    page.get_by_role("link", name="Leadership", exact=True).click()
    expect(page.get_by_text("Fix first").first).to_be_visible()
    expect(page.get_by_role("heading", name="Where release time goes")).to_be_visible()
    page.get_by_role("link", name="See which batches, and why").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Days lost to")
    row = page.locator("table a[href*='/kpis/K1/']").first
    name = row.inner_text()
    row.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_text("SHA-256").first).to_be_visible()
    expect(page.get_by_text("Origin").first).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert one.said == []
