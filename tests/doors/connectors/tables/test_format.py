"""Delimited files propose their one table to whoever writes a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.formats import Misfit, Part
from daytwo.doors.connectors.tables.format import parts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "header"),
    [
        (b"a;b;c\n1;2;3\n4;5;6\n", ("a", "b", "c")),
        (b"\xef\xbb\xbfa\tb, c\td\r\n1\t2\t3\r\n4\t5\t6\r\n", ("a", "b, c", "d")),
        (b'"a, b",c,d\n1,2,3\n4,5,6\n', ("a, b", "c", "d")),
        (b"one\n1\n2\n", ("one",)),
        (b"Ma\xdfe;b\n1;2\n3;4\n", ("Ma\ufffde", "b")),
    ],
)
def test_header_is_proposed(tmp_path: Path, text: bytes, header: tuple[str, ...]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    assert parts(path) == (Part("", header, 2),)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misfit, match="cannot be read"):
        parts(tmp_path / "none.csv")
