"""Physical lines are numbered as an editor does, and never cost more memory than declared."""

from __future__ import annotations

import hashlib
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.doors.connectors.tables import lines as module
from daytwo.doors.connectors.tables.lines import LONGEST, read_lines, survey
from daytwo.kernel.errors import ConnectorError

if TYPE_CHECKING:
    from pathlib import Path


def planted(folder: Path, data: bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"", []),
        (b"a", ["a"]),
        (b"a\n", ["a"]),
        (b"a\nb", ["a", "b"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"a\rb\r", ["a", "b"]),
        (b"a\r\n\r\nb", ["a", "", "b"]),
        (b"a\x0bb\x0cc\xc2\x85d\xe2\x80\xa8e\n", ["a\x0bb\x0cc\x85d\u2028e"]),
    ],
)
def test_lines_end_where_an_editor_ends_them(tmp_path: Path, data: bytes, texts: list[str]) -> None:
    path = planted(tmp_path, data)
    found = [*read_lines(path, "utf-8")]
    assert [line.text for line in found] == texts
    assert [line.number for line in found] == [*range(1, len(texts) + 1)]
    assert survey(path, "utf-8").lines == len(texts)


def test_last_line_tells_whether_it_was_ended(tmp_path: Path) -> None:
    assert [line.ended for line in read_lines(planted(tmp_path, b"a\nb"), "utf-8")] == [True, False]


@given(
    st.lists(st.sampled_from([b"x", b"\r", b"\n", b"\r\n", b"yy", b"zzzzzzz"]), max_size=30),
    st.data(),
)
def test_survey_counts_what_is_read_wherever_chunks_are_cut(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], data: st.DataObject
) -> None:
    path = planted(tmp_path_factory.mktemp("lines"), b"".join(parts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CHUNK", data.draw(st.integers(1, 5)))
        patch.setattr(module, "LONGEST", data.draw(st.integers(1, 5)))
        assert survey(path, "utf-8").lines == len([*read_lines(path, "utf-8")])


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("extra", range(4))
def test_overlong_line_is_passed_over_and_the_next_keeps_its_number(
    tmp_path: Path, end: bytes, extra: int
) -> None:
    data = b"a" + end + b"x" * (LONGEST + extra) + end + b"b" + end
    found = [*read_lines(planted(tmp_path, data), "utf-8")]
    assert [(line.number, line.text) for line in found if line.number != 2] == [(1, "a"), (3, "b")]
    assert found[1].overlong == (extra > 1) or len(found[1].text) == LONGEST + extra


def test_one_line_without_end_costs_bounded_memory(tmp_path: Path) -> None:
    path = planted(tmp_path, b"x" * 40_000_000)
    tracemalloc.start()
    try:
        assert [line.overlong for line in read_lines(path, "utf-8")] == [True]
        survey(path, "utf-8")
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_survey_gives_the_digest_and_size(tmp_path: Path) -> None:
    read = survey(planted(tmp_path, b"a;b\n1;2\n"), "utf-8")
    assert (read.name, read.size) == ("file.csv", 8)
    assert read.sha256 == hashlib.sha256(b"a;b\n1;2\n").hexdigest()


@pytest.mark.parametrize(
    ("encoding", "data", "row"),
    [
        ("utf-8", b"a;b\n1;2\nne\xe8;3\n", 3),
        ("utf-8", b"a;b\r\n1;\xff\r\n", 2),
        ("ascii", "a\nč\n".encode(), 2),
        ("cp1252", b"a\n\x81\n", 2),
        ("utf-8", b"a\nb\xc4", 2),
    ],
)
def test_wrong_encoding_names_file_and_row(
    tmp_path: Path, encoding: str, data: bytes, row: int
) -> None:
    with pytest.raises(ConnectorError, match=f"file.csv: row {row} holds") as refused:
        survey(planted(tmp_path, data), encoding)
    assert refused.value.code == "import.encoding"
    assert refused.value.info == {"file": "file.csv", "row": row}
    assert refused.value.permanent


def test_utf8_declared_as_a_single_byte_code_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(ConnectorError, match="reads as utf-8"):
        survey(planted(tmp_path, "a\nčšž\n".encode()), "cp1250")
    assert survey(planted(tmp_path, "a\nčšž\n".encode("cp1250")), "cp1250").lines == 2
    assert survey(planted(tmp_path, b"plain\n"), "cp1250").lines == 1


def test_unreadable_file_may_be_tried_again(tmp_path: Path) -> None:
    with pytest.raises(ConnectorError, match="cannot be read") as refused:
        survey(tmp_path, "utf-8")
    assert not refused.value.permanent
