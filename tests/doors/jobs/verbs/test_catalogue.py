"""`daytwo catalogue` prints or writes the catalogues, and leaves no site behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.doors.conftest import daytwo

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {"events.md", "permissions.md", "states.md", "facts.md", "kpis.md"}


def test_catalogue_prints_all_pages_without_a_site(tmp_path: Path) -> None:
    data = tmp_path / "nowhere"
    printed = daytwo("catalogue", "--data", str(data)).stdout
    for title in ("# Events", "# Permissions", "# States", "# KPIs"):
        assert f"{title}\n" in printed
    assert not data.exists()


def test_catalogue_writes_what_it_answers(tmp_path: Path) -> None:
    answer = json.loads(daytwo("catalogue", "--json", "--data", str(tmp_path / "no")).stdout)
    assert set(answer["pages"]) == PAGES
    assert answer["files"] == []
    out = tmp_path / "docs"
    written = json.loads(daytwo("catalogue", "--json", "--write", str(out)).stdout)
    assert {path.name for path in out.iterdir()} == PAGES
    assert len(written["files"]) == len(PAGES)
    for name, text in answer["pages"].items():
        assert (out / name).read_text(encoding="utf-8") == text
