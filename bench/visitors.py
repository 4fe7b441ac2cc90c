"""People on a page, in a process of their own: what a browser asks for, and how long each took."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from bench.server import HEALTH, HOST

HERE = Path(__file__).resolve().parent
PAGE = "/leadership/"
SESSION = "/api/v1/session"
POLL_SECONDS = 10
"""The page's own rhythm."""
_FILE = re.compile(r'(?:src|href)="(/static/[^"]+)"')
_ASKED = re.compile(r'hx-get="([^"]+)"')
_VALUE = re.compile(r'class="value">\s*[^<\s]')


@dataclass(slots=True)
class Seen:
    """What the visitors met.

    Attributes:
        page: Seconds of each page and each look at what moved.
        charts: Seconds of each chart.
        empty: Seconds of an empty page, asked for by the same people between the others.
        first_bytes: On the wire at a first load: the page and its files, without charts.
        files: Number of these files.
        values: Figures that stand in the page before any chart is asked for.
        moved: Looks that brought a newer board.
    """

    page: list[float] = field(default_factory=list)
    charts: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    first_bytes: int = 0
    files: int = 0
    values: int = 0
    moved: int = 0


def run(port: int, people: int, seconds: float, account: tuple[str, str]) -> Seen:
    """Let so many people stay on the page in another process.

    Args:
        port: Of the server.
        people: How many, each with a session of their own.
        seconds: How long each stays.
        account: Id and password under which all sign in.
    """
    job = {"port": port, "people": people, "seconds": seconds, "account": account}
    done = subprocess.run(
        [sys.executable, "-m", "bench.visitors"],
        input=json.dumps(job),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=HERE.parent,
    )
    return Seen(**json.loads(done.stdout))


class Visitor:
    """One browser: a kept connection and a session."""

    def __init__(self, port: int, account: tuple[str, str]) -> None:
        """Sign in."""
        self._connection = http.client.HTTPConnection(HOST, port, timeout=120)
        body = json.dumps({"person": account[0], "password": account[1]})
        headers = {"Content-Type": "application/json"}
        answer, content = self._ask("POST", SESSION, body, headers)
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"sign-in: {answer.status} {content[:300]!r}")
        cookies = answer.headers.get_all("Set-Cookie") or []
        self._cookie = "; ".join(cookie.partition(";")[0] for cookie in cookies)

    def get(self, path: str, *, passive: bool = False) -> tuple[int, str, int, float]:
        """Return status, text, bytes on the wire and seconds until the last of them.

        Raises:
            RuntimeError: The answer is a failure; a figure would mean nothing.
        """
        status, text, size, taken, _ = self._timed(path, passive=passive)
        return status, text, size, taken

    def look(self, path: str) -> tuple[int, str, set[str], float]:
        """Ask as the page does by itself; return status, text, charts that moved, and seconds."""
        status, text, _, taken, moved = self._timed(path, passive=True)
        names = {name.strip().removeprefix("moved-") for name in moved.split(",")}
        return status, text, names, taken

    def _timed(self, path: str, *, passive: bool) -> tuple[int, str, int, float, str]:
        headers = {"Cookie": self._cookie, "Accept-Encoding": "gzip"}
        if passive:
            headers |= {"HX-Request": "true", "X-Passive": "1"}
        begun = time.perf_counter()
        answer, content = self._ask("GET", path, None, headers)
        taken = time.perf_counter() - begun
        if answer.status not in {http.HTTPStatus.OK, http.HTTPStatus.NO_CONTENT}:
            raise RuntimeError(f"GET {path}: {answer.status}")
        size = len(content)
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        moved = answer.headers.get("HX-Trigger-After-Swap", "")
        return answer.status, content.decode(errors="replace"), size, taken, moved

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer, answer.read()


def first_load(visitor: Visitor, seen: Seen) -> None:
    """Count what a browser that has nothing yet fetches before the charts."""
    _, page, size, _ = visitor.get(PAGE)
    files = sorted(set(_FILE.findall(page)))
    seen.first_bytes = size + sum(visitor.get(file)[2] for file in files)
    seen.files = len(files)
    seen.values = len(_VALUE.findall(page))


def stay(visitor: Visitor, seen: Seen, seconds: float, late: float) -> None:
    """Open the page, let it draw its charts, and look for what moved as the page does by itself."""
    time.sleep(late)
    until = time.perf_counter() + seconds
    status, page, _, taken = visitor.get(PAGE)
    seen.page.append(taken)
    asked = [address.replace("&amp;", "&") for address in _ASKED.findall(page)]
    charts = [address for address in asked if "/charts/" in address]
    live = next(address for address in asked if "/live/" in address)
    _draw(visitor, seen, charts)
    while time.perf_counter() + POLL_SECONDS < until:
        time.sleep(POLL_SECONDS)
        seen.empty.append(visitor.get(HEALTH, passive=True)[3])
        status, board, moved, taken = visitor.look(live)
        seen.page.append(taken)
        if status == http.HTTPStatus.OK:
            seen.moved += 1
            found = _ASKED.search(board)
            live = urljoin(PAGE, found[1].replace("&amp;", "&")) if found else live
            _draw(visitor, seen, [one for one in charts if _name(one) in moved])


def _name(chart: str) -> str:
    return chart.partition("/charts/")[2].partition("/")[0]


def _draw(visitor: Visitor, seen: Seen, charts: list[str]) -> None:
    seen.charts.extend(visitor.get(chart, passive=True)[3] for chart in charts)


def main() -> None:
    job: dict[str, Any] = json.load(sys.stdin)
    seen, failed = Seen(), []
    account = tuple(job["account"])
    visitors = [Visitor(job["port"], account) for _ in range(job["people"])]
    first_load(visitors[0], seen)

    def one(number: int, visitor: Visitor) -> None:
        try:
            stay(visitor, seen, job["seconds"], number * POLL_SECONDS / len(visitors))
        except Exception as error:  # noqa: BLE001 - told below, in the thread that asked
            failed.append(error)

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(visitors)} visitors failed") from failed[0]
    json.dump(asdict(seen), sys.stdout)


if __name__ == "__main__":
    main()
