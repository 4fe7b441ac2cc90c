"""A real browser before a real server: the machine's Chromium, the command that serves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import PASSWORD
from tests.doors.conftest import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
SIZES = {"office": (1440, 900), "tablet": (1024, 768)}
START_S = 30


@dataclass
class Desk:
    """One person's browser window, and what its console said."""

    address: str
    context: BrowserContext
    page: Page
    said: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, who: str) -> Page:
        page = self.go("/sign-in/")
        page.fill("#person", who)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        return page


@pytest.fixture(scope="module")
def chromium(walked_template: Path) -> Iterator[Browser]:
    """Start the browser; while it is open Django's models cannot be asked in this thread.

    So the site is made before, and the browser is closed with its module.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def serve(directory: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start the server over a data directory; return its process and address."""
    port = free_port()
    arguments = [
        sys.executable,
        "-m",
        "daytwo.config.cli",
        "serve",
        "--data",
        str(directory),
        "--port",
        str(port),
    ]
    process = subprocess.Popen(arguments, env=dict(os.environ), stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            urlopen(f"{address}/sign-in/", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process, address
    process.kill()
    message = "the server did not start"
    raise TimeoutError(message)


def served(template: Path, directory: Path) -> Iterator[str]:
    directory.mkdir()
    shutil.copy(template, directory / "daytwo.sqlite3")
    process, address = serve(directory)
    try:
        yield address
        assert process.poll() is None, f"the server ended by itself: {process.returncode}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def shown(walked_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve one site for all of a module who only look."""
    yield from served(walked_template, tmp_path_factory.mktemp("shown") / "site")


@pytest.fixture
def worked_on(walked_template: Path, tmp_path: Path) -> Iterator[str]:
    """Serve a fresh site to somebody who changes it."""
    yield from served(walked_template, tmp_path / "site")


def desk(
    browser: Browser, address: str, size: str = "tablet", scheme: str = "light", **more: object
) -> Desk:
    """Open a window of a size and a colour scheme."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        has_touch=size == "tablet",
        **more,
    )
    opened = Desk(address, context, context.new_page())
    opened.page.on("console", lambda message: opened.said.append(message.text))
    opened.page.on("pageerror", lambda error: opened.said.append(str(error)))
    return opened
