"""An export brought in by a real browser without a mouse, each step looked at by a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.doors.connectors import sample
from tests.doors.web.browser.conftest import desk

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.doors.web.browser.conftest import Desk

ABOUT = {
    "Title": "North",
    "Name": "north",
    "Source system": "old-mes",
    "Site": "north",
    "Time zone of its times": "Europe/Vienna",
}


def good(one: Desk) -> None:
    """Nothing inaccessible, nothing beside the window, nothing said on the console."""
    found = Axe().run(one.page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
    assert one.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert one.said == []


def press(page: Page, role: str, name: str) -> None:
    target = page.get_by_role(role, name=name, exact=True).first
    target.focus()
    page.keyboard.press("Enter")


def test_export_is_brought_in_step_by_step(
    chromium: Browser, worked_on: str, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    sample.plant(folder)
    one = desk(chromium, worked_on, "office")
    page = one.sign_in("ivo")
    one.go("/imports/")
    good(one)
    press(page, "link", "Bring in files")
    page.wait_for_url("**/imports/new/")
    good(one)
    page.get_by_label("Files of one export").set_input_files(
        [folder / "products.csv", folder / "batches.csv"]
    )
    press(page, "button", "Send the files")
    page.wait_for_url("**/imports/up/*/")
    good(one)
    at = page.url
    press(page, "button", "These are read right: on to the mapping")
    page.wait_for_url("**/begin/")
    good(one)
    for label, text in ABOUT.items():
        page.get_by_label(label, exact=True).fill(text)
    press(page, "button", "Begin a new mapping")
    page.wait_for_url("**/columns/")
    _columns(one)
    _record(one)
    _text(one, at)
    _preview_and_run(one)
    _other_looks(chromium, worked_on, at)


def _columns(one: Desk) -> None:
    """A row shows live how its values are read."""
    page = one.page
    good(one)
    row = page.locator("#column-5")
    page.get_by_label("Name of asay in the mapping").fill("assay")
    page.get_by_label("Unit of asay").fill("%")
    page.keyboard.press("Tab")
    expect(row.locator("input[name=c5-name]")).to_have_value("assay")
    page.get_by_label("What begun holds").select_option("date")
    expect(page.get_by_label("Form of the dates of begun")).to_be_visible()
    page.get_by_label("Form of the dates of begun").fill("DD.MM.YYYY")
    page.keyboard.press("Tab")
    expect(page.locator("#column-2")).to_contain_text("is not of the form DD.MM.YYYY")
    good(one)
    press(page, "button", "Save and check")
    page.wait_for_url("**#findings")
    expect(page.locator("#column-2")).to_contain_text("is not of the form DD.MM.YYYY")


def _record(one: Desk) -> None:
    """What a row makes is found by what happened."""
    page = one.page
    press(page, "link", "What a row makes")
    page.wait_for_url("**/records/*")
    good(one)
    press(page, "link", "Add what a row makes")
    page.wait_for_url("**/kinds/*")
    page.get_by_label("Find by what happened").press_sequentially("deviation closed")
    expect(page.locator("#kinds tbody tr").first).to_contain_text("quality.deviation.closed")
    good(one)
    press(page, "button", "Add Quality deviation closed")
    page.wait_for_url("**/records/*")
    good(one)
    page.get_by_label("Deviation id").fill("D-{batch}")
    press(page, "button", "Save and check")
    page.wait_for_url("**#findings")
    expect(page.get_by_label("Deviation id")).to_have_value("D-{batch}")


def _text(one: Desk, at: str) -> None:
    """A finding leads to its line."""
    page = one.page
    page.goto(f"{at}mapping/text/")
    page.get_by_label("The mapping as text").fill(sample.MAPPING.replace("site:", "sight:"))
    press(page, "button", "Save and check")
    expect(page.locator("#findings")).to_contain_text("did you mean 'site'")
    good(one)
    press(page, "button", "line 7")
    selected = "(e => e.value.slice(e.selectionStart, e.selectionEnd))(document.activeElement)"
    assert page.evaluate(selected) == "sight: north"
    page.get_by_label("The mapping as text").fill(sample.MAPPING)
    press(page, "button", "Save and check")
    expect(page.get_by_role("heading", name="Nothing to mend")).to_be_visible()
    good(one)
    press(page, "link", "On to the preview")
    page.wait_for_url("**/preview/")


def _preview_and_run(one: Desk) -> None:
    page = one.page
    good(one)
    press(page, "button", "Preview")
    expect(page.get_by_role("heading", name="19 events would be made")).to_be_visible()
    good(one)
    page.get_by_label("What this version of the mapping is for").fill("first export")
    press(page, "button", "Import 5 rows")
    page.wait_for_url(lambda url: "/imports/up/" not in url)
    expect(page.get_by_role("heading", name="Import sample v3")).to_be_visible()
    expect(page.locator("header:has(#account)")).to_contain_text("yes")
    good(one)
    press(page, "link", "sample v3")
    page.wait_for_url("**/mappings/sample/3/")
    expect(page.get_by_text("first export").first).to_be_visible()
    good(one)
    one.go("/imports/mappings/")
    good(one)


def _other_looks(chromium: Browser, address: str, at: str) -> None:
    """The same pages on the tablet, in the dark."""
    one = desk(chromium, address, "tablet", "dark")
    one.sign_in("ivo")
    paths = ("", "mapping/columns/?file=1", "mapping/records/?file=1", "preview/")
    for path in paths:
        one.page.goto(f"{at}{path}")
        good(one)
    one.go("/imports/")
    good(one)
    one.page.get_by_role("link", name="See the reconciliation").click()
    one.page.wait_for_url(lambda url: "/imports/up/" not in url)
    good(one)
