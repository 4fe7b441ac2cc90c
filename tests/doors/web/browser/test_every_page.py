"""Every page, looked at by a machine: accessible, inside its window, silent on the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.doors.web.browser.conftest import Desk, desk
from tests.doors.web.test_pages import NOT_THERE, READS, address, holder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

LOOKS = [("office", "light"), ("tablet", "dark")]
NO_PAGE = {
    "sign_in.keep",
    "sign_in.expired",
    "sign_in.sign_in",
    "home.start",
    "step.batch",
    "masters.text",
    # Parts that a page asks for: the page with them in it is looked at.
    "leadership.live",
    "leadership.chart",
    "leadership.printed",
    "baselines.again",
    "kpis.chart",
}
STEPS = {
    "done and verified": "/floor/B-1/GRN-090/",
    "not due": "/floor/B-3/COT-080/",
    "number": "/floor/B-1/GRN-090/correct/",
    "line clearance": "/floor/B-3/DSP-010/",
}


@pytest.fixture(scope="module", params=LOOKS, ids="-".join)
def desks(request: pytest.FixtureRequest, chromium: Browser, shown: str) -> Iterator[dict]:
    """Open one signed-in window for each person who has a page to look at."""
    opened: dict[str, Desk] = {}
    size, scheme = request.param

    def of(who: str) -> Desk:
        if who not in opened:
            opened[who] = desk(chromium, shown, size, scheme)
            if who:
                opened[who].sign_in(who)
        return opened[who]

    yield of
    for one in opened.values():
        one.context.close()


def check(one: Desk, path: str) -> None:
    one.said.clear()
    page = one.go(path)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert one.said == []


@pytest.mark.parametrize(
    "route", [r for _p, r in READS if r.name not in NO_PAGE | set(NOT_THERE)], ids=lambda r: r.name
)
def test_page_is_accessible_and_fits(route: object, desks: object) -> None:
    check(desks(holder(route.permission)), address(route))


@pytest.mark.parametrize("path", STEPS.values(), ids=STEPS.keys())
def test_step_is_accessible_in_every_state(path: str, desks: object) -> None:
    check(desks("olga"), path)


def test_sign_in_is_accessible(desks: object) -> None:
    check(desks(""), "/sign-in/?idle=1")


@pytest.mark.parametrize("path", ["/nothing/", "/people/"])
def test_refusal_is_accessible(path: str, desks: object) -> None:
    one = desks("olga")
    page = one.go(path)
    assert Axe().run(page).response["violations"] == []
    assert page.get_by_role("alert").is_visible()
