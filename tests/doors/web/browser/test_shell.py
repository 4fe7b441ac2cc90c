"""What the script adds: the idle countdown, refreshing, verifying in place, sending once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from daytwo.doors.web.session import GRAIN_SECONDS
from daytwo.record.access.rules import IDLE_SECONDS
from tests.doors.web.browser.conftest import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHOWN_IDLE = IDLE_SECONDS - GRAIN_SECONDS


def test_countdown_is_seen_before_the_session_ends(chromium: Browser, worked_on: str) -> None:
    one = desk(chromium, worked_on)
    page = one.page
    page.clock.install()
    one.sign_in("olga")
    one.go("/account/")
    strip = page.get_by_role("alert")
    expect(strip).to_be_hidden()
    page.clock.run_for((SHOWN_IDLE - 30) * 1000)
    expect(strip).to_be_visible()
    expect(strip).to_contain_text(re.compile(r"signed out in (29|30|31) s"))
    page.get_by_role("button", name="Stay signed in").click()
    expect(strip).to_be_hidden()
    page.clock.run_for((SHOWN_IDLE + 2) * 1000)
    page.wait_for_url("**/sign-in/?idle=1")
    expect(page.get_by_role("status")).to_contain_text("without activity")


def test_live_list_refreshes_itself_as_no_activity(chromium: Browser, shown: str) -> None:
    one = desk(chromium, shown, "office")
    page = one.page
    page.clock.install()
    one.sign_in("sam")
    one.go("/live/")
    with page.expect_request(lambda r: r.headers.get("x-passive") == "1") as asked:
        page.clock.run_for(21_000)
    answer = asked.value.response()
    assert answer is not None
    assert answer.ok
    expect(page.locator("#live table")).to_be_visible()
    assert one.said == []


def test_ledger_is_verified_in_place(chromium: Browser, shown: str) -> None:
    one = desk(chromium, shown, "office")
    page = one.sign_in("quinn")
    one.go("/ledger/")
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Verify now").click()
    expect(page.locator("#verified")).to_contain_text("Everything is as it was recorded.")
    assert page.evaluate("window.stayed") is True
    assert one.said == []


def test_form_is_sent_only_once(chromium: Browser, worked_on: str) -> None:
    one = desk(chromium, worked_on, "office")
    page = one.sign_in("sam")
    one.go("/batches/B-3/")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    page.get_by_label("Why all work must stop").fill("Humidity.")
    page.evaluate(
        """() => { const b = document.querySelector('#hold button'); b.click(); b.click(); }"""
    )
    expect(page.get_by_text("Held: Humidity.")).to_be_visible()
    assert len(sent) == 1


def test_policy_stops_what_a_person_might_have_written(chromium: Browser, worked_on: str) -> None:
    one = desk(chromium, worked_on)
    page = one.sign_in("olga")
    one.go("/floor/B-3/")
    page.get_by_role("button", name="Comment").click()
    evil = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    page.locator("#comment textarea").fill(evil)
    page.locator("#comment").get_by_role("button", name="Add").click()
    expect(page.get_by_role("status")).to_be_visible()
    one.go("/batches/B-3/")
    page.evaluate(
        """html => { const d = document.createElement('div'); d.innerHTML = html;
             document.body.append(d); }""",
        evil,
    )
    page.wait_for_timeout(200)
    assert page.title() == "B-3 · daytwo"
    assert any("Content Security Policy" in text for text in one.said)


def test_record_prints_with_its_head_on_every_page(chromium: Browser, shown: str) -> None:
    one = desk(chromium, shown, "office")
    page = one.sign_in("luis")
    one.go("/record/B-1/")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    head = page.locator("table.pages > thead")
    assert head.evaluate("e => getComputedStyle(e).display") == "table-header-group"
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 5
