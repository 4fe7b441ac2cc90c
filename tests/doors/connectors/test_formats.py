"""Formats are found by folder, each under a name of its own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors import formats as module
from daytwo.doors.connectors.formats import Misfit, file_read, fitting, formats, unchanged
from daytwo.doors.connectors.tables.loading import schema
from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from pathlib import Path


def test_formats_are_those_that_a_mapping_may_name() -> None:
    named = schema()["$defs"]["file"]["properties"]["format"]["enum"]
    assert named == sorted(formats(), key=named.index)
    assert {*named} == {*formats()}


def test_two_folders_of_one_name_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = [*module.iter_modules(module.here.__path__, f"{module.here.__name__}.")] * 2
    monkeypatch.setattr(module, "iter_modules", lambda *_: twice)
    formats.cache_clear()
    try:
        with pytest.raises(Fault, match="Two folders claim the format"):
            formats()
    finally:
        formats.cache_clear()


def test_file_is_known_by_digest_and_size(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"some bytes")
    found = file_read(path, 7)
    assert (found.name, found.size, found.lines) == ("a.bin", 10, 7)
    assert found.sha256 == hashlib.sha256(b"some bytes").hexdigest()


def test_file_that_cannot_be_read_is_a_misfit(tmp_path: Path) -> None:
    with pytest.raises(Misfit, match="cannot be read"):
        file_read(tmp_path / "none", 0)


def test_later_state_of_a_file_is_another(tmp_path: Path) -> None:
    path = tmp_path / "a.xes"
    path.write_bytes(b"1")
    before = unchanged(path)
    assert unchanged(path) == before
    path.write_bytes(b"12")
    assert unchanged(path) != before
    with pytest.raises(Misfit, match="cannot be read"):
        unchanged(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("A.CSV", ["delimited"]),
        ("log.xes.gz", ["xes"]),
        ("book.xlsx", ["excel"]),
        ("log.jsonocel", ["ocel"]),
        ("a.xml", ["b2mml"]),
        ("a.pdf", []),
    ],
)
def test_name_says_what_a_file_may_be(name: str, format_: list[str]) -> None:
    assert [one.name for one in fitting(name)] == format_
