"""The first answer is under way before anybody asks, and is the one that the page opens with."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from daytwo.doors.web.leadership import first, reading
from daytwo.insight.kpis import standing
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_opens_with_the_answer_that_was_prepared(
    walked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = type(standing._entries)()
    monkeypatch.setattr(standing, "_entries", entries)
    first.prepare().join()
    prepared = {name: (entry.made, dict(entry.made.shown)) for name, entry in entries.items()}
    assert any(shown for _, shown in prepared.values())
    reader = signed_in("lea")
    page = reader.get("/leadership/").content.decode()
    for chart in set(re.findall(r"/leadership/charts/[^/]+/", page)):
        assert reader.get(chart).status_code == 200
    assert {n: (e.made, dict(e.made.shown)) for n, e in entries.items()} == prepared


def test_what_fails_is_told_in_the_log_only(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object) -> None:
        raise OSError("no facts here")

    monkeypatch.setattr(reading, "read", broken)
    with caplog.at_level(logging.ERROR):
        first.prepare().join()
    assert "The first figures could not be made." in caplog.text
    assert "no facts here" in caplog.text
