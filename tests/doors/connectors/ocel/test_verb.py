"""`daytwo ocel`: a file that appears whole, of a kind that is known, for a period that is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.ocel import verb as module
from daytwo.doors.connectors.ocel.verb import export
from tests.doors.conftest import daytwo

if TYPE_CHECKING:
    from pathlib import Path


def test_unknown_kind_of_file_is_refused(demo: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "a.xml")
    found = daytwo("ocel", "--data", str(demo), "--out", out, check=False)
    assert found.returncode == 1
    assert "must end with one of .json, .jsonocel, .sqlite" in found.stderr


def test_words_say_what_was_written(demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonocel"
    words = daytwo("ocel", "--data", str(demo), "--out", str(out), "--until", "2000-01-01").stdout
    assert words == f"Wrote 0 events and 0 objects to {out}.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonocel"]


def test_file_that_cannot_be_finished_is_not_there(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("daytwo.doors.connectors.ocel.jsonlog.write_json", full)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(OSError, match="disk"):
        export(folder / "a.json")
    assert [*folder.iterdir()] == []
    assert export(folder / "a.sqlite")["objects"] == 0
    assert module._SUFFIXES
